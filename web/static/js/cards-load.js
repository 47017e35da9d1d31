// The cards whole, and what a search hears beside their words: fetched once the list stands.

import { fetchWithin } from "./fetch-within.js";
import { page } from "./page.js";

/** So many cards come together, as list_parts.py cuts them. */
const A_PART = 100;
const PART_MS = 15000;

const parts = [];

function fetchPart(at) {
  if (!parts[at]) {
    parts[at] = fetchWithin(page.urls.cards[at], PART_MS, (answer) => answer.json());
    parts[at].catch(function () {
      parts[at] = null; // the next tap tries anew
    });
  }
  return parts[at];
}

/** A new element with all that there is to say of a card's station; rejects without a network. */
export async function wholeCard(card) {
  const said = await fetchPart(Math.floor(card.order / A_PART));
  const read = new DOMParser().parseFromString(said[card.id], "text/html");
  return document.importNode(read.querySelector(".card"), true);
}

/** Have the first of them ready for a tap. */
export function loadFirst() {
  if (page.urls.cards.length) fetchPart(0).catch(function () {});
}

let hearing = null;

/** Let a search hear more of the cards: hosts, and names as pinyin. */
export function hearMore(cards) {
  hearing = hearing || fetchWithin(page.urls.heard, PART_MS, (answer) => answer.json());
  return hearing.then(
    function (heard) {
      cards.forEach(function (card) {
        card.heard = heard[card.id] || "";
      });
    },
    function () {
      hearing = null;
    },
  );
}
