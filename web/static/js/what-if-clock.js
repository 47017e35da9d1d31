// A clock, and how it differs from the one it is compared with. Pure.

import { SLOTS } from "./matrix-file.js";

const WORKDAYS = 5;
const DAYS_OFF = 2;

/**
 * The riders that `cells` have where a bit is set in `now` and not in `was`: a sum for each bit,
 * service * 48 + slot. Both hold so many words a cell.
 */
export function tallied(matrix, cells, now, was) {
  const sums = new Float64Array(matrix.header.services.length * SLOTS);
  const size = now.length / matrix.cells;
  cells.forEach(function (cell) {
    for (let word = 0; word < size; word += 1) {
      const at = cell * size + word;
      for (let bits = now[at] & ~was[at]; bits !== 0; bits &= bits - 1) {
        const bit = word * 32 + 31 - Math.clz32(bits & -bits);
        sums[bit] += matrix.riders[cell * SLOTS + (bit % SLOTS)];
      }
    }
  });
  return sums;
}

/**
 * A clock from what it covers.
 *
 * `state` holds `words` (what each cell is covered for), `riders` (a sum for each bit), and, of the
 * comparison: `was` (the words of before), `touched` (the cells that may differ), `gained`, `lost`.
 *
 * - `clock(service)`: {covered, total}, 48 rider-hours each, as in coverage.json;
 * - `isCovered(cell, service, slot)`;
 * - `change(service)`: {gained, lost}, 48 rider-hours each, and `week`, the gain less the loss over
 *   five workdays and two days off;
 * - `changedCells(service, slot)`: [{cell, gained}], `gained` false where it lost; without a slot
 *   of all slots, where `gained` goes by the riders.
 */
export function clockOf(matrix, state) {
  const header = matrix.header;
  const size = state.words.length / matrix.cells;
  const row = function (service) {
    return header.services.indexOf(service);
  };
  // 48 of the sums from place `first` on, of riders in need of the service.
  const weighed = function (sums, first, service) {
    const need = header.need[row(service)];
    return Array.from({ length: SLOTS }, (_, slot) => sums[first + slot] * need[slot % 24]);
  };
  const has = function (words, cell, bit) {
    return ((words[cell * size + (bit >> 5)] >>> (bit & 31)) & 1) === 1;
  };
  return {
    clock: function (service) {
      const first = row(service) * SLOTS;
      return { covered: weighed(state.riders, first, service), total: weighed(matrix.total, 0, service) };
    },
    isCovered: function (cell, service, slot) {
      return has(state.words, cell, row(service) * SLOTS + slot);
    },
    change: function (service) {
      const gained = weighed(state.gained, row(service) * SLOTS, service);
      const lost = weighed(state.lost, row(service) * SLOTS, service);
      const week = gained.reduce(function (sum, more, slot) {
        return sum + (more - lost[slot]) * (slot < 24 ? WORKDAYS : DAYS_OFF);
      }, 0);
      return { gained: gained, lost: lost, week: week };
    },
    changedCells: function (service, slot) {
      const from = slot === undefined ? 0 : slot;
      const to = slot === undefined ? SLOTS - 1 : slot;
      const found = [];
      state.touched.forEach(function (cell) {
        let balance = 0;
        let differs = false;
        for (let at = from; at <= to; at += 1) {
          const bit = row(service) * SLOTS + at;
          const now = has(state.words, cell, bit);
          if (now === has(state.was, cell, bit)) continue;
          differs = true;
          balance += (now ? 1 : -1) * matrix.riders[cell * SLOTS + at];
        }
        if (differs) found.push({ cell: cell, gained: balance >= 0 });
      });
      return found;
    },
  };
}
