// Today's gaps in their order: by the riders of one hour, or of a week. No document in here.

import { uncoveredCells, WEEK } from "./plan-outcome.js";
import { DAYS } from "./plan-slots.js";

/** Fewer riders than this are none: the release's figures are rounded to a thousandth. */
const NONE = 0.005;

/** The slots that count: the chosen hour, or all of a week. */
function slotsOf(state) {
  if (state.by === "hour") return [[state.day, state.hour]];
  return DAYS.flatMap((day) => Array.from({ length: 24 }, (_, hour) => [day, hour]));
}

/** Riders (or, of a week, rider-hours) without the chosen service, cell by cell. */
function missingOf(outcome, cells, state) {
  return slotsOf(state)
    .map(function ([day, hour]) {
      const days = state.by === "week" ? WEEK[day] : 1;
      return uncoveredCells(outcome, cells, day, hour, state.service).map((riders) => riders * days);
    })
    .reduce((sum, riders) => sum.map((count, i) => count + riders[i]));
}

const total = (counts) => counts.reduce((sum, count) => sum + count, 0);

/**
 * The gaps of today with those who go without in their cells: now, as `shown`, and `before`.
 * Worst first; where two are alike the order of the release stands. By the hour those that neither
 * had nor have anyone then are left out.
 * @returns {{rows: {gap: object, count: number, before: number}[], outside: number}} `outside` are
 *   those without the service who are in none of the gaps: a plan or another reach can make them
 */
export function rankGaps(gaps, cells, state, shown, before) {
  const place = new Map(cells.map((cell, i) => [cell.h3, i]));
  const [now, then] = [shown, before].map((outcome) => missingOf(outcome, cells, state));
  const inside = function (gap, counts, outcome) {
    // The release says it itself, and without the rounding of its cells.
    if (outcome.released && state.by === "week") return gap.rider_hours;
    return total(gap.cells.map((cell) => counts[place.get(cell)]));
  };
  const rows = gaps
    .map((gap) => ({ gap: gap, count: inside(gap, now, shown), before: inside(gap, then, before) }))
    .filter((row) => state.by === "week" || row.count >= NONE || row.before >= NONE);
  const rank = (row) => Math.round(row.count / NONE);
  rows.sort((a, b) => rank(b) - rank(a));
  return { rows: rows, outside: Math.max(0, total(now) - total(rows.map((row) => row.count))) };
}

/** Whether anybody is left in a gap. */
export function isThere(row) {
  return row.count >= NONE;
}
