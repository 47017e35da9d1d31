// The base map: MapLibre GL over the release's own tiles. No other host is asked for anything.
//
// This module may need a newer engine than the list does; import it dynamically and catch.

import * as maplibregl from "../vendor/maplibre-gl.mjs";
import { ARROW, baseStyle, CROSS, DOT, FIRST_LABEL, FIRST_ROAD, PEAK, STOP } from "./basemap-style.js";
import { openPack } from "./pack.js";
import { canDrawMaps } from "./webgl.js";

export { FIRST_LABEL, FIRST_ROAD, maplibregl };

/** Names in the style → custom properties in tokens.css. */
const PALETTE = {
  land: "--map-land",
  built: "--map-built",
  civic: "--map-civic",
  industrial: "--map-industrial",
  plaza: "--map-plaza",
  rock: "--map-rock",
  sand: "--map-sand",
  ice: "--map-ice",
  water: "--map-water",
  waterEdge: "--map-water-edge",
  green: "--map-green",
  wood: "--map-wood",
  scrub: "--map-scrub",
  grass: "--map-grass",
  building: "--map-building",
  buildingEdge: "--map-building-edge",
  motorway: "--map-motorway",
  motorwayEdge: "--map-motorway-edge",
  major: "--map-major",
  majorEdge: "--map-major-edge",
  secondary: "--map-secondary",
  secondaryEdge: "--map-secondary-edge",
  minor: "--map-minor",
  minorEdge: "--map-minor-edge",
  bridgeEdge: "--map-bridge-edge",
  tunnel: "--map-tunnel",
  tunnelMajor: "--map-tunnel-major",
  path: "--map-path",
  arrow: "--map-arrow",
  rail: "--map-rail",
  label: "--map-label",
  labelMuted: "--map-label-muted",
  labelWater: "--map-label-water",
  labelGreen: "--map-label-green",
};

maplibregl.setWorkerUrl(new URL("../vendor/maplibre-gl-worker.mjs", import.meta.url).href);

/** The value of one custom property of tokens.css, as it is now (day, night or paper). */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette() {
  const colours = {};
  Object.keys(PALETTE).forEach(function (name) {
    colours[name] = token(PALETTE[name]);
  });
  return colours;
}

/** Signs as distance fields, so that the style may colour them: 0 at the edge, growing outward. */
const SIGNS = {
  [DOT]: (x, y) => Math.hypot(x, y) - 2.5,
  [CROSS]: (x, y) => Math.max(Math.min(Math.abs(x), Math.abs(y)) - 1.3, Math.max(Math.abs(x), Math.abs(y)) - 4.2),
  [STOP]: (x, y) => Math.abs(Math.hypot(Math.max(Math.abs(x) - 2, 0), Math.max(Math.abs(y) - 2, 0)) - 1.6) - 0.9,
  [PEAK]: (x, y) => Math.max(y - 3, 0.89 * Math.abs(x) - 0.45 * y - 1.7),
  [ARROW]: function (x, y) {
    const shaft = Math.hypot(Math.max(Math.abs(x) - 5, 0), y);
    const along = Math.min(Math.max((5 - x + Math.abs(y)) / 2, 0), 3);
    const head = Math.hypot(x - 5 + along, Math.abs(y) - along);
    return Math.min(shaft, head) - 0.8;
  },
};

/** Give the map its signs; in the image, alpha 191 is the edge and 32 levels are a pixel. */
function addSigns(map) {
  const size = 20;
  Object.keys(SIGNS).forEach(function (name) {
    const data = new Uint8Array(size * size * 4);
    for (let i = 0; i < size * size; i += 1) {
      const outside = SIGNS[name]((i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2);
      data[4 * i + 3] = Math.max(0, Math.min(255, 255 * (0.75 - outside / 8)));
    }
    map.addImage(name, { width: size, height: size, data: data }, { sdf: true });
  });
}

/** The base map's style; without tiles, its ground alone. */
function styleOf(packUrl) {
  const style = baseStyle(packUrl, palette());
  if (packUrl) return style;
  return { version: style.version, sources: {}, layers: style.layers.filter((layer) => layer.type === "background") };
}

/** The layers of our own base map from below, its ground first. */
export function baseLayers() {
  return baseStyle("", palette()).layers.map((layer) => layer.id);
}

/** Paint the base map in the colours of now: day, night or paper. */
export function repaintBase(map) {
  baseStyle("", palette()).layers.forEach(function (layer) {
    if (!map.getLayer(layer.id)) return;
    Object.keys(layer.paint).forEach(function (property) {
      map.setPaintProperty(layer.id, property, layer.paint[property]);
    });
  });
}

/** The maps that are drawn, by what holds them. */
const drawn = new WeakMap();
/** What is deeper in the water than this stands in the river, not on its bank (locator/geo/water.py). */
const DEPTH_M = 10;
const M_PER_DEGREE = 111000;

/**
 * Whether a place lies in water as far as the map in ``container`` shows it, once it stands still.
 * @param {HTMLElement} container
 * @param {number[]} place [lon, lat]
 */
export async function inWater(container, place) {
  const map = drawn.get(container);
  if (!map || !map.getLayer("water")) return false;
  if (map.isMoving() || !map.areTilesLoaded()) await map.once("idle");
  const north = DEPTH_M / M_PER_DEGREE;
  const east = north / Math.cos((place[1] * Math.PI) / 180);
  return [[0, 0], [east, 0], [-east, 0], [0, north], [0, -north]].every(function (off) {
    const point = map.project([place[0] + off[0], place[1] + off[1]]);
    return map.queryRenderedFeatures(point, { layers: ["water"] }).length > 0;
  });
}

/**
 * Draw the base map in ``container``.
 *
 * @param {HTMLElement} container
 * @param {object} options
 * @param {string} options.packUrl address of basemap.pmtiles (relative is fine); "" for plain ground
 * @param {number[]} options.bounds [west, south, east, north] to show at first
 * @param {object|number} [options.padding] pixels kept free around the bounds
 * @param {object} [options.words] MapLibre's own words in the reader's language
 * @param {boolean} [options.zoomButtons] draw + and − (for a mouse)
 * @param {boolean} [options.scale] draw a scale bar
 * @returns {Promise<maplibregl.Map>} once the style is ready to take sources and layers
 */
export async function createMap(container, options) {
  if (!canDrawMaps()) throw new Error("no WebGL2");
  const packUrl = options.packUrl && new URL(options.packUrl, window.location.href).href;
  maplibregl.addProtocol("pmtiles", await openPack(packUrl));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new maplibregl.Map({
    container: container,
    style: styleOf(packUrl),
    bounds: options.bounds,
    fitBoundsOptions: { padding: options.padding === undefined ? 32 : options.padding, maxZoom: 16 },
    localIdeographFontFamily: token("--font"),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    minZoom: 8,
    maxZoom: 19,
    fadeDuration: still ? 0 : 160,
    locale: options.words || {},
  });
  // Drawn as one picture before it is laid on the page: some browsers, told that a card covers the
  // lower part of a canvas, leave out its upper part instead. Nobody sees the thousandth.
  map.getCanvasContainer().style.opacity = "0.999";
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  if (options.zoomButtons) map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  if (options.scale) map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-right");
  await new Promise(function (resolve, reject) {
    map.once("style.load", resolve);
    map.once("error", function (event) {
      reject(event.error);
    });
  });
  addSigns(map);
  drawn.set(container, map);
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) night.addEventListener("change", () => repaintBase(map));
  return map;
}
