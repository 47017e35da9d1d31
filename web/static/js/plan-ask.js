// What is asked of the map: where, by a click, or by Enter for its middle. One question at a time; Esc
// takes it back.

import { say } from "./page.js";
import { make, refill } from "./plan-dom.js";

const bar = document.getElementById("map-hand");
const words = bar.querySelector("p");
let asked = null;

/**
 * Ask for places on the map until endAsk() or something else is asked.
 * @param {object} map (plan-map.js)
 * @param {function([number, number])} answer called with each place that is chosen
 * @param {object} [ways] {buttons to stand beside the words, onCancel called when it is taken back}
 */
export function askMap(map, answer, { buttons = [], onCancel } = {}) {
  cancelAsk();
  asked = { map: map, onCancel: onCancel };
  refill(bar, words, ...buttons);
  bar.hidden = false;
  bar.parentNode.scrollIntoView({ block: "nearest" });
  map.ask(answer);
}

/** The words above the map while it is asked; at first also how keys answer, where there are any. */
export function tellAsk(text, first) {
  refill(words, text, ...(first ? [" ", make("span", { class: "map-keys" }, say("ask_keys"))] : []));
}

/** It has been answered. */
export function endAsk() {
  if (!asked) return;
  asked.map.ask(null);
  asked = null;
  bar.hidden = true;
}

/** It will not be answered. */
export function cancelAsk() {
  if (!asked) return;
  const { onCancel } = asked;
  endAsk();
  if (onCancel) onCancel();
}

document.addEventListener("keydown", function (event) {
  if (event.key === "Escape") cancelAsk();
});
