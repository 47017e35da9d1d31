// The list: which stations, in what order, and what their cards say at this minute. What riders ask
// of it comes later (rider-tools.js) and is kept here.

import { inOrder, setArrivals, takeTurns } from "./arrival.js";
import { dress, dressWay, furnish, readCards, setStates } from "./cards.js";
import { checkClock, minuteNow, minuteShown } from "./clock.js";
import { fetchWithin } from "./fetch-within.js";
import { readOpen } from "./openness.js";
import { page, say, toast } from "./page.js";

const STATES_MS = 12000;

export const cards = readCards();
/** So many cards are shown at once: a hundred (as in county.html); of more, fewer, since each new
    order has to be laid out, which takes a cheap phone ten milliseconds a card. */
export const SHOWN = cards.length > 100 ? 40 : 100;
export const list = document.getElementById("cards");

/** What the list goes by now. The hooks are for who shows more of a card than the list does. */
export const view = {
  open: null,
  services: [],
  matches: () => true,
  limit: SHOWN,
  note: () => null,
  shown: cards.slice(0, SHOWN),
  onArranged: () => {},
  onReckoned: () => {},
};

function tellCount(count) {
  document.getElementById("list-count").textContent = say(count === cards.length ? "shown_all" : "shown_some", {
    count: count,
    total: cards.length,
  });
  const note = document.getElementById("list-note");
  note.textContent = view.note() || "";
  document.getElementById("list-printed").hidden = Boolean(note.textContent);
  document.getElementById("nothing").hidden = count > 0 || !cards.length;
  const more = document.getElementById("more");
  more.hidden = count <= view.limit;
  more.textContent = say("more", { count: Math.min(SHOWN, count - view.limit), left: count - view.limit });
}

/** Show the cards that are asked for, in their order; the rest of them on demand. */
export function arrange() {
  if (!list) return;
  const minute = minuteNow();
  const found = cards.filter((card) => view.matches(card, minute)).sort(inOrder);
  const before = new Set(view.shown);
  view.shown = found.slice(0, view.limit);
  const among = new Set(view.shown);
  const then = minuteShown();
  cards.forEach(function (card) {
    if (card.item.hidden === among.has(card)) card.item.hidden = !among.has(card);
  });
  let next = list.firstElementChild;
  view.shown.forEach(function (card) {
    if (!before.has(card)) dressShown(card, then);
    // Only what changes its place is moved: laying out a long list takes a cheap phone a while.
    if (card.item === next) next = next.nextElementSibling;
    else list.insertBefore(card.item, next);
  });
  list.classList.add("arranged");
  tellCount(found.length);
  view.onArranged(found);
}

function dressShown(card, minute) {
  furnish(card);
  dress(card, card.element, minute);
}

/** What every card says at this minute, or at the one that was asked for. */
export function reckon() {
  const minute = minuteShown();
  if (view.open) setStates(cards, view.open, minute);
  setArrivals(cards, view.open, view.services, minute);
  view.shown.forEach((card) => dressShown(card, minute));
  view.onReckoned(minute);
}

/** The list as asked for now, who is served first in front. */
export function rearrange() {
  const minute = minuteShown();
  setArrivals(cards, view.open, view.services, minute);
  view.shown.forEach((card) => dressWay(card, card.element, minute));
  view.onReckoned(minute);
  takeTurns(cards);
  arrange();
}

/** Whether one can ask for what is open: not before the states are known. (Taps are kept until
    the tools are here, and a button that is not to be pressed would take none.) */
export function offerOpen() {
  document.querySelectorAll('[data-filter="open"], [data-filter="night"], #open-at').forEach(function (control) {
    control.disabled = !view.open;
  });
}

async function fetchStates(onAnswer) {
  view.open = await fetchWithin(page.urls.open, STATES_MS, function (answer) {
    onAnswer(answer, checkClock(answer));
    return answer.json().then(readOpen);
  });
  offerOpen();
  reckon();
  takeTurns(cards);
  arrange();
}

/** The states again; where they could not be had yet, the line may be better by now. */
function keepStates(onAnswer) {
  if (document.hidden) return;
  if (!view.open) {
    fetchStates(onAnswer).catch(function () {});
    return;
  }
  reckon();
  arrange();
}

/**
 * Have the states and keep them true; resolves when they stand, or when they cannot be had.
 * @param {function(Response, number)} onAnswer called with each answer of the server, and by how
 *   many minutes the phone's clock is ahead of it
 */
export function loadStates(onAnswer) {
  view.shown.forEach(furnish);
  const again = () => keepStates(onAnswer);
  setInterval(again, 30000);
  document.addEventListener("visibilitychange", again);
  window.addEventListener("online", again);
  return fetchStates(onAnswer).catch(function () {
    offerOpen();
    toast(say("hours_failed"));
  });
}
