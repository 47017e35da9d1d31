// Where the reader is, by name: townships, landmarks, stations. What is chosen stays on the phone.

import { hideDialog, showDialog } from "./dialog.js";
import { fetchWithin } from "./fetch-within.js";
import { page, say } from "./page.js";

/** A longer list is not read to its end; a word more shortens it. */
const MOST = 40;
const PLACES_MS = 6000;

const dialog = document.getElementById("place-dialog");
const field = document.getElementById("place-search");
const list = document.getElementById("place-list");
const count = document.getElementById("place-count");

async function fetchPlaces() {
  if (!page.urls.places) return [];
  const said = await fetchWithin(page.urls.places, PLACES_MS, (answer) => answer.json());
  return said.settlements.concat(said.landmarks).map(function (row) {
    return { name: row[0], lon: row[1], lat: row[2] };
  });
}

function show(places, onChoose) {
  const words = field.value.trim().toLowerCase();
  const found = places.filter((place) => place.name.toLowerCase().indexOf(words) >= 0);
  list.textContent = "";
  found.slice(0, MOST).forEach(function (place) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.name;
    button.addEventListener("click", () => onChoose(place));
    item.appendChild(button);
    list.appendChild(item);
  });
  count.textContent = found.length ? say("places_found", { count: found.length }) : say("places_none");
}

/**
 * Ask for a place by its name.
 * @param {object[]} stations with name, lon and lat; they are all there is where the release names
 *   no places, or these cannot be had
 * @param {function(object)} onPlace called with {lon, lat, name, picked: true}
 */
export async function pickByName(stations, onPlace) {
  field.value = "";
  showDialog(dialog);
  const known = await fetchPlaces().catch(() => []);
  const places = known.concat(stations);
  const choose = function (place) {
    hideDialog(dialog);
    onPlace({ lon: place.lon, lat: place.lat, name: place.name, picked: true });
  };
  field.oninput = () => show(places, choose);
  show(places, choose);
}
