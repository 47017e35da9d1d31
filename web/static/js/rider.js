// The rider's page: the list first, its states, filters and order; the map after it.

import { page, say, toast } from "./page.js";
import { inOrder, setArrivals, takeTurns } from "./arrival.js";
import { post, withdraw } from "./bulletin.js";
import { dress, dressFacts, dressWay, readCards, setStates } from "./cards.js";
import { checkClock, minuteNow } from "./clock.js";
import { estimatedRide } from "./distance.js";
import { matches, noWishes, wireFilters } from "./filters.js";
import { fetchWithin } from "./fetch-within.js";
import { offerMap, placeText, showNear, wireNear } from "./near.js";
import { offerCode, wireLinks } from "./navigate.js";
import { keepOffline, tellCopy } from "./offline.js";
import { closePanel, openPanel, panelCover, refreshPanel, wirePanel } from "./panel.js";
import { loadedRides, loadRides } from "./rides-load.js";
import { wireShare } from "./share.js";

const cards = readCards();
const list = document.getElementById("cards");
/** The list beside the map, see rider.css. */
const SPLIT = window.matchMedia("(min-width: 900px)");
const wanted = noWishes();
const STATES_MS = 12000;
/** A map that takes longer is waited for no more. */
const MAP_MS = 20000;
let open = null;
let map = null;
let place = null;
let chosen = null;
let readAt = 0;

/* The list: which, and in what order */

function noteText() {
  if (!place) return null;
  const order = say(cards.some((card) => card.ride.exact) ? "sorted_near" : "sorted_about");
  return [order, placeText(place)].filter(Boolean).join(" · ");
}

function arrange() {
  if (!list) return;
  const minute = minuteNow();
  const shown = cards.filter((card) => matches(card, wanted, minute, page.timezone)).sort(inOrder);
  const among = new Set(shown);
  const rest = cards.filter((card) => !among.has(card));
  let next = list.firstElementChild;
  shown.concat(rest).forEach(function (card) {
    card.item.hidden = !among.has(card);
    // Only what changes its place is moved: laying out a long list takes a cheap phone a while.
    if (card.item === next) next = next.nextElementSibling;
    else list.insertBefore(card.item, next);
  });
  const count = { count: shown.length, total: cards.length };
  document.getElementById("list-count").textContent = say(
    shown.length === cards.length ? "shown_all" : "shown_some",
    count,
  );
  const note = document.getElementById("list-note");
  note.dataset.printed = note.dataset.printed || note.textContent;
  note.textContent = noteText() || note.dataset.printed;
  document.getElementById("nothing").hidden = shown.length > 0;
  if (map) map.showOnly(shown);
}

/** What every card says at this minute. */
function reckon() {
  const minute = minuteNow();
  if (open) setStates(cards, open, minute);
  reckonWays(list ? dress : dressWhole);
}

/** A station's own page shows its card whole. */
function dressWhole(card, element, minute) {
  dress(card, element, minute);
  dressFacts(card, element, minute);
}

/** What every card says of the way to it; states are as they were. */
function reckonWays(put) {
  const minute = minuteNow();
  setArrivals(cards, open, wanted.services, minute);
  cards.forEach(function (card) {
    put(card, card.element, minute);
  });
  if (list && chosen) refreshPanel(chosen, minute);
}

function refreshStates() {
  reckon();
  if (map) map.refresh();
  arrange();
}

/** Whether one can ask for what is open: not before the states are known. */
function offerOpen() {
  document.querySelectorAll('[data-filter="open"], [data-filter="night"], #open-at').forEach(function (control) {
    control.disabled = !open;
  });
}

/** Whose clock the states go by, where it is not the phone's. */
function tellClock(ahead) {
  if (!ahead) return withdraw("clock");
  const minutes = Math.abs(ahead);
  const off = minutes < 120 ? say("minutes", { minutes: minutes }) : say("hours_off", { hours: Math.round(minutes / 60) });
  return post("clock", say(ahead > 0 ? "clock_fast" : "clock_slow", { off: off }));
}

async function fetchStates() {
  open = await fetchWithin(page.urls.open, STATES_MS, function (answer) {
    const ahead = checkClock(answer);
    if (list) {
      tellClock(ahead);
      tellCopy(answer);
    }
    return answer.json();
  });
  offerOpen();
  reckon();
  takeTurns(cards);
  arrange();
  if (map) map.refresh();
}

/** The list as asked for now, who is served first in front. */
function rearrange() {
  reckonWays(dressWay);
  takeTurns(cards);
  arrange();
}

/** The states again; where they could not be had yet, the line may be better by now. */
function keepStates() {
  if (document.hidden) return;
  if (open) refreshStates();
  else fetchStates().catch(function () {});
}

function loadStates() {
  offerOpen();
  fetchStates().catch(function () {
    toast(say("hours_failed"));
  });
  setInterval(keepStates, 30000);
  document.addEventListener("visibilitychange", keepStates);
  window.addEventListener("online", keepStates);
}

/* Near me */

/** Go by a place, or by none; by straight lines at once where the streets are not here yet. */
function settle(found) {
  const ridesFrom = loadedRides();
  place = found;
  showNear(found);
  if (!found) {
    if (map) map.showMe(null);
    return ride(null);
  }
  list.closest(".sheet").scrollTop = 0; // before anything moves, which would have to be laid out for it
  ride(ridesFrom ? ridesFrom(found) : cards.map((card) => estimatedRide(found, card)));
  if (map) showPlace();
  if (ridesFrom) return undefined;
  return rides().then(function (late) {
    if (late && place === found) ride(late(found));
  });
}

/** What finds rides over the streets, or null: then the estimate stands, and says so. */
function rides() {
  return loadRides(page.urls.streets, cards).catch(() => null);
}

function ride(found) {
  cards.forEach(function (card, at) {
    card.ride = found && found[at];
  });
  rearrange();
  if (map) map.showWay(chosen && chosen.ride);
}

function showPlace() {
  const nearest = cards.filter((card) => !card.item.hidden).sort(inOrder);
  map.showMe(place, nearest.slice(0, 3));
}

/* One station */

function choose(card) {
  if (card && !chosen) readAt = window.scrollY;
  chosen = card;
  cards.forEach(function (each) {
    if (each.item) each.item.classList.toggle("chosen", each === card);
  });
  if (!list) return;
  window.history.replaceState(null, "", card ? "#" + card.id : window.location.pathname + window.location.search);
  if (card) openPanel(card, minuteNow(), cards);
  else closePanel();
  if (!map) return;
  // On a phone the list lies over the map, on which the way is.
  window.scrollTo(0, card ? 0 : readAt);
  showChosen();
}

function showChosen() {
  map.choose(chosen, panelCover());
  map.showWay(chosen && chosen.ride);
}

function wireChoosing() {
  list.addEventListener("click", function (event) {
    const link = event.target.closest("[data-open]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    choose(cards.find((card) => card.element.contains(link)));
  });
  wirePanel(
    () => choose(null),
    (id) => choose(cards.find((card) => card.id === id)),
  );
}

/* The map comes last, and may not come at all */

function tellNoMap(text) {
  const note = document.getElementById("map-note");
  document.documentElement.classList.add("no-map");
  if (!note) return toast(text);
  note.textContent = text;
  note.hidden = false;
  return undefined;
}

async function loadMap() {
  try {
    const drawing = await import("./rider-map.js");
    const container = document.getElementById("map");
    map = await drawing.drawRiderMap(container, cards, function (card) {
      choose(card);
      if (card.item && SPLIT.matches) card.item.scrollIntoView({ block: "nearest" });
    });
    container.dataset.ready = "yes";
  } catch (error) {
    tellNoMap(say(error.message === "no WebGL2" ? "map_missing" : "map_failed"));
    return;
  }
  // What was known, filtered, found or chosen before there was a map.
  map.refresh();
  arrange();
  if (list) offerMap();
  if (place) showPlace();
  if (chosen) showChosen();
}

wireLinks();
wireShare(cards);
if (list) {
  wireFilters(wanted, rearrange);
  wireNear(() => place, () => map, cards, rides, settle);
  wireChoosing();
  // Ids are plain ASCII; whatever else stands behind the hash names no station.
  const named = cards.find((card) => "#" + card.id === window.location.hash);
  if (named) choose(named);
}
if (!list) offerCode(document);
loadStates();
Promise.race([loadMap(), new Promise((resolve) => setTimeout(resolve, MAP_MS))]).then(function () {
  keepOffline(Boolean(map), () => !chosen && !place);
  if (list) rides(); // so that "near me" finds them ready
});
