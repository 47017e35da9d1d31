// Drawing an area on the map, corner by corner.

import { say } from "./page.js";
import { askMap, endAsk, tellAsk } from "./plan-ask.js";
import { button } from "./plan-dom.js";

/** A click as near as this to the first corner closes the area, and to the last one adds none. */
const CLOSE_PX = 16;
const FEWEST = 3;

/**
 * @param {object} map (plan-map.js)
 * @param {function(number[][])} take called with the corners [lon, lat] of what was drawn
 * @param {function()} onCancel called if it was given up
 */
export function drawArea(map, take, onCancel) {
  const corners = [];
  const done = button(say("area_done"), finish);
  const back = button(say("area_back"), function () {
    corners.pop();
    show();
  });

  function show() {
    const enough = corners.length >= FEWEST;
    done.disabled = !enough;
    back.disabled = corners.length === 0;
    tellAsk(say(enough ? "area_close" : corners.length ? "area_next" : "area_first"), corners.length === 0);
    map.trace(corners);
  }

  function finish() {
    endAsk();
    take(corners);
  }

  function add(place) {
    const near = (corner) => map.pixelsBetween(place, corner) <= CLOSE_PX;
    if (corners.length >= FEWEST && near(corners[0])) return finish();
    if (corners.length && near(corners[corners.length - 1])) return undefined; // a double click
    corners.push(place);
    return show();
  }

  askMap(map, add, { buttons: [done, back], onCancel: onCancel });
  show();
}
