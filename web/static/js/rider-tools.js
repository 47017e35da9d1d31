// What a rider does with the list: filters, "near me", a station's card, the way there, the map.

import { firstServed, inOrder } from "./arrival.js";
import { askFor } from "./ask-for.js";
import { post, withdraw } from "./bulletin.js";
import { hearMore, loadFirst } from "./cards-load.js";
import { dressFacts } from "./card-facts.js";
import { minuteAsked, minuteNow, showMinuteOf } from "./clock.js";
import { distanceText, estimatedRide } from "./distance.js";
import { matches, minuteOf, noWishes, wireFilters } from "./filters.js";
import { farFrom, offerMap, placeText, showNear, wireNear } from "./near.js";
import { isVague } from "./nearby.js";
import { dayText, momentText } from "./openness.js";
import { offerCode, wireLinks } from "./navigate.js";
import { keepOffline, tellCopy } from "./offline.js";
import { openPack } from "./pack.js";
import { page, say, toast } from "./page.js";
import { closePanel, openPanel, panelCover, refreshPanel, wirePanel } from "./panel.js";
import { arrange, cards, list, offerOpen, rearrange, reckon, SHOWN, view } from "./rider-list.js";
import { markerIn } from "./rider-markers.js";
import { loadedRides, loadRides } from "./rides-load.js";
import { wireShare } from "./share.js";
import { addStyles } from "./styles.js";
import { canDrawMaps } from "./webgl.js";

/** The list beside the map, see rider.css. */
const SPLIT = window.matchMedia("(min-width: 900px)");
const wanted = noWishes();
/** A map that takes longer is waited for no more; nor is the overview, once all else is here. */
const MAP_MS = 20000;
const OVERVIEW_MS = 3000;
let lateStyles = null;
let map = null;
let place = null;
/** The nearest station and how far it is, where the place is not in the county. */
let outside = null;
/** What waits for a tap on the map. */
let picking = null;
let chosen = null;
let readAt = 0;
/** What is said where nothing answers to the wishes. */
let noneWords = "";

/** Whose clock the states go by, where it is not the phone's. */
function tellClock(ahead) {
  if (!ahead) return withdraw("clock");
  const minutes = Math.abs(ahead);
  const off = minutes < 120 ? say("minutes", { minutes: minutes }) : say("hours_off", { hours: Math.round(minutes / 60) });
  return post("clock", say(ahead > 0 ? "clock_fast" : "clock_slow", { off: off }));
}

/** Say whose list and whose clock it is that is shown, where they are not the server's and the phone's. */
export function heardFromServer(answer, ahead) {
  if (!list) return;
  tellClock(ahead);
  tellCopy(answer);
}

/** Of when the states are, and from where the list goes. */
function noteText() {
  const asked = minuteAsked();
  const said = [];
  if (asked !== null) said.push(say("as_of_moment", { when: dayText(asked, minuteNow(), page.timezone, say) }));
  if (outside) {
    const county = document.querySelector(".bar-place").textContent;
    const distance = distanceText(outside.card.ride.metres(), say);
    said.push(say(place.picked ? "outside_picked" : "outside", { county: county, distance: distance }));
  }
  if (place) {
    said.push(say(cards.some((card) => card.ride.exact) ? "sorted_near" : "sorted_about"));
    said.push(placeText(place));
  }
  return said.filter(Boolean).join(" · ");
}

/* Near me */

/** Go by a place, or by none; by straight lines at once where the streets are not here yet. */
function settle(found) {
  const ridesFrom = loadedRides();
  place = found;
  outside = found && farFrom(found, page.bounds, cards);
  view.limit = SHOWN;
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
    card.ride = found && Object.assign(found[at], { vague: isVague(place) });
  });
  rearrange();
  if (map) map.showWay(chosen && chosen.ride);
}

function showPlace() {
  map.showMe(place, outside && outside.off ? null : view.shown.slice().sort(inOrder).slice(0, 3));
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
  if (card) openPanel(card, cards);
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

/* The map comes last, and may not come at all; until then a drawing stands in for it */

function tellNoMap(text) {
  const note = document.getElementById("map-note");
  if (!map) document.documentElement.classList.add("no-map");
  if (!note) return toast(text);
  note.textContent = text;
  note.hidden = false;
  return undefined;
}

function chooseOnMap(card) {
  choose(card);
  if (card.item && SPLIT.matches) card.item.scrollIntoView({ block: "nearest" });
}

/** Take the place that is tapped next on the map; with null, no longer. */
function pick(onPick) {
  picking = onPick;
  if (map) map.pick(onPick);
}

/** From here on this is the map: show on it what was known, filtered, found or chosen before. */
function take(drawn) {
  const pane = document.getElementById("map-pane");
  const held = pane.contains(document.activeElement) && document.activeElement.dataset.id;
  if (map) map.remove();
  map = drawn;
  if (picking) pick(picking);
  map.refresh();
  if (list) {
    arrange();
    offerMap();
  }
  if (place) showPlace();
  if (chosen) showChosen();
  if (held && markerIn(pane, held)) markerIn(pane, held).focus({ preventScroll: true });
}

/** Let the drawing stand in, unless the map is sooner or there is none. */
async function standIn(styles) {
  if (!page.urls.overview || !cards.length) return;
  try {
    const [overview] = await Promise.all([import("./overview.js"), styles]);
    const drawn = await overview.drawOverview(document.getElementById("map"), cards, chooseOnMap);
    if (map) drawn.remove();
    else take(drawn);
  } catch (error) {
    // The map comes without it, or not at all.
  }
}

/** Ask for all that the map is made of at once: half a megabyte, the first time. */
function askForMap() {
  askFor(["rider-map", "../vendor/maplibre-gl.mjs"]);
  const worker = new URL("../vendor/maplibre-gl-worker.mjs", import.meta.url);
  fetch(worker).catch(() => undefined); // kept for when the map starts it
  openPack(page.urls.pack && new URL(page.urls.pack, window.location.href).href).catch(() => undefined);
  return addStyles(["../vendor/maplibre-gl.css"]);
}

/** Draw the map; whether it could be drawn. */
async function loadMap() {
  const early = list && standIn(lateStyles);
  try {
    if (!canDrawMaps()) throw new Error("no WebGL2");
    // It is small, and the rest would take its line.
    await Promise.race([early, new Promise((resolve) => setTimeout(resolve, OVERVIEW_MS))]);
    const dressed = askForMap();
    const drawing = await import("./rider-map.js");
    await dressed;
    const container = document.getElementById("map");
    const drawn = await drawing.drawRiderMap(container, cards, chooseOnMap);
    try {
      if (map) await drawn.settled();
    } catch (error) {
      drawn.remove();
      throw error;
    }
    container.dataset.ready = "yes";
    take(drawn);
    return true;
  } catch (error) {
    await (early || standIn(lateStyles));
    const rest = say(list ? "list_works" : "way_works");
    tellNoMap(say(map ? "map_still" : error.message === "no WebGL2" ? "map_missing" : "map_failed", { rest: rest }));
    return false;
  }
}

/* The list with all that one asks of it */

/** Where nothing that is asked for is open: which of it will be first, and a way to see the others. */
function tellNext(found) {
  const [words, button] = document.getElementById("nothing").children;
  const minute = minuteNow();
  const whenever = Object.assign({}, wanted, { open: false });
  const none = wanted.open && !found.length && view.open;
  const shut = none ? cards.filter((card) => matches(card, whenever, minute, page.timezone)) : [];
  const first = firstServed(shut.sort(inOrder), view.open, wanted.services, minute);
  words.textContent = noneWords;
  button.hidden = !first;
  if (!first) return;
  const time = momentText(first.at, minute, page.timezone, say);
  words.textContent = say("none_now", { time: time, name: first.card.name });
  button.textContent = say("by_opening", { count: shut.length });
}

function wireList() {
  noneWords = document.getElementById("nothing").firstElementChild.textContent;
  lateStyles = addStyles(["../css/card.css", "../css/rider-late.css"]);
  view.note = noteText;
  view.matches = (card, minute) => matches(card, wanted, minute, page.timezone);
  view.onArranged = function (found) {
    if (map) map.showOnly(found);
    tellNext(found);
  };
  showMinuteOf(() => minuteOf(wanted, minuteNow(), page.timezone));
  let statesAt = "";
  const restate = function () {
    if (wanted.at !== statesAt) reckon();
    statesAt = wanted.at;
  };
  const apply = wireFilters(wanted, function () {
    restate();
    view.services = wanted.services;
    view.limit = SHOWN;
    rearrange();
    if (wanted.text) hearMore(cards).then(arrange);
  });
  view.services = wanted.services;
  wireNear(() => place, pick, cards, rides, settle);
  wireChoosing();
  document.getElementById("next-open").addEventListener("click", function () {
    wanted.open = false;
    apply();
    view.shown[0].element.querySelector("a").focus({ preventScroll: true });
  });
  document.getElementById("more").addEventListener("click", function () {
    const last = view.shown[view.shown.length - 1];
    view.limit += SHOWN;
    arrange();
    const next = last.item.nextElementSibling;
    if (next) next.querySelector("a").focus({ preventScroll: true });
  });
  restate();
  rearrange();
  if (wanted.text) hearMore(cards).then(arrange);
  // Ids are plain ASCII; whatever else stands behind the hash names no station.
  const named = cards.find((card) => "#" + card.id === window.location.hash);
  if (named) choose(named);
  offerOpen();
  loadFirst();
}

/** Beside the list: the map's markers and the open card say what it is now. */
view.onReckoned = function (minute) {
  if (map) map.refresh();
  if (!list) cards.forEach((card) => dressFacts(card, card.element, minute));
  else if (chosen) refreshPanel(chosen, minute);
};

/** Bring everything to life. */
export function start() {
  wireLinks();
  wireShare(cards);
  if (list) wireList();
  else {
    view.onReckoned(minuteNow());
    offerCode(document);
  }
  Promise.race([loadMap(), new Promise((resolve) => setTimeout(resolve, MAP_MS))]).then(function (drawn) {
    keepOffline(Boolean(drawn), () => !chosen && !place);
    if (list) rides(); // so that "near me" finds them ready
  });
}
