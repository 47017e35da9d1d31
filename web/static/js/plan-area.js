// A part of the county to look at: a box drawn on the map, or a township. No document in here.

import { need } from "./plan-outcome.js";
import { slotIndex } from "./plan-slots.js";

const BOX = /^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$/;

/** A box [west, south, east, north] as the address has it: degrees, about a metre fine. */
export function boxText(box) {
  return box.map((degrees) => Number(degrees.toFixed(5))).join(",");
}

/** The box that a text says, or null where it names a township. */
export function boxOf(text) {
  return BOX.test(text) ? text.split(",").map(Number) : null;
}

/** The box between two corners. */
export function boxBetween(one, other) {
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[0], other[0]), Math.max(one[1], other[1])];
}

/** Which cells an area holds, by their centres (its edge is in it); null for the whole county, or where it holds none. */
export function cellsInside(text, cells) {
  if (!text) return null;
  const box = boxOf(text);
  const holds = (cell) =>
    box ? cell.lon >= box[0] && cell.lon <= box[2] && cell.lat >= box[1] && cell.lat <= box[3] : cell.township === text;
  const inside = cells.map(holds);
  return inside.includes(true) ? inside : null;
}

/** An outcome (plan-outcome.js) of those cells alone; whoever is outside goes without nothing. */
export function outcomeInside(outcome, cells, inside) {
  const members = cells.map((_, i) => i).filter((i) => inside[i]);
  const pairs = new Map();
  return {
    pair: function (day, hour, service) {
      const key = [day, hour, service].join(" ");
      if (!pairs.has(key)) {
        const slot = slotIndex(day, hour);
        const factor = need(outcome, day, hour, service);
        const sum = (those) => those.reduce((riders, i) => riders + cells[i].riders[slot] * factor, 0);
        pairs.set(key, { covered: sum(members.filter((i) => outcome.covers(service, slot, i))), total: sum(members) });
      }
      return pairs.get(key);
    },
    covers: (service, slot, cell) => !inside[cell] || outcome.covers(service, slot, cell),
    problems: outcome.problems,
  };
}
