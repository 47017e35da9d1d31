// The way to the chosen station, drawn under the map's names; dashed where it is only a straight line.

import { FIRST_LABEL, token } from "./basemap.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const CASING = "way-casing";
const LINE = "way";

function paint(map) {
  map.setPaintProperty(CASING, "line-color", token("--surface"));
  map.setPaintProperty(LINE, "line-color", token("--ember"));
}

/**
 * Give the map its layers for a way.
 * @returns {function(object|null)} draws a ride as rides.js finds it, or takes it away with null
 */
export function wayOn(map) {
  const width = (one, other) => ["interpolate", ["linear"], ["zoom"], 11, one, 16, other];
  const layout = { "line-cap": "round", "line-join": "round" };
  map.addSource("way", { type: "geojson", data: EMPTY });
  map.addLayer({ id: CASING, type: "line", source: "way", layout: layout, paint: { "line-width": width(6, 10) } }, FIRST_LABEL);
  map.addLayer(
    { id: LINE, type: "line", source: "way", layout: { "line-join": "round" }, paint: { "line-width": width(3, 6) } },
    FIRST_LABEL
  );
  const repaint = () => paint(map);
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) night.addEventListener("change", repaint);
  repaint();
  return function (ride) {
    const line = ride && { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ride.line() } };
    if (ride) map.setPaintProperty(LINE, "line-dasharray", ride.exact ? undefined : [1.5, 1.5]);
    map.getSource("way").setData(line || EMPTY);
  };
}
