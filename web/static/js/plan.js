// The planner's page: what is looked at and what is tried; the clock, the map, the panel and the
// words follow, and the address keeps it.

import { page, say } from "./page.js";
import { liveActions } from "./plan-actions.js";
import { withItem, withoutWanted, withWanted } from "./plan-changes.js";
import { bringIntoView, liveClock } from "./plan-clock.js";
import { make, refill } from "./plan-dom.js";
import { loadEngine } from "./plan-engine.js";
import { cellPanel, gapPanel, middleOfGap } from "./plan-gap.js";
import { liveGaps, nameOfGap } from "./plan-gaps.js";
import { createModel } from "./plan-model.js";
import { releaseOutcome } from "./plan-outcome.js";
import { closePanel, openPanel, refreshPanel } from "./plan-panel.js";
import { livePicture } from "./plan-picture.js";
import { ANY_STOP, classTexts, clockText, DAYS, people } from "./plan-slots.js";
import "./plan-sort.js";
import { newStopPanel, stationPanel } from "./plan-stop.js";
import { liveTime } from "./plan-time.js";
import { liveWhatIf } from "./plan-whatif.js";

const at = (id) => document.getElementById(id);
const parts = {
  article: at("plan"),
  title: at("slot-title"),
  service: at("slot-service"),
  kind: at("slot-kind"),
  note: at("choices-note"),
  canvas: at("plan-canvas"),
  trouble: at("map-trouble"),
  hand: at("map-hand"),
  legend: at("legend-map"),
  ramp: at("legend-ramp"),
  hint: at("clock-hint"),
};
const model = createModel(page, window.location.hash);
const state = model.state;
let map = null;

// --- showing it ---

function missing(outcome) {
  const pair = outcome.pair(state.day, state.hour, state.service);
  return people(pair.total - pair.covered);
}

function slotTitle() {
  const outcome = model.shown();
  const pair = outcome.pair(state.day, state.hour, state.service);
  const key = pair.total <= 0 ? "slot_empty" : state.service === ANY_STOP ? "slot_any" : "slot_service";
  const text = say(key, {
    day: say(state.day),
    hour: clockText(state.hour),
    service: page.services[state.service],
    total: people(pair.total),
    uncovered: missing(outcome),
    reach: state.reach,
  });
  const was = missing(model.before());
  return was === missing(outcome) ? text : text + say("slot_was", { before: was });
}

function shortText() {
  return say(state.service === ANY_STOP ? "strip_any" : "strip_service", {
    uncovered: missing(model.shown()),
    service: page.services[state.service],
  });
}

function press(attribute, value) {
  document.querySelectorAll("[" + attribute + "]").forEach(function (one) {
    one.setAttribute("aria-pressed", one.getAttribute(attribute) === String(value) ? "true" : "false");
  });
}

function showChoices() {
  press("data-choose-day", state.day);
  press("data-choose-reach", state.reach);
  parts.service.value = state.service;
  if (parts.kind) parts.kind.value = state.kind;
  const notes = [];
  if (!model.isUsual("reach")) notes.push(say("reach_note", { reach: state.reach, usual: page.reach }));
  if (state.kind) notes.push(say("kind_note", { kind: page.kinds[state.kind] }));
  parts.note.hidden = notes.length === 0;
  parts.note.textContent = notes.join(page.lang === "zh" ? "" : " ");
}

/** What each day of the clock was last painted with. */
const painted = {};
let drawing = 0;

/** The map a frame later: the clock and the words have answered by then. */
function drawLater() {
  if (!map || drawing) return;
  drawing = window.requestAnimationFrame(function () {
    drawing = 0;
    map.show(state, model.shown(), model.before(), model.stationsShown());
  });
}

function show() {
  clock.show(state.day, state.hour, state.service);
  showChoices();
  if (!model.release) return;
  const outcome = model.shown();
  const compared = outcome === model.before() ? null : model.before();
  if (painted[state.day] !== outcome) clock.paint(state.day, outcome, compared);
  painted[state.day] = outcome;
  gapList.show(state.service, model.gaps());
  parts.title.textContent = slotTitle();
  time.show(state.hour, shortText());
  whatIf.show(model);
  if (model.engine) actions.show(model.plan.items);
  parts.hint.textContent = say(compared ? "legend_delta" : "cell_hint");
  document.querySelectorAll(".legend-plan").forEach((one) => {
    one.hidden = !compared;
  });
  refreshPanel();
  drawLater();
}

function keepAddress() {
  window.history.replaceState(null, "", model.address());
}

function choose(change) {
  Object.assign(state, change);
  keepAddress();
  show();
  bringIntoView(state.day, state.hour);
}

// --- the plan ---

/** The plan has changed: read it, show it, keep it in the address. */
function answer() {
  const began = performance.now();
  model.read();
  keepAddress();
  show();
  parts.article.dataset.answeredMs = (performance.now() - began).toFixed(1);
}

function putItems(items) {
  model.put(items);
  answer();
}

function changeItem(old, item) {
  putItems(withItem(model.plan.items, old, item));
}

function openNewStop(item, focus) {
  let now = item;
  const change = function (next) {
    changeItem(model.itemLike(now), next);
    now = next;
    if (!next) closePanel();
  };
  openPanel(say("place_title"), newStopPanel(world, item, change), { focus: focus });
  if (map) map.reveal(item.place);
}

function addStop(place) {
  placing(false);
  const degrees = place.map((one) => Number(one.toFixed(6)));
  const item = { kind: "add", station: null, place: degrees, hours: null, services: null };
  changeItem(null, item);
  openNewStop(item, true);
}

function openStation(id, focus) {
  const station = model.station(id);
  const change = (item) => changeItem(model.itemOf(id), item);
  openPanel(station.name, stationPanel(world, station, change), { focus: focus });
  if (map) map.reveal([station.lon, station.lat]);
}

function placing(on) {
  whatIf.placing(on);
  parts.hand.hidden = !on;
  parts.hand.textContent = on ? say("new_stop_placing") : "";
  if (map) map.place(on);
  if (on) parts.canvas.scrollIntoView({ block: "nearest" });
}

/** What the panels may ask. */
const world = {
  state: state,
  cells: () => model.cells,
  now: model.shown,
  canTry: () => model.engine !== null,
  nearestOpen: model.nearestOpen,
  stationName: model.stationName,
  itemOf: model.itemOf,
  slotsOf: model.slotsOf,
  hoursOf: (id) => model.engine.hoursOf(id),
  canSay: (spans) => model.engine.canSay(spans),
  lossIfClosed: model.lossIfClosed,
  tooFar: (place) => model.engine.tooFar(place),
};

// --- the gaps ---

/** A gap's slot nearest to what is shown: the same hour, else the first of its own. */
function slotOfGap(gap) {
  const now = state.day + " " + state.hour;
  const text = gap.hours.includes(now) ? now : gap.hours.find((one) => one.startsWith(state.day)) || gap.hours[0];
  const [day, hour] = text.split(" ");
  return { day: day, hour: Number(hour) };
}

function openGap(id, focus) {
  const gap = model.gaps().find((one) => one.id === id);
  if (!gap) return;
  time.stop();
  choose(slotOfGap(gap));
  const acts = { tryStop: addStop, tryHours: (station) => openStation(station, true) };
  openPanel(nameOfGap(gap), gapPanel(world, gap, acts), {
    badge: String(model.gaps().indexOf(gap) + 1),
    focus: focus,
    onClose: function () {
      gapList.mark("");
      state.gap = "";
      keepAddress();
    },
  });
  state.gap = id;
  gapList.mark(id);
  keepAddress();
  if (map) map.visit(gap);
}

// --- the parts ---

const clock = liveClock(function (hour, service) {
  time.stop();
  choose({ hour: hour, service: service });
});

const time = liveTime(
  () => state.hour,
  (hour) => choose({ hour: hour }),
  (playing) => parts.title.setAttribute("aria-live", playing ? "off" : "polite"),
);

const gapList = liveGaps((id) => openGap(id, true));

const whatIf = liveWhatIf(
  {
    pickStation: (id) => openStation(id, true),
    place: placing,
    centre: () => map && addStop(map.centre()),
    addStop: addStop,
    undo: function () {
      model.undo();
      answer();
    },
    redo: function () {
      model.redo();
      answer();
    },
    reset: () => putItems([]),
    compare: function (on) {
      model.plan.comparing = on;
      show();
    },
    remove: (item) => changeItem(item, null),
    pickItem: (item) => (item.kind === "add" ? openNewStop(item, true) : openStation(item.station, true)),
    openAddress: function (hash) {
      model.goTo(hash, false);
      answer();
    },
  },
  { station: model.stationName, services: page.services },
);

const actions = liveActions(function (changes, on) {
  putItems(changes.reduce(on ? withWanted : withoutWanted, model.plan.items));
  if (!on || !map) return;
  const station = model.station(changes[0].station);
  map.reveal(changes[0].place || [station.lon, station.lat]);
});

document.querySelectorAll("[data-choose-day]").forEach(function (one) {
  one.addEventListener("click", () => choose({ day: one.dataset.chooseDay }));
});
document.querySelectorAll("[data-choose-reach]").forEach(function (one) {
  one.addEventListener("click", () => choose({ reach: Number(one.dataset.chooseReach) }));
});
parts.service.addEventListener("change", () => choose({ service: parts.service.value }));
if (parts.kind) parts.kind.addEventListener("change", () => choose({ kind: parts.kind.value }));
document.addEventListener("keydown", function (event) {
  if (event.key === "Escape") placing(false);
});
window.addEventListener("hashchange", function () {
  if (window.location.hash === model.address() || !/^#(workday|dayoff)-/.test(window.location.hash)) return;
  model.goTo(window.location.hash, true);
  answer();
});

/** On paper stand both days. */
window.addEventListener("beforeprint", function () {
  if (!model.release) return;
  DAYS.forEach(function (day) {
    const outcome = model.shown();
    clock.paint(day, outcome, outcome === model.before() ? null : model.before());
    painted[day] = outcome;
  });
});

// --- the beginning ---

function trouble(text) {
  parts.trouble.textContent = text;
  parts.trouble.hidden = false;
}

async function read(address) {
  const found = await fetch(address);
  if (!found.ok) throw new Error(address + ": " + found.status);
  return found.json();
}

async function readRelease() {
  const { coverage, cells, slots, gaps } = page.urls;
  const [covered, drawn, stations, byService] = await Promise.all([
    read(coverage),
    read(cells),
    read(slots),
    gaps ? read(gaps) : {},
  ]);
  model.release = releaseOutcome(covered, drawn.cells);
  model.cells = drawn.cells;
  model.stations = stations;
  model.gapsOf = Object.assign({}, byService, { [ANY_STOP]: covered.gaps });
}

async function startEngine() {
  try {
    model.engine = await loadEngine(page.urls, model.stations);
  } catch (error) {
    model.engine = null;
  }
  if (!model.engine) {
    model.withoutEngine();
    whatIf.refuse();
    return;
  }
  document.querySelectorAll("[data-choose-reach]").forEach((one) => {
    one.disabled = false;
  });
  if (parts.kind) parts.kind.disabled = false;
  const places = model.gapsOf[ANY_STOP].slice(0, 20).map((gap, i) => ({
    name: say("new_stop_gap", { number: i + 1, name: nameOfGap(gap) }),
    place: middleOfGap(gap, world),
  }));
  whatIf.offer(
    model.stations.filter((one) => ANY_STOP in one.slots),
    places,
  );
  actions.offer();
}

function colourLegend(colours, limits) {
  const steps = classTexts(limits).map(function (text, i) {
    const patch = make("i", {});
    patch.style.backgroundColor = colours[i];
    return make("span", {}, patch, text);
  });
  refill(parts.ramp, ...steps);
}

async function startMap() {
  const drawing = await import("./plan-map.js");
  const recolour = () => colourLegend(drawing.classColours(), map.limits);
  const data = {
    packUrl: page.urls.pack,
    bbox: page.bounds,
    words: {},
    cells: model.cells,
    gaps: (service) => model.gapsOf[service] || [],
  };
  map = await drawing.drawPlanMap(parts.canvas, data, {
    night: recolour,
    place: addStop,
    cell: function (index) {
      if (index === null) closePanel();
      else openPanel(say("cell_title"), cellPanel(world, index, { tryStop: addStop }));
    },
    station: function (id) {
      if (!id.startsWith("+")) openStation(id);
      else openNewStop(model.plan.items.filter((item) => item.kind === "add")[Number(id.slice(1))]);
    },
    gap: function (id) {
      openGap(id);
      document.querySelector(".gap.chosen").scrollIntoView({ block: "nearest" });
    },
  });
  recolour();
  parts.legend.hidden = false;
  at("legend-unreachable").hidden = model.cells.every((cell) => cell.nearest_s !== null);
}

async function start() {
  show();
  bringIntoView(state.day, state.hour);
  try {
    await readRelease();
  } catch (error) {
    trouble(say("map_failed"));
    return;
  }
  const wanted = state.gap;
  await startEngine();
  answer();
  try {
    await startMap();
  } catch (error) {
    parts.canvas.hidden = true;
    whatIf.withoutMap();
    trouble(say("map_missing"));
  }
  show();
  livePicture({
    state: state,
    map: map,
    title: slotTitle,
    changes: () => (model.plan.comparing ? [] : model.plan.items.map(whatIf.words)),
  });
  if (wanted) openGap(wanted);
  parts.article.dataset.ready = "true";
  if (map) parts.canvas.dataset.ready = "true";
}

start();
