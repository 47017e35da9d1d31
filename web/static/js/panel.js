// The card that rises when a station is chosen: a copy of the one in the list, whole.

import { dressFacts } from "./card-facts.js";
import { wholeCard } from "./cards-load.js";
import { dress, furnish, stateWords } from "./cards.js";
import { minuteAsked, minuteNow, minuteShown } from "./clock.js";
import { distanceText, metresBetween } from "./distance.js";
import { offerCode, upgradeLinks } from "./navigate.js";
import { dayText } from "./openness.js";
import { page, say } from "./page.js";
import { markerIn } from "./rider-markers.js";

const panel = document.getElementById("panel");
const body = document.getElementById("panel-body");
let cameFrom = null;
let around = [];
let shown = null;

/** The three stations that are nearest to one, as links that choose them. */
function alsoNear(card, cards) {
  const others = cards
    .filter((each) => each !== card && each.stop)
    .map((each) => ({ card: each, metres: metresBetween(card.lon, card.lat, each.lon, each.lat) }))
    .sort((a, b) => a.metres - b.metres);
  const section = document.createElement("section");
  const title = document.createElement("h3");
  const list = document.createElement("ul");
  section.className = "also-near";
  title.textContent = say("also_near");
  others.slice(0, 3).forEach(function (other) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const said = document.createElement("span");
    link.href = "#" + other.card.id;
    link.dataset.choose = other.card.id;
    link.textContent = other.card.name;
    said.className = "quiet";
    said.textContent = [distanceText(other.metres, say), other.card.known && stateWords(other.card, minuteShown())].filter(Boolean).join(" · ");
    item.append(link, said);
    list.appendChild(item);
  });
  section.append(title, list);
  return others.length ? section : null;
}

function showNear(card) {
  const before = body.querySelector(".also-near");
  if (before && before.contains(document.activeElement)) return; // not from under a reader's finger
  if (before) before.remove();
  const near = alsoNear(card, around);
  if (near) body.appendChild(near);
}

/** Put a card's markup into the panel, and what is known of its station into that. */
function fill(card, copy) {
  upgradeLinks(copy);
  offerCode(copy);
  body.textContent = "";
  body.appendChild(copy);
  refreshPanel(card, minuteShown());
}

/** Show a card, and what else is near of ``cards``: as the list has it, and whole as soon as can be. */
export function openPanel(card, cards) {
  if (panel.hidden) cameFrom = document.activeElement;
  shown = card;
  around = cards;
  panel.hidden = false;
  panel.setAttribute("aria-label", card.name);
  furnish(card);
  fill(card, card.element.cloneNode(true));
  panel.scrollTop = 0;
  body.focus({ preventScroll: true });
  return wholeCard(card).then(
    function (whole) {
      if (shown === card) fill(card, whole);
    },
    function () {
      if (shown !== card) return;
      const note = document.createElement("p");
      note.className = "quiet";
      note.textContent = say("card_failed");
      body.querySelector(".card").appendChild(note);
    },
  );
}

/** Put what has become known of a card into its open copy. */
export function refreshPanel(card, minute) {
  const copy = body.querySelector(".card");
  if (!copy) return;
  const asked = minuteAsked();
  dress(card, copy, minute);
  if (asked !== null && card.known) {
    copy.querySelector("[data-state-text]").prepend(dayText(asked, minuteNow(), page.timezone, say) + " ");
  }
  dressFacts(card, copy, minuteNow());
  showNear(card);
}

/** Put the card away and give the focus back. */
export function closePanel() {
  if (panel.hidden) return;
  panel.hidden = true;
  shown = null;
  body.textContent = "";
  const id = cameFrom && cameFrom.dataset.id; // of a marker, for which another map may have its own
  const back = cameFrom && (cameFrom.isConnected || !id ? cameFrom : markerIn(document, id));
  if (back && back.focus) back.focus({ preventScroll: true });
  cameFrom = null;
}

/** The height that the open panel covers from below, on a phone. */
export function panelCover() {
  if (panel.hidden) return { bottom: 0, left: 0 };
  const box = panel.getBoundingClientRect();
  const beside = box.width < window.innerWidth * 0.8;
  return { bottom: beside ? 0 : box.height, left: beside ? box.width : 0 };
}

/** Listen for the reader's wish to close it, or to see a station that is near. */
export function wirePanel(onClose, onChoose) {
  if (!panel) return;
  body.addEventListener("click", function (event) {
    const link = event.target.closest("[data-choose]");
    if (!link) return;
    event.preventDefault();
    onChoose(link.dataset.choose);
  });
  document.getElementById("panel-close").addEventListener("click", onClose);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !panel.hidden && !document.querySelector("dialog[open]")) onClose();
  });
}
