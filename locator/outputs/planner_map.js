"use strict";

/* Folium gives a marker its icon after it stands on the map; until then Leaflet would ask for
   pictures that are not in this file. */
L.Marker.prototype.options.icon = L.divIcon({ className: "mark" });

/* What the hand-out does beyond Leaflet: road widths by zoom, and a gap's entry leads to its place. */
function planner(map) {
  const sayZoom = () => {
    map.getContainer().dataset.zoom = String(Math.round(map.getZoom()));
  };
  map.on("zoomend", sayZoom);
  sayZoom();
  for (const button of document.querySelectorAll("[data-bounds]")) {
    button.addEventListener("click", () => {
      map.fitBounds(JSON.parse(button.dataset.bounds), { maxZoom: 16, animate: false });
      map.getContainer().scrollIntoView({ block: "nearest" });
    });
  }
}
