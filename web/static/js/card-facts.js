// What a whole card says that changes from day to day: today's hours, how long ago somebody looked.

import { wallClock } from "./openness.js";
import { page, say } from "./page.js";

const DAY = 24 * 60;
/** After half a year nobody can be sure that it still holds. */
export const OLD_DAYS = 183;

function clockText(minutes) {
  const two = (number) => (number < 10 ? "0" : "") + number;
  return two(Math.floor(minutes / 60)) + ":" + two(minutes % 60);
}

/** Today's hours in words, from the intervals of open.json: holidays count; "" where nobody knows. */
export function todayText(entry, known, minute, timezone, say) {
  if (!entry || !entry.door || minute < known.from || minute >= known.to) return "";
  const time = wallClock(minute, timezone).time;
  const midnight = Math.floor(minute) - Number(time.slice(0, 2)) * 60 - Number(time.slice(3));
  const ofToday = (all) =>
    all
      .map((span) => [Math.max(0, span[0] - midnight), Math.min(DAY, span[1] - midnight)])
      .filter((span) => span[0] < span[1]);
  const spans = ofToday(entry.door);
  if (!spans.length) return say(ofToday(entry.maybe || []).length ? "today_maybe" : "today_shut");
  if (spans[0][0] === 0 && spans[0][1] === DAY) return say("today_all");
  return say("today_open", { times: spans.map((span) => clockText(span[0]) + "–" + clockText(span[1])).join("、") });
}

/**
 * How long ago a station was checked.
 * @param {string} on the day, as 2026-11-02
 * @returns {{text: string, old: boolean}|null} null for a day that is not there or still to come
 */
export function checkedAgo(on, minute, timezone, say) {
  const checked = Date.parse(on + "T00:00:00Z") / 86400000;
  const days = wallClock(minute, timezone).day - checked;
  if (!(days >= 0)) return null;
  const old = days > OLD_DAYS;
  if (days === 0) return { text: say("checked_today"), old: old };
  if (days < 61) return { text: say("checked_days", { days: days }), old: old };
  return { text: say("checked_months", { months: Math.floor(days / 30.4) }), old: old };
}

/** Put what changes from day to day into a card that is shown whole. */
export function dressFacts(card, element, minute) {
  const today = element.querySelector("[data-today]");
  if (!today) return; // a short one
  today.textContent = card.known ? todayText(card.entry, card.known, minute, page.timezone, say) : "";
  today.hidden = !today.textContent;
  const checked = element.querySelector("[data-checked]");
  const ago = checked && checkedAgo(checked.dataset.checked, minute, page.timezone, say);
  if (!ago) return;
  checked.textContent = ago.text;
  checked.title = checked.dataset.checked;
  checked.classList.toggle("checked-old", ago.old);
}
