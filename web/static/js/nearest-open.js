// The nearest stop that is open then, however far: the twin of locator/coverage/nearest_open.py. Pure.

import { offers, openSpans } from "./masks.js";

const DS_PER_MIN = 600;
const DAY_MIN = 1440;
/** Nobody sets out for a door that opens later than this after they leave. */
const OPENS_WITHIN_MIN = 15;

/**
 * The place in `stations` of the nearest that has the service on arrival and for the stay, -1 where
 * there is none. After midnight the day after is taken to be alike.
 * @param {object} header of matrix.bin
 * @param {object[]} stations as masks.js knows them
 * @param {number[]} times to them in tenths of a second, -1 where there is no way
 * @param {string} service
 * @param {number} slot in which the rider leaves
 */
export function nearestOpen(header, stations, times, service, slot) {
  const day = slot < 24 ? "workday" : "dayoff";
  const leave = header.departures_min[slot];
  let nearest = -1;
  stations.forEach(function (station, at) {
    const time = times[at];
    if (time < 0 || (nearest >= 0 && time >= times[nearest]) || !offers(station, service)) return;
    const arrive = leave + time / DS_PER_MIN;
    const fits = function (span) {
      if (span[0] > arrive || span[0] > leave + OPENS_WITHIN_MIN) return false;
      return arrive + header.stay_min <= span[1];
    };
    if (onward(openSpans(station, service, day) || []).some(fits)) nearest = at;
  });
  return nearest;
}

/** Spans of a day and the next, without a break at midnight. */
function onward(spans) {
  const joined = [];
  spans.concat(spans.map((span) => span.map((at) => at + DAY_MIN))).forEach(function (span) {
    const last = joined[joined.length - 1];
    if (last && last[1] === span[0]) last[1] = span[1];
    else joined.push(span.slice());
  });
  return joined;
}
