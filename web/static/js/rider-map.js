// The rider's map: the base map with a marker for each station.

import { offerBasemaps } from "./basemap-choice.js";
import { createMap, maplibregl, token } from "./basemap.js";
import { page, say } from "./page.js";
import { crowding, dressMarker, FAR_MINUTES, markerElement, MARKERS, marksAndDots, metresPerPixel, mostOf, tapWithin } from "./rider-markers.js";
import { meOn } from "./rider-me.js";
import { wayOn } from "./rider-route.js";

/** The source of our own tiles (basemap-style.js). */
const BASE = "base";

function boundsOf(places) {
  const bounds = new maplibregl.LngLatBounds();
  places.forEach(function (place) {
    bounds.extend([place.lon, place.lat]);
  });
  return bounds;
}

/** Dots for the stations that have no marker. */
function dotsOn(map, cards, onChoose) {
  map.addSource("dots", { type: "geojson", data: featuresOf([]) });
  map.addLayer({ id: "dots", type: "circle", source: "dots", paint: { "circle-radius": 4, "circle-stroke-width": 1.5 } });
  const paint = function () {
    map.setPaintProperty("dots", "circle-color", token("--muted"));
    map.setPaintProperty("dots", "circle-stroke-color", token("--surface"));
  };
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  if (night.addEventListener) night.addEventListener("change", paint);
  paint();
  map.on("click", "dots", function (event) {
    const id = event.features[0].properties.id;
    onChoose(cards.find((card) => card.id === id));
  });
  return (dotted) => map.getSource("dots").setData(featuresOf(dotted));
}

/** How wide a marker is, in pixels: the small ones of a crowd and the others (see rider.css). */
const MARKER_PX = { far: 22, near: 36 };

function featuresOf(cards) {
  return {
    type: "FeatureCollection",
    features: cards.map(function (card) {
      return {
        type: "Feature",
        properties: { id: card.id, name: card.name },
        geometry: { type: "Point", coordinates: [card.lon, card.lat] },
      };
    }),
  };
}

/** Keep the base map's names from under the markers and theirs: unseen signs take their place. */
function clearNames(map, cards) {
  const size = MARKER_PX.near;
  map.addImage("nothing", { width: size, height: size, data: new Uint8Array(size * size * 4) });
  map.addSource("stations", {
    type: "geojson",
    data: featuresOf(cards),
  });
  map.addLayer({
    id: "stations",
    type: "symbol",
    source: "stations",
    layout: {
      "icon-image": "nothing",
      "icon-allow-overlap": true,
      "icon-padding": 0,
      "text-field": "",
      "text-font": ["Noto Sans SC"],
      "text-size": 13,
      "text-anchor": "top",
      "text-offset": [0, 1.2],
      "text-max-width": 10,
      "text-allow-overlap": true,
    },
    paint: { "text-opacity": 0 },
  });
}

/**
 * Draw the map with the cards' stations.
 * @param {HTMLElement} container
 * @param {object[]} cards
 * @param {function(object)} onChoose called with the card of a tapped marker
 */
export async function drawRiderMap(container, cards, onChoose) {
  const wide = window.matchMedia("(min-width: 900px)").matches;
  const bounds = cards.length > 1 ? boundsOf(mostOf(cards)).toArray().flat() : page.bounds;
  const map = await createMap(container, {
    packUrl: page.urls.pack,
    bounds: bounds,
    padding: wide ? 72 : { top: 36, bottom: 48, left: 36, right: 36 },
    zoomButtons: wide,
    words: {
      "NavigationControl.ZoomIn": say("zoom_in"),
      "NavigationControl.ZoomOut": say("zoom_out"),
      "Map.Title": say("map_title"),
    },
  });
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const markers = new Map();
  const tiles = { came: false, failed: false };
  map.on("error", function (event) {
    if (event.sourceId === BASE) tiles.failed = true;
  });
  map.on("sourcedata", function (event) {
    if (event.sourceId === BASE && event.tile) tiles.came = true;
  });

  clearNames(map, cards.length > MARKERS ? [] : cards);
  let onPick = null;
  const pick = function (tell) {
    onPick = tell;
    map.getCanvas().style.cursor = tell ? "crosshair" : "";
    container.classList.toggle("picking", Boolean(tell));
  };
  const take = function (at) {
    const tell = onPick;
    pick(null);
    tell({ lon: at.lng, lat: at.lat, picked: true });
  };
  const showDots = dotsOn(map, cards, (card) => onPick || onChoose(card));
  map.on("click", (event) => onPick && take(event.lngLat)); // after the dots, which have to know
  const showMe = meOn(map);
  const drawWay = wayOn(map);
  let chosen = null;

  function addMarker(card) {
    const button = markerElement(card, (of, event) =>
      onPick ? take(map.unproject(tapWithin(container, event))) : onChoose(of),
    );
    markers.set(card, new maplibregl.Marker({ element: button }).setLngLat([card.lon, card.lat]).addTo(map));
    dressMarker(button, card);
  }

  /** Give the first of these their markers, and the rest of them dots. */
  function showOnly(shown) {
    const { marked, dotted } = marksAndDots(cards, shown);
    markers.forEach(function (marker, card) {
      marker.getElement().hidden = !marked.includes(card) && card !== chosen;
      if (!marker.getElement().hidden || cards.length <= MARKERS) return;
      marker.remove();
      markers.delete(card);
    });
    marked.filter((card) => !markers.has(card)).forEach(addMarker);
    showDots(dotted);
  }

  showOnly(cards);
  offerBasemaps(map, container);
  const crowd = crowding(cards);
  let crowded = false;
  let roomy = false;
  const keepNames = function () {
    const id = chosen ? chosen.id : "";
    const name = roomy ? ["get", "name"] : ["case", ["==", ["get", "id"], id], ["get", "name"], ""];
    map.setLayoutProperty("stations", "text-field", name);
  };
  const onZoom = function () {
    const { far, near } = crowd(metresPerPixel(cards[0].lat, map.getZoom()));
    if (container.classList.toggle("far", far) !== crowded) {
      crowded = far;
      map.setLayoutProperty("stations", "icon-size", far ? MARKER_PX.far / MARKER_PX.near : 1);
    }
    if (container.classList.toggle("near", near) !== roomy) {
      roomy = near;
      keepNames();
    }
  };
  if (cards.length) {
    map.on("zoom", onZoom);
    onZoom();
  }

  return {
    /** Wait until all that is in view has been drawn once; rejects where none of its tiles came. */
    settled: function () {
      return new Promise(function (resolve, reject) {
        const finish = () => (tiles.failed && !tiles.came ? reject(new Error("no tiles")) : resolve());
        if (map.loaded()) finish();
        else map.once("load", finish);
      });
    },
    remove: () => map.remove(),
    /** Dress the markers anew after the states have changed. */
    refresh: function () {
      markers.forEach((marker, card) => dressMarker(marker.getElement(), card));
    },
    /** Show only the markers of these cards, which come in the order of the list. */
    showOnly: showOnly,
    /** Mark a card's station and bring it into the part of the map that nothing covers. */
    choose: function (card, cover) {
      chosen = card;
      if (card && !markers.has(card)) addMarker(card);
      if (card) markers.get(card).getElement().hidden = false;
      markers.forEach(function (marker, each) {
        marker.getElement().setAttribute("aria-pressed", each === card ? "true" : "false");
      });
      keepNames();
      if (!card) return;
      const hidden = Math.max(0, container.getBoundingClientRect().bottom - (window.innerHeight - cover.bottom));
      const height = container.clientHeight;
      const below = Math.min(hidden, height - 80);
      if (card.ride && card.ride.minutes <= FAR_MINUTES) {
        const way = card.ride.line().map((at) => ({ lon: at[0], lat: at[1] }));
        map.fitBounds(boundsOf(way), {
          padding: { top: 40, bottom: below + 32, left: cover.left + 40, right: 40 },
          maxZoom: 16,
          duration: still ? 0 : 200,
        });
        return;
      }
      map.easeTo({
        center: [card.lon, card.lat],
        zoom: Math.max(map.getZoom(), 14.5),
        offset: [cover.left / 2, -below / 2],
        duration: still ? 0 : 200,
      });
    },
    /** Draw a ride as rides.js finds it, or none with null. */
    showWay: drawWay,
    /** Show where the reader is, and the nearest stations with it, or, with null for them, leave the
        view as it is; nothing with null. */
    showMe: function (place, nearest) {
      const ring = showMe(place).map((at) => ({ lon: at[0], lat: at[1] }));
      if (!place || !nearest) return;
      map.fitBounds(boundsOf([place].concat(nearest, ring)), {
        padding: { top: 48, bottom: 96, left: 84, right: 84 }, // names and all
        maxZoom: 15.5,
        duration: still ? 0 : 200,
      });
    },
    /** Call back once with the place that is tapped next, be a marker there or not; null ends it. */
    pick: pick,
  };
}
