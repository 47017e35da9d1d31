// What the planner's map draws, as GeoJSON: cells, gaps, stations, what a plan changes; and its boxes.

import { maplibregl } from "./basemap.js";

export function collection(features) {
  return { type: "FeatureCollection", features: features };
}

export function cellFeatures(cells) {
  return collection(
    cells.map(function (cell, i) {
      return {
        type: "Feature",
        id: i,
        geometry: { type: "Polygon", coordinates: [cell.ring] },
        properties: { reachable: cell.nearest_s !== null },
      };
    }),
  );
}

/** The largest ring of a gap, for the place of its number. */
function gapPoint(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const ring = polygons.reduce(function (best, polygon) {
    return polygon[0].length > best.length ? polygon[0] : best;
  }, []);
  // The northernmost corner: a badge on the edge hides no cell.
  return ring.reduce(function (top, point) {
    return point[1] > top[1] ? point : top;
  });
}

/**
 * Gaps as ranked in the list (plan-ranking.js), and whether riders go without `now`: `missing` are
 * those of each cell, by its H3 name.
 */
export function gapFeatures(rows, missing) {
  const features = [];
  rows.forEach(function ({ gap }, i) {
    const properties = { id: gap.id, rank: i + 1, now: gap.cells.some((cell) => missing.get(cell) > 0) };
    features.push({ type: "Feature", geometry: gap.geometry, properties: properties });
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: gapPoint(gap.geometry) },
      properties: properties,
    });
  });
  return collection(features);
}

export function stationFeatures(stations, index, service) {
  return collection(
    stations
      .filter(function (station) {
        return service in station.slots;
      })
      .map(function (station) {
        const state = { 1: "open", 0: "closed" }[station.slots[service][index]] || "unknown";
        return {
          type: "Feature",
          geometry: { type: "Point", coordinates: [station.lon, station.lat] },
          properties: { id: station.id, state: station.isNew && state === "open" ? "new" : state },
        };
      }),
  );
}

/** The cells that a plan changes: outlines, and a sign in the middle of each. */
export function changeFeatures(cells, changed) {
  return collection(
    ["won", "lost"].flatMap((kind) =>
      changed[kind].flatMap((i) => [
        { type: "Feature", geometry: { type: "Polygon", coordinates: [cells[i].ring] }, properties: { kind: kind } },
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [cells[i].lon, cells[i].lat] },
          properties: { kind: kind },
        },
      ]),
    ),
  );
}

/** The outline of an area by its corners, or what is drawn of it so far: a line and its corners. */
export function areaFeatures(ring, closed) {
  const feature = (type, coordinates) => ({ type: "Feature", geometry: { type: type, coordinates: coordinates }, properties: {} });
  if (closed) return collection([feature("LineString", [...ring, ring[0]])]);
  const corners = ring.map((corner) => feature("Point", corner));
  return collection(ring.length > 1 ? [feature("LineString", ring), ...corners] : corners);
}

export function bounds(points) {
  const box = new maplibregl.LngLatBounds();
  points.forEach(function (point) {
    box.extend(point);
  });
  return box;
}

/** Room round what is shown, and of a side's length at most so much of it. */
const ROOM_PX = 72;
const ROOM = 0.2;

/**
 * The padding with which a box of the map lies in that part of it which is in sight.
 * @param {{top: number, bottom: number, width: number}} frame of the map, on the screen
 * @param {{top: number, bottom: number}} seen of the screen, what nothing covers
 */
export function paddingInSight(frame, seen) {
  const over = Math.max(0, seen.top - frame.top);
  const under = Math.max(0, frame.bottom - seen.bottom);
  const height = frame.bottom - frame.top - over - under;
  const out = height <= 0; // none of it is in sight: the whole of it will be
  const room = Math.min(ROOM_PX, ROOM * Math.min(frame.width, out ? frame.bottom - frame.top : height));
  return { top: room + (out ? 0 : over), bottom: room + (out ? 0 : under), left: room, right: room };
}

/** The box of the cells in the middle, with nine tenths of the riders each way. */
function crowd(cells) {
  const riders = cells.map((cell) => cell.riders.reduce((sum, count) => sum + count, 0));
  const total = riders.reduce((sum, count) => sum + count, 0);
  const middle = function (axis) {
    const order = cells.map((_, i) => i).sort((a, b) => cells[a][axis] - cells[b][axis]);
    let passed = 0;
    return order.filter(function (i) {
      passed += riders[i];
      return passed >= total * 0.05 && passed - riders[i] <= total * 0.95;
    });
  };
  const north = new Set(middle("lat"));
  const both = middle("lon").filter((i) => north.has(i));
  return bounds((both.length ? both : cells.map((_, i) => i)).flatMap((i) => cells[i].ring));
}

/** The box to begin with: that of the crowd, and in it the number of the worst gap. */
export function firstBox(cells, rows) {
  return rows.length ? crowd(cells).extend(gapPoint(rows[0].gap.geometry)) : crowd(cells);
}
