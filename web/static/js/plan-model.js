// What is looked at and what is tried, and who is covered by it: today, by the plan, as shown.
// No document in here.

import { cellsInside, outcomeInside } from "./plan-area.js";
import { history, itemOf } from "./plan-changes.js";
import { gapsNow } from "./plan-gap-now.js";
import { coveredInWeek } from "./plan-outcome.js";
import { rankGaps } from "./plan-ranking.js";
import { fewer } from "./plan-slots.js";
import { readAddress, writeAddress } from "./plan-state.js";

/** A new stop of the plan as a station of the map. */
function newStation(item, number, slots) {
  return { id: "+" + number, lon: item.place[0], lat: item.place[1], slots: slots, isNew: true };
}

/**
 * The model of the page.
 * @param {object} page the server's settings
 * @param {string} hash of the address
 */
export function createModel(page, hash) {
  const usual = {
    day: page.day,
    hour: page.hour,
    service: page.service,
    reach: page.reach_min,
    kind: "",
    by: "hour",
    area: "",
    gap: "",
    scenario: "",
  };
  const known = { services: page.services, kinds: page.kinds, reaches: page.reaches };
  const state = readAddress(hash, usual, known);
  let plans = history(state.scenario);

  function today() {
    const asReleased = model.isUsual("reach") && model.isUsual("kind") && !model.plan.items.length;
    if (!model.engine || asReleased) return model.release;
    return model.engine.outcome([], state.reach, state.kind);
  }

  function planned() {
    if (!model.engine || !model.plan.items.length) return today();
    return model.engine.outcome(model.plan.items, state.reach, state.kind);
  }

  /** An outcome within the chosen area; one and the same for one and the same. */
  function local(outcome) {
    const inside = model.inside();
    if (!inside) return outcome;
    const found = kept.get(outcome);
    if (found && found.inside === inside) return found.outcome;
    kept.set(outcome, { inside: inside, outcome: outcomeInside(outcome, model.cells, inside) });
    return kept.get(outcome).outcome;
  }

  const kept = new WeakMap();
  let area = {};

  const model = {
    state: state,
    /** Its changes, what of its text could not be read, whether today is shown in its place. */
    plan: { items: [], bad: [], comparing: false },
    release: null,
    engine: null,
    cells: [],
    stations: [],
    gapsOf: {},

    /** Which cells the chosen area holds; null for the whole county. */
    inside: function () {
      if (area.text !== state.area || area.cells !== model.cells) {
        area = { text: state.area, cells: model.cells, inside: cellsInside(state.area, model.cells) };
      }
      return area.inside;
    },
    isUsual: (name) => state[name] === usual[name],
    address: () => writeAddress(state, usual),
    canUndo: () => plans.canUndo(),
    canRedo: () => plans.canRedo(),
    undo: () => plans.undo(),
    redo: () => plans.redo(),
    /** Take up an address: as the next step, or (`afresh`) as a new beginning. */
    goTo: function (address, afresh) {
      Object.assign(state, readAddress(address, usual, known));
      if (afresh) plans = history(state.scenario);
      else plans.put(state.scenario);
    },
    /** The next step: these changes. */
    put: (items) => plans.put(model.engine.write(items)),
    /** Read the plan as it stands. What names no station of the release is told, and left out. */
    read: function () {
      state.scenario = plans.now();
      model.plan = { items: [], bad: [], comparing: false };
      if (!model.engine) return;
      const read = model.engine.read(state.scenario);
      const ids = new Set(model.stations.map((station) => station.id));
      const there = (item) => item.kind === "add" || ids.has(item.station);
      model.plan.items = read.items.filter(there);
      model.plan.bad = read.faults
        .map((fault) => fault.text)
        .concat(read.items.filter((item) => !there(item)).map((item) => model.engine.write([item])));
    },
    /** Without an engine nothing is reckoned anew. */
    withoutEngine: () => Object.assign(state, { reach: usual.reach, kind: usual.kind }),

    /** Riders that some changes alone bring the chosen service in the chosen hour. */
    gainThen: function (changes) {
      const { day, hour, service } = state;
      const [then, now] = [changes, []].map((items) => local(model.engine.outcome(items, state.reach, state.kind)));
      const [after, before] = [then, now].map((outcome) => outcome.pair(day, hour, service)).map((pair) => pair.total - pair.covered);
      return fewer(before, after);
    },
    /**
     * Who is covered today, by the reach and the kind that were chosen. A plan is compared with what
     * the engine finds of today: the release's figures are rounded.
     */
    before: () => local(today()),
    /** Who is covered today within the chosen reach, by stops of every kind. */
    today: () => (model.isUsual("reach") || !model.engine ? model.release : model.engine.outcome([], state.reach, "")),
    /** Who would be, by the plan. */
    after: () => local(planned()),
    /** The changes that what is shown holds. */
    itemsShown: () => (model.plan.comparing ? [] : model.plan.items),
    /** The same in the whole county. */
    everywhere: () => (model.plan.comparing ? today() : planned()),
    shown: () => (model.plan.comparing ? model.before() : model.after()),
    /** State by the hour of each service of a station, as shown. */
    slotsOf: function (station) {
      const item = model.itemShown(station.id);
      return item ? model.engine.slotsOf(item) : station.slots;
    },
    stationsShown: function () {
      const ofKind = model.stations.filter((station) => !state.kind || station.kind === state.kind);
      if (model.plan.comparing) return ofKind;
      const fresh = model.plan.items.filter((item) => item.kind === "add");
      return ofKind
        .map((station) => Object.assign({}, station, { slots: model.slotsOf(station) }))
        .concat(fresh.map((item, i) => newStation(item, i, model.engine.slotsOf(item))));
    },

    station: (id) => model.stations.find((one) => one.id === id),
    stationName: function (id) {
      const found = model.station(id);
      return found ? found.name : id;
    },
    /** Names that are known of new stops, by their place "lon,lat". */
    stopNames: new Map(),
    newStopName: (item) => model.stopNames.get(item.place.join(",")) || page.words.place_title,
    itemOf: (id) => itemOf(model.plan.items, id),
    /** The change of a station that what is shown holds, or undefined. */
    itemShown: (id) => itemOf(model.itemsShown(), id),
    /** The plan's own item that is written like this one: reading a text makes new ones. */
    itemLike: function (item) {
      const text = model.engine.write([item]);
      return model.plan.items.find((one) => model.engine.write([one]) === text);
    },
    /** Rider-hours a week of the chosen service that closing a station would cost; null unknown. */
    lossIfClosed: function (id) {
      if (!model.engine) return null;
      const rest = model.plan.items.filter((item) => item.station !== id);
      const closed = { kind: "close", station: id, place: null, hours: null, services: null };
      const covered = (items) => coveredInWeek(local(model.engine.outcome(items, state.reach, state.kind)), state.service);
      return covered(rest) - covered(rest.concat([closed]));
    },
    /** Whether figures are shown that are not today's: another plan, reach or kind. */
    planned: function () {
      const tried = model.plan.items.length > 0 && !model.plan.comparing;
      return tried || !model.isUsual("reach") || !model.isUsual("kind");
    },
    /** The gaps of the chosen service in the area; releases of before know those of any stop alone. */
    gaps: function () {
      const all = model.gapsOf[state.service] || [];
      const inside = model.inside();
      if (!inside) return all;
      const names = new Set(model.cells.filter((_, i) => inside[i]).map((cell) => cell.h3));
      return all.filter((gap) => gap.cells.some((cell) => names.has(cell)));
    },
    /** The same, worst first, with their figures (plan-ranking.js). */
    ranking: () => rankGaps(model.gaps(), model.cells, state, model.shown(), model.before()),
    /** Rider-hours of a week without the service in a gap: {count, before}. */
    sizeOf: function (gap) {
      const week = Object.assign({}, state, { by: "week" });
      return rankGaps([gap], model.cells, week, model.shown(), model.before()).rows[0];
    },
  };
  return Object.assign(model, { gapNow: gapsNow(model) });
}
