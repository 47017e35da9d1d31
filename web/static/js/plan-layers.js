// The layers of the planner's map, in the colours of day or night.

import { FIRST_LABEL, FIRST_ROAD, token } from "./basemap.js";
import { addMarks } from "./plan-marks.js";
import { ramp } from "./plan-slots.js";

const CLASSES = 5;

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

const chosen = (gap) => ["all", ["==", ["geometry-type"], "Polygon"], ["==", ["get", "id"], gap]];

/** The outline of one gap ("" for none) is drawn over the others, and stronger. */
export function markGap(map, gap) {
  ["gap-chosen-edge", "gap-chosen"].forEach((layer) => map.setFilter(layer, chosen(gap)));
}

/** Lay the planner's layers between the ground, the roads and the labels. */
export function addLayers(map, limits) {
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
  const outline = { "line-join": "round" };
  const wide = (at10, at13) => ["interpolate", ["linear"], ["zoom"], 10, at10, 13, at13];
  map.addLayer(
    {
      id: "gap-chosen-edge",
      type: "line",
      source: "gaps",
      filter: chosen(""),
      layout: outline,
      paint: { "line-color": token("--surface"), "line-width": wide(6, 11) },
    },
    FIRST_LABEL,
  );
  map.addLayer(
    {
      id: "gap-chosen",
      type: "line",
      source: "gaps",
      filter: chosen(""),
      layout: outline,
      paint: { "line-color": token("--focus"), "line-width": wide(3, 6) },
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
    id: "area",
    type: "line",
    source: "area",
    paint: { "line-color": token("--focus"), "line-width": 2.5, "line-dasharray": [3, 2] },
  });
  map.addLayer({
    id: "area-corners",
    type: "circle",
    source: "area",
    filter: ["==", ["geometry-type"], "Point"],
    paint: {
      "circle-radius": 6,
      "circle-color": token("--surface"),
      "circle-stroke-color": token("--focus"),
      "circle-stroke-width": 2.5,
    },
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

/** Day has turned to night, night to day, or the screen to paper. */
export function repaint(map, limits) {
  addMarks(map);
  map.setPaintProperty("cells", "fill-color", classExpression(limits));
  map.setPaintProperty("cells-unreachable", "line-color", token("--muted"));
  map.setPaintProperty("gaps-edge", "line-color", token("--surface"));
  map.setPaintProperty("gaps", "line-color", token("--ink"));
  map.setPaintProperty("gap-chosen-edge", "line-color", token("--surface"));
  map.setPaintProperty("gap-chosen", "line-color", token("--focus"));
  map.setPaintProperty("area", "line-color", token("--focus"));
  map.setPaintProperty("area-corners", "circle-color", token("--surface"));
  map.setPaintProperty("area-corners", "circle-stroke-color", token("--focus"));
  map.setPaintProperty("cells-won", "line-color", token("--open"));
  map.setPaintProperty("cells-lost", "line-color", token("--error"));
  map.setPaintProperty("gap-badges", "text-color", token("--paper"));
}
