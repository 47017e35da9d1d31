// Passing a station on: by the phone's own sheet where there is one, else as text to paste.

import { page, say } from "./page.js";
import { copyText } from "./navigate.js";

/** Offer it below ``root``, and listen for taps on it. */
export function wireShare(cards) {
  if (!/^http/.test(window.location.protocol)) return;
  document.querySelectorAll("[data-share]").forEach(function (button) {
    button.hidden = false;
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-share]");
    if (!button) return;
    const card = cards.find((each) => each.id === button.dataset.share);
    const url = new URL(page.urls.station + card.id, window.location.href).href;
    if (!navigator.share) return copyText(say("shared_text", { name: card.name, url: url }));
    return navigator.share({ title: card.name, text: card.name, url: url }).catch(function () {});
  });
}
