// What if a station closed, kept other hours, or a new one opened: the clock of a release, computed
// anew in the browser from matrix.bin and streets.bin (docs/matrix-format.md). Pure.

import { stationMasks } from "./masks.js";
import { SLOTS } from "./matrix-file.js";
import { snapper } from "./street-snap.js";
import { timesTo } from "./street-ride.js";
import { clockOf, tallied } from "./what-if-clock.js";

export { readMatrix } from "./matrix-file.js";

const DAYS = ["workday", "dayoff"];
const DS_PER_MIN = 600;

/**
 * Ask what-ifs of a release.
 *
 * `today(reach)` is the clock as it is, `apply(items, reach)` as it would be and how it differs, see
 * `clockOf`; `reach` in minutes, at most 15, the release's own if not given. `items` are those of
 * `parseScenario`. What is applied also tells `problems`: [{item, code}], the code `no_station` or
 * `no_street` (with `most`, metres), the rest counts; and `stops`, of each new stop {item, found,
 * reached}: where it meets the street, and how many cells reach it within 15 minutes.
 * `stationOf(id)` is what the release says of a station: {id, stop, in_service, hours, services, own},
 * its hours in minutes of each day; `offerOf(item)` the same as an item has it. `suppose(items)` are
 * all of them: {now, added, problems}, `now` in the order of the release, `added` of each new stop
 * {item, station, found, times}. `snap(lon, lat)` is the `snapper` of the streets.
 * @param {object} matrix of `readMatrix`
 * @param {object} streets of `readStreets`
 */
export function createWhatIf(matrix, streets) {
  const header = matrix.header;
  const stations = header.stations;
  const places = new Map(stations.map((station, at) => [station.id, at]));
  const masks = stations.map((station) => stationMasks(header, station));
  const snap = snapper(streets);
  const columns = new Map(); // of new stops, by their place: where they are is where they stay
  const states = new Map(); // of today, by reach
  const zero = new Float64Array(header.services.length * SLOTS);

  function column(place) {
    const key = place.join(",");
    if (!columns.has(key)) {
      const found = snap(place[0], place[1]);
      const times = found ? timesTo(streets, found, matrix.places, header.longest_ds) : [];
      columns.set(key, { found: found, times: times });
    }
    return columns.get(key);
  }

  function now(reach) {
    const limit = reachDs(header, reach);
    if (!states.has(limit)) {
      const all = Array.from({ length: matrix.cells }, (_, cell) => cell);
      const none = new Uint32Array(matrix.cells * wordsOf(header));
      const words = none.slice();
      cover(matrix, masks, [], limit, all, words);
      const riders = tallied(matrix, all, words, none);
      states.set(limit, { words: words, was: words, riders: riders, touched: [], gained: zero, lost: zero });
    }
    return states.get(limit);
  }

  /** A station as an item has it; null where there is none. */
  function offerOf(item) {
    if (item.kind === "add") return newStation(header, item);
    return places.has(item.station) ? changedStation(stations[places.get(item.station)], item) : null;
  }

  /** The stations as some items have them: `now` in their order, then what is new and what cannot be. */
  function suppose(items) {
    const now = stations.slice();
    const added = [];
    const problems = [];
    items.forEach(function (item) {
      const stop = item.kind === "add" ? column(item.place) : null;
      if (stop && !stop.found) {
        problems.push({ item: item, code: "no_street", most: streets.header.snap_max_m });
      } else if (stop) {
        added.push(Object.assign({ item: item, station: offerOf(item) }, stop));
      } else if (places.has(item.station)) {
        now[places.get(item.station)] = offerOf(item);
      } else {
        problems.push({ item: item, code: "no_station" });
      }
    });
    return { now: now, added: added, problems: problems };
  }

  function apply(items, reach) {
    const supposed = suppose(items);
    const then = supposed.now.map(function (station, at) {
      return station === stations[at] ? masks[at] : stationMasks(header, station);
    });
    const changed = new Set(then.map((_, at) => at).filter((at) => then[at] !== masks[at]));
    const added = supposed.added.map((stop) => Object.assign({ masks: stationMasks(header, stop.station) }, stop));
    const before = now(reach);
    const touched = touchedCells(matrix, changed, added);
    const words = before.words.slice();
    cover(matrix, then, added, reachDs(header, reach), touched, words);
    const gained = tallied(matrix, touched, words, before.words);
    const lost = tallied(matrix, touched, before.words, words);
    const riders = before.riders.map((sum, bit) => sum + gained[bit] - lost[bit]);
    const state = { words: words, was: before.words, riders: riders, touched: touched };
    return Object.assign(clockOf(matrix, Object.assign(state, { gained: gained, lost: lost })), {
      problems: supposed.problems,
      stops: added.map(function (stop) {
        const reached = stop.times.filter((time) => time >= 0).length;
        return { item: stop.item, found: stop.found, reached: reached };
      }),
    });
  }

  return {
    header: header,
    today: (reach) => clockOf(matrix, now(reach)),
    apply: apply,
    offerOf: offerOf,
    suppose: suppose,
    snap: snap,
    stationOf: function (id) {
      return places.has(id) ? stations[places.get(id)] : null;
    },
  };
}

function wordsOf(header) {
  return Math.ceil((header.services.length * SLOTS) / 32);
}

function reachDs(header, reach) {
  return Math.min(header.longest_ds, (reach || header.reach_min) * DS_PER_MIN);
}

/** A station as an item of a scenario changes it; hours put it in service on the days they name. */
function changedStation(station, item) {
  if (item.kind === "close") return Object.assign({}, station, { in_service: false });
  const then = Object.assign({}, station);
  if (item.hours) {
    then.in_service = true;
    then.hours = {};
    DAYS.forEach(function (day) {
      const today_ = station.in_service ? station.hours[day] : [];
      then.hours[day] = item.hours[day] ? withinDay(item.hours[day]) : today_;
    });
  }
  if (item.services) then.services = named(item.services, station.services);
  return then;
}

/** A new stop: always open unless its hours are said, and then closed on a day they do not name. */
function newStation(header, item) {
  const hours = item.hours || { workday: [[0, 1440]], dayoff: [[0, 1440]] };
  const all = header.services.slice(1);
  return {
    stop: true,
    in_service: true,
    hours: { workday: withinDay(hours.workday || []), dayoff: withinDay(hours.dayoff || []) },
    services: item.services ? named(item.services, all) : all,
    own: {},
  };
}

function named(codes, today) {
  const list = [];
  codes.forEach((code) => (code === "*" ? list.push.apply(list, today) : list.push(code)));
  return list;
}

/** Spans of a day, what runs over midnight put into its own morning: the day before was alike. */
function withinDay(spans) {
  const parts = [];
  spans.forEach(function (span) {
    parts.push([span[0], Math.min(span[1], 1440)]);
    if (span[1] > 1440) parts.push([0, span[1] - 1440]);
  });
  return parts.sort((one, other) => one[0] - other[0]);
}

function touchedCells(matrix, changed, added) {
  const touched = [];
  if (changed.size === 0 && added.length === 0) return touched;
  for (let cell = 0; cell < matrix.cells; cell += 1) {
    let hit = added.some((stop) => stop.times[cell] >= 0);
    for (let entry = matrix.start[cell]; !hit && entry < matrix.start[cell + 1]; entry += 1) {
      hit = changed.has(matrix.station[entry]);
    }
    if (hit) touched.push(cell);
  }
  return touched;
}

/** Put what `cells` reach within `limit` into `words`: a bit for each service and slot. */
function cover(matrix, masks, added, limit, cells, words) {
  const size = wordsOf(matrix.header);
  const take = function (mask, time, base) {
    if (time < 0 || time > limit) return;
    let step = mask.length - 1;
    while (mask[step].from > time) step -= 1;
    const bits = mask[step].words;
    for (let word = 0; word < size; word += 1) words[base + word] |= bits[word];
  };
  cells.forEach(function (cell) {
    const base = cell * size;
    words.fill(0, base, base + size);
    for (let entry = matrix.start[cell]; entry < matrix.start[cell + 1]; entry += 1) {
      take(masks[matrix.station[entry]], matrix.time[entry], base);
    }
    added.forEach((stop) => take(stop.masks, stop.times[cell], base));
  });
}
