// Where the reader is on the map: a dot, and the ring within which the phone is sure of it.

import { FIRST_LABEL, maplibregl, token } from "./basemap.js";
import { say } from "./page.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const RING = "me-ring";
const CORNERS = 48;
const METRES_PER_DEGREE = 111195;

/** A circle on the ground, [[lon, lat], …]. */
function circle(place, metres) {
  const shrink = Math.cos((place.lat * Math.PI) / 180);
  return Array.from({ length: CORNERS + 1 }, function (_, corner) {
    const turn = ((corner % CORNERS) * 2 * Math.PI) / CORNERS;
    const degrees = metres / METRES_PER_DEGREE;
    return [place.lon + (degrees / shrink) * Math.cos(turn), place.lat + degrees * Math.sin(turn)];
  });
}

function dotElement() {
  const dot = document.createElement("div");
  dot.className = "me";
  dot.setAttribute("role", "img");
  dot.setAttribute("aria-label", say("you_are_here"));
  return dot;
}

/**
 * Give the map its layer; returns a function that shows a place, or takes it away with null. It
 * answers with the corners of the ring, [[lon, lat], …].
 */
export function meOn(map) {
  const dot = new maplibregl.Marker({ element: dotElement() });
  map.addSource(RING, { type: "geojson", data: EMPTY });
  map.addLayer({ id: RING, type: "fill", source: RING, paint: { "fill-opacity": 0.12 } }, FIRST_LABEL);
  const repaint = () => map.setPaintProperty(RING, "fill-color", token("--union-post"));
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) night.addEventListener("change", repaint);
  repaint();
  return function (place) {
    if (place) dot.setLngLat([place.lon, place.lat]).addTo(map);
    else dot.remove();
    const ring = place && place.accuracy ? circle(place, place.accuracy) : [];
    const area = { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
    map.getSource(RING).setData(ring.length ? area : EMPTY);
    return ring;
  };
}
