// The cards that the server wrote, as things to sort, filter and put a state on.

import { drawing, page, say } from "./page.js";
import { TURN } from "./arrival.js";
import { checkedAgo, todayText } from "./card-facts.js";
import { momentText, offeredAt, stateAt, stateText } from "./openness.js";
import { wayText } from "./distance.js";

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
      stop: !said.noStop,
      services: said.services.split(" ").filter(Boolean),
      text: said.find,
      entryBy: said.entry || "",
      known: null,
      entry: null,
      state: { code: "unknown", until: null, reason: null },
      stateText: "",
      ride: null,
      arrival: { turn: TURN.unknown, at: 0, why: "" },
      turn: TURN.unknown,
      servedAt: 0,
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
  if (card.stateText) {
    showState(card, element);
    showOffers(card, element, minute);
  }
  dressWay(card, element, minute);
}

/** Put what changes from day to day into a card that is shown whole. */
export function dressFacts(card, element, minute) {
  const today = element.querySelector("[data-today]");
  today.textContent = card.known ? todayText(card.entry, card.known, minute, page.timezone, say) : "";
  today.hidden = !today.textContent;
  const checked = element.querySelector("[data-checked]");
  const ago = checked && checkedAgo(checked.dataset.checked, minute, page.timezone, say);
  if (!ago) return;
  checked.textContent = ago.text;
  checked.title = checked.dataset.checked;
  checked.classList.toggle("checked-old", ago.old);
}

/** Work out every card's state at ``minute`` from the release's intervals. */
export function setStates(cards, open, minute) {
  cards.forEach(function (card) {
    card.known = open;
    card.entry = open.stations[card.id] || null;
    card.state = stateAt(card.status, card.entry && card.entry.door, open, minute);
    card.stateText = stateText(card.state, minute, page.timezone, say);
  });
}
