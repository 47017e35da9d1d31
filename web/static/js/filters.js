// What a rider asks of the list: which chips are pressed, what is typed, and what answers to it.
//
// The wishes stand in the address, so that a list can be passed on and comes back after a reload.

import { offeredAt, spanAt, wallClock } from "./openness.js";
import { say } from "./page.js";

const DAY = 24 * 60;
const NIGHT = { from: 22 * 60, to: 6 * 60 };
/** Services that fill an empty battery. */
const POWER = ["ebike_charging", "battery_swap"];

/** Nothing asked: every card answers. */
export function noWishes() {
  return { open: false, at: "", night: false, power: false, faceless: false, kinds: [], services: [], text: "" };
}

function minuteOfDay(clock) {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

/** The next time that the clock of `timezone` shows a minute of the day. */
function nextTime(ofDay, minute, timezone) {
  const now = minuteOfDay(wallClock(minute, timezone).time);
  return Math.floor(minute) + ((ofDay - now + DAY) % DAY);
}

/** The minute for which the wishes ask what is open, or null where that is now. */
export function minuteOf(wishes, minute, timezone) {
  return wishes.at ? nextTime(minuteOfDay(wishes.at), minute, timezone) : null;
}

/** Whether a door stays open through the night that is, or else the next one. */
function openAllNight(entry, minute, timezone) {
  if (!entry || !entry.door) return false;
  const end = nextTime(NIGHT.to, minute, timezone);
  const begins = end - minute > (NIGHT.to - NIGHT.from + DAY) % DAY ? nextTime(NIGHT.from, minute, timezone) : minute;
  const span = spanAt(entry.door, begins);
  return span !== null && span[1] >= end;
}

/** Whether a card's station is open, and offers all `services`, at a minute. */
function servedAt(card, services, minute) {
  if (card.status !== "open" || !card.entry || !card.entry.door) return false;
  if (!spanAt(card.entry.door, minute)) return false;
  return services.every((service) => offeredAt(card.entry, service, minute) === true);
}

/**
 * Whether a card answers to the wishes. Several kinds mean any of them, several services all of
 * them; words are looked for one by one. What nobody knows (hours, how to get in) is not promised.
 * @param {object} card of readCards, with its entry of open.json
 * @param {object} wishes as of noWishes
 */
export function matches(card, wishes, minute, timezone) {
  if (wishes.kinds.length && wishes.kinds.indexOf(card.kind) < 0) return false;
  if (!wishes.services.every((service) => card.services.indexOf(service) >= 0)) return false;
  if (wishes.power && !POWER.some((service) => card.services.indexOf(service) >= 0)) return false;
  if (wishes.faceless && (!card.entryBy || card.entryBy === "face")) return false;
  if (wishes.open && !servedAt(card, wishes.services, minute)) return false;
  if (wishes.at && !servedAt(card, wishes.services, minuteOf(wishes, minute, timezone))) return false;
  if (wishes.night && (card.status !== "open" || !openAllNight(card.entry, minute, timezone))) return false;
  return wishes.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => card.text.indexOf(word) >= 0 || card.id.indexOf(word) >= 0);
}

const SWITCHES = ["open", "night", "power", "faceless"];

/** The wishes as the query of an address, "" where nothing is asked. */
export function queryOf(wishes) {
  const said = SWITCHES.filter((name) => wishes[name]).map((name) => name + "=1");
  if (wishes.at) said.push("at=" + wishes.at);
  if (wishes.kinds.length) said.push("kind=" + wishes.kinds.join(","));
  if (wishes.services.length) said.push("service=" + wishes.services.join(","));
  if (wishes.text) said.push("q=" + encodeURIComponent(wishes.text));
  return said.join("&");
}

/** The wishes that a query holds; what is no kind or service of this list is left out. */
export function wishesOf(query, kinds, services) {
  const asked = new URLSearchParams(query);
  const wishes = noWishes();
  SWITCHES.forEach(function (name) {
    wishes[name] = asked.get(name) === "1";
  });
  const known = (name, all) => (asked.get(name) || "").split(",").filter((code) => all.indexOf(code) >= 0);
  wishes.at = /^([01]\d|2[0-3]):[03]0$/.test(asked.get("at") || "") ? asked.get("at") : "";
  wishes.kinds = known("kind", kinds);
  wishes.services = known("service", services);
  wishes.text = (asked.get("q") || "").slice(0, 100);
  return wishes;
}

function isPressed(wishes, chip) {
  const of = { kind: wishes.kinds, service: wishes.services }[chip.dataset.filter];
  return of ? of.indexOf(chip.dataset.value) >= 0 : wishes[chip.dataset.filter];
}

function toggle(wishes, chip) {
  const of = { kind: wishes.kinds, service: wishes.services }[chip.dataset.filter];
  if (!of) wishes[chip.dataset.filter] = !wishes[chip.dataset.filter];
  else if (of.indexOf(chip.dataset.value) < 0) of.push(chip.dataset.value);
  else of.splice(of.indexOf(chip.dataset.value), 1);
}

/**
 * Bring chips, time and search to life.
 * @param {object} wishes changed in place, first to what the address asks for
 * @param {() => void} changed called after each change
 * @returns {() => void} to be called when something else has changed the wishes
 */
export function wireFilters(wishes, changed) {
  const chips = Array.from(document.querySelectorAll("[data-filter]"));
  const search = document.getElementById("search");
  const at = document.getElementById("open-at");
  for (let half = 0; half < 48; half += 1) {
    const time = (half < 20 ? "0" : "") + Math.floor(half / 2) + (half % 2 ? ":30" : ":00");
    at.append(new Option(say("open_at_time", { time: time }), time));
  }
  const values = (name) => chips.filter((chip) => chip.dataset.filter === name).map((chip) => chip.dataset.value);

  function show() {
    chips.forEach((chip) => chip.setAttribute("aria-pressed", isPressed(wishes, chip) ? "true" : "false"));
    at.value = wishes.at;
    at.parentNode.classList.toggle("pressed", Boolean(wishes.at));
    if (search.value.trim() !== wishes.text) search.value = wishes.text;
  }

  function apply() {
    show();
    changed();
    if (!/^http/.test(window.location.protocol)) return; // a file's address is its own
    const language = new URLSearchParams(window.location.search).get("lang");
    const query = [language ? "lang=" + language : "", queryOf(wishes)].filter(Boolean).join("&");
    window.history.replaceState(null, "", window.location.pathname + (query ? "?" + query : "") + window.location.hash);
  }

  chips.forEach(function (chip) {
    chip.addEventListener("click", function () {
      toggle(wishes, chip);
      apply();
    });
  });
  at.addEventListener("change", function () {
    wishes.at = at.value;
    apply();
  });
  search.addEventListener("input", function () {
    wishes.text = search.value.trim();
    apply();
  });
  const clear = document.getElementById("clear");
  clear.addEventListener("click", function () {
    Object.assign(wishes, noWishes());
    apply();
  });
  Object.assign(wishes, wishesOf(window.location.search, values("kind"), values("service")));
  wishes.text = wishes.text || search.value.trim(); // typed before anybody listened
  show();
  return apply;
}
