// A station of today, or a new stop of the plan: what it is, and what one could change.

import { page, say } from "./page.js";
import { hoursWords, newHours, spansOf } from "./plan-changes.js";
import { button, facts, make } from "./plan-dom.js";
import { hoursForm, WHOLE_DAY } from "./plan-hours.js";
import { ANY_STOP, clockText, DAYS, people, slotIndex } from "./plan-slots.js";
import { listed } from "./plan-words.js";

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

function stateText(bit, hour) {
  return say({ 1: "station_open", 0: "station_closed" }[bit] || "station_unknown", { hour: clockText(hour) });
}

/** When a station is open: as a change has it, with today's hours beside. */
function hoursText(station, item) {
  const today = station.hours || say("unknown");
  if (!item || (item.kind === "change" && !item.hours)) return today;
  const now = item.kind === "close" ? say("shut_that_day") : hoursWords(item.hours, page.words, page.lang);
  return now + say("hours_were", { hours: today });
}

/** What a station offers, as a change has it; "*" stands for what it offers today. */
function servicesText(station, item) {
  const said = (item && item.services) || ["*"];
  const codes = said.flatMap((code) => (code === "*" ? station.services : [code]));
  return listed(page.lang, codes.filter((code) => code in page.services).map((code) => page.services[code])) || "–";
}

function clockServices() {
  return Object.keys(page.services).filter((code) => code !== ANY_STOP);
}

/**
 * The panel of a station.
 * @param {object} world {state, canTry(), itemOf(id), itemShown(id), slotsOf(station), hoursOf(id) → today's spans of
 *   each day, canSay(spans), lossIfClosed(id) → rider-hours a week or null}
 * @param {object} station of plan-slots.json
 * @param {(item: object|null) => void} change the plan's item for this station, or null for none
 */
export function stationPanel(world, station, change) {
  const state = make("p", { class: "stop-state" });
  const loss = document.createTextNode("");
  const [hours, offers] = [document.createTextNode(""), document.createTextNode("")];
  const list = facts([
    [say("station_hours"), hours],
    [say("station_offers"), offers],
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
    const item = world.itemOf(station.id);
    const today = world.hoursOf(station.id);
    const spans = spansOf(item, today);
    const wanting = clockServices().filter((code) => !station.services.includes(code));
    body.push(make("p", { class: "panel-acts" }, close));
    body.push(hoursForm(spans, world.canSay, (hours) => altered({ hours: newHours(hours, today) })));
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
      const slots = world.slotsOf(station);
      const bits = slots[world.state.service] || slots[ANY_STOP] || "";
      state.textContent = stateText(bits[slotIndex(world.state.day, world.state.hour)], world.state.hour);
      const shown = world.itemShown(station.id);
      hours.data = hoursText(station, shown);
      offers.data = servicesText(station, shown);
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
  const spans = Object.fromEntries(DAYS.map((day) => [day, item.hours ? item.hours[day] || [] : WHOLE_DAY]));
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
  let wet = false;
  const refresh = function () {
    const far = world.tooFar(item.place);
    trouble.hidden = !far && !wet;
    trouble.textContent = far ? say("new_stop_far") : wet ? say("new_stop_wet") : "";
  };
  world.inWater(item.place).then(function (found) {
    wet = found;
    refresh();
  });
  const remove = button(say("do_remove"), () => change(null));
  return {
    body: [
      make("p", { class: "quiet" }, place),
      trouble,
      make("p", { class: "panel-acts" }, remove),
      hoursForm(spans, world.canSay, (hours) => altered({ hours: hours })),
      more,
    ],
    refresh: refresh,
  };
}
