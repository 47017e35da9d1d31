// What a station offers, by travel time: the twin of locator/coverage/supply.py. Pure.

const SLOTS = 48;
const DAYS = ["workday", "dayoff"];
const DS_PER_MIN = 600;
const ANY_STOP = "any_stop";

/**
 * The steps [{from, words}] of a station: whoever rides `from` tenths of a second or more, up to
 * the next step, finds the services and slots open whose bit (service * 48 + slot, the lowest
 * first) is set in `words`. The first step is from 0.
 * @param {object} header of matrix.bin
 * @param {object} station {stop, in_service, hours, services, own}
 */
export function stationMasks(header, station) {
  const windows = stationWindows(header, station);
  const from = new Set([0]);
  windows.forEach(function (window) {
    from.add(window.lo);
    if (window.hi < header.longest_ds) from.add(window.hi + 1);
  });
  const size = Math.ceil((header.services.length * SLOTS) / 32);
  return Array.from(from)
    .sort((one, other) => one - other)
    .map(function (time) {
      const words = new Uint32Array(size);
      windows.forEach(function (window) {
        if (window.lo > time || window.hi < time) return;
        const bit = window.service * SLOTS + window.slot;
        words[bit >> 5] |= 1 << (bit & 31);
      });
      return { from: time, words: words };
    });
}

/**
 * The windows [{service, slot, lo, hi}] of a station: who leaves in the slot and rides from lo to
 * hi tenths of a second arrives while it is open and can stay.
 */
export function stationWindows(header, station) {
  const found = [];
  if (!station.in_service) return found;
  header.services.forEach(function (code, service) {
    if (!offers(station, code)) return;
    DAYS.forEach(function (day, at) {
      const open = openSpans(station, code, day) || [];
      for (let slot = at * 24; slot < at * 24 + 24; slot += 1) {
        const leave = header.departures_min[slot];
        open.forEach(function (span) {
          const lo = Math.max(0, (span[0] - leave) * DS_PER_MIN);
          const hi = Math.min(header.longest_ds, (span[1] - header.stay_min - leave) * DS_PER_MIN);
          if (lo <= hi) found.push({ service: service, slot: slot, lo: lo, hi: hi });
        });
      }
    });
  });
  return found;
}

/** Whether a station has a service at all. */
export function offers(station, code) {
  return code === ANY_STOP ? station.stop : station.services.indexOf(code) >= 0;
}

/** When a service that it offers is to be had: minutes of a day; null where nobody knows. */
export function openSpans(station, code, day) {
  if (!station.in_service) return [];
  const door = station.hours[day];
  const own = station.own[code];
  return door && own ? common(door, own[day]) : door;
}

/**
 * What a station offers to whoever is at its door in each slot, as the clock counts it: of each of
 * its services 48 characters, `1` open, `0` closed, `?` where nobody knows its hours.
 */
export function openTexts(header, station) {
  const atOnce = stationMasks(header, station)[0].words;
  const texts = {};
  header.services.forEach(function (code, service) {
    if (!offers(station, code)) return;
    texts[code] = Array.from({ length: SLOTS }, function (_, slot) {
      if (openSpans(station, code, DAYS[slot < 24 ? 0 : 1]) === null) return "?";
      const bit = service * SLOTS + slot;
      return String((atOnce[bit >> 5] >>> (bit & 31)) & 1);
    }).join("");
  });
  return texts;
}

/** The times in both of two lists of spans. */
function common(left, right) {
  const both = [];
  left.forEach(function (one) {
    right.forEach(function (other) {
      const begin = Math.max(one[0], other[0]);
      const end = Math.min(one[1], other[1]);
      if (begin < end) both.push([begin, end]);
    });
  });
  return both;
}
