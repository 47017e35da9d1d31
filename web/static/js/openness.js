// Open or closed, from intervals and a clock. Pure: no page, no clock of its own.
//
// Times are minutes since 1970 UTC; intervals are half-open and sorted. Unknown hours are neither
// open nor closed.

/** A station that closes within this many minutes is "closing". */
export const CLOSING_MINUTES = 30;

/**
 * What the server says in open.json, with each timetable where it holds:
 * {from, to, stations: {id: {door: [[from, to], …] or null, services: {code: [[from, to], …]}}}},
 * with `maybe`, intervals too, where the hours leave times open.
 */
export function readOpen(said) {
  const plans = said.plans.map(function (steps) {
    const spans = [];
    let at = said.from;
    for (let i = 0; i < steps.length; i += 2) {
      spans.push([at + steps[i], at + steps[i] + steps[i + 1]]);
      at += steps[i] + steps[i + 1];
    }
    return spans;
  });
  const stations = {};
  Object.keys(said.stations).forEach(function (id) {
    const [door, own, maybe] = said.stations[id];
    const services = {};
    Object.keys(own).forEach(function (code) {
      services[code] = plans[own[code]];
    });
    stations[id] = { door: door === null ? null : plans[door], services: services };
    if (maybe !== undefined) stations[id].maybe = plans[maybe];
  });
  return { from: said.from, to: said.to, stations: stations };
}

/** The interval that holds ``minute``, or null. */
export function spanAt(spans, minute) {
  for (let i = 0; i < spans.length; i += 1) {
    if (spans[i][0] <= minute && minute < spans[i][1]) return spans[i];
  }
  return null;
}

/**
 * The state of a station.
 * @param {string} status of the ledger: open, temporarily_closed, planned, closed
 * @param {number[][]|null|undefined} door intervals, null when nobody knows the hours
 * @param {{from: number, to: number}} known the time that the intervals speak of
 * @param {number} minute now
 * @param {number[][]} [maybe] intervals in which the hours say that they cannot tell
 * @returns {{code: string, until: number|null, reason: string|null}} code is open, closing, closed
 *   or unknown; ``until`` the next change, null when there is none within what is known
 */
export function stateAt(status, door, known, minute, maybe) {
  if (status !== "open") return { code: "closed", until: null, reason: status };
  if (!door || minute < known.from || minute >= known.to) {
    return { code: "unknown", until: null, reason: null };
  }
  const span = spanAt(door, minute);
  if (span) {
    const until = span[1] < known.to ? span[1] : null;
    const closing = until !== null && until - minute <= CLOSING_MINUTES;
    return { code: closing ? "closing" : "open", until: until, reason: null };
  }
  if (maybe && spanAt(maybe, minute)) return { code: "unknown", until: null, reason: null };
  const next = door.find(function (each) {
    return each[0] > minute;
  });
  return { code: "closed", until: next ? next[0] : null, reason: null };
}

/** Whether a service can be had at ``minute``: by its own times, else by the door's; null where
    nobody knows. */
export function offeredAt(entry, service, minute) {
  if (!entry || !entry.door || (entry.maybe && spanAt(entry.maybe, minute))) return null;
  return spanAt(entry.services[service] || entry.door, minute) !== null;
}

const clocks = new Map();

/** The formatter of a time zone, kept: to make one takes longer than to say a hundred times. */
function clockOf(timezone) {
  if (!clocks.has(timezone)) {
    const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
    const options = Object.assign({ timeZone: timezone, hour12: false }, parts);
    clocks.set(timezone, new Intl.DateTimeFormat("en-GB", options));
  }
  return clocks.get(timezone);
}

/** The parts of a moment on the wall clock of a time zone. */
export function wallClock(minute, timezone) {
  const parts = {};
  clockOf(timezone)
    .formatToParts(new Date(minute * 60000))
    .forEach(function (part) {
      parts[part.type] = part.value;
    });
  // Old engines write midnight as 24.
  const hour = parts.hour === "24" ? "00" : parts.hour;
  const day = Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day)) / 86400000;
  return { day: day, month: Number(parts.month), date: Number(parts.day), time: hour + ":" + parts.minute };
}

/** When something changes, as one says it: 20:00, 明天 06:00, 周三 06:00, 12 月 3 日 06:00. */
export function momentText(minute, now, timezone, say) {
  const then = wallClock(minute, timezone);
  const ahead = then.day - wallClock(now, timezone).day;
  if (ahead === 0) return then.time;
  if (ahead === 1) return say("tomorrow", { time: then.time });
  if (ahead < 7) return say("weekday_" + ((then.day + 4) % 7), { time: then.time });
  return say("on_date", { month: then.month, day: then.date, time: then.time });
}

/** The same with its day, also where that is today: 今天 12:00. */
export function dayText(minute, now, timezone, say) {
  const text = momentText(minute, now, timezone, say);
  const today = wallClock(minute, timezone).day === wallClock(now, timezone).day;
  return today ? say("today_at", { time: text }) : text;
}

/** A state in words. */
export function stateText(state, now, timezone, say) {
  if (state.reason) {
    return say({ temporarily_closed: "state_temporarily_closed", planned: "state_planned" }[state.reason] || "state_gone");
  }
  if (state.code === "unknown") return say("state_unknown");
  if (state.code === "closing") return say("state_closing", { minutes: Math.max(1, Math.ceil(state.until - now)) });
  if (state.code === "open") {
    if (state.until === null) return say("state_always");
    if (state.until - now >= 24 * 60) return say("state_always");
    const midnight = wallClock(state.until, timezone).time === "00:00"; // that which ends today
    return say("state_open_until", { time: midnight ? "24:00" : momentText(state.until, now, timezone, say) });
  }
  if (state.until === null) return say("state_closed");
  return say("state_closed_until", { time: momentText(state.until, now, timezone, say) });
}
