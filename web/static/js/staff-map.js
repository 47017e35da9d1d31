// The map beside the findings: a sign for each row of the ledger, and a cross to pick points with.

import { createMap, maplibregl, token } from "./basemap.js";

const SIZE = 26;
const SCALE = 2;
/** Severity → its colour and its shape, which says the same. */
const SIGNS = { error: "--error", warning: "--closing", info: "--closed", "": "--open", picked: "--focus" };

/** Nothing to mend: the sign goes without its row's number. */
const QUIET = ["", "info"];

const SHAPES = {
  error: function (pen, r) {
    pen.moveTo(0, -r);
    pen.lineTo(r, 0);
    pen.lineTo(0, r);
    pen.lineTo(-r, 0);
  },
  warning: function (pen, r) {
    pen.moveTo(0, -r);
    pen.lineTo(r, 0.8 * r);
    pen.lineTo(-r, 0.8 * r);
  },
  info: function (pen, r) {
    pen.rect(-0.7 * r, -0.7 * r, 1.4 * r, 1.4 * r);
  },
  "": function (pen, r) {
    pen.arc(0, 0, 0.55 * r, 0, 2 * Math.PI);
  },
  picked: function (pen, r) {
    pen.arc(0, 0, 0.85 * r, 0, 2 * Math.PI);
  },
};

function drawSign(name) {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE * SCALE;
  canvas.height = SIZE * SCALE;
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.translate(SIZE / 2, SIZE / 2);
  pen.lineJoin = "round";
  pen.beginPath();
  SHAPES[name](pen, 9);
  pen.closePath();
  pen.lineWidth = 4;
  pen.strokeStyle = token("--surface");
  pen.stroke();
  pen.fillStyle = token(SIGNS[name]);
  pen.fill();
  if (name === "picked") {
    pen.beginPath();
    pen.arc(0, 0, 3, 0, 2 * Math.PI);
    pen.fillStyle = token("--surface");
    pen.fill();
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function addSigns(map) {
  Object.keys(SIGNS).forEach(function (name) {
    const id = "row-" + name;
    if (map.hasImage(id)) map.updateImage(id, drawSign(name));
    else map.addImage(id, drawSign(name), { pixelRatio: SCALE });
  });
}

function features(points) {
  return {
    type: "FeatureCollection",
    features: points.map(function (point) {
      return {
        type: "Feature",
        geometry: { type: "Point", coordinates: [point.lon, point.lat] },
        properties: { row: point.row, sign: point.sign, label: QUIET.includes(point.sign) ? "" : String(point.row) },
      };
    }),
  };
}

/** The arrows: a line from where a row is to a ring where it truly is. */
function moveFeatures(moves) {
  const shape = (type, coordinates) => ({
    type: "Feature",
    properties: {},
    geometry: { type: type, coordinates: coordinates },
  });
  return {
    type: "FeatureCollection",
    features: moves.flatMap(function (move) {
      const [lon, lat, toLon, toLat] = move;
      return [
        shape("LineString", [
          [lon, lat],
          [toLon, toLat],
        ]),
        shape("Point", [toLon, toLat]),
      ];
    }),
  };
}

function addLayers(map, moves) {
  map.addSource("rows", { type: "geojson", data: features([]) });
  map.addSource("moves", { type: "geojson", data: moveFeatures(moves) });
  map.addSource("chosen", { type: "geojson", data: features([]) });
  map.addLayer({
    id: "chosen",
    type: "circle",
    source: "chosen",
    paint: {
      "circle-radius": 17,
      "circle-color": token("--surface"),
      "circle-opacity": 0.7,
      "circle-stroke-color": token("--ink"),
      "circle-stroke-width": 2.5,
    },
  });
  map.addLayer({
    id: "moves",
    type: "line",
    source: "moves",
    paint: { "line-color": token("--error"), "line-width": 1.5, "line-dasharray": [3, 2] },
  });
  map.addLayer({
    id: "move-ends",
    type: "circle",
    source: "moves",
    filter: ["==", ["geometry-type"], "Point"],
    paint: {
      "circle-radius": 4,
      "circle-color": token("--surface"),
      "circle-stroke-color": token("--error"),
      "circle-stroke-width": 2,
    },
  });
  map.addLayer({
    id: "rows",
    type: "symbol",
    source: "rows",
    layout: {
      "icon-image": ["concat", "row-", ["get", "sign"]],
      "icon-allow-overlap": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 13, 1],
      "symbol-sort-key": ["match", ["get", "sign"], "picked", 4, "error", 3, "warning", 2, "info", 1, 0],
      "text-field": ["get", "label"],
      "text-optional": true,
      "text-anchor": "left",
      "text-offset": [0.9, 0],
      "text-size": 13,
      "text-font": ["map bold", "sans-serif"],
    },
    paint: { "text-color": token("--ink"), "text-halo-color": token("--map-land"), "text-halo-width": 2 },
  });
}

function repaint(map) {
  addSigns(map);
  map.setPaintProperty("moves", "line-color", token("--error"));
  map.setPaintProperty("move-ends", "circle-color", token("--surface"));
  map.setPaintProperty("move-ends", "circle-stroke-color", token("--error"));
  map.setPaintProperty("chosen", "circle-color", token("--surface"));
  map.setPaintProperty("chosen", "circle-stroke-color", token("--ink"));
  map.setPaintProperty("rows", "text-color", token("--ink"));
  map.setPaintProperty("rows", "text-halo-color", token("--map-land"));
}

/** What to show at first: the points on the county's map, else that map, else the county's middle. */
function startBox(page, points, moves) {
  const reach = 0.05;
  const [lon, lat] = page.centre;
  const whole = page.bounds || [lon - reach, lat - reach, lon + reach, lat + reach];
  const ends = moves.map((move) => ({ lon: move[2], lat: move[3] }));
  const near = points.concat(ends).filter(function (point) {
    return point.lon >= whole[0] && point.lat >= whole[1] && point.lon <= whole[2] && point.lat <= whole[3];
  });
  if (near.length < 2) return whole;
  const box = new maplibregl.LngLatBounds();
  near.forEach((point) => box.extend([point.lon, point.lat]));
  return box.toArray().flat();
}

/**
 * Draw the map and give back what moves it.
 * @param {HTMLElement} container
 * @param {object} page pack, bounds, centre and words
 * @param {object[]} points {row, lon, lat, sign}
 * @param {number[][]} moves arrows as [lon, lat, lon, lat]
 * @param {object} on row(number), place(lon, lat) for a click beside every sign
 */
export async function drawCheckMap(container, page, points, moves, on) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = await createMap(container, {
    packUrl: page.pack,
    bounds: startBox(page, points, moves),
    padding: 40,
    words: {
      "NavigationControl.ZoomIn": page.words.zoom_in,
      "NavigationControl.ZoomOut": page.words.zoom_out,
      "Map.Title": page.words.map_title,
    },
    zoomButtons: true,
    scale: true,
  });
  addSigns(map);
  addLayers(map, moves);
  map.getSource("rows").setData(features(points));
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) night.addEventListener("change", () => repaint(map));
  let picking = false;
  map.on("click", function (event) {
    if (picking) return on.place(event.lngLat.lng, event.lngLat.lat);
    const near = [
      [event.point.x - 8, event.point.y - 8],
      [event.point.x + 8, event.point.y + 8],
    ];
    const hit = map.queryRenderedFeatures(near, { layers: ["rows"] })[0];
    return on.row(hit ? hit.properties.row : null);
  });
  return {
    /** Draw these points and arrows in place of the ones before. */
    show: function (now, arrows) {
      map.getSource("rows").setData(features(now));
      map.getSource("moves").setData(moveFeatures(arrows));
    },
    /** Ring a point; bring it into view when ``fly``, with the whole map when it is ``off`` it. */
    choose: function (point, fly, off) {
      map.getSource("chosen").setData(features(point ? [point] : []));
      if (point && fly && off) {
        const box = new maplibregl.LngLatBounds(page.bounds).extend([point.lon, point.lat]);
        map.fitBounds(box, { padding: 40, duration: still ? 0 : 200 });
      } else if (point && fly) {
        map.easeTo({
          center: [point.lon, point.lat],
          zoom: Math.max(map.getZoom(), 15),
          duration: still ? 0 : 200,
        });
      }
    },
    /** Show what was shown at first. */
    home: function () {
      map.fitBounds(startBox(page, points, moves), { padding: 40, maxZoom: 16, duration: 0 });
    },
    /** Whether the next click picks a place. */
    pickMode: function (wanted) {
      picking = wanted;
      map.getCanvas().style.cursor = wanted ? "crosshair" : "";
      if (wanted) map.getCanvas().focus({ preventScroll: true });
    },
    centre: function () {
      const centre = map.getCenter();
      return { lon: centre.lng, lat: centre.lat };
    },
  };
}
