// What if a station closed, kept other hours, or a new one opened: the clock of a release, computed
// anew in the browser from matrix.bin and streets.bin (docs/matrix-format.md). Pure.

import { unpack } from "./columns.js";
import { stationMasks } from "./masks.js";
import { snapper } from "./street-snap.js";
import { timesTo } from "./street-ride.js";

const SLOTS = 48;
const DAYS = ["workday", "dayoff"];
const DS_PER_MIN = 600;
const WORKDAYS = 5;
const DAYS_OFF = 2;

/**
 * Read matrix.bin.
 *
 * `places` are the cells as snapped to the streets (null: no street is near), in the order of
 * cells.json; `riders` has 48 numbers a cell. Cell c is reached by `station[e]` in `time[e]` tenths
 * of a second for e from `start[c]` to `start[c + 1]`.
 * @param {ArrayBuffer} buffer
 */
export function readMatrix(buffer) {
  const file = unpack(buffer, "yizhangtu-matrix", 1);
  const piece = file.column("cell_piece");
  const along = file.column("cell_along");
  const end = file.column("cell_end");
  const snap = file.column("cell_snap");
  const places = Array.from(piece, function (number, cell) {
    return number === 0 ? null : { piece: number - 1, along: along[cell], end: end[cell], snap: snap[cell] };
  });
  const riders = file.column("riders").map(function (units) {
    return units / file.header.rider_unit;
  });
  const byCell = byRow(places.length, file.column("entries"), file.column("entry_cell"), file.column("entry_ds"));
  return Object.assign({ header: file.header, cells: places.length, places: places, riders: riders }, byCell);
}

/** The entries, station by station in the file, put cell by cell. */
function byRow(cells, counts, cell, ds) {
  const start = new Int32Array(cells + 1);
  cell.forEach(function (row) {
    start[row + 1] += 1;
  });
  for (let row = 0; row < cells; row += 1) start[row + 1] += start[row];
  const free = start.slice();
  const station = new Int32Array(cell.length);
  const time = new Int32Array(cell.length);
  let entry = 0;
  counts.forEach(function (count, column) {
    for (let i = 0; i < count; i += 1, entry += 1) {
      const at = free[cell[entry]]++;
      station[at] = column;
      time[at] = ds[entry];
    }
  });
  return { start: start, station: station, time: time };
}

/**
 * Ask what-ifs of a release.
 *
 * `today(reach)` is the clock as it is, `apply(items, reach)` as it would be: see `clockOf`; reach
 * in minutes, at most 15, the release's own if not given. `items` are those of `parseScenario`.
 * `snap(lon, lat)` is the `snapper` of the streets, `stationOf(id)` what the release says of a
 * station: {id, stop, in_service, hours, services, own}, its hours in minutes of each day.
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
  const clocks = new Map(); // of today, by reach

  function column(place) {
    const key = place.join(",");
    if (!columns.has(key)) {
      const found = snap(place[0], place[1]);
      const times = found ? timesTo(streets, found, matrix.places, header.longest_ds) : [];
      columns.set(key, { place: place, found: found, times: times });
    }
    return columns.get(key);
  }

  function today(reach) {
    const limit = reachDs(header, reach);
    if (!clocks.has(limit)) {
      const words = new Uint32Array(matrix.cells * wordsOf(header));
      const all = Array.from({ length: matrix.cells }, (_, cell) => cell);
      cover(matrix, masks, [], limit, all, words);
      clocks.set(limit, clockOf(matrix, words, null, all, [], []));
    }
    return clocks.get(limit);
  }

  function apply(items, reach) {
    const changed = new Map();
    const added = [];
    const problems = [];
    items.forEach(function (item) {
      if (item.kind === "add") {
        const stop = column(item.place);
        if (!stop.found) problems.push({ item: item, code: "no_street", most: streets.header.snap_max_m });
        else added.push({ masks: stationMasks(header, newStation(header, item)), times: stop.times, item: item, found: stop.found });
      } else if (!places.has(item.station)) {
        problems.push({ item: item, code: "no_station" });
      } else {
        changed.set(places.get(item.station), item);
      }
    });
    const then = masks.map(function (mask, at) {
      if (!changed.has(at)) return mask;
      return stationMasks(header, changedStation(stations[at], changed.get(at)));
    });
    const before = today(reach);
    const touched = touchedCells(matrix, changed, added);
    const words = before.words.slice();
    cover(matrix, then, added, reachDs(header, reach), touched, words);
    return clockOf(matrix, words, before, touched, problems, added);
  }

  return {
    header: header,
    today: today,
    apply: apply,
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
      const today_ = station.in_service ? station.hours[day] : null;
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

/**
 * The clock that `words` make, compared with the one `before` (null: with none).
 *
 * - `clock(service)`: {covered, total}, 48 rider-hours each, as in coverage.json;
 * - `isCovered(cell, service, slot)`, and `coveredText(cell, service)` as in cells.json;
 * - `change(service)`: {gained, lost}, 48 rider-hours each, and `week`, the gain less the loss over
 *   five workdays and two days off;
 * - `changedCells(service, slot)`: [{cell, gained}], `gained` false where it lost; without a slot
 *   of all slots, where `gained` goes by the riders;
 * - `problems`: [{item, code}], the code `no_station` or `no_street` (with `most`, metres);
 * - `stops`: of each new stop {item, found, reached}: where it meets the street, and how many cells
 *   reach it within 15 minutes.
 */
function clockOf(matrix, words, before, touched, problems, added) {
  const header = matrix.header;
  const size = wordsOf(header);
  const gained = new Float64Array(header.services.length * SLOTS);
  const lost = new Float64Array(gained.length);
  touched.forEach(function (cell) {
    for (let word = 0; word < size; word += 1) {
      const now = words[cell * size + word];
      const was = before ? before.words[cell * size + word] : 0;
      tally(matrix, cell, word, now & ~was, gained);
      tally(matrix, cell, word, was & ~now, lost);
    }
  });
  const riders = before ? before.riders.map((sum, bit) => sum + gained[bit] - lost[bit]) : gained;
  const row = function (service) {
    return header.services.indexOf(service);
  };
  const weighed = function (sums, service) {
    const at = row(service);
    return Array.from({ length: SLOTS }, (_, slot) => sums[at * SLOTS + slot] * header.need[at][slot % 24]);
  };
  const has = function (from, cell, bit) {
    return ((from[cell * size + (bit >> 5)] >>> (bit & 31)) & 1) === 1;
  };
  return {
    words: words,
    riders: riders,
    problems: problems,
    stops: added.map(function (stop) {
      return { item: stop.item, found: stop.found, reached: stop.times.filter((time) => time >= 0).length };
    }),
    clock: function (service) {
      return { covered: weighed(riders, service), total: weighed(totals(matrix, row(service)), service) };
    },
    isCovered: function (cell, service, slot) {
      return has(words, cell, row(service) * SLOTS + slot);
    },
    coveredText: function (cell, service) {
      const bit = row(service) * SLOTS;
      return Array.from({ length: SLOTS }, (_, slot) => (has(words, cell, bit + slot) ? "1" : "0")).join("");
    },
    change: function (service) {
      const up = weighed(before ? gained : new Float64Array(gained.length), service);
      const down = weighed(lost, service);
      let week = 0;
      up.forEach(function (sum, slot) {
        week += (sum - down[slot]) * (slot < 24 ? WORKDAYS : DAYS_OFF);
      });
      return { gained: up, lost: down, week: week };
    },
    changedCells: function (service, slot) {
      if (!before) return [];
      const from = slot === undefined ? 0 : slot;
      const to = slot === undefined ? SLOTS - 1 : slot;
      const found = [];
      touched.forEach(function (cell) {
        let balance = 0;
        let differs = false;
        for (let at = from; at <= to; at += 1) {
          const bit = row(service) * SLOTS + at;
          const now = has(words, cell, bit);
          if (now === has(before.words, cell, bit)) continue;
          differs = true;
          balance += (now ? 1 : -1) * matrix.riders[cell * SLOTS + at];
        }
        if (differs) found.push({ cell: cell, gained: balance >= 0 });
      });
      return found;
    },
  };
}

/** Add the riders of a cell to the sums of the bits that are set in one of its words. */
function tally(matrix, cell, word, bits, sums) {
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    const bit = word * 32 + 31 - Math.clz32(rest & -rest);
    sums[bit] += matrix.riders[cell * SLOTS + (bit % SLOTS)];
  }
}

function totals(matrix, row) {
  const sums = new Float64Array(matrix.header.services.length * SLOTS);
  matrix.riders.forEach(function (riders, at) {
    sums[row * SLOTS + (at % SLOTS)] += riders;
  });
  return sums;
}
