// The travel times and hours of a release (matrix.bin, docs/matrix-format.md). Pure.

import { unpack } from "./columns.js";

/** The slots of the clock: 24 hours of the workday, then of the day off. */
export const SLOTS = 48;

/**
 * Read matrix.bin.
 *
 * `places` are the cells as snapped to the streets (null: no street is near), in the order of
 * cells.json; `riders` has 48 numbers a cell, `total` 48 in all. Cell c is reached by `station[e]` in `time[e]` tenths
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
    if (number === 0) return null;
    return { piece: number - 1, along: along[cell], end: end[cell], snap: snap[cell] };
  });
  const riders = file.column("riders").map(function (units) {
    return units / file.header.rider_unit;
  });
  const total = new Float64Array(SLOTS);
  riders.forEach(function (count, at) {
    total[at % SLOTS] += count;
  });
  const entries = ["entries", "entry_cell", "entry_ds"].map(file.column);
  const byCell = byRow(places.length, entries[0], entries[1], entries[2]);
  return Object.assign(
    { header: file.header, cells: places.length, places: places, riders: riders, total: total },
    byCell
  );
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
