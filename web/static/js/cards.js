// The cards that the server wrote, as things to sort, filter and put a state on.

import { drawing, page, say } from "./page.js";
import { TURN } from "./arrival.js";
import { minuteAsked } from "./clock.js";
import { momentText, offeredAt, stateAt, stateText } from "./openness.js";
import { wayText } from "./distance.js";

/** The words of a card, for a search. */
function wordsOf(element) {
  const parts = element.querySelectorAll(".card-name, .card-kind, .card-address, .card-has");
  return Array.from(parts, (part) => part.textContent).join(" ").toLowerCase();
}

function readCard(element, order) {
  const said = element.dataset;
  const at = said.at.split(",");
  const listed = (said.has || "").split(" ").filter(Boolean);
  const item = element.closest("li");
  let words = said.find || "";
  said.id = said.id || item.id;
  return {
    id: said.id,
    element: element,
    item: item,
    order: order,
    name: element.querySelector(".card-name").textContent.trim(),
    kind: said.kind,
    icon: said.icon || said.kind,
    kindName: element.querySelector(".card-kind").textContent.split(" · ")[0],
    lon: Number(at[0]),
    lat: Number(at[1]),
    status: said.status || "open",
    stop: !said.noStop,
    services: said.services ? said.services.split(" ").filter(Boolean) : listed.map((each) => page.services[each][0]),
    heard: "",
    get text() {
      words = words || wordsOf(element);
      return words + " " + this.heard;
    },
    entryBy: said.entry || "",
    known: null,
    entry: null,
    state: { code: "unknown", until: null, reason: null },
    ride: null,
    arrival: { turn: TURN.unknown, at: 0, why: "" },
    turn: TURN.unknown,
    servedAt: 0,
  };
}

/** Every card of the page: what its markup says of it. */
export function readCards() {
  return Array.from(document.querySelectorAll(".card")).map(readCard);
}

function put(tag, className, children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/** Give a short card what it is sent without: its services as drawings, places for what is known now. */
export function furnish(card) {
  const before = card.element.querySelector(".card-has");
  if (!before || card.element.querySelector(".offers")) return;
  const kind = card.element.querySelector(".kind");
  if (!kind.firstChild) kind.appendChild(drawing(card.icon));
  const go = card.element.querySelector("[data-go]");
  go.insertBefore(drawing("navigate"), go.firstChild);
  const offers = card.services.map(function (code) {
    const service = page.services.find((each) => each[0] === code);
    const name = put("span", "offer-name only-heard", [service[1]]);
    const item = put("li", "offer", [put("span", "offer-icon", [drawing(service[2])]), name]);
    item.dataset.service = code;
    return item;
  });
  const state = put("span", "state", [drawing("state_unknown"), put("span", "", [])]);
  const way = put("span", "way", []);
  const why = put("span", "why", []);
  const wayIn = card.element.querySelector(".way-in");
  if (wayIn) wayIn.insertBefore(drawing("door"), wayIn.firstChild);
  const now = put("p", "card-now", [state].concat(wayIn || [], way, why));
  state.dataset.state = state.lastChild.dataset.stateText = way.dataset.way = why.dataset.why = "";
  state.hidden = true;
  before.parentNode.insertBefore(now, before);
  before.parentNode.insertBefore(put("ul", "offers", offers), before);
}

/** A card's state in words, as of a minute. */
export function stateWords(card, minute) {
  return stateText(card.state, minute, page.timezone, say);
}

function showState(card, element, minute) {
  const chip = element.querySelector("[data-state]");
  chip.className = "state state-" + card.state.code;
  chip.replaceChild(drawing("state_" + card.state.code), chip.firstElementChild);
  chip.querySelector("[data-state-text]").textContent = stateWords(card, minute);
  chip.hidden = false;
  element.classList.add("told");
}

function showOffers(card, element, minute) {
  element.querySelectorAll("[data-service]").forEach(function (item) {
    const now = card.status === "open" ? offeredAt(card.entry, item.dataset.service, minute) : false;
    item.classList.toggle("now", now === true);
    item.classList.toggle("later", now === false);
    item.title = item.querySelector(".offer-name").textContent;
    if (now !== null && minuteAsked() === null) item.title += " · " + say(now ? "available_now" : "not_now");
  });
}

const WHY = { opens: "arrive_opens", shuts: "arrive_shuts", short: "arrive_short" };

/** What one finds on arriving, in words; "" where the state says it all. */
function whyText(card, minute) {
  const arrival = card.arrival;
  if (arrival.why in WHY) return say(WHY[arrival.why], { minutes: Math.max(1, arrival.minutes) });
  if (!arrival.why) return "";
  const offer = card.element.querySelector('[data-service="' + arrival.service + '"] .offer-name');
  const named = { service: offer.textContent };
  if (arrival.at === Infinity) return say("arrive_lacks", named);
  return say("arrive_lacks_until", Object.assign(named, { time: momentText(arrival.at, minute, page.timezone, say) }));
}

/** Put what is known of the way to a card's station into its markup, or into a copy of it. */
export function dressWay(card, element, minute) {
  element.querySelector("[data-way]").textContent = card.ride ? wayText(card.ride, say) : "";
  const why = element.querySelector("[data-why]");
  why.textContent = whyText(card, minute);
  why.classList.toggle("why-good", card.arrival.why === "opens");
}

/** Put what is known of a card into its markup, or into a copy of it. */
export function dress(card, element, minute) {
  if (card.known) {
    showState(card, element, minute);
    showOffers(card, element, minute);
  }
  dressWay(card, element, minute);
}

/** Work out every card's state at ``minute`` from the release's intervals. */
export function setStates(cards, open, minute) {
  cards.forEach(function (card) {
    card.known = open;
    card.entry = open.stations[card.id] || null;
    card.state = stateAt(card.status, card.entry && card.entry.door, open, minute, card.entry && card.entry.maybe);
    // What is left then is not to be taken for what is left now: the time is said instead.
    if (card.state.code === "closing" && minuteAsked() !== null) card.state.code = "open";
  });
}
