// The panel under the map: what was picked, what it means, what one could try there.

import { say } from "./page.js";
import { make, refill } from "./plan-dom.js";

/** Where the map and its panel stand beside the list (plan.css). */
const BESIDE = "(min-width: 1200px)";

const panel = document.getElementById("panel");
const hint = document.getElementById("map-hint");
let refresh = null;
let leave = null;
let origin = null;

/** Put the panel away; focus goes back to where it came from. */
export function closePanel() {
  if (panel.hidden) return;
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  hint.hidden = false;
  refill(panel);
  refresh = null;
  if (leave) leave();
  leave = null;
  if (inside && origin && origin.isConnected) origin.focus();
}

/**
 * Show a panel in place of the one before.
 * @param {string} title
 * @param {{body: Node[], refresh: () => void}} content `refresh` follows the hour and the plan
 * @param {object} [options] badge: gives the text before the title, which may change; focus: move the reader there;
 *   onClose: told when it goes
 */
export function openPanel(title, content, options) {
  const asked = options || {};
  if (!panel.contains(document.activeElement)) origin = document.activeElement;
  if (leave) leave();
  leave = asked.onClose || null;
  const heading = make("h3", { id: "panel-title", tabindex: "-1" });
  const badge = make("span", { class: "gap-number", "aria-hidden": "true" });
  if (asked.badge) heading.append(badge);
  heading.append(make("span", {}, title));
  const close = make("button", { type: "button", class: "panel-close", "aria-label": say("close_panel") }, "×");
  close.addEventListener("click", closePanel);
  refill(panel, make("div", { class: "panel-head" }, heading, close), ...content.body);
  panel.hidden = false;
  hint.hidden = true;
  panel.scrollTop = 0;
  refresh = function () {
    if (asked.badge) badge.textContent = asked.badge();
    content.refresh();
  };
  refresh();
  if (asked.focus) {
    heading.focus({ preventScroll: true });
    // Below the map rather than beside the list, it leaves room for some of the map above it.
    panel.scrollIntoView({ block: window.matchMedia(BESIDE).matches ? "nearest" : "start" });
  }
}

/** Write the open panel anew: another hour, another plan. */
export function refreshPanel() {
  if (refresh) refresh();
}

panel.addEventListener("keydown", function (event) {
  if (event.key === "Escape") closePanel();
});
