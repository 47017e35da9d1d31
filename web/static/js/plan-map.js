// The map of one hour: riders without a stop by cell, stations open or closed, gaps with numbers.

import { createMap, FIRST_LABEL, FIRST_ROAD, maplibregl, token } from "./basemap.js";
import { wantsStillness } from "./plan-dom.js";
import { addMarks } from "./plan-marks.js";
import { changedCells, uncoveredCells } from "./plan-outcome.js";
import { ANY_STOP, breaks, ramp, slotIndex } from "./plan-slots.js";

const CLASSES = 5;
/** Pixels of a picture for one of the page. */
const PICTURE_RATIO = 2;
const PICTURE_MS = 4000;

function collection(features) {
  return { type: "FeatureCollection", features: features };
}

function cellFeatures(cells) {
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

/** Gaps with riders who go without in the slot: `missing` are those of each cell, by its H3 name. */
function gapFeatures(gaps, missing) {
  const features = [];
  gaps.forEach(function (gap, i) {
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

function stationFeatures(stations, index, service) {
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
function changeFeatures(cells, changed) {
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

/** The colours of the five classes, few to many. */
export function classColours() {
  return ramp(token("--gap-few"), token("--gap-many"), CLASSES);
}

function classExpression(limits) {
  const expression = ["step", ["coalesce", ["feature-state", "riders"], 0]];
  classColours().forEach(function (colour, i) {
    if (i > 0) expression.push(limits[i - 1]);
    expression.push(colour);
  });
  return expression;
}

function addLayers(map, limits) {
  const shown = ["case", [">", ["coalesce", ["feature-state", "riders"], 0], 0], 0.86, 0];
  map.addLayer(
    {
      id: "cells",
      type: "fill",
      source: "cells",
      paint: { "fill-color": classExpression(limits), "fill-opacity": shown, "fill-antialias": false },
    },
    FIRST_ROAD,
  );
  map.addLayer(
    {
      id: "cells-unreachable",
      type: "line",
      source: "cells",
      filter: ["!", ["get", "reachable"]],
      paint: { "line-color": token("--muted"), "line-width": 1.5, "line-dasharray": [2, 2] },
    },
    FIRST_LABEL,
  );
  const lines = ["==", ["geometry-type"], "Polygon"];
  const now = ["all", lines, ["get", "now"]];
  map.addLayer(
    {
      id: "gaps-edge",
      type: "line",
      source: "gaps",
      filter: now,
      layout: { "line-join": "round" },
      // From afar the riders speak, close by the outline.
      paint: { "line-color": token("--surface"), "line-width": ["interpolate", ["linear"], ["zoom"], 10, 2, 13, 5] },
    },
    FIRST_LABEL,
  );
  map.addLayer(
    {
      id: "gaps",
      type: "line",
      source: "gaps",
      filter: now,
      layout: { "line-join": "round" },
      paint: { "line-color": token("--ink"), "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.75, 13, 2] },
    },
    FIRST_LABEL,
  );
  ["won", "lost"].forEach(function (kind) {
    const paint = { "line-color": token(kind === "won" ? "--open" : "--error"), "line-width": 2 };
    if (kind === "lost") paint["line-dasharray"] = [2, 1.5];
    map.addLayer(
      { id: "cells-" + kind, type: "line", source: "changes", filter: ["==", ["get", "kind"], kind], paint: paint },
      FIRST_LABEL,
    );
  });
  map.addLayer({
    id: "changes",
    type: "symbol",
    source: "changes",
    filter: ["==", ["geometry-type"], "Point"],
    layout: {
      "icon-image": ["get", "kind"],
      "icon-allow-overlap": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.4, 14, 0.9],
    },
  });
  map.addLayer({
    id: "stations",
    type: "symbol",
    source: "stations",
    layout: {
      "icon-image": ["get", "state"],
      "icon-allow-overlap": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.55, 14, 0.9, 16, 1.1],
      "symbol-sort-key": ["match", ["get", "state"], "new", 3, "open", 2, "unknown", 1, 0],
    },
  });
  // Where badges would cover each other the greater gap keeps its own; the rest come with the zoom,
  // and so do the many small ones of a county with villages.
  const points = ["all", ["==", ["geometry-type"], "Point"], ["get", "now"]];
  const first = (count) => [...points, ["<=", ["get", "rank"], count]];
  map.addLayer({
    id: "gap-badges",
    type: "symbol",
    source: "gaps",
    filter: ["step", ["zoom"], first(12), 11, first(30), 12, first(100), 13, points],
    layout: {
      "symbol-sort-key": ["get", "rank"],
      "icon-image": "badge",
      "icon-ignore-placement": false,
      "text-field": ["to-string", ["get", "rank"]],
      "text-size": 13,
      "text-font": ["map bold", "sans-serif"],
    },
    paint: { "text-color": token("--paper") },
  });
}

function bounds(points) {
  const box = new maplibregl.LngLatBounds();
  points.forEach(function (point) {
    box.extend(point);
  });
  return box;
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

/** The box with the number of the worst gap as well, which the page begins with. */
function withWorst(box, gaps) {
  return gaps.length ? box.extend(gapPoint(gaps[0].geometry)) : box;
}

function repaint(map, limits) {
  addMarks(map);
  map.setPaintProperty("cells", "fill-color", classExpression(limits));
  map.setPaintProperty("cells-unreachable", "line-color", token("--muted"));
  map.setPaintProperty("gaps-edge", "line-color", token("--surface"));
  map.setPaintProperty("gaps", "line-color", token("--ink"));
  map.setPaintProperty("cells-won", "line-color", token("--open"));
  map.setPaintProperty("cells-lost", "line-color", token("--error"));
  map.setPaintProperty("gap-badges", "text-color", token("--paper"));
}

/**
 * Draw the map and give back what moves it.
 * @param {HTMLElement} container
 * @param {object} data {packUrl, words, bbox, cells, gaps(service)}
 * @param {object} on {cell(index|null), gap(id), station(id), place([lon, lat]), night()}
 */
export async function drawPlanMap(container, data, on) {
  const cells = data.cells;
  const map = await createMap(container, {
    packUrl: data.packUrl,
    bounds: cells.length ? withWorst(crowd(cells), data.gaps(ANY_STOP)) : data.bbox,
    padding: 24,
    words: data.words,
    zoomButtons: true,
    scale: true,
  });
  const most = Math.max(0, ...cells.map((cell) => Math.max(...cell.riders)));
  const limits = breaks(most);
  let placing = false;
  map.addSource("cells", { type: "geojson", data: cellFeatures(cells) });
  ["gaps", "stations", "changes"].forEach((name) => map.addSource(name, { type: "geojson", data: collection([]) }));
  addMarks(map);
  addLayers(map, limits);
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) {
    night.addEventListener("change", function () {
      repaint(map, limits);
      on.night();
    });
  }
  map.on("click", function (event) {
    if (placing) return on.place([event.lngLat.lng, event.lngLat.lat]);
    const found = (layers) => map.queryRenderedFeatures(event.point, { layers: layers })[0];
    const gap = found(["gap-badges"]);
    if (gap) return on.gap(gap.properties.id);
    const station = found(["stations"]);
    if (station) return on.station(station.properties.id);
    const cell = found(["cells", "cells-unreachable"]);
    return on.cell(cell ? cell.id : null);
  });
  return {
    limits: limits,
    /** Draw an hour: what is uncovered, what changed against `before`, who is open. */
    show: function (state, outcome, before, stations) {
      const { day, hour, service } = state;
      const missing = new Map();
      uncoveredCells(outcome, cells, day, hour, service).forEach(function (riders, i) {
        map.setFeatureState({ source: "cells", id: i }, { riders: riders });
        missing.set(cells[i].h3, riders);
      });
      map.getSource("gaps").setData(gapFeatures(data.gaps(service), missing));
      map.getSource("stations").setData(stationFeatures(stations, slotIndex(day, hour), service));
      const changed = changedCells(before, outcome, cells, day, hour, service);
      map.getSource("changes").setData(changeFeatures(cells, changed));
    },
    visit: function (gap) {
      const polygons = gap.geometry.type === "Polygon" ? [gap.geometry.coordinates] : gap.geometry.coordinates;
      map.fitBounds(bounds(polygons.flat(2)), { padding: 96, maxZoom: 15.5, duration: wantsStillness() ? 0 : 200 });
    },
    /** Bring a place into view, if it is not. */
    reveal: function (place) {
      if (!map.getBounds().contains(place)) map.easeTo({ center: place, duration: wantsStillness() ? 0 : 200 });
    },
    place: function (on) {
      placing = on;
      map.getCanvas().style.cursor = on ? "crosshair" : "";
    },
    centre: function () {
      const centre = map.getCenter();
      return [centre.lng, centre.lat];
    },
    /** Draw the map finely, once, and hand its pixels to `take` while they are there. */
    picture: function (take) {
      const ratio = map.getPixelRatio();
      let taken = false;
      const finish = function () {
        if (taken) return;
        taken = true;
        map.once("render", function () {
          take(map.getCanvas());
          map.setPixelRatio(ratio);
        });
        map.triggerRepaint();
      };
      map.setPixelRatio(PICTURE_RATIO);
      map.once("idle", finish);
      // A slow machine gives what it has by then.
      window.setTimeout(finish, PICTURE_MS);
      map.triggerRepaint();
    },
  };
}
