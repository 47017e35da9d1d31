// The stations' markers, on the map as on the drawing that stands in for it.

import { stateWords } from "./cards.js";
import { minuteShown } from "./clock.js";
import { metresBetween } from "./distance.js";
import { say } from "./page.js";

/** Of more stations than these, only the first of the list have markers, the others are dots. */
export const MARKERS = 200;
const FIRST = 40;
/** A way that takes longer is not shown as a whole when its station is chosen. */
export const FAR_MINUTES = 60;
/** Markers closer together than this many pixels are drawn small, ... */
const CROWDED_PX = 40;
/** ... and farther apart than this their names are written. */
const ROOMY_PX = 150;
const SVG = "http://www.w3.org/2000/svg";
const EQUATOR_M = 40075016.7;
const TILE_PX = 512;

/** How long a pixel is on the ground, at a zoom of web mercator. */
export function metresPerPixel(lat, zoom) {
  return (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * Math.pow(2, zoom));
}

/** An element of a drawing. */
export function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.keys(attributes).forEach(function (key) {
    element.setAttribute(key, attributes[key]);
  });
  return element;
}

/** A card's marker, a button; `onChoose` is called with the card and the tap. */
export function markerElement(card, onChoose) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.id = card.id;
  const picture = svg("svg", { viewBox: "0 0 38 38", "aria-hidden": "true" });
  const shape = svg("use", { href: "#i-" + card.icon, x: 9, y: 9, width: 20, height: 20 });
  const ring = svg("path", { class: "marker-ring", d: "M19 3a16 16 0 1 1 0 32a16 16 0 1 1 0-32" });
  picture.append(svg("circle", { class: "marker-ground", cx: 19, cy: 19, r: 16 }), ring, shape);
  const name = document.createElement("span");
  name.className = "marker-name";
  name.textContent = card.name;
  button.append(picture, name);
  button.addEventListener("click", function (event) {
    event.stopPropagation();
    onChoose(card, event);
  });
  return button;
}

/** Where a tap is within an element, in pixels; one by the keyboard is where its own element is. */
export function tapWithin(element, event) {
  const edge = element.getBoundingClientRect();
  const own = event.target.getBoundingClientRect();
  const byKey = event.detail === 0;
  const x = byKey ? own.left + own.width / 2 : event.clientX;
  const y = byKey ? own.top + own.height / 2 : event.clientY;
  return [x - edge.left, y - edge.top];
}

/** Have a marker say what its station is now. */
export function dressMarker(button, card) {
  button.className = "marker kind-" + card.icon + " marker-" + card.state.code + " maplibregl-marker";
  button.setAttribute(
    "aria-label",
    say("marker", { name: card.name, kind: card.kindName, state: stateWords(card, minuteShown()) }),
  );
}

/** Most of the places: without the tenth that lies farthest out, which would make the rest small. */
export function mostOf(places) {
  const middle = function (key) {
    const values = places.map((place) => place[key]).sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)];
  };
  const lon = middle("lon");
  const lat = middle("lat");
  const far = (place) => metresBetween(lon, lat, place.lon, place.lat);
  return places
    .slice()
    .sort((a, b) => far(a) - far(b))
    .slice(0, Math.ceil(places.length * 0.9));
}

/** How far apart the stations lie, in metres: what all but the closest quarter keep as a distance;
    of many, some speak for all. */
function spacing(cards) {
  const every = Math.ceil(cards.length / MARKERS);
  const nearest = cards.filter((_, at) => at % every === 0).map(function (card) {
    return cards.reduce(function (least, other) {
      if (other === card) return least;
      return Math.min(least, metresBetween(card.lon, card.lat, other.lon, other.lat));
    }, Infinity);
  });
  return nearest.sort((a, b) => a - b)[Math.floor(nearest.length / 4)];
}

/**
 * Of the stations `shown`, in the order of the list, those that have markers and those that are dots.
 * Southern markers come last: they lie in front of northern ones, like things on a table.
 */
export function marksAndDots(cards, shown) {
  const most = cards.length > MARKERS ? FIRST : MARKERS;
  return { marked: shown.slice(0, most).sort((a, b) => b.lat - a.lat), dotted: shown.slice(most) };
}

/** The marker of a station in a part of the page. */
export function markerIn(root, id) {
  return root.querySelector('.marker[data-id="' + CSS.escape(id) + '"]');
}

/** Whether the markers crowd (`far`), or have room for their names (`near`), at a scale. */
export function crowding(cards) {
  const apart = spacing(cards);
  return (metresPerPixel) => ({ far: apart / metresPerPixel < CROWDED_PX, near: apart / metresPerPixel > ROOMY_PX });
}
