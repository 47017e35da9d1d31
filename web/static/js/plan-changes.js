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
