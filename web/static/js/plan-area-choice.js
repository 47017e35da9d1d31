// Choosing a part of the county: a township from the list, what the map shows, or what one draws on it.

import { page, say } from "./page.js";
import { boxText, ringOf, ringText } from "./plan-area.js";
import { cancelAsk } from "./plan-ask.js";
import { make } from "./plan-dom.js";
import { drawArea } from "./plan-draw.js";
import { closePanel } from "./plan-panel.js";

const select = document.getElementById("slot-area");

/** An area as one says it. */
export function areaName(text) {
  return ringOf(text) ? say("area_drawn") : text;
}

/** Show what is chosen; a drawn area gets an entry of its own. */
export function showArea(text) {
  const known = () => Array.from(select.options).some((one) => one.value === text);
  if (!known() && ringOf(text)) {
    select.querySelectorAll("[data-drawn]").forEach((one) => one.remove());
    select.append(make("option", { value: text, "data-drawn": true }, say("area_drawn")));
  }
  select.value = known() ? text : "";
}

/**
 * Bring the list to life.
 * @param {object[]} cells of the release
 * @param {object} acts {choose(text), map() gives the map or null, now() the area that is chosen}
 */
export function liveArea(cells, acts) {
  const townships = Array.from(new Set(cells.map((cell) => cell.township).filter(Boolean)));
  townships.sort(new Intl.Collator(page.lang).compare);
  const ways = select.querySelector('[value="draw"]');
  townships.forEach((name) => select.insertBefore(make("option", { value: name }, name), ways));
  select.disabled = false;

  function draw() {
    closePanel(); // the map has its room
    const settle = function (area) {
      acts.choose(area);
      select.focus({ preventScroll: true });
    };
    drawArea(acts.map(), (corners) => settle(ringText(corners)), () => settle(acts.now()));
  }

  select.addEventListener("change", function () {
    const wanted = select.value;
    cancelAsk();
    if (wanted === "draw") draw();
    else acts.choose(wanted === "view" ? boxText(acts.map().box()) : wanted);
  });
}

const onMap = () => Array.from(select.options).filter((one) => one.value === "draw" || one.value === "view");

/** There is a map to draw on. */
export function offerDrawing() {
  onMap().forEach(function (one) {
    one.disabled = false;
  });
}

/** There is none. */
export function withoutDrawing() {
  onMap().forEach((one) => one.remove());
}
