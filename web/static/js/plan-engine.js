// The engine behind the what-ifs, as this page asks it: a text or changes go in, an outcome comes out.

import { offers, openTexts } from "./masks.js";
import { nearestOpen } from "./nearest-open.js";
import { overMidnight } from "./plan-changes.js";
import { ANY_STOP, DAYS, slotIndex } from "./plan-slots.js";
import { newStop, parseScenario, printScenario } from "./scenario.js";
import { readStreets } from "./street-graph.js";
import { timesFrom, timesTo } from "./street-ride.js";
import { createWhatIf, readMatrix } from "./what-if.js";

/** Answers kept, so that going to and fro costs nothing. */
const KEPT = 24;
/** A day, in tenths of a second: longer than any ride. */
const DAY_DS = 864000;
/** Minutes are told to their tenth, as in coverage.json. */
const DS_A_TENTH = 60;
const DS_PER_MIN = 600;

async function bytes(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address + ": " + answer.status);
  return answer.arrayBuffer();
}

/** As fine as coverage.json says its figures: a sum that ends just below a half rounds as it does there. */
function thousandth(count) {
  return Math.round(count * 1000) / 1000;
}

/** An engine's clock with the questions of the page (plan-outcome.js). */
function outcomeOf(clock) {
  const rows = {};
  return {
    pair: function (day, hour, service) {
      if (!rows[service]) rows[service] = clock.clock(service);
      const slot = slotIndex(day, hour);
      return { covered: thousandth(rows[service].covered[slot]), total: thousandth(rows[service].total[slot]) };
    },
    covers: (service, slot, cell) => clock.isCovered(cell, service, slot),
    // What cannot be done: stations that are none, stops without a street.
    problems: clock.problems,
  };
}

function closing(station) {
  return { kind: "close", station: station.id, place: null, hours: null, services: null };
}

/** Keeps the last answers by their keys. */
function remembering(most = KEPT) {
  const kept = new Map();
  return function (key, find) {
    if (!kept.has(key)) {
      if (kept.size >= most) kept.delete(kept.keys().next().value);
      kept.set(key, find());
    }
    return kept.get(key);
  };
}

/**
 * Read the release's streets and travel times; null for a release made before there were such files.
 * @param {object} urls {streets, matrix}
 * @param {object[]} stations {id, kind, lon, lat}
 */
export async function loadEngine(urls, stations) {
  if (!urls.streets || !urls.matrix) return null;
  const [streets, matrix] = await Promise.all([urls.streets, urls.matrix].map(bytes));
  const [ways, reached] = [readStreets(streets), readMatrix(matrix)];
  const engine = createWhatIf(reached, ways);
  const outcomes = remembering();
  const supposed = remembering();
  const leaving = remembering(1000); // a few dozen gaps at a time
  const arriving = remembering();
  let doors = null;
  // The first snap sorts the streets: done now, a stop dropped on the map is answered at once.
  if (stations.length) window.setTimeout(() => engine.snap(stations[0].lon, stations[0].lat), 0);

  /** Only one kind of stop counts: those of the other kinds are closed, whatever is said of them. */
  function ofKind(items, kind) {
    if (!kind) return items;
    const others = new Set(stations.filter((one) => one.kind !== kind).map((one) => one.id));
    const closed = stations.filter((one) => others.has(one.id)).map(closing);
    return items.filter((item) => !others.has(item.station)).concat(closed);
  }

  /** Times from a cell to each station, however far. */
  function ridesFrom(cell) {
    if (!doors) {
      const at = new Map(stations.map((one) => [one.id, one]));
      doors = engine.header.stations.map((one) => engine.snap(at.get(one.id).lon, at.get(one.id).lat));
    }
    const from = reached.places[cell];
    return leaving(cell, () => (from ? timesFrom(ways, from, doors, DAY_DS) : doors.map(() => -1)));
  }

  /** Times from each cell to a new stop. */
  function ridesTo(stop) {
    return arriving(stop.item.place.join(","), () => timesTo(ways, stop.found, reached.places, DAY_DS));
  }

  /** Of stops (of `ridesBy`) the nearest that offers a service within `reach` minutes; undefined for none. */
  function nearestOffering(all, reach, service) {
    const near = all.filter((one) => one.station.in_service && one.time >= 0 && one.time <= reach * DS_PER_MIN);
    const offering = near.filter((one) => offers(one.station, service));
    return offering.length ? offering.reduce((best, one) => (one.time < best.time ? one : best)) : undefined;
  }

  /** The stations as `items` have them, those of `kind` in service, and the time to each from a cell. */
  function ridesBy(items, kind, cell) {
    const key = printScenario(items) + "|" + kind;
    const { now, added } = supposed(key, () => engine.suppose(ofKind(items, kind)));
    const times = ridesFrom(cell);
    return now
      .map((station, at) => ({ station: station, item: null, time: times[at] }))
      .concat(added.map((stop) => ({ station: stop.station, item: stop.item, time: ridesTo(stop)[cell] })));
  }

  function outcome(items, reach, kind) {
    return outcomes([printScenario(items), reach, kind].join("|"), function () {
      const all = ofKind(items, kind);
      return outcomeOf(all.length ? engine.apply(all, reach) : engine.today(reach));
    });
  }

  return {
    read: parseScenario,
    write: printScenario,
    /** Who is covered by `items`, within `reach` minutes, by stops of `kind` ("" for all). */
    outcome: outcome,
    /**
     * The nearest stop of `kind` that has the service for who leaves a cell in a slot, by `items`:
     * {station, item, minutes}, `item` that of a new stop; null where there is none.
     */
    nearestOpen: function (items, kind, service, slot, cell) {
      const all = ridesBy(items, kind, cell);
      const at = nearestOpen(engine.header, all.map((one) => one.station), all.map((one) => one.time), service, slot);
      if (at < 0) return null;
      const { station, item, time } = all[at];
      return { station: item ? null : station.id, item: item, minutes: Math.round(time / DS_A_TENTH) / 10 };
    },
    /**
     * Why who is in a cell goes without a service of stops of `kind` within `reach` minutes, by
     * `items`: the causes of locator/coverage/gap_groups.py.
     */
    causeOf: function (items, reach, kind, service, cell) {
      const all = ridesBy(items, kind, cell).filter((one) => one.station.in_service);
      const stop = nearestOffering(all, reach, service);
      if (stop) {
        const unsaid = DAYS.every((day) => stop.station.hours[day] === null);
        const { covers } = outcome(items, reach, kind);
        const ever = Array.from({ length: 48 }, (_, slot) => slot).some((slot) => covers(service, slot, cell));
        return unsaid && !ever ? "hours_unknown" : "closed";
      }
      if (nearestOffering(all, reach, ANY_STOP)) return "no_service";
      return all.every((one) => one.time < 0) ? "no_street" : "no_stop";
    },
    /** The nearest station of today that offers it there in hours that are known; null for none. */
    offeringNear: function (items, reach, kind, service, cell) {
      const known = ({ station, item }) => !item && DAYS.some((day) => station.hours[day] !== null);
      const stop = nearestOffering(ridesBy(items, kind, cell).filter(known), reach, service);
      return stop ? stop.station.id : null;
    },
    /** Today's spans of each day, as a scenario says them: [] out of service, null where nobody knows. */
    hoursOf: function (id) {
      const today = engine.stationOf(id);
      return Object.fromEntries(DAYS.map((day) => [day, today.in_service ? overMidnight(today.hours[day]) : []]));
    },
    /** Whether a scenario can say these spans of a day: between two of them lies a minute at least. */
    canSay: (spans) => parseScenario(printScenario([newStop(0, 0, { workday: spans, dayoff: null })])).faults.length === 0,
    /** State by the hour of each service, as in plan-slots.json, of a station as a change has it. */
    slotsOf: (item) => openTexts(engine.header, engine.offerOf(item)),
    /** Whether no street is near enough for a stop at [lon, lat]. */
    tooFar: (place) => engine.snap(place[0], place[1]) === null,
  };
}
