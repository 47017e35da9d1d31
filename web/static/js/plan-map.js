// The map of one hour: riders without a stop by cell, stations open or closed, gaps with numbers.

import { createMap, FIRST_LABEL, FIRST_ROAD, maplibregl, token } from "./basemap.js";
import { ANY_STOP, breaks, ramp, slotIndex, uncovered } from "./plan-slots.js";

const CLASSES = 5;
const MARK = 28;
const SCALE = 2;

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

function gapFeatures(gaps, slot) {
  const features = [];
  gaps.forEach(function (gap, i) {
    const properties = { id: gap.id, rank: i + 1, now: gap.hours.includes(slot) };
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
          properties: { name: station.name, state: state },
        };
      }),
  );
}

function pencil() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = MARK * SCALE;
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  return {
    pen: pen,
    disc: function (radius, colour) {
      pen.beginPath();
      pen.arc(MARK / 2, MARK / 2, radius, 0, 2 * Math.PI);
      pen.fillStyle = colour;
      pen.fill();
    },
    image: () => pen.getImageData(0, 0, canvas.width, canvas.height),
  };
}

/** Dot, ring and dashed ring in the colours of day or night; what is open is drawn largest. */
function drawState(state) {
  const { pen, disc, image } = pencil();
  if (state === "open") {
    disc(10, token("--surface"));
    disc(8, token("--open"));
    return image();
  }
  disc(7, token("--surface"));
  pen.beginPath();
  pen.arc(MARK / 2, MARK / 2, 5, 0, 2 * Math.PI);
  pen.lineWidth = 2;
  pen.strokeStyle = token(state === "closed" ? "--closed" : "--unknown");
  if (state === "unknown") pen.setLineDash([2.2, 3.04]);
  pen.stroke();
  return image();
}

function drawBadge() {
  const { disc, image } = pencil();
  disc(14, token("--surface"));
  disc(12, token("--ink"));
  return image();
}

function addMarks(map) {
  const marks = { badge: drawBadge() };
  ["open", "closed", "unknown"].forEach(function (state) {
    marks[state] = drawState(state);
  });
  Object.keys(marks).forEach(function (name) {
    if (map.hasImage(name)) map.updateImage(name, marks[name]);
    else map.addImage(name, marks[name], { pixelRatio: SCALE });
  });
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
  map.addLayer({
    id: "stations",
    type: "symbol",
    source: "stations",
    layout: {
      "icon-image": ["get", "state"],
      "icon-allow-overlap": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.55, 14, 0.9, 16, 1.1],
      "symbol-sort-key": ["match", ["get", "state"], "open", 2, "unknown", 1, 0],
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
  map.setPaintProperty("gap-badges", "text-color", token("--paper"));
}

/**
 * Draw the map and give back what moves it.
 * @param {HTMLElement} container
 * @param {object} data {packUrl, words, coverage, cells, stations, need(slot), onCell, onGap, onNight}
 */
export async function drawPlanMap(container, data) {
  const cells = data.cells.cells;
  const map = await createMap(container, {
    packUrl: data.packUrl,
    bounds: cells.length ? withWorst(crowd(cells), data.coverage.gaps) : data.bbox,
    padding: 24,
    words: data.words,
    zoomButtons: true,
    scale: true,
  });
  const most = Math.max(0, ...cells.map((cell) => Math.max(...cell.riders)));
  const limits = breaks(most);
  map.addSource("cells", { type: "geojson", data: cellFeatures(cells) });
  map.addSource("gaps", { type: "geojson", data: collection([]) });
  map.addSource("stations", { type: "geojson", data: collection([]) });
  addMarks(map);
  addLayers(map, limits);
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) {
    night.addEventListener("change", function () {
      repaint(map, limits);
      data.onNight();
    });
  }
  map.on("click", function (event) {
    const gap = map.queryRenderedFeatures(event.point, { layers: ["gap-badges"] })[0];
    if (gap) return data.onGap(gap.properties.id);
    const station = map.queryRenderedFeatures(event.point, { layers: ["stations"] })[0];
    if (station) return data.onStation(station.properties);
    const cell = map.queryRenderedFeatures(event.point, { layers: ["cells", "cells-unreachable"] })[0];
    return data.onCell(cell ? cell.id : null);
  });
  return {
    limits: limits,
    show: function (day, hour, service) {
      const index = slotIndex(day, hour);
      uncovered(cells, index, service, data.need(day, hour, service)).forEach(function (riders, i) {
        map.setFeatureState({ source: "cells", id: i }, { riders: riders });
      });
      const gaps = service === ANY_STOP ? data.coverage.gaps : [];
      map.getSource("gaps").setData(gapFeatures(gaps, day + " " + hour));
      map.getSource("stations").setData(stationFeatures(data.stations, index, service));
    },
    visit: function (gap) {
      const polygons = gap.geometry.type === "Polygon" ? [gap.geometry.coordinates] : gap.geometry.coordinates;
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      map.fitBounds(bounds(polygons.flat(2)), { padding: 96, maxZoom: 15.5, duration: still ? 0 : 200 });
    },
  };
}
