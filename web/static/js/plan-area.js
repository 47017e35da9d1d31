// A part of the county to look at: an area drawn on the map, or a township. No document in here.

import { need } from "./plan-outcome.js";
import { slotIndex } from "./plan-slots.js";

const BOX = 4;
const FEWEST = 6;
const NUMBERS = /^-?\d+(\.\d+)?(,-?\d+(\.\d+)?)+$/;

/** An area as the address has it, about a metre fine: the corners "lon,lat,lon,lat,…" of a drawn one. */
export function ringText(ring) {
  return ring.flat().map(degrees).join(",");
}

/** A box [west, south, east, north] as the address has it. */
export function boxText(box) {
  return box.map(degrees).join(",");
}

function degrees(value) {
  return Number(value.toFixed(5));
}

/** The corners of what a text says, a box or an area; null where it names a township. */
export function ringOf(text) {
  const numbers = NUMBERS.test(text) ? text.split(",").map(Number) : [];
  if (numbers.length === BOX) {
    const [west, south, east, north] = numbers;
    return [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
    ];
  }
  if (numbers.length < FEWEST || numbers.length % 2) return null;
  return numbers.flatMap((lon, at) => (at % 2 ? [] : [[lon, numbers[at + 1]]]));
}

/**
 * Whether a place lies in a ring, which may cross itself: what its line goes round an odd number of
 * times is inside. The edge is inside too.
 * Ray crossing: Shimrat, "Algorithm 112: Position of point relative to polygon", CACM 5 (1962).
 */
export function holds(ring, [lon, lat]) {
  let inside = false;
  for (let at = 0; at < ring.length; at += 1) {
    const [x0, y0] = ring[at];
    const [x1, y1] = ring[(at + 1) % ring.length];
    const side = (x1 - x0) * (lat - y0) - (y1 - y0) * (lon - x0);
    const between = Math.min(x0, x1) <= lon && lon <= Math.max(x0, x1) && Math.min(y0, y1) <= lat && lat <= Math.max(y0, y1);
    if (side === 0 && between) return true;
    if (y0 > lat !== y1 > lat && side > 0 === y1 > y0) inside = !inside;
  }
  return inside;
}

/** Which cells an area holds, by their centres (its edge is in it); null for the whole county, or where it holds none. */
export function cellsInside(text, cells) {
  if (!text) return null;
  const ring = ringOf(text);
  const inside = cells.map((cell) => (ring ? holds(ring, [cell.lon, cell.lat]) : cell.township === text));
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
