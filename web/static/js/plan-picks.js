// What is picked, in the panel: a station, a new stop, a gap, a cell; and what is done with it there.

import { say } from "./page.js";
import { lengthened, newHours, spansOf } from "./plan-changes.js";
import { cellPanel, gapPanel } from "./plan-gap.js";
import { nameOfGap } from "./plan-gaps.js";
import { closePanel, openPanel } from "./plan-panel.js";
import { newStopPanel, stationPanel } from "./plan-stop.js";

/** Of a gap's hours the one nearest to what is shown: the same, else the first of its own. */
function slotOfGap(hours, state) {
  const now = state.day + " " + state.hour;
  const text = hours.includes(now) ? now : hours.find((one) => one.startsWith(state.day)) || hours[0] || now;
  const [day, hour] = text.split(" ");
  return { day: day, hour: Number(hour) };
}

/**
 * @param {object} model (plan-model.js)
 * @param {object} acts {choose(change), changeItem(old, item), keepAddress(), stop() ends the
 *   playing, markGap(id), rankOf(id), map() gives the map or null}
 */
export function createPicks(model, acts) {
  const { state } = model;
  /** What the panels may ask. */
  const world = {
    state: state,
    cells: () => model.cells,
    now: model.shown,
    planned: model.planned,
    sizeOf: model.sizeOf,
    canTry: () => model.engine !== null,
    gapNow: model.gapNow,
    stationName: model.stationName,
    itemOf: model.itemOf,
    itemShown: model.itemShown,
    slotsOf: model.slotsOf,
    hoursOf: (id) => model.engine.hoursOf(id),
    canSay: (spans) => model.engine.canSay(spans),
    lossIfClosed: model.lossIfClosed,
    tooFar: (place) => model.engine.tooFar(place),
    /** As far as the map shows it: the page knows no waters of its own. */
    inWater: async function (place) {
      if (!acts.map()) return false;
      const base = await import("./basemap.js");
      return base.inWater(document.getElementById("plan-canvas"), place);
    },
  };

  function reveal(place) {
    if (acts.map()) acts.map().reveal(place);
  }

  const picks = {
    newStop: function (item, focus) {
      let now = item;
      const change = function (next) {
        acts.changeItem(model.itemLike(now), next);
        now = next;
        if (!next) closePanel();
      };
      openPanel(model.newStopName(item), newStopPanel(world, item, change), { focus: focus });
      reveal(item.place);
    },
    /** Put a stop at [lon, lat] into the plan. */
    addStop: function (place) {
      const degrees = place.map((one) => Number(one.toFixed(6)));
      const item = { kind: "add", station: null, place: degrees, hours: null, services: null };
      acts.changeItem(null, item);
      picks.newStop(item, true);
    },
    station: function (id, focus) {
      const station = model.station(id);
      const change = (item) => acts.changeItem(model.itemOf(id), item);
      openPanel(station.name, stationPanel(world, station, change), { focus: focus });
      reveal([station.lon, station.lat]);
    },
    /** Have a station open long enough for the slots, and show it so. */
    lengthen: function (id, slots) {
      const [item, today] = [model.itemOf(id), model.engine.hoursOf(id)];
      const hours = newHours(lengthened(spansOf(item, today), slots, state.reach), today);
      const services = item ? item.services : null;
      acts.changeItem(item, { kind: "change", station: id, place: null, hours: hours, services: services });
      picks.station(id, true);
    },
    /** A sign on the map: a station by its id, a new stop of the plan as "+" and its place there. */
    marker: function (id) {
      if (!id.startsWith("+")) picks.station(id);
      else picks.newStop(model.plan.items.filter((item) => item.kind === "add")[Number(id.slice(1))]);
    },
    gap: function (id, focus) {
      const gap = model.gaps().find((one) => one.id === id);
      if (!gap) return;
      acts.stop();
      acts.choose(slotOfGap(model.gapNow.hours(gap), state));
      const tries = { tryStop: picks.addStop, tryHours: picks.lengthen };
      openPanel(nameOfGap(gap), gapPanel(world, gap, tries), {
        badge: () => acts.rankOf(id),
        focus: focus,
        onClose: () => mark(""),
      });
      mark(id);
      if (acts.map()) acts.map().visit(gap);
    },
    cell: function (index) {
      if (index === null) closePanel();
      else openPanel(say("cell_title"), cellPanel(Object.assign({}, world, { now: model.everywhere }), index, { tryStop: picks.addStop }));
    },
  };

  function mark(id) {
    state.gap = id;
    acts.markGap(id);
    if (acts.map()) acts.map().mark(id);
    acts.keepAddress();
  }

  return picks;
}
