// The list as a file: states by this device's clock, filters, open doors first. It asks for nothing.

import { page, say } from "./page.js";
import { inOrder, setArrivals, takeTurns } from "./arrival.js";
import { dressFacts } from "./card-facts.js";
import { dress, readCards, setStates } from "./cards.js";
import { minuteNow } from "./clock.js";
import { matches, noWishes, wireFilters } from "./filters.js";
import { leaveOut } from "./links.js";

const cards = readCards();
const list = document.getElementById("cards");
const wanted = noWishes();

function arrange() {
  const minute = minuteNow();
  const shown = cards.filter((card) => matches(card, wanted, minute, page.timezone)).sort(inOrder);
  cards.forEach(function (card) {
    card.item.hidden = shown.indexOf(card) < 0;
  });
  shown.forEach((card) => list.appendChild(card.item));
  const count = { count: shown.length, total: cards.length };
  document.getElementById("list-count").textContent = say(
    shown.length === cards.length ? "shown_all" : "shown_some",
    count,
  );
  document.getElementById("nothing").hidden = shown.length > 0;
}

/** States by now; past the days that the file knows there are none, and it says so. */
function refresh() {
  const minute = minuteNow();
  const old = minute < page.open.from || minute >= page.open.to;
  document.getElementById("old").hidden = !old;
  document.querySelectorAll('[data-filter="open"], [data-filter="night"], #open-at').forEach(function (control) {
    control.disabled = old;
  });
  setStates(cards, page.open, minute);
  setArrivals(cards, page.open, wanted.services, minute);
  cards.forEach(function (card) {
    dress(card, card.element, minute);
    dressFacts(card, card.element, minute);
  });
}

function rearrange() {
  refresh();
  takeTurns(cards);
  arrange();
}

wireFilters(wanted, rearrange);
// A tap on a name shows the whole card: its hours, how to get in, the other apps.
cards.forEach(function (card) {
  const name = card.element.querySelector(".card-name");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "card-more";
  button.textContent = card.name;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", function () {
    const whole = card.item.classList.toggle("whole");
    button.setAttribute("aria-expanded", whole ? "true" : "false");
  });
  name.replaceChild(button, name.firstChild);
});
leaveOut(document, navigator.userAgent);
// No clipboard without https, and no address to pass on.
document.querySelectorAll(".others [data-copy]").forEach(function (button) {
  button.closest("li").hidden = true;
});
document.querySelectorAll(".card-also").forEach((buttons) => buttons.remove());
setInterval(refresh, 30000);
rearrange();
