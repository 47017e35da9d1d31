// Coverage in words, as the server says it (locator/outputs/coverage_words.py). No document in here.

import { DAYS } from "./plan-slots.js";

const TIED = "\u202f";

/** A share in per cent, 0 and 100 kept for none and all. */
export function percent(part, whole) {
  if (whole <= 0 || part <= 0) return 0;
  if (part >= whole) return 100;
  return Math.min(99, Math.max(1, Math.round((100 * part) / whole)));
}

/** Hours of a day as runs [first, end] on the circle: 20, 21, …, 5 give [20, 6]; all give [0, 24]. */
export function hourRuns(hours) {
  const inside = new Set(hours);
  if (inside.size === 24) return [[0, 24]];
  return Array.from(inside)
    .filter((hour) => !inside.has((hour + 23) % 24))
    .sort((a, b) => a - b)
    .map(function (first) {
      let end = first;
      while (inside.has(end % 24)) end += 1;
      return [first, end <= 24 ? end : end - 24];
    });
}

/** Hours of a day in words: 11:00–14:00、20:00–次日 06:00; 全天 for all of them. */
export function hoursText(lang, hours, words) {
  const two = (hour) => String(hour).padStart(2, "0") + ":00";
  return hourRuns(hours)
    .map(function (run) {
      if (run[0] === 0 && run[1] === 24) return words.all_day;
      const after = run[1] < run[0] ? (lang === "zh" ? "次日" + TIED : "next day ") : "";
      return two(run[0]) + "–" + after + two(run[1]);
    })
    .join(lang === "zh" ? "、" : ", ");
}

/** Slots such as "workday 20" in words, day by day; together where both days agree. */
export function slotsText(lang, slots, words) {
  const blank = lang === "zh" ? TIED : " ";
  const texts = DAYS.map(function (day) {
    const hours = slots.filter((slot) => slot.startsWith(day + " ")).map((slot) => Number(slot.split(" ")[1]));
    return hours.length ? hoursText(lang, hours, words) : "";
  });
  if (texts[0] && texts[0] === texts[1]) return words.every_day + blank + texts[0];
  return DAYS.map((day, i) => texts[i] && words[day] + blank + texts[i])
    .filter(Boolean)
    .join(lang === "zh" ? "；" : "; ");
}

/** Names in a row. */
export function listed(lang, names) {
  return names.join(lang === "zh" ? "、" : ", ");
}

/** Minutes after midnight as a time of day: 1440 is 24:00, 1560 "next day 02:00". */
export function minuteText(minutes, words) {
  const two = (number) => String(number).padStart(2, "0");
  const text = (at) => two(Math.floor(at / 60)) + ":" + two(at % 60);
  return minutes > 1440 ? words.next_day_time.replace("{time}", text(minutes - 1440)) : text(minutes);
}
