// What is looked at, in words beside the clock and the map: the hour's sentence, the choices, the legend.

import { page, say } from "./page.js";
import { areaName, showArea } from "./plan-area-choice.js";
import { make, refill } from "./plan-dom.js";
import { ANY_STOP, classTexts, clockText, people } from "./plan-slots.js";

const at = (id) => document.getElementById(id);
const parts = {
  service: at("slot-service"),
  kind: at("slot-kind"),
  note: at("choices-note"),
  site: at("ask-site"),
  legend: at("legend-map"),
  ramp: at("legend-ramp"),
  trouble: at("map-trouble"),
  unreachable: at("legend-unreachable"),
};

function missing(outcome, state) {
  const pair = outcome.pair(state.day, state.hour, state.service);
  return people(pair.total - pair.covered);
}

/** The hour's sentence: of how many riders how many go without, and how many before the plan. */
export function slotTitle(model) {
  const { state } = model;
  const pair = model.shown().pair(state.day, state.hour, state.service);
  const key = pair.total <= 0 ? "slot_empty" : state.service === ANY_STOP ? "slot_any" : "slot_service";
  const now = missing(model.shown(), state);
  const place = model.inside() ? areaName(state.area) + (page.lang === "zh" ? "，" : ", ") : "";
  const text = place + say(key, {
    day: say(state.day),
    hour: clockText(state.hour),
    service: page.services[state.service],
    total: people(pair.total),
    uncovered: now,
    reach: state.reach,
  });
  if (model.plan.comparing) return say("slot_today", { text: text });
  const was = missing(model.before(), state);
  return was === now ? text : text + say("slot_was", { before: was });
}

/** The same in a few words. */
export function shortText(model) {
  const { state } = model;
  return say(state.service === ANY_STOP ? "strip_any" : "strip_service", {
    uncovered: missing(model.shown(), state),
    service: page.services[state.service],
  });
}

/** What an action brings in the chosen hour. */
export function gainThenText(state, riders) {
  const key = riders < 0.05 ? "action_then_none" : state.service === ANY_STOP ? "action_then" : "action_then_service";
  return say(key, {
    hour: say(state.day) + " " + clockText(state.hour),
    count: people(riders),
    service: page.services[state.service],
  });
}

function press(attribute, value) {
  document.querySelectorAll("[" + attribute + "]").forEach(function (one) {
    one.setAttribute("aria-pressed", one.getAttribute(attribute) === String(value) ? "true" : "false");
  });
}

/** The command that finds the actions for the hour and the service that are looked at. */
function siteCommand(model) {
  const { day, hour, service, reach } = model.state;
  const asked = ["locator site", page.county, "--actions 5", "--hours", hour, "--day", day];
  if (service !== ANY_STOP) asked.push("--service", service);
  if (!model.isUsual("reach")) asked.push("--reach", reach);
  return asked.join(" ");
}

/** Mark what is chosen, and say where it leads away from the release's own figures. */
export function showChoices(model) {
  const { state } = model;
  press("data-choose-day", state.day);
  press("data-choose-reach", state.reach);
  press("data-choose-by", state.by);
  parts.service.value = state.service;
  parts.site.textContent = siteCommand(model);
  if (parts.kind) parts.kind.value = state.kind;
  showArea(state.area);
  const notes = [];
  if (model.inside()) notes.push(say("area_note", { area: areaName(state.area), cells: model.inside().filter(Boolean).length }));
  else if (state.area && model.cells.length) notes.push(say("area_empty"));
  if (!model.isUsual("reach")) notes.push(say("reach_note", { reach: state.reach, usual: page.reach }));
  if (state.kind) notes.push(say("kind_note", { kind: page.kinds[state.kind] }));
  parts.note.hidden = notes.length === 0;
  parts.note.textContent = notes.join(page.lang === "zh" ? "" : " ");
}

/** What is clicked or selected among the choices, told as a change of the state. */
export function liveChoices(choose) {
  const each = (name, change) =>
    document.querySelectorAll("[data-choose-" + name + "]").forEach(function (one) {
      one.addEventListener("click", () => choose(change(one.getAttribute("data-choose-" + name))));
    });
  each("day", (day) => ({ day: day }));
  each("reach", (minutes) => ({ reach: Number(minutes) }));
  each("by", (by) => ({ by: by }));
  parts.service.addEventListener("change", () => choose({ service: parts.service.value }));
  if (parts.kind) parts.kind.addEventListener("change", () => choose({ kind: parts.kind.value }));
}

/** There is an engine: other reaches and kinds can be chosen. */
export function offerChoices() {
  document.querySelectorAll("[data-choose-reach]").forEach((one) => {
    one.disabled = false;
  });
  if (parts.kind) parts.kind.disabled = false;
}

/** The classes of the map with their colours. */
export function colourLegend(colours, limits) {
  const steps = classTexts(limits).map(function (text, i) {
    const patch = make("i", {});
    patch.style.backgroundColor = colours[i];
    return make("span", {}, patch, text);
  });
  refill(parts.ramp, ...steps);
}

/** The map is drawn: say what its signs mean. */
export function showLegend(cells) {
  parts.legend.hidden = false;
  parts.unreachable.hidden = cells.every((cell) => cell.nearest_s !== null);
}

/** Say, in the map's place, why there is none. */
export function trouble(text) {
  parts.trouble.textContent = text;
  parts.trouble.hidden = false;
}
