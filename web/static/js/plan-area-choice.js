// Choosing a part of the county: a township from the list, what the map shows, or a box by two clicks.

import { page, say } from "./page.js";
import { boxBetween, boxOf, boxText } from "./plan-area.js";
import { make } from "./plan-dom.js";

const select = document.getElementById("slot-area");
const hand = document.getElementById("map-hand");

/** An area as one says it. */
export function areaName(text) {
  return boxOf(text) ? say("area_box") : text;
}

/** Show what is chosen; a box gets an entry of its own. */
export function showArea(text) {
  const known = Array.from(select.options).some((one) => one.value === text);
  if (!known && boxOf(text)) select.append(make("option", { value: text }, say("area_box")));
  select.value = known || boxOf(text) ? text : "";
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

  function stop() {
    if (hand.hidden) return;
    hand.hidden = true;
    acts.map().ask(null);
  }

  function ask(words, answer) {
    hand.hidden = false;
    hand.textContent = say(words);
    acts.map().ask(answer);
  }

  function draw() {
    document.getElementById("plan-canvas").scrollIntoView({ block: "nearest" });
    ask("area_first", (one) =>
      ask("area_second", function (other) {
        stop();
        acts.choose(boxText(boxBetween(one, other)));
      }),
    );
  }

  select.addEventListener("change", function () {
    stop();
    if (select.value === "draw") draw();
    else acts.choose(select.value === "view" ? boxText(acts.map().box()) : select.value);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || select.value !== "draw") return;
    stop();
    showArea(acts.now());
  });
}

/** There is no map to draw on. */
export function withoutDrawing() {
  Array.from(select.options)
    .filter((one) => one.value === "draw" || one.value === "view")
    .forEach((one) => one.remove());
}
