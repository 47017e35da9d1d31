// The list of gaps of the chosen service. The server writes that of "any stop"; the others are
// written here, alike.

import { page, say } from "./page.js";
import { draw, make, refill } from "./plan-dom.js";
import { ANY_STOP, DAYS, people } from "./plan-slots.js";
import { slotsText } from "./plan-words.js";

/** So many are listed at once; the rest is folded away. */
const FIRST = 8;

const title = document.getElementById("gaps-title");
const what = document.getElementById("gaps-what");

/** A gap's name in the reader's language; releases from before there were English ones have one. */
export function nameOfGap(gap) {
  return gap["name_" + page.lang] || gap.name;
}

function strip(gap) {
  const marks = gap.hours.map(function (slot) {
    const [day, hour] = slot.split(" ");
    return draw("rect", { class: "strip-mark", x: hour * 10, y: DAYS.indexOf(day) * 12, width: 10, height: 10 });
  });
  const ground = [0, 12].map((y) => draw("rect", { class: "strip-ground", x: 0, y: y, width: 240, height: 10 }));
  const attributes = { class: "gap-strip", viewBox: "0 0 240 22", "aria-hidden": "true", preserveAspectRatio: "none" };
  return draw("svg", attributes, ...ground, ...marks);
}

function item(gap, number) {
  return make(
    "li",
    { class: "gap", "data-gap": gap.id },
    make("span", { class: "gap-number", "aria-hidden": "true" }, String(number)),
    make(
      "div",
      { class: "gap-body" },
      make(
        "h3",
        { class: "gap-name" },
        make("span", { class: "gap-place" }, nameOfGap(gap)),
        " ",
        make("span", { class: "gap-size" }, say("rider_hours", { count: people(gap.rider_hours) })),
      ),
      make(
        "p",
        { class: "gap-brief" },
        make("span", {}, slotsText(page.lang, gap.hours, page.words)),
        " ",
        make("span", {}, say("remedy_" + gap.cause, { reach: page.reach })),
      ),
      strip(gap),
    ),
  );
}

function titleOf(gaps, service) {
  const name = page.services[service];
  if (!gaps.length) return say("gaps_none_service", { service: name });
  return say("gaps_title_service", { service: name, count: gaps.length, name: nameOfGap(gaps[0]) });
}

/**
 * Bring the list to life.
 * @param {(id: string) => void} open
 * @returns {{show: (service: string, gaps: object[]) => void, mark: (id: string) => void}}
 */
export function liveGaps(open) {
  const first = Array.from(document.querySelectorAll(".plan-gaps > .gaps, .plan-gaps > .gaps-more"));
  const said = title.textContent;
  const other = make("div", { hidden: true });
  let shown = ANY_STOP;
  what.after(other);

  function enliven(element) {
    const name = element.querySelector(".gap-place");
    const attributes = { type: "button", class: "gap-place", title: say("show_gap", { name: name.textContent }) };
    name.replaceWith(make("button", attributes, name.textContent));
    element.addEventListener("click", () => open(element.dataset.gap));
  }

  document.querySelectorAll("[data-gap]").forEach(enliven);
  return {
    show: function (service, gaps) {
      if (service === shown) return;
      shown = service;
      const own = service === ANY_STOP;
      first.forEach((one) => {
        one.hidden = !own;
      });
      other.hidden = own;
      title.textContent = own ? said : titleOf(gaps, service);
      if (own) return;
      const items = gaps.map((gap, i) => item(gap, i + 1));
      items.forEach(enliven);
      refill(other, make("ol", { class: "gaps" }, ...items.slice(0, FIRST)));
      if (items.length <= FIRST) return;
      const more = make("summary", {}, say("gaps_more", { count: items.length - FIRST }));
      other.append(make("details", { class: "gaps-more" }, more, make("ol", { class: "gaps" }, ...items.slice(FIRST))));
    },
    mark: function (id) {
      document.querySelectorAll("[data-gap]").forEach(function (element) {
        const here = element.dataset.gap === id;
        element.classList.toggle("chosen", here);
        const button = element.querySelector("button");
        if (here) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      });
    },
  };
}
