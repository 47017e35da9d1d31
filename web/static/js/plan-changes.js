// The plan as a list of changes: what stands in it, the way back and on, in words. No document here.

import { DAYS } from "./plan-slots.js";
import { listed, minuteText } from "./plan-words.js";

/** Texts that were, the one that is, texts that were undone. */
export function history(text) {
  const past = [];
  let now = text;
  let ahead = [];
  return {
    now: () => now,
    canUndo: () => past.length > 0,
    canRedo: () => ahead.length > 0,
    put: function (next) {
      if (next === now) return;
      past.push(now);
      now = next;
      ahead = [];
    },
    undo: function () {
      if (!past.length) return;
      ahead.push(now);
      now = past.pop();
    },
    redo: function () {
      if (!ahead.length) return;
      past.push(now);
      now = ahead.pop();
    },
  };
}

/** The same changes with what is said of one station (or new stop) put in place of the old. */
export function withItem(items, old, item) {
  const at = old ? items.indexOf(old) : -1;
  const empty = item && item.kind === "change" && item.hours === null && item.services === null;
  const next = items.slice();
  if (at < 0) return item && !empty ? next.concat([item]) : next;
  next.splice(at, 1, ...(item && !empty ? [item] : []));
  return next;
}

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const together = (item, wanted) => item.kind === "change" && wanted.kind === "change" && item.station === wanted.station;

/** Whether the changes hold all that `wanted` says; of a station its hours or its services may be all. */
export function holds(items, wanted) {
  return items.some(function (item) {
    if (!together(item, wanted)) return alike(item, wanted);
    return ["hours", "services"].every((part) => wanted[part] === null || alike(item[part], wanted[part]));
  });
}

/** The changes with `wanted` among them, once; what else is said of a station stays where both can be. */
export function withWanted(items, wanted) {
  const old = items.find((item) => (wanted.station ? item.station === wanted.station : alike(item, wanted)));
  if (!old || !together(old, wanted)) return withItem(items, old, wanted);
  const [hours, services] = [wanted.hours || old.hours, wanted.services || old.services];
  return withItem(items, old, Object.assign({}, old, { hours: hours, services: services }));
}

/** The changes without what `wanted` says; they hold it. */
export function withoutWanted(items, wanted) {
  const old = items.find((item) => holds([item], wanted));
  if (wanted.kind !== "change") return withItem(items, old, null);
  const [hours, services] = [wanted.hours ? null : old.hours, wanted.services ? null : old.services];
  return withItem(items, old, Object.assign({}, old, { hours: hours, services: services }));
}

/** A night and its own morning in one span, which ends after 1440. */
export function overMidnight(spans) {
  if (!spans || spans.length < 2 || spans[0][0] > 0 || spans[spans.length - 1][1] < 1440) return spans;
  const evening = spans[spans.length - 1][0];
  return spans.slice(1, -1).concat([[evening, 1440 + spans[0][1]]]);
}

/** Spans less than this apart are told as one: nobody shuts a door for an hour. */
const JOIN_MIN = 120;
/** Who leaves at half past arrives within the reach, and stays so long. */
const LEAVE_MIN = 30;
const STAY_MIN = 10;

/**
 * Spans of each day as they are, and so much longer that whoever leaves in one of the slots finds
 * the door open.
 * @param {object} spans of each day, null where they are unknown
 * @param {string[]} slots such as "workday 20"
 * @param {number} reach minutes
 */
export function lengthened(spans, slots, reach) {
  const stays = Math.ceil((LEAVE_MIN + reach + STAY_MIN) / 60) * 60;
  const longer = function (day) {
    const hours = slots.filter((slot) => slot.startsWith(day + " ")).map((slot) => Number(slot.split(" ")[1]));
    if (!hours.length) return spans[day];
    // What goes on past midnight is that day's own early morning.
    const asked = (spans[day] || []).concat(hours.map((hour) => [hour * 60, hour * 60 + stays]));
    const cut = asked.flatMap(([from, to]) => (to > 1440 ? [[from, 1440], [0, to - 1440]] : [[from, to]]));
    cut.sort((one, other) => one[0] - other[0]);
    const joined = [];
    cut.forEach(function ([from, to]) {
      const last = joined[joined.length - 1];
      if (last && from - last[1] < JOIN_MIN) last[1] = Math.max(last[1], to);
      else joined.push([from, to]);
    });
    return overMidnight(joined);
  };
  return Object.fromEntries(DAYS.map((day) => [day, longer(day)]));
}

/** What of these hours is not as today, day by day; null where all of it is. */
export function newHours(hours, today) {
  const same = (day) => JSON.stringify(hours[day]) === JSON.stringify(today[day]);
  if (DAYS.every(same)) return null;
  return Object.fromEntries(DAYS.map((day) => [day, same(day) ? null : hours[day]]));
}

/** A station's spans of each day, by a change of it (or none) and today's. */
export function spansOf(item, today) {
  return Object.fromEntries(DAYS.map((day) => [day, (item && item.hours && item.hours[day]) || today[day]]));
}

/** The change that stands for a station, or undefined. */
export function itemOf(items, station) {
  return items.find((item) => item.station === station);
}

function spansText(spans, words) {
  if (spans.length === 0) return words.shut_that_day;
  if (spans.length === 1 && spans[0][0] === 0 && spans[0][1] === 1440) return words.day_and_night;
  return spans.map((span) => minuteText(span[0], words) + "–" + minuteText(span[1], words)).join("、");
}

/** Hours of a change in words: 每天 24 小时; 工作日 06:00–24:00，休息日 不开. */
export function hoursWords(hours, words, lang) {
  const apart = lang === "zh" ? "，" : ", ";
  const said = DAYS.filter((day) => hours[day]).map((day) => [words[day], spansText(hours[day], words)]);
  if (said.length === 2 && said[0][1] === said[1][1]) return words.every_day + " " + said[0][1];
  return said.map((one) => one.join(" ")).join(apart);
}

/**
 * A change in words.
 * @param {object} item
 * @param {object} names {station(id), newStop(item), services: code → name}
 * @param {(key: string, values: object) => string} say
 */
export function changeWords(item, names, words, lang, say) {
  const apart = lang === "zh" ? "，" : ", ";
  const services = (codes) => listed(lang, codes.filter((code) => code !== "*").map((code) => names.services[code] || code));
  if (item.kind === "close") return say("change_close", { name: names.station(item.station) });
  if (item.kind === "add") {
    return say("change_open", {
      name: names.newStop(item),
      place: item.place.map((degrees) => degrees.toFixed(4)).join(", "),
      hours: hoursWords(item.hours || { workday: [[0, 1440]], dayoff: [[0, 1440]] }, words, lang),
      services: item.services && !item.services.includes("*") ? services(item.services) : words.all_services,
    });
  }
  const name = names.station(item.station);
  const parts = [];
  if (item.hours) parts.push(say("change_hours", { name: name, hours: hoursWords(item.hours, words, lang) }));
  if (item.services) {
    const key = item.services.includes("*") ? "change_services" : "change_services_only";
    parts.push(say(key, { name: name, services: services(item.services) }));
  }
  return parts.join(apart);
}
