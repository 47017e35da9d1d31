// The page on paper, and what is drawn for it: the colours are those of the day (tokens.css).
//
// Browsers print no WebGL canvas, so the map is copied onto a plain one just before. Its colours take
// a moment to change, for which nobody waits who prints by the browser's menu: a dark screen's map
// stays dark there. The button and Ctrl+P wait for it.

import { page, say } from "./page.js";
import { make } from "./plan-dom.js";
import { drawScale } from "./plan-picture.js";

/** Where a page may not print, nothing says that it has. */
const PRINTED_MS = 60000;

const night = window.matchMedia("(prefers-color-scheme: dark)");

/**
 * Have `act` find the page and its map in the colours of paper.
 * @param {object|null} map (plan-map.js)
 * @param {function(): (void|Promise)} act
 */
export async function onPaper(map, act) {
  const root = document.documentElement;
  if (root.classList.contains("on-paper")) return; // one after the other
  root.classList.add("on-paper");
  try {
    if (map && night.matches) await map.repainted();
    await act();
  } finally {
    root.classList.remove("on-paper");
    if (map && night.matches) map.repainted();
  }
}

function print() {
  return new Promise(function (resolve) {
    window.addEventListener("afterprint", resolve, { once: true });
    window.setTimeout(resolve, PRINTED_MS);
    window.print();
  });
}

/** The plan that is shown, with what it brings, in one sentence; "" where today is shown. */
function planText() {
  const changes = Array.from(document.querySelectorAll("#changes-list .change-text"), (one) => one.textContent);
  const today = document.getElementById("compare").getAttribute("aria-pressed") === "true";
  if (!changes.length || today) return "";
  const told = ["scenario-gain", "scenario-slot"].map((id) => document.getElementById(id).textContent);
  return [say("picture_scenario", { changes: changes.join(page.lang === "zh" ? "；" : "; ") }), ...told].filter(Boolean).join(" · ");
}

/**
 * Have the page printed with its map as it stands.
 * @param {function(): (object|null)} map gives the map, or null where there is none
 */
export function livePaper(map) {
  const paper = make("canvas", { class: "map-paper", role: "img", "aria-labelledby": "slot-title" });
  document.getElementById("plan-canvas").after(paper);
  const plan = make("p", { class: "paper-plan", hidden: true });
  document.getElementById("headline").before(plan);
  const foot = say("picture_foot", { release: page.release, as_of: page.as_of });
  document.documentElement.style.setProperty("--paper-foot", JSON.stringify(foot));
  window.addEventListener("beforeprint", function () {
    plan.textContent = planText();
    plan.hidden = !plan.textContent;
    paper.hidden = !map();
    if (!map()) return;
    map().still(function (canvas) {
      const ratio = canvas.width / canvas.clientWidth;
      Object.assign(paper, { width: canvas.width, height: canvas.height });
      const pen = paper.getContext("2d");
      pen.drawImage(canvas, 0, 0);
      pen.scale(ratio, ratio);
      drawScale(pen, 1, canvas.clientWidth, canvas.clientHeight);
    });
  });
  window.addEventListener("afterprint", function () {
    plan.hidden = true;
  });
  document.getElementById("print").addEventListener("click", () => onPaper(map(), print));
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "p") return;
    event.preventDefault();
    onPaper(map(), print);
  });
}
