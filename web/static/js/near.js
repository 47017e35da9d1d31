// "Near me": from a tap to a place, or to the reason why there is none and other ways to say it.

import { distanceText, metresBetween } from "./distance.js";
import { isVague, locate } from "./nearby.js";
import { say, toast } from "./page.js";

const button = document.getElementById("near");
const trouble = document.getElementById("locate-trouble");
const onMap = document.getElementById("pick-map");
const byName = document.getElementById("pick-name");
const hint = document.getElementById("map-hint");

function accuracyText(place) {
  return say("located", { distance: distanceText(Math.max(10, place.accuracy), say) });
}

/** What the list goes by, in words: a name, a tap on the map, or how sure the phone is; "" where
    `showNear` says that it is not. */
export function placeText(place) {
  if (place.picked) return place.name ? say("picked_name", { name: place.name }) : say("picked");
  return isVague(place) ? "" : accuracyText(place);
}

/** Somebody so near to a station, in metres, is as good as in the county. */
const AT_HAND = 3000;
/** So far away nobody has a use for a map that shows the place and the stations. */
const FAR_OFF = 25000;

/**
 * Where a place lies that is not in the county: the `card` that is nearest, and whether it is too
 * far off for the map; null where the place is in the county, or cannot be told from one that is.
 */
export function farFrom(place, bounds, cards) {
  const [west, south, east, north] = bounds;
  const within = place.lon >= west && place.lon <= east && place.lat >= south && place.lat <= north;
  if (within || !cards.length) return null;
  const metres = (card) => metresBetween(place.lon, place.lat, card.lon, card.lat);
  const card = cards.reduce((nearest, each) => (metres(each) < metres(nearest) ? each : nearest));
  if (metres(card) < AT_HAND + (place.accuracy || 0)) return null;
  return { card: card, off: metres(card) > FAR_OFF };
}

function tell(text) {
  trouble.querySelector("[role]").textContent = text;
  trouble.hidden = false;
}

/** Say whether the list goes by a place; where the phone is far from sure, offer the other ways. */
export function showNear(place) {
  button.setAttribute("aria-pressed", place ? "true" : "false");
  trouble.hidden = true;
  if (place && isVague(place)) {
    tell(say("located_badly", { distance: distanceText(place.accuracy, say) }));
  }
}

/** A tap on the map can be offered once there is one. */
export function offerMap() {
  onMap.hidden = false;
}

/**
 * Listen for the tap.
 * @param {function(): object|null} place where the list goes by now
 * @param {function(function(object)|null)} pick gives the place that is tapped next on the map; it
 *   is to be ended with null
 * @param {object[]} stations which may be named as places too
 * @param {function()} onAsk called before the device is asked, which takes it a while
 * @param {function(object|null)} onPlace called with {lon, lat} and accuracy or picked, or null
 */
export function wireNear(place, pick, stations, onAsk, onPlace) {
  let picking = false;
  const offerPick = function (armed) {
    picking = armed;
    onMap.setAttribute("aria-pressed", armed ? "true" : "false");
    hint.textContent = armed ? say("picking") : "";
    hint.hidden = !armed;
    pick(armed ? settle : null);
  };
  const settle = function (found) {
    if (picking) offerPick(false);
    onPlace(found);
  };
  button.addEventListener("click", function () {
    if (place()) return settle(null);
    button.disabled = true;
    toast(say("locating"));
    onAsk();
    return locate()
      .then(function (found) {
        toast(accuracyText(found));
        settle(found);
      })
      .catch(function (error) {
        document.getElementById("toast").hidden = true;
        tell(say(error.message));
      })
      .then(function () {
        button.disabled = false;
      });
  });
  onMap.addEventListener("click", function () {
    offerPick(!picking);
    if (picking) window.scrollTo(0, 0);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && picking) offerPick(false);
  });
  byName.addEventListener("click", function () {
    onAsk();
    import("./place-picker.js")
      .then((picker) => picker.pickByName(stations, settle))
      .catch(() => toast(say("places_failed")));
  });
}
