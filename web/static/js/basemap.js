// The base map: MapLibre GL over the release's own tiles. No other host is asked for anything.
//
// This module may need a newer engine than the list does; import it dynamically and catch.

import * as maplibregl from "../vendor/maplibre-gl.mjs";
import { baseStyle, DOT, FIRST_LABEL, FIRST_ROAD } from "./basemap-style.js";

export { FIRST_LABEL, FIRST_ROAD, maplibregl };

/** Names in the style → custom properties in tokens.css. */
const PALETTE = {
  land: "--map-land",
  built: "--map-built",
  water: "--map-water",
  waterEdge: "--map-water-edge",
  green: "--map-green",
  building: "--map-building",
  buildingEdge: "--map-building-edge",
  major: "--map-major",
  majorEdge: "--map-major-edge",
  secondary: "--map-secondary",
  secondaryEdge: "--map-secondary-edge",
  minor: "--map-minor",
  minorEdge: "--map-minor-edge",
  path: "--map-path",
  rail: "--map-rail",
  label: "--map-label",
  labelMuted: "--map-label-muted",
  labelWater: "--map-label-water",
  labelGreen: "--map-label-green",
};

maplibregl.setWorkerUrl(new URL("../vendor/maplibre-gl-worker.mjs", import.meta.url).href);

/** The value of one custom property of tokens.css, as it is now (day or night). */
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

let tiles = null;

/** The tile reader is a classic script that leaves one global; it is loaded once. */
function loadTiles() {
  if (!tiles) {
    tiles = new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = new URL("../vendor/pmtiles.js", import.meta.url).href;
      script.onload = function () {
        const protocol = new window.pmtiles.Protocol();
        maplibregl.addProtocol("pmtiles", protocol.tile);
        resolve();
      };
      script.onerror = function () {
        reject(new Error("pmtiles.js could not be loaded"));
      };
      document.head.appendChild(script);
    });
  }
  return tiles;
}

/** True when this browser can draw the map at all. */
export function canDrawMaps() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    if (!context) return false;
    const release = context.getExtension("WEBGL_lose_context");
    if (release) release.loseContext();
    return true;
  } catch (error) {
    return false;
  }
}

/** A round dot as a distance field, so that the style may colour it: alpha 191 is its edge. */
function addDot(map) {
  const size = 16;
  const radius = 2.5;
  const data = new Uint8Array(size * size * 4);
  for (let i = 0; i < size * size; i += 1) {
    const outside = Math.hypot((i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2) - radius;
    data[4 * i + 3] = Math.max(0, Math.min(255, 255 * (0.75 - outside / 8)));
  }
  map.addImage(DOT, { width: size, height: size, data: data }, { sdf: true });
}

function followNight(map, packUrl) {
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const repaint = function () {
    baseStyle(packUrl, palette()).layers.forEach(function (layer) {
      Object.keys(layer.paint).forEach(function (property) {
        map.setPaintProperty(layer.id, property, layer.paint[property]);
      });
    });
  };
  if (night.addEventListener) night.addEventListener("change", repaint);
}

/**
 * Draw the base map in ``container``.
 *
 * @param {HTMLElement} container
 * @param {object} options
 * @param {string} options.packUrl address of basemap.pmtiles (relative is fine)
 * @param {number[]} options.bounds [west, south, east, north] to show at first
 * @param {object|number} [options.padding] pixels kept free around the bounds
 * @param {object} [options.words] MapLibre's own words in the reader's language
 * @param {boolean} [options.zoomButtons] draw + and − (for a mouse)
 * @param {boolean} [options.scale] draw a scale bar
 * @returns {Promise<maplibregl.Map>} once the style is ready to take sources and layers
 */
export async function createMap(container, options) {
  if (!canDrawMaps()) throw new Error("no WebGL2");
  await loadTiles();
  const packUrl = new URL(options.packUrl, window.location.href).href;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new maplibregl.Map({
    container: container,
    style: baseStyle(packUrl, palette()),
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
  addDot(map);
  followNight(map, packUrl);
  return map;
}
