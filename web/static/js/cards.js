// The cards that the server wrote, as things to sort, filter and put a state on.

import { drawing, page, say } from "./page.js";
import { offeredAt, stateAt, stateText } from "./openness.js";
import { metresBetween, wayText } from "./distance.js";

/** Every card of the page: what its markup says of it. */
export function readCards() {
  return Array.from(document.querySelectorAll(".card[data-id]")).map(function (element, order) {
    const said = element.dataset;
    return {
      id: said.id,
      element: element,
      item: element.closest("li"),
      order: order,
      name: element.querySelector(".card-name").textContent.trim(),
      kind: said.kind,
      icon: said.icon,
      kindName: element.querySelector(".card-kind").textContent.split(" · ")[0],
      lon: Number(said.lon),
      lat: Number(said.lat),
      status: said.status,
      services: said.services.split(" ").filter(Boolean),
      text: said.find,
      entry: null,
      state: { code: "unknown", until: null, reason: null },
      stateText: "",
      turn: TURN.unknown,
      straight: null,
    };
  });
}

function showState(card, element) {
  const chip = element.querySelector("[data-state]");
  chip.className = "state state-" + card.state.code;
  chip.replaceChild(drawing("state_" + card.state.code), chip.firstElementChild);
  chip.querySelector("[data-state-text]").textContent = card.stateText;
  chip.hidden = false;
}

function showOffers(card, element, minute) {
  element.querySelectorAll("[data-service]").forEach(function (item) {
    const now = card.status === "open" ? offeredAt(card.entry, item.dataset.service, minute) : false;
    item.classList.toggle("now", now === true);
    item.classList.toggle("later", now === false);
    item.title = item.querySelector(".offer-name").textContent;
    if (now !== null) item.title += " · " + say(now ? "available_now" : "not_now");
  });
}

function showWay(card, element) {
  element.querySelector("[data-way]").textContent = card.straight === null ? "" : wayText(card.straight, say);
}

/** Put what is known of a card into its markup, or into a copy of it. */
export function dress(card, element, minute) {
  if (card.stateText) {
    showState(card, element);
    showOffers(card, element, minute);
  }
  showWay(card, element);
}

/** Work out every card's state at ``minute`` from the release's intervals. */
export function setStates(cards, open, minute) {
  cards.forEach(function (card) {
    card.entry = open.stations[card.id] || null;
    card.state = stateAt(card.status, card.entry && card.entry.door, open, minute);
    card.stateText = stateText(card.state, minute, page.timezone, say);
    dress(card, card.element, minute);
  });
}

/** Work out every card's distance from a place, or forget it with null. */
export function setPlace(cards, place) {
  cards.forEach(function (card) {
    card.straight = place ? metresBetween(place.lon, place.lat, card.lon, card.lat) : null;
    showWay(card, card.element);
  });
}

/**
 * Whether a card answers to the filters.
 * @param {{open: boolean, kinds: string[], services: string[], text: string}} wanted several kinds
 *   mean any of them, several services all of them; words are looked for one by one
 */
export function matches(card, wanted, minute) {
  if (wanted.kinds.length && wanted.kinds.indexOf(card.kind) < 0) return false;
  if (wanted.open && card.state.code !== "open" && card.state.code !== "closing") return false;
  const served = wanted.services.every(function (service) {
    if (card.services.indexOf(service) < 0) return false;
    return !wanted.open || offeredAt(card.entry, service, minute) === true;
  });
  if (!served) return false;
  return wanted.text
    .toLowerCase()
    .split(/\s+/)
    .every(function (word) {
      return card.text.indexOf(word) >= 0 || card.id.indexOf(word) >= 0;
    });
}

// Open doors first; hours unknown before a door known to be shut.
const TURN = { open: 0, closing: 0, unknown: 1, closed: 2 };

/** Give every card its turn by its present state; kept until asked again, so that no card moves
    away under a thumb when another one closes. */
export function takeTurns(cards) {
  cards.forEach(function (card) {
    card.turn = TURN[card.state.code];
  });
}

/** Open ones first, in that the nearest when a place is known, else as the server listed them. */
export function inOrder(a, b) {
  if (a.turn !== b.turn) return a.turn - b.turn;
  if (a.straight !== null && b.straight !== null && a.straight !== b.straight) return a.straight - b.straight;
  return a.order - b.order;
}
