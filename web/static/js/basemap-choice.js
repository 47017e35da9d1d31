// Another base map under the stations, where the operator has named some and the reader takes one.

import { baseLayers } from "./basemap.js";
import { page, say, toast } from "./page.js";

/** A source of which so many tiles fail and none comes is given up. */
const FAILURES = 3;
const KEPT = "base-map";

function remembered() {
  try {
    return window.localStorage.getItem(KEPT) || "";
  } catch (error) {
    return ""; // forbidden
  }
}

function remember(name) {
  try {
    if (name) window.localStorage.setItem(KEPT, name);
    else window.localStorage.removeItem(KEPT);
  } catch (error) {
    // It works without; the next time one chooses again.
  }
}

/** Put the layers of a base map at the bottom of the map; returns their ids. */
function lay(map, other) {
  const above = baseLayers().slice(1).find((id) => map.getLayer(id)); // all but the ground
  return other.layers.map(function (address, at) {
    const id = "other-" + at;
    map.addSource(id, { type: "raster", tiles: [address], tileSize: 256, maxzoom: 18 });
    map.addLayer({ id: id, type: "raster", source: id }, above);
    return id;
  });
}

/**
 * Offer the page's other base maps on the map; without any nothing is offered.
 * @param {maplibregl.Map} map
 * @param {HTMLElement} container
 */
export function offerBasemaps(map, container) {
  if (!page.basemaps || !page.basemaps.length) return;
  const credit = document.getElementById("map-credit");
  const own = Array.from(credit.children);
  const theirs = document.createElement("span");
  let laid = [];
  let chosen = null;
  let failures = 0;
  let came = false;

  function choose(other) {
    laid.forEach(function (id) {
      map.removeLayer(id);
      map.removeSource(id);
    });
    chosen = other;
    failures = 0;
    came = false;
    laid = other ? lay(map, other) : [];
    baseLayers()
      .slice(1)
      .filter((id) => map.getLayer(id))
      .forEach((id) => map.setLayoutProperty(id, "visibility", other ? "none" : "visible"));
    theirs.textContent = other ? other.attribution : "";
    own.forEach(function (each) {
      each.hidden = Boolean(other);
    });
    select.value = other ? other.name : "";
    select.title = other ? say("basemap_asks", { host: other.host }) : "";
    remember(other && other.name);
  }

  const select = document.createElement("select");
  select.className = "basemap-choice";
  select.setAttribute("aria-label", say("basemap_choice"));
  select.append(new Option(say("basemap_ours"), ""));
  page.basemaps.forEach((other) => select.append(new Option(other.name, other.name)));
  select.addEventListener("change", function () {
    const other = page.basemaps.find((each) => each.name === select.value) || null;
    choose(other);
    if (other) toast(say("basemap_asks", { host: other.host }));
  });
  credit.append(theirs);
  container.parentNode.append(select);

  map.on("data", function (event) {
    if (event.tile && laid.indexOf(event.sourceId) >= 0 && event.tile.state === "loaded") came = true;
  });
  map.on("error", function (event) {
    if (came || laid.indexOf(event.sourceId) < 0) return;
    failures += 1;
    if (failures < FAILURES) return;
    toast(say("basemap_failed", { name: chosen.name }));
    choose(null);
  });
  const before = page.basemaps.find((each) => each.name === remembered());
  if (before) choose(before);
}
