// A gap as what is chosen and tried has it: its cells stay those of the release; its hours, its
// cause and its nearest open stop follow. No document in here.

import { need } from "./plan-outcome.js";
import { DAYS, slotIndex } from "./plan-slots.js";

const SLOTS = DAYS.flatMap((day) => Array.from({ length: 24 }, (_, hour) => ({ day: day, hour: hour, slot: slotIndex(day, hour) })));

/** @param {object} model (plan-model.js) */
export function gapsNow(model) {
  const { state } = model;
  const kept = new WeakMap();

  /** Places of a gap's cells. */
  function members(gap) {
    if (!kept.has(gap)) {
      const inside = new Set(gap.cells);
      kept.set(gap, model.cells.map((_, i) => i).filter((i) => inside.has(model.cells[i].h3)));
    }
    return kept.get(gap);
  }

  /** Riders of a cell without the chosen service in some of the slots. */
  function missing(i, slots) {
    const outcome = model.shown();
    return slots.reduce(function (sum, { day, hour, slot }) {
      const riders = outcome.covers(state.service, slot, i) ? 0 : model.cells[i].riders[slot];
      return riders > 0 ? sum + riders * need(outcome, day, hour, state.service) : sum;
    }, 0);
  }

  /** The cell that speaks for a gap: with most riders without the service then, else at all, else with most. */
  function worstCell(gap) {
    const then = SLOTS.filter((one) => one.slot === slotIndex(state.day, state.hour));
    const counts = [(i) => missing(i, then), (i) => missing(i, SLOTS), (i) => model.cells[i].riders[then[0].slot]];
    const all = members(gap);
    const count = counts.find((each) => all.some((i) => each(i) > 0)) || counts[2];
    return all.reduce((best, i) => (count(i) > count(best) ? i : best));
  }

  function station(id, minutes) {
    return id ? { name: model.stationName(id), minutes: minutes } : null;
  }

  const now = {
    /** When somebody goes without: "workday 20", …. */
    hours: function (gap) {
      if (!model.planned()) return gap.hours;
      return SLOTS.filter((one) => members(gap).some((i) => missing(i, [one]) > 0)).map(
        (one) => one.day + " " + one.hour,
      );
    },
    /** Why they do (locator/coverage/gaps.py). */
    cause: function (gap) {
      if (!model.planned() || !model.engine) return gap.cause;
      return model.engine.causeOf(model.itemsShown(), state.reach, state.kind, state.service, worstCell(gap));
    },
    /**
     * The nearest stop that is open in the chosen hour (`then`). Without an engine today's, of
     * whatever hours where the release tells none of the hour.
     */
    nearest: function (gap) {
      if (model.engine) {
        const slot = slotIndex(state.day, state.hour);
        const cell = worstCell(gap);
        const found = model.engine.nearestOpen(model.itemsShown(), state.kind, state.service, slot, cell);
        if (!found) return { then: true, station: null };
        const name = found.item ? model.newStopName(found.item) : model.stationName(found.station);
        return { then: true, station: { name: name, minutes: found.minutes } };
      }
      const i = gap.open_station ? gap.hours.indexOf(state.day + " " + state.hour) : -1;
      if (i >= 0) return { then: true, station: station(gap.open_station[i], gap.open_minutes[i]) };
      return { then: false, station: station(gap.nearest_station, gap.nearest_minutes) };
    },
    /** The station that longer hours would make serve the gap; null where another thing would help. */
    toLengthen: function (gap) {
      if (!model.engine || now.cause(gap) !== "closed") return null;
      return model.engine.offeringNear(model.itemsShown(), state.reach, state.kind, state.service, worstCell(gap));
    },
  };
  return now;
}
