// What the figures say, as sentences: the headline, the share of each day, each day's title and its
// scarcest service. The server says the same of the release (locator/server/planner_clock.py).

import { page, say } from "./page.js";
import { ANY_STOP, clockText, DAYS, people } from "./plan-slots.js";
import { hoursText, listed, percent } from "./plan-words.js";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const parts = {
  headline: document.getElementById("headline"),
  shares: document.getElementById("standfirst-shares"),
};
const released = { headline: parts.headline.textContent };

/** Rider-hours of a whole day: {covered, total}. */
export function ofDay(outcome, day, service) {
  return HOURS.map((hour) => outcome.pair(day, hour, service)).reduce(
    (all, pair) => ({ covered: all.covered + pair.covered, total: all.total + pair.total }),
    { covered: 0, total: 0 },
  );
}

function shareOfDay(outcome, day, service) {
  const pair = ofDay(outcome, day, service);
  return percent(pair.covered, pair.total);
}

/** What the row of "any stop" says, as the day's title. */
export function finding(outcome, day) {
  const pairs = HOURS.map((hour) => outcome.pair(day, hour, ANY_STOP));
  const peopled = HOURS.filter((hour) => pairs[hour].total > 0);
  const bad = peopled.filter((hour) => pairs[hour].covered < 0.5 * pairs[hour].total);
  const values = { day: say(day), hours: hoursText(page.lang, bad, page.words) };
  if (peopled.length === 0) return say("finding_no_riders", values);
  if (bad.length === 0) return say("finding_none", values);
  return say(bad.length === peopled.length ? "finding_all_day" : "finding_night", values);
}

/** Which service is scarcest on a day, or which are not to be had at all. */
export function scarcest(outcome, day, reach) {
  const wanted = Object.keys(page.services).filter((code) => code !== ANY_STOP && ofDay(outcome, day, code).total > 0);
  const shares = wanted.map((code) => shareOfDay(outcome, day, code));
  const none = wanted.filter((_, i) => shares[i] === 0);
  if (none.length) {
    const every = none.length === wanted.length && none.length > 1;
    return say(page.unknown_hours ? "scarcest_unsure" : "scarcest_none", {
      services: every ? say("missing_all") : listed(page.lang, none.map((code) => page.services[code])),
      reach: reach,
    });
  }
  if (!wanted.length) return "";
  const least = shares.indexOf(Math.min(...shares));
  const name = page.services[wanted[least]];
  return say("scarcest", { service: page.lang === "zh" ? name : name.toLowerCase(), share: shares[least], reach: reach });
}

/** The hour in which most riders have no stop. */
function worst(outcome) {
  const slots = DAYS.flatMap((day) => HOURS.map((hour) => Object.assign({ day: day, hour: hour }, outcome.pair(day, hour, ANY_STOP))));
  const missing = (slot) => slot.total - slot.covered;
  return slots.reduce((most, slot) => (missing(slot) > missing(most) ? slot : most));
}

function headline(outcome, reach) {
  const { day, hour, covered, total } = worst(outcome);
  const riders = people(total - covered);
  if (total <= covered) return say("headline_none", { reach: reach });
  const share = Math.round((100 * (total - covered)) / total);
  return say("headline", { day: say("on_" + day), hour: clockText(hour), riders: riders, share: share, reach: reach });
}

/** Have the head of the page, and each sentence that names the minutes, follow the chosen reach. */
export function showReach(model) {
  const { reach } = model.state;
  document.querySelectorAll("[data-reach]").forEach((one) => {
    one.textContent = String(reach);
  });
  if (!parts.shares) return;
  const today = model.today();
  parts.headline.textContent = model.isUsual("reach") ? released.headline : headline(today, reach);
  const shares = DAYS.map((day) => [day, shareOfDay(today, day, ANY_STOP)]);
  parts.shares.textContent = say("standfirst_shares", Object.fromEntries(shares));
}
