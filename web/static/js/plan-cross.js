// Answering the map's question without a pointer: arrow keys move the map under a cross, Enter or Space
// takes the place below it.

import { make } from "./plan-dom.js";

/**
 * @param {HTMLElement} container of the map
 * @param {HTMLCanvasElement} canvas of the map, which takes the focus
 * @returns {{ask: (take: function|null) => void}} `ask` has Enter call `take`, until it is given null
 */
export function liveCross(container, canvas) {
  const cross = make("i", { class: "map-cross", "aria-hidden": "true", hidden: true });
  let taken = null;
  container.append(cross);

  /** Whoever points needs none: it is there while the map has the focus of keys. */
  function show() {
    cross.hidden = !taken || !canvas.matches(":focus-visible");
  }

  ["focus", "blur", "keyup"].forEach((name) => canvas.addEventListener(name, show));
  canvas.addEventListener("keydown", function (event) {
    show();
    if (!taken || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (!event.repeat) taken();
  });

  return {
    ask: function (take) {
      taken = take;
      if (take) canvas.focus({ preventScroll: true });
      show();
    },
  };
}
