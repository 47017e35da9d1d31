// Who is covered: as the release says it, or as the engine reckons it. Both answer alike:
// `pair(day, hour, service)` → {covered, total} rider-hours, `covers(service, slot, cell)` → yes or no.

import { ANY_STOP, clockTable, DAYS, slotIndex } from "./plan-slots.js";

/** A week has so many of each of the clock's days. */
export const WEEK = { workday: 5, dayoff: 2 };

/** The release's own: coverage.json and cells.json. */
export function releaseOutcome(coverage, cells) {
  return {
    released: true,
    pair: clockTable(coverage.clock),
    covers: (service, slot, cell) => cells[cell].covered[service][slot] === "1",
  };
}

/** Riders in need of a service for each rider present in an hour. */
export function need(outcome, day, hour, service) {
  const all = outcome.pair(day, hour, ANY_STOP).total;
  return all > 0 ? outcome.pair(day, hour, service).total / all : 0;
}

/** Rider-hours covered in a week. */
export function coveredInWeek(outcome, service) {
  return DAYS.reduce(function (sum, day) {
    for (let hour = 0; hour < 24; hour += 1) sum += WEEK[day] * outcome.pair(day, hour, service).covered;
    return sum;
  }, 0);
}

/** Riders without the service, cell by cell, in one slot. */
export function uncoveredCells(outcome, cells, day, hour, service) {
  const slot = slotIndex(day, hour);
  const factor = need(outcome, day, hour, service);
  return cells.map((cell, i) => (outcome.covers(service, slot, i) ? 0 : cell.riders[slot] * factor));
}

/** Cells with riders whose answer changed: {won: [index], lost: [index]}. */
export function changedCells(before, after, cells, day, hour, service) {
  const slot = slotIndex(day, hour);
  const changed = { won: [], lost: [] };
  if (before === after) return changed;
  cells.forEach(function (cell, i) {
    if (cell.riders[slot] <= 0) return;
    const was = before.covers(service, slot, i);
    if (was !== after.covers(service, slot, i)) changed[was ? "lost" : "won"].push(i);
  });
  return changed;
}
