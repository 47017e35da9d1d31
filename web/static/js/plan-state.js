// What the planner looks at, and how the address keeps it. Pure: no document in here.
//
// #workday-20-any_stop&r=10&k=union_post&b=week&a=116.9,31.4,117,31.5&g=341523-gap-1&s=-341523-017~+116.95,31.46@wd:0600-2400

const SLOT = /^(workday|dayoff)-(\d{1,2})-(\w+)$/;
// A fragment may hold these as they are; so written, a scenario can be read in the address.
const PLAIN = { "%2C": ",", "%3A": ":", "%3B": ";", "%40": "@", "%2B": "+", "%7E": "~" };

function encode(text) {
  return encodeURIComponent(text).replace(/%(2C|3A|3B|40|2B|7E)/g, (sign) => PLAIN[sign]);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return "";
  }
}

/**
 * What an address asks for; where it says nothing or nonsense, `usual`.
 * @param {string} hash with its #
 * @param {object} usual {day, hour, service, reach, kind, by, area, gap, scenario}; `by` ranks
 *   the gaps: "hour", the chosen one, or "week" days; `area` is of plan-area.js
 * @param {object} known {services, kinds: codes as keys, reaches: minutes}
 */
export function readAddress(hash, usual, known) {
  const state = Object.assign({}, usual);
  hash
    .replace(/^#/, "")
    .split("&")
    .forEach(function (part) {
      const slot = SLOT.exec(part);
      if (slot && Number(slot[2]) < 24 && slot[3] in known.services) {
        state.day = slot[1];
        state.hour = Number(slot[2]);
        state.service = slot[3];
        return;
      }
      const value = decode(part.slice(2));
      if (part.startsWith("r=") && known.reaches.includes(Number(value))) state.reach = Number(value);
      if (part.startsWith("k=") && value in known.kinds) state.kind = value;
      if (part === "b=hour" || part === "b=week") state.by = value;
      if (part.startsWith("a=")) state.area = value;
      if (part.startsWith("g=")) state.gap = value;
      if (part.startsWith("s=")) state.scenario = value;
    });
  return state;
}

/** The address of a state; what is as usual is left out. */
export function writeAddress(state, usual) {
  const parts = [[state.day, state.hour, state.service].join("-")];
  if (state.reach !== usual.reach) parts.push("r=" + state.reach);
  if (state.kind !== usual.kind) parts.push("k=" + encode(state.kind));
  if (state.by !== usual.by) parts.push("b=" + state.by);
  if (state.area) parts.push("a=" + encode(state.area));
  if (state.gap) parts.push("g=" + encode(state.gap));
  if (state.scenario) parts.push("s=" + encode(state.scenario));
  return "#" + parts.join("&");
}

/** The hour after (or, with -1, before) one; past midnight the day stays. */
export function hourAfter(hour, step) {
  return (hour + step + 24) % 24;
}

