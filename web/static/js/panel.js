// The card that rises when a station is chosen: a copy of the one in the list, whole.

import { dress } from "./cards.js";
import { upgradeLinks } from "./navigate.js";

const panel = document.getElementById("panel");
const body = document.getElementById("panel-body");
let cameFrom = null;

/** Show a card; ``onClose`` is called when the reader puts it away. */
export function openPanel(card, minute) {
  if (panel.hidden) cameFrom = document.activeElement;
  const copy = card.element.cloneNode(true);
  dress(card, copy, minute);
  upgradeLinks(copy);
  body.textContent = "";
  body.appendChild(copy);
  panel.hidden = false;
  panel.scrollTop = 0;
  panel.setAttribute("aria-label", card.name);
  body.focus({ preventScroll: true });
}

/** Put what has become known of a card into its open copy. */
export function refreshPanel(card, minute) {
  const copy = body.querySelector(".card");
  if (copy) dress(card, copy, minute);
}

/** Put the card away and give the focus back. */
export function closePanel() {
  if (panel.hidden) return;
  panel.hidden = true;
  body.textContent = "";
  if (cameFrom && cameFrom.focus) cameFrom.focus({ preventScroll: true });
  cameFrom = null;
}

/** The height that the open panel covers from below, on a phone. */
export function panelCover() {
  if (panel.hidden) return { bottom: 0, left: 0 };
  const box = panel.getBoundingClientRect();
  const beside = box.width < window.innerWidth * 0.8;
  return { bottom: beside ? 0 : box.height, left: beside ? box.width : 0 };
}

/** Listen for the reader's wish to close it. */
export function wirePanel(onClose) {
  if (!panel) return;
  document.getElementById("panel-close").addEventListener("click", onClose);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !panel.hidden && !document.querySelector("dialog[open]")) onClose();
  });
}
