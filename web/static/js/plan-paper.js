// The page on paper. Browsers print no WebGL canvas, so the map is copied onto a plain one just before.

import { make } from "./plan-dom.js";
import { drawScale } from "./plan-picture.js";

/**
 * Have the map printed as it stands.
 * @param {object} map (plan-map.js)
 */
export function livePaper(map) {
  const paper = make("canvas", { class: "map-paper", role: "img", "aria-labelledby": "slot-title" });
  document.getElementById("plan-canvas").after(paper);
  window.addEventListener("beforeprint", function () {
    map.still(function (canvas) {
      const ratio = canvas.width / canvas.clientWidth;
      Object.assign(paper, { width: canvas.width, height: canvas.height });
      const pen = paper.getContext("2d");
      pen.drawImage(canvas, 0, 0);
      pen.scale(ratio, ratio);
      drawScale(pen, 1, canvas.clientWidth, canvas.clientHeight);
    });
  });
}
