// The map of one hour: riders without a stop by cell, stations open or closed, gaps with numbers.

import { createMap, repaintBase } from "./basemap.js";
import { liveCross } from "./plan-cross.js";
import { sight, wantsStillness } from "./plan-dom.js";
import { areaFeatures, bounds, cellFeatures, changeFeatures, collection, firstBox, gapFeatures, paddingInSight, stationFeatures } from "./plan-features.js";
import { addLayers, markGap, repaint } from "./plan-layers.js";
import { addMarks } from "./plan-marks.js";
import { changedCells, uncoveredCells } from "./plan-outcome.js";
import { breaks, slotIndex } from "./plan-slots.js";

export { classColours } from "./plan-layers.js";

/** Pixels of a picture for one of the page. */
const PICTURE_RATIO = 2;
const SETTLED_MS = 4000;

/**
 * Draw the map and give back what moves it.
 * @param {HTMLElement} container
 * @param {object} data {packUrl, words, bbox, cells, rows}; `rows` are the gaps of the beginning, ranked
 * @param {object} on {cell(index|null), gap(id), station(id), night()}
 */
export async function drawPlanMap(container, data, on) {
  const cells = data.cells;
  const map = await createMap(container, {
    packUrl: data.packUrl,
    bounds: cells.length ? firstBox(cells, data.rows) : data.bbox,
    padding: 24,
    words: data.words,
    zoomButtons: true,
    scale: true,
  });
  const most = Math.max(0, ...cells.map((cell) => Math.max(...cell.riders)));
  const limits = breaks(most);
  let asked = null;
  map.addSource("cells", { type: "geojson", data: cellFeatures(cells) });
  ["gaps", "stations", "changes", "area"].forEach((name) => map.addSource(name, { type: "geojson", data: collection([]) }));
  addMarks(map);
  addLayers(map, limits);
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) {
    night.addEventListener("change", function () {
      repaint(map, limits);
      on.night();
    });
  }
  const cross = liveCross(container, map.getCanvas());
  function middle() {
    const centre = map.getCenter();
    return [centre.lng, centre.lat];
  }
  map.on("click", function (event) {
    if (asked) return asked([event.lngLat.lng, event.lngLat.lat]);
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
    /** Draw an hour: what is uncovered, what changed against `before`, who is open, the gaps' numbers. */
    show: function (state, outcome, before, stations, rows) {
      const { day, hour, service } = state;
      const missing = new Map();
      uncoveredCells(outcome, cells, day, hour, service).forEach(function (riders, i) {
        map.setFeatureState({ source: "cells", id: i }, { riders: riders });
        missing.set(cells[i].h3, riders);
      });
      map.getSource("gaps").setData(gapFeatures(rows, missing));
      map.getSource("stations").setData(stationFeatures(stations, slotIndex(day, hour), service));
      const changed = changedCells(before, outcome, cells, day, hour, service);
      map.getSource("changes").setData(changeFeatures(cells, changed));
    },
    /** Bring a gap into that part of the map which is in sight. */
    visit: function (gap) {
      const polygons = gap.geometry.type === "Polygon" ? [gap.geometry.coordinates] : gap.geometry.coordinates;
      // The panel may just have taken of the map's height; the map itself would learn of it later.
      map.resize();
      const padding = paddingInSight(container.getBoundingClientRect(), sight());
      map.fitBounds(bounds(polygons.flat(2)), { padding: padding, maxZoom: 15.5, duration: wantsStillness() ? 0 : 200 });
    },
    /** Draw the outline of the gap that is chosen ("" for none) stronger than the others. */
    mark: (gap) => markGap(map, gap),
    /** Bring a place into view, if it is not. */
    reveal: function (place) {
      map.resize();
      const frame = container.getBoundingClientRect();
      const { top, bottom } = paddingInSight(frame, sight());
      const { x, y } = map.project(place);
      if (x >= 0 && x <= frame.width && y >= top && y <= frame.height - bottom) return;
      map.easeTo({ center: place, offset: [0, (top - bottom) / 2], duration: wantsStillness() ? 0 : 200 });
    },
    /** Give the next places that are clicked, or the middle at each Enter, to `answer`; null for none. */
    ask: function (answer) {
      asked = answer;
      cross.ask(answer && (() => answer(middle())));
      if (answer) map.doubleClickZoom.disable();
      else map.doubleClickZoom.enable();
      map.getCanvas().style.cursor = answer ? "crosshair" : "";
    },
    /** What is in sight: [west, south, east, north]. */
    box: () => map.getBounds().toArray().flat(),
    /** Draw the area that is looked at, by its corners (null for none), and bring its points into view. */
    frame: function (ring, points) {
      map.getSource("area").setData(ring ? areaFeatures(ring, true) : collection([]));
      if (points.length) map.fitBounds(bounds(points), { padding: 48, maxZoom: 15.5, duration: wantsStillness() ? 0 : 200 });
    },
    /** Draw what has been drawn of an area so far. */
    trace: function (corners) {
      map.getSource("area").setData(areaFeatures(corners, false));
    },
    pixelsBetween: (one, other) => map.project(one).dist(map.project(other)),
    centre: middle,
    /** Draw the map finely with what it holds, and hand its pixels to `take` before this returns. */
    still: function (take) {
      const ratio = map.getPixelRatio();
      map.setPixelRatio(PICTURE_RATIO);
      map.redraw();
      take(map.getCanvas());
      map.setPixelRatio(ratio);
    },
    /** Paint all in the colours of now, and wait until it is drawn; a slow machine has what it has by then. */
    repainted: function () {
      repaintBase(map);
      repaint(map, limits);
      on.night();
      return new Promise(function (resolve) {
        map.once("idle", resolve);
        window.setTimeout(resolve, SETTLED_MS);
        map.triggerRepaint();
      });
    },
  };
}
