// A station of today, or a new stop of the plan: what it is, and what one could change.

import { page, say } from "./page.js";
import { button, facts, make } from "./plan-dom.js";
import { ANY_STOP, clockText, DAYS, people, slotIndex } from "./plan-slots.js";
import { hourRuns, listed, minuteText } from "./plan-words.js";

const WHOLE_DAY = [[0, 1440]];

function option(value, text, chosen) {
  return make("option", { value: value, selected: value === chosen }, text);
}

/** From and to of a day, by whole hours; spans with other minutes keep them. */
function dayFields(day, spans) {
  const off = spans.length === 0;
  const [start, end] = off ? [480, 1200] : [spans[0][0], spans[spans.length - 1][1]];
  const minutes = (first, last, own) =>
    Array.from(new Set([...Array.from({ length: last - first + 1 }, (_, i) => (first + i) * 60), own])).sort(
      (a, b) => a - b,
    );
  const from = make("select", {});
  from.append(option("off", say("shut_that_day"), off ? "off" : ""));
  minutes(0, 23, start).forEach((at) => from.append(option(String(at), minuteText(at, page.words), off ? "" : String(start))));
  const to = make("select", {});
  minutes(1, 32, end).forEach((at) => to.append(option(String(at), minuteText(at, page.words), String(end))));
  const sync = function () {
    to.disabled = from.value === "off";
  };
  from.addEventListener("change", sync);
  sync();
  const name = say(day);
  return {
    element: make(
      "div",
      { class: "hours-day", role: "group", "aria-label": name },
      make("span", { class: "hours-name" }, name),
      make("label", {}, make("span", { class: "only-heard" }, say("from")), from),
      make("label", {}, make("span", {}, say("to")), to),
    ),
    /** Spans of minutes, or null where the end is not after the beginning. */
    read: function () {
      if (from.value === "off") return [];
      const span = [Number(from.value), Number(to.value)];
      return span[1] > span[0] && span[1] - span[0] <= 1440 ? [span] : null;
    },
    write: function (wanted) {
      from.value = String(wanted[0][0]);
      to.value = String(wanted[0][1]);
      sync();
    },
  };
}

/** The form of hours: two days, a button for day and night, one to apply. */
function hoursForm(spans, apply) {
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
    const bad = read.indexOf(null);
    trouble.hidden = bad < 0;
    if (bad >= 0) trouble.textContent = say("hours_bad", { day: say(DAYS[bad]) });
    else apply({ workday: read[0], dayoff: read[1] });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    send();
  });
  return form;
}

/** Services to tick, and a button to apply what is ticked. */
function servicesForm(codes, ticked, label, apply) {
  const boxes = codes.map((code) => make("input", { type: "checkbox", value: code, checked: ticked.includes(code) }));
  const legend = make("legend", {}, label);
  const form = make(
    "form",
    { class: "services-form" },
    make(
      "fieldset",
      {},
      legend,
      ...boxes.map((box) => make("label", { class: "tick" }, box, make("span", {}, page.services[box.value]))),
    ),
    make("p", { class: "panel-acts" }, make("button", { type: "submit", class: "button" }, label)),
  );
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    apply(boxes.filter((box) => box.checked).map((box) => box.value));
  });
  return form;
}

/** The hours of today as spans of a day, from its state at half past each hour. */
function spansToday(slots, day) {
  const first = slotIndex(day, 0);
  const hours = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => slots[first + hour] === "1");
  return hourRuns(hours).map((run) => [run[0] * 60, (run[1] < run[0] ? run[1] + 24 : run[1]) * 60]);
}

function stateText(bit, hour) {
  return say({ 1: "station_open", 0: "station_closed" }[bit] || "station_unknown", { hour: clockText(hour) });
}

function clockServices() {
  return Object.keys(page.services).filter((code) => code !== ANY_STOP);
}

/**
 * The panel of a station.
 * @param {object} world {state, canTry(), itemOf(id), lossIfClosed(id) → rider-hours a week or null}
 * @param {object} station of plan-slots.json
 * @param {(item: object|null) => void} change the plan's item for this station, or null for none
 */
export function stationPanel(world, station, change) {
  const state = make("p", { class: "stop-state" });
  const loss = document.createTextNode("");
  const list = facts([
    [say("station_hours"), station.hours || say("unknown")],
    [say("station_offers"), listed(page.lang, station.services.filter((code) => code in page.services).map((code) => page.services[code])) || "–"],
    [say("station_loses"), loss],
  ]);
  const close = button("", function () {
    const item = world.itemOf(station.id);
    change(item && item.kind === "close" ? null : { kind: "close", station: station.id, place: null, hours: null, services: null });
  });
  const body = [state, list];
  const altered = function (part) {
    const item = world.itemOf(station.id);
    const before = item && item.kind === "change" ? item : { hours: null, services: null };
    change({ kind: "change", station: station.id, place: null, hours: before.hours, services: before.services, ...part });
  };
  if (world.canTry()) {
    const slots = station.slots[ANY_STOP] || "";
    const item = world.itemOf(station.id);
    const spans = {};
    DAYS.forEach(function (day) {
      spans[day] = (item && item.hours && item.hours[day]) || spansToday(slots, day);
    });
    const wanting = clockServices().filter((code) => !station.services.includes(code));
    body.push(make("p", { class: "panel-acts" }, close), hoursForm(spans, (hours) => altered({ hours: hours })));
    if (wanting.length) {
      const ticked = (item && item.services) || [];
      const more = make("details", { class: "panel-more", open: ticked.length > 0 }, make("summary", {}, say("add_services")));
      more.append(
        servicesForm(wanting, ticked, say("do_services"), function (codes) {
          altered({ services: codes.length ? ["*", ...codes] : null });
        }),
      );
      body.push(more);
    }
  }
  return {
    body: body,
    refresh: function () {
      const bits = station.slots[world.state.service] || station.slots[ANY_STOP] || "";
      state.textContent = stateText(bits[slotIndex(world.state.day, world.state.hour)], world.state.hour);
      const item = world.itemOf(station.id);
      const closed = Boolean(item && item.kind === "close");
      close.textContent = say(closed ? "do_reopen" : "do_close");
      close.setAttribute("aria-pressed", closed ? "true" : "false");
      const lost = world.lossIfClosed(station.id);
      loss.data = lost === null ? say("unknown") : lost < 0.05 ? say("loses_nothing") : say("loses", { count: people(lost) });
    },
  };
}

/** The panel of a new stop of the plan. */
export function newStopPanel(world, item, change) {
  const place = item.place.map((degrees) => degrees.toFixed(5)).join(", ");
  const trouble = make("p", { class: "trouble", hidden: true });
  const spans = {};
  DAYS.forEach(function (day) {
    spans[day] = item.hours ? item.hours[day] || [] : WHOLE_DAY;
  });
  const all = clockServices();
  const ticked = !item.services || item.services.includes("*") ? all : item.services;
  const more = make("details", { class: "panel-more" }, make("summary", {}, say("station_offers")));
  let now = item;
  const altered = function (part) {
    now = { ...now, ...part };
    change(now);
  };
  more.append(
    servicesForm(all, ticked, say("do_services"), function (codes) {
      altered({ services: codes.length === all.length || codes.length === 0 ? null : codes });
    }),
  );
  const remove = button(say("do_remove"), () => change(null));
  return {
    body: [
      make("p", { class: "quiet" }, place),
      trouble,
      make("p", { class: "panel-acts" }, remove),
      hoursForm(spans, (hours) => altered({ hours: hours })),
      more,
    ],
    refresh: function () {
      trouble.hidden = !world.tooFar(item.place);
      trouble.textContent = say("new_stop_far");
    },
  };
}
