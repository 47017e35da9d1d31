// From a point to the street beside it, as locator/streets/snap.py does it. Pure.

import { haversine, plane } from "./street-plane.js";

/** Side of the index's squares, in metres. */
const SQUARE_M = 250;
const METRES_PER_DEGREE = 111195;
/** Rough distances differ from true ones by less than this share, and a metre. */
const ROUGH = 0.02;
/** Within a micrometre of its end is the end, so that a junction is met as one. */
const END_M = 1e-6;

/**
 * A function that snaps points (WGS-84 degrees) to the nearest street of `streets` that is no trap.
 *
 * It answers null where none is near enough, else: the `piece`, tenths of a second `along` it from
 * its start, `end` (1 where that is its very start, 2 its very end, else 0), `snap` (tenths of a
 * second from the point to the street), `distance` in metres, and `lon`, `lat` where the street is
 * met, behind the `point` of its shape. Of streets equally near, the first.
 */
export function snapper(streets) {
  const header = streets.header;
  const toPlane = plane(header.plane[0], header.plane[1]);
  const index = squares(streets);
  const limit = header.snap_max_m;
  return function (lon, lat) {
    const near = index(lon, lat, limit);
    if (near.length === 0) return null;
    const p = toPlane(lon, lat);
    let best = null;
    near.forEach(function (segment) {
      const a = corner(streets, toPlane, segment.point);
      const b = corner(streets, toPlane, segment.point + 1);
      const away = distance(p, a, b);
      if (away > limit) return;
      if (!best || away < best.away || (away === best.away && segment.point < best.segment.point)) {
        best = { away: away, segment: segment, a: a, b: b };
      }
    });
    return best && meet(streets, p, best);
  };
}

function corner(streets, toPlane, point) {
  return toPlane(streets.lon[point] / streets.unit, streets.lat[point] / streets.unit);
}

/** From a point to a segment, written as GEOS writes it, so that ties are the same ties. */
function distance(p, a, b) {
  const x = b[0] - a[0];
  const y = b[1] - a[1];
  const square = x * x + y * y;
  const r = square > 0 ? ((p[0] - a[0]) * x + (p[1] - a[1]) * y) / square : 0;
  if (r <= 0) return length(p[0] - a[0], p[1] - a[1]);
  if (r >= 1) return length(p[0] - b[0], p[1] - b[1]);
  return Math.abs(((a[1] - p[1]) * x - (a[0] - p[0]) * y) / square) * Math.sqrt(square);
}

function length(x, y) {
  return Math.sqrt(x * x + y * y);
}

function meet(streets, p, best) {
  const a = best.a;
  const x = best.b[0] - a[0];
  const y = best.b[1] - a[1];
  const along = ((p[0] - a[0]) * x + (p[1] - a[1]) * y) / Math.max(x * x + y * y, 1e-18);
  const share = Math.min(1, Math.max(0, along));
  const away = length(p[0] - (a[0] + share * x), p[1] - (a[1] + share * y));

  const piece = best.segment.piece;
  const lon = function (point) {
    return streets.lon[point] / streets.unit;
  };
  const lat = function (point) {
    return streets.lat[point] / streets.unit;
  };
  let total = 0;
  let reached = 0;
  for (let point = streets.start[piece]; point < streets.start[piece + 1] - 1; point += 1) {
    const step = haversine(lon(point), lat(point), lon(point + 1), lat(point + 1));
    if (point === best.segment.point) reached = total + share * step;
    total += step;
  }
  const fraction = reached > total - END_M ? 1 : reached / total;
  const point = best.segment.point;
  return {
    piece: piece,
    along: Math.floor(fraction * streets.time[piece] + 0.5),
    end: fraction === 0 ? 1 : fraction === 1 ? 2 : 0,
    snap: Math.floor((away * 36) / streets.header.snap_kmh + 0.5),
    distance: away,
    point: point,
    lon: lon(point) + share * (lon(point + 1) - lon(point)),
    lat: lat(point) + share * (lat(point + 1) - lat(point)),
  };
}

/**
 * A function (lon, lat, metres) → the segments {piece, point} that may be the nearest: all within
 * so many metres whose rough distance is about the least. Each begins at its `point`.
 */
function squares(streets) {
  const unit = streets.unit;
  const shrink = Math.cos((streets.header.plane[1] * Math.PI) / 180);
  const perX = (METRES_PER_DEGREE * shrink) / unit; // metres per whole number of lon
  const perY = METRES_PER_DEGREE / unit;
  const lon = streets.lon;
  const lat = streets.lat;
  const west = least(lon);
  const south = least(lat);
  const columns = Math.floor(((most(lon) - west) * perX) / SQUARE_M) + 1;
  const rows = Math.floor(((most(lat) - south) * perY) / SQUARE_M) + 1;
  // Visits each square that touches the box from (x1, y1) to (x2, y2), in units.
  const eachSquare = function (x1, y1, x2, y2, visit) {
    const left = Math.max(0, Math.floor(((x1 - west) * perX) / SQUARE_M));
    const right = Math.min(columns - 1, Math.floor(((x2 - west) * perX) / SQUARE_M));
    const bottom = Math.max(0, Math.floor(((y1 - south) * perY) / SQUARE_M));
    const top = Math.min(rows - 1, Math.floor(((y2 - south) * perY) / SQUARE_M));
    for (let row = bottom; row <= top; row += 1) {
      for (let column = left; column <= right; column += 1) visit(row * columns + column);
    }
  };
  const eachSegment = function (visit) {
    for (let piece = 0; piece < streets.pieces; piece += 1) {
      if (streets.trap[piece]) continue;
      for (let at = streets.start[piece]; at < streets.start[piece + 1] - 1; at += 1) {
        eachSquare(
          Math.min(lon[at], lon[at + 1]), Math.min(lat[at], lat[at + 1]),
          Math.max(lon[at], lon[at + 1]), Math.max(lat[at], lat[at + 1]),
          (square) => visit(square, piece, at)
        );
      }
    }
  };
  const start = new Int32Array(columns * rows + 1);
  eachSegment((square) => (start[square + 1] += 1));
  for (let square = 0; square < columns * rows; square += 1) start[square + 1] += start[square];
  const free = start.slice();
  const pieces = new Int32Array(start[columns * rows]);
  const points = new Int32Array(pieces.length);
  eachSegment(function (square, piece, at) {
    pieces[free[square]] = piece;
    points[free[square]++] = at;
  });

  return function (lonDegrees, latDegrees, metres) {
    const x = lonDegrees * unit;
    const y = latDegrees * unit;
    const reach = metres * (1 + ROUGH) + 1;
    const near = new Map();
    let nearest = reach;
    const enough = () => nearest * (1 + 2 * ROUGH) + 2;
    eachSquare(x - reach / perX, y - reach / perY, x + reach / perX, y + reach / perY, function (square) {
      for (let i = start[square]; i < start[square + 1]; i += 1) {
        const at = points[i];
        const away = distance(
          [0, 0],
          [(lon[at] - x) * perX, (lat[at] - y) * perY],
          [(lon[at + 1] - x) * perX, (lat[at + 1] - y) * perY]
        );
        if (away > enough()) continue;
        if (away < nearest) nearest = away;
        near.set(at, { piece: pieces[i], point: at, away: away });
      }
    });
    return Array.from(near.values()).filter((segment) => segment.away <= enough());
  };
}

function least(numbers) {
  return numbers.reduce((one, other) => Math.min(one, other), Infinity);
}

function most(numbers) {
  return numbers.reduce((one, other) => Math.max(one, other), -Infinity);
}
