// The form of a stop's hours: two days, each of one span or several.

import { page, say } from "./page.js";
import { button, make } from "./plan-dom.js";
import { DAYS } from "./plan-slots.js";
import { minuteText } from "./plan-words.js";

export const WHOLE_DAY = [[0, 1440]];
/** What a day is offered that has no hours. */
const USUAL = [480, 1200];

function option(value, text, chosen) {
  return make("option", { value: value, selected: value === chosen }, text);
}

/** The whole hours from `first` to `last`, and `own` minutes among them. */
function minutes(first, last, own) {
  const hours = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * 60);
  return Array.from(new Set([...hours, own])).sort((a, b) => a - b);
}

/** From and to. `said` is a span, or a word: off, unknown. */
function spanFields(said) {
  const word = Array.isArray(said) ? "" : said;
  const [start, end] = word ? USUAL : said;
  const time = (at, chosen) => option(String(at), minuteText(at, page.words), word ? "" : String(chosen));
  const from = make("select", {});
  if (word === "unknown") from.append(option("unknown", say("unknown"), word));
  from.append(option("off", say("shut_that_day"), word), ...minutes(0, 23, start).map((at) => time(at, start)));
  const to = make("select", {}, ...minutes(1, 32, end).map((at) => option(String(at), minuteText(at, page.words), String(end))));
  const sync = function () {
    to.disabled = from.value === "off" || from.value === "unknown";
  };
  from.addEventListener("change", sync);
  sync();
  return {
    element: make(
      "div",
      { class: "hours-span" },
      make("label", {}, make("span", { class: "only-heard" }, say("from")), from),
      make("label", {}, make("span", {}, say("to")), to),
    ),
    read: () => (to.disabled ? from.value : [Number(from.value), Number(to.value)]),
    write: function (wanted) {
      from.value = wanted ? String(wanted[0]) : "off";
      if (wanted) to.value = String(wanted[1]);
      sync();
    },
  };
}

/** The spans of a day, null where they are unknown. */
function dayFields(day, spans) {
  const said = spans === null ? ["unknown"] : spans.length ? spans : ["off"];
  const rows = said.map(spanFields);
  return {
    element: make(
      "div",
      { class: "hours-day", role: "group", "aria-label": say(day) },
      make("span", { class: "hours-name" }, say(day)),
      make("div", {}, ...rows.map((row) => row.element)),
    ),
    read: function () {
      const read = rows.map((row) => row.read());
      if (read.includes("unknown")) return null;
      return read.filter((span) => span !== "off").sort((one, other) => one[0] - other[0]);
    },
    write: (wanted) => rows.forEach((row, i) => row.write(wanted[i])),
  };
}

function faultOf(spans, canSay) {
  if (!spans) return "";
  if (spans.some((span) => span[1] <= span[0] || span[1] - span[0] > 1440)) return "hours_bad";
  return canSay(spans) ? "" : "hours_meet";
}

/**
 * The form of hours: two days, a button for day and night, one to apply.
 * @param {object} spans of each day, null where they are unknown; one over midnight ends after 1440
 * @param {(spans: number[][]) => boolean} canSay whether spans of a day can be told apart
 * @param {(hours: object) => void} apply takes up what is said of each day
 */
export function hoursForm(spans, canSay, apply) {
  const days = DAYS.map((day) => dayFields(day, spans[day]));
  const trouble = make("p", { class: "trouble", role: "alert", hidden: true });
  const form = make("form", { class: "hours-form" }, ...days.map((one) => one.element), trouble);
  form.append(
    make(
      "p",
      { class: "panel-acts" },
      button(say("day_and_night"), function () {
        days.forEach((one) => one.write(WHOLE_DAY));
        send();
      }),
      make("button", { type: "submit", class: "button" }, say("do_hours")),
    ),
  );
  function send() {
    const read = days.map((one) => one.read());
    const faults = read.map((one) => faultOf(one, canSay));
    const bad = faults.findIndex((fault) => fault !== "");
    trouble.hidden = bad < 0;
    if (bad >= 0) trouble.textContent = say(faults[bad], { day: say(DAYS[bad]) });
    else apply({ workday: read[0], dayoff: read[1] });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    send();
  });
  return form;
}
