// "Near me": from a tap to a place, or to the reason why there is none and another way.

import { locate } from "./nearby.js";
import { say, toast } from "./page.js";

const button = document.getElementById("near");
const trouble = document.getElementById("locate-trouble");
const pick = document.getElementById("pick");
const hint = document.getElementById("map-hint");

/** Say whether the list goes by a place, and take back what was said of a failure. */
export function showNear(placed) {
  trouble.hidden = true;
  button.setAttribute("aria-pressed", placed ? "true" : "false");
}

function tell(error, map) {
  document.getElementById("toast").hidden = true;
  trouble.querySelector("span").textContent = say(error.message);
  trouble.hidden = false;
  pick.hidden = !map;
}

/**
 * Listen for the tap.
 * @param {function(): object|null} place where the list goes by now
 * @param {function(): object|null} map the map, once there is one
 * @param {function()} onAsk called before the device is asked, which takes it a while
 * @param {function(object|null)} onPlace called with {lon, lat, accuracy} or {lon, lat, picked}
 */
export function wireNear(place, map, onAsk, onPlace) {
  pick.textContent = say("pick_place");
  button.addEventListener("click", function () {
    if (place()) return onPlace(null);
    button.disabled = true;
    toast(say("locating"));
    onAsk();
    return locate()
      .then(function (found) {
        toast(say("located", { metres: Math.max(5, Math.round(found.accuracy)) }));
        onPlace(found);
      })
      .catch((error) => tell(error, map()))
      .then(function () {
        button.disabled = false;
      });
  });
  pick.addEventListener("click", function () {
    hint.textContent = say("picking");
    hint.hidden = false;
    window.scrollTo(0, 0);
    map().pick(function (found) {
      hint.hidden = true;
      onPlace(found);
    });
  });
}
