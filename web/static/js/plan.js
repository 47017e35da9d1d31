// The planner's page: what is looked at and what is tried; the clock, the map, the panel and the
// words follow, and the address keeps it.

import { page, say } from "./page.js";
import { liveActions } from "./plan-actions.js";
import { ringOf } from "./plan-area.js";
import { liveArea, offerDrawing, withoutDrawing } from "./plan-area-choice.js";
import { askMap, cancelAsk, tellAsk } from "./plan-ask.js";
import { withItem, withoutWanted, withWanted } from "./plan-changes.js";
import { bringIntoView, liveClock } from "./plan-clock.js";
import { showReach } from "./plan-findings.js";
import { liveGaps, middlesOfGaps } from "./plan-gaps.js";
import { liveHourly } from "./plan-hourly.js";
import { readEngine, readRelease } from "./plan-load.js";
import { createModel } from "./plan-model.js";
import { refreshPanel } from "./plan-panel.js";
import { livePaper, onPaper } from "./plan-paper.js";
import { createPicks } from "./plan-picks.js";
import { livePicture } from "./plan-picture.js";
import { ANY_STOP, DAYS } from "./plan-slots.js";
import "./plan-sort.js";
import { liveTime } from "./plan-time.js";
import { colourLegend, gainThenText, liveChoices, offerChoices, shortText, showChoices, showLegend, slotTitle, trouble } from "./plan-view.js";
import { liveWhatIf } from "./plan-whatif.js";

const at = (id) => document.getElementById(id);
const parts = {
  article: at("plan"),
  title: at("slot-title"),
  canvas: at("plan-canvas"),
  hint: at("clock-hint"),
};
const model = createModel(page, window.location.hash);
const state = model.state;
/** The gaps as they stand in the list. */
let ranking = { rows: [], outside: 0 };
let map = null;

// --- showing it ---

let drawing = 0;
let telling = 0;
/** The clock answers first; what each action would bring can wait so long. */
const TELL_MS = 60;

/** The map a frame later: the clock and the words have answered by then. */
function drawLater() {
  if (!map || drawing) return;
  drawing = window.requestAnimationFrame(function () {
    drawing = 0;
    map.show(state, model.shown(), model.before(), model.stationsShown(), ranking.rows);
  });
}

/** A day of the clock, with the difference that the plan makes. */
function paint(day) {
  const [outcome, before] = [model.shown(), model.before()];
  clock.paint(day, state.reach, outcome, outcome === before ? null : before);
}

function show() {
  clock.show(state.day, state.hour, state.service);
  showChoices(model);
  if (!model.release) return;
  const compared = model.shown() !== model.before();
  paint(state.day);
  showReach(model);
  ranking = model.ranking();
  gapList.show(state, ranking, model.planned(), model.gapNow);
  parts.title.textContent = slotTitle(model);
  time.show(state.hour, shortText(model));
  whatIf.show(model);
  hourly.show(state, model.plan.items, model.engine !== null);
  if (model.engine) {
    actions.show(model.plan.items);
    window.clearTimeout(telling);
    telling = window.setTimeout(() => actions.tell(model.gainThen, (riders) => gainThenText(state, riders)), TELL_MS);
  }
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

/** The chosen area on the map, and in view. */
function frame() {
  const inside = model.inside();
  if (map) map.frame(ringOf(state.area), inside ? model.cells.filter((_, i) => inside[i]).flatMap((cell) => cell.ring) : []);
}

function choose(change) {
  Object.assign(state, change);
  keepAddress();
  show();
  if ("area" in change) frame();
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

function step(act) {
  act();
  answer();
}

function putItems(items) {
  step(() => model.put(items));
}

function changeItem(old, item) {
  putItems(withItem(model.plan.items, old, item));
}

function placing(on) {
  if (!on) return cancelAsk();
  askMap(map, addStop, { onCancel: () => whatIf.placing(false) });
  tellAsk(say("new_stop_placing"), true);
  return whatIf.placing(true);
}

function addStop(place) {
  cancelAsk();
  picks.addStop(place);
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

const gapList = liveGaps((id) => picks.gap(id, true));

const picks = createPicks(model, {
  choose: choose,
  changeItem: changeItem,
  keepAddress: keepAddress,
  stop: time.stop,
  markGap: gapList.mark,
  rankOf: (id) => String(ranking.rows.findIndex((row) => row.gap.id === id) + 1),
  map: () => map,
});

const whatIf = liveWhatIf(
  {
    pickStation: (id) => picks.station(id, true),
    place: placing,
    centre: () => map && addStop(map.centre()),
    addStop: addStop,
    undo: () => step(model.undo),
    redo: () => step(model.redo),
    reset: () => putItems([]),
    compare: function (on) {
      model.plan.comparing = on;
      show();
    },
    remove: (item) => changeItem(item, null),
    pickItem: (item) => (item.kind === "add" ? picks.newStop(item, true) : picks.station(item.station, true)),
    openAddress: (hash) => step(() => model.goTo(hash, false)),
    address: () => model.address(),
  },
  { station: model.stationName, newStop: model.newStopName, services: page.services },
);

/** Take up the changes of an action, or take them out again. */
function putAction(changes, on) {
  putItems(changes.reduce(on ? withWanted : withoutWanted, model.plan.items));
  if (!on || !map) return;
  const station = model.station(changes[0].station);
  map.reveal(changes[0].place || [station.lon, station.lat]);
}

const actions = liveActions(putAction);
/** What helps in the chosen hour, once the release is here. */
let hourly = liveHourly(null, putAction);

model.stopNames = actions.names;

liveChoices(choose);
window.addEventListener("hashchange", function () {
  if (window.location.hash === model.address() || !/^#(workday|dayoff)-/.test(window.location.hash)) return;
  step(() => model.goTo(window.location.hash, true));
});

/** On paper stand both days. */
window.addEventListener("beforeprint", function () {
  if (model.release) DAYS.forEach(paint);
});

// --- the beginning ---

async function startEngine() {
  await readEngine(model, page.urls);
  if (!model.engine) return whatIf.refuse();
  offerChoices();
  const stops = model.stations.filter((one) => ANY_STOP in one.slots);
  whatIf.offer(stops, middlesOfGaps(model.gapsOf[ANY_STOP], model.cells));
  return actions.offer();
}

async function startMap() {
  const drawing = await import("./plan-map.js");
  const recolour = () => colourLegend(drawing.classColours(), map.limits);
  const words = { "NavigationControl.ZoomIn": say("zoom_in"), "NavigationControl.ZoomOut": say("zoom_out"), "Map.Title": say("map") };
  const data = { packUrl: page.urls.pack, bbox: page.bounds, words: words, cells: model.cells, rows: ranking.rows };
  map = await drawing.drawPlanMap(parts.canvas, data, {
    night: recolour,
    cell: picks.cell,
    station: picks.marker,
    gap: function (id) {
      picks.gap(id);
      document.querySelector(".gap.chosen").scrollIntoView({ block: "nearest" });
    },
  });
  recolour();
  showLegend(model.cells);
  offerDrawing();
  frame();
}

async function start() {
  show();
  bringIntoView(state.day, state.hour);
  try {
    await readRelease(model, page.urls);
  } catch (error) {
    trouble(say("map_failed"));
    return;
  }
  hourly = liveHourly(model.byHour, putAction);
  hourly.names.forEach((name, place) => actions.names.set(place, name));
  const wanted = state.gap;
  liveArea(model.cells, { choose: (area) => choose({ area: area }), map: () => map, now: () => state.area });
  await startEngine();
  answer();
  try {
    await startMap();
  } catch (error) {
    parts.canvas.hidden = true;
    whatIf.withoutMap();
    withoutDrawing();
    trouble(say("map_missing"));
  }
  show();
  livePicture({
    state: state,
    map: map,
    title: () => slotTitle(model),
    changes: () => (model.plan.comparing ? [] : model.plan.items.map(whatIf.words)),
    onPaper: (act) => onPaper(map, act),
  });
  if (wanted) picks.gap(wanted);
  parts.article.dataset.ready = "true";
  if (map) parts.canvas.dataset.ready = "true";
}

livePaper(() => map);
start();
