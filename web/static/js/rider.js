// The rider's page: the list first, its states, filters and order; the map after it.

import { page, say, toast } from "./page.js";
import { inOrder, matches, readCards, setPlace, setStates, takeTurns } from "./cards.js";
import { locate, POOR_METRES } from "./nearby.js";
import { wireLinks } from "./navigate.js";
import { closePanel, openPanel, panelCover, refreshPanel, wirePanel } from "./panel.js";

const cards = readCards();
const list = document.getElementById("cards");
const wanted = { open: false, kinds: [], services: [], text: "" };
let open = null;
let map = null;
let place = null;
let chosen = null;

function minuteNow() {
  return Date.now() / 60000;
}

/* The list: which, and in what order */

function noteText() {
  if (!place) return null;
  if (place.picked) return say("picked");
  if (place.accuracy > POOR_METRES) return say("located_badly", { metres: Math.round(place.accuracy / 100) * 100 });
  return say("sorted_near");
}

function arrange() {
  if (!list) return;
  const minute = minuteNow();
  const shown = cards.filter((card) => matches(card, wanted, minute)).sort(inOrder);
  cards.forEach(function (card) {
    card.item.hidden = shown.indexOf(card) < 0;
  });
  shown.forEach(function (card) {
    list.appendChild(card.item);
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

function refreshStates() {
  if (!open) return;
  setStates(cards, open, minuteNow());
  if (map) map.refresh();
  if (list && chosen) refreshPanel(chosen, minuteNow());
  arrange();
}

/** Whether one can ask for what is open now: not before the states are known. */
function offerOpen() {
  const chip = document.querySelector('[data-filter="open"]');
  if (chip) chip.disabled = !open;
}

async function fetchStates() {
  const answer = await fetch(page.urls.open);
  if (!answer.ok) throw new Error(String(answer.status));
  open = await answer.json();
  offerOpen();
  setStates(cards, open, minuteNow());
  takeTurns(cards);
  refreshStates();
}

/** The list as asked for now, open ones first. */
function rearrange() {
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

function toggle(values, value) {
  const at = values.indexOf(value);
  if (at < 0) values.push(value);
  else values.splice(at, 1);
}

function wireFilters() {
  const chips = document.querySelectorAll("[data-filter]");
  chips.forEach(function (chip) {
    chip.addEventListener("click", function () {
      if (chip.dataset.filter === "open") wanted.open = !wanted.open;
      else toggle(chip.dataset.filter === "kind" ? wanted.kinds : wanted.services, chip.dataset.value);
      chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") === "true" ? "false" : "true");
      rearrange();
    });
  });
  const search = document.getElementById("search");
  search.addEventListener("input", function () {
    wanted.text = search.value.trim();
    rearrange();
  });
  const clear = document.getElementById("clear");
  clear.textContent = say("clear");
  document.querySelector("#nothing span").textContent = say("shown_none");
  clear.addEventListener("click", function () {
    Object.assign(wanted, { open: false, kinds: [], services: [], text: "" });
    search.value = "";
    chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
    rearrange();
  });
}

/* Near me */

function settle(found) {
  place = found;
  document.getElementById("locate-trouble").hidden = true;
  document.getElementById("near").setAttribute("aria-pressed", found ? "true" : "false");
  setPlace(cards, found);
  if (chosen) refreshPanel(chosen, minuteNow());
  rearrange();
  if (!found) return;
  list.closest(".sheet").scrollTop = 0;
  if (map) showPlace();
}

function showPlace() {
  const nearest = cards.filter((card) => !card.item.hidden).sort(inOrder);
  map.showMe(place, nearest.slice(0, 3));
}

function wireNear() {
  const button = document.getElementById("near");
  const trouble = document.getElementById("locate-trouble");
  const pick = document.getElementById("pick");
  const hint = document.getElementById("map-hint");
  pick.textContent = say("pick_place");
  button.addEventListener("click", function () {
    if (place) return settle(null);
    button.disabled = true;
    toast(say("locating"));
    return locate()
      .then(function (found) {
        toast(say("located", { metres: Math.max(5, Math.round(found.accuracy)) }));
        settle(found);
      })
      .catch(function (error) {
        document.getElementById("toast").hidden = true;
        trouble.querySelector("span").textContent = say(error.message);
        trouble.hidden = false;
        pick.hidden = !map;
      })
      .then(function () {
        button.disabled = false;
      });
  });
  pick.addEventListener("click", function () {
    hint.textContent = say("picking");
    hint.hidden = false;
    window.scrollTo(0, 0);
    map.pick(function (found) {
      hint.hidden = true;
      settle(found);
    });
  });
}

/* One station */

function choose(card) {
  chosen = card;
  cards.forEach(function (each) {
    if (each.item) each.item.classList.toggle("chosen", each === card);
  });
  if (!list) return;
  window.history.replaceState(null, "", card ? "#" + card.id : window.location.pathname + window.location.search);
  if (card) openPanel(card, minuteNow());
  else closePanel();
  if (map) map.choose(card, panelCover());
}

function wireChoosing() {
  list.addEventListener("click", function (event) {
    const link = event.target.closest("[data-open]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    choose(cards.find((card) => card.element.contains(link)));
  });
  wirePanel(function () {
    choose(null);
  });
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
      if (card.item) card.item.scrollIntoView({ block: "nearest" });
    });
    container.dataset.ready = "yes";
  } catch (error) {
    tellNoMap(say(error.message === "no WebGL2" ? "map_missing" : "map_failed"));
    return;
  }
  // What was known, filtered, found or chosen before there was a map.
  map.refresh();
  arrange();
  if (list) document.getElementById("pick").hidden = false;
  if (place) showPlace();
  if (chosen) map.choose(chosen, panelCover());
}

wireLinks();
if (list) {
  wireFilters();
  wireNear();
  wireChoosing();
  // Ids are plain ASCII; whatever else stands behind the hash names no station.
  const named = cards.find((card) => "#" + card.id === window.location.hash);
  if (named) choose(named);
}
loadStates();
loadMap();
