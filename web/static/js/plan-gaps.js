// The list of gaps, worst first: at the chosen hour, or of a week. The server writes that of a
// week for any stop; here each row is made once and put where it belongs.

import { page, say } from "./page.js";
import { areaName } from "./plan-area-choice.js";
import { draw, make, refill } from "./plan-dom.js";
import { hourAxis, middleOfGap, nearLabel, nearText } from "./plan-gap.js";
import { isThere } from "./plan-ranking.js";
import { ANY_STOP, clockText, DAYS, people } from "./plan-slots.js";
import { slotsText } from "./plan-words.js";

/** So many are offered as places for a new stop. */
const PLACES = 20;
/** So many are listed at once; the rest is folded away. */
const FIRST = 10;

const parts = {
  title: document.getElementById("gaps-title"),
  what: document.getElementById("gaps-what"),
  lists: document.getElementById("gap-lists"),
};

/** A gap's name in the reader's language; releases from before there were English ones have one. */
export function nameOfGap(gap) {
  return gap["name_" + page.lang] || gap.name;
}

/** Places where a new stop would serve a gap: {name, place}. */
export function middlesOfGaps(gaps, cells) {
  return gaps.slice(0, PLACES).map((gap) => ({
    name: say("new_stop_gap", { name: nameOfGap(gap) }),
    place: middleOfGap(gap, cells),
  }));
}

/** The hours of both days as two rows of marks. */
function strip(hours) {
  const marks = hours.map(function (slot) {
    const [day, hour] = slot.split(" ");
    return draw("rect", { class: "strip-mark", x: hour * 10, y: DAYS.indexOf(day) * 12, width: 10, height: 10 });
  });
  const ground = [0, 12].map((y) => draw("rect", { class: "strip-ground", x: 0, y: y, width: 240, height: 10 }));
  return [...ground, ...marks];
}

/** A row of the list, and what of it changes with the hour and the plan. */
function rowOf(gap, open) {
  const name = nameOfGap(gap);
  const number = make("span", { class: "gap-number", "aria-hidden": "true" });
  const size = make("span", { class: "gap-size" });
  const near = make("p", { class: "gap-near" });
  const button = make("button", { type: "button", class: "gap-place", title: say("show_gap", { name: name }) }, name);
  const [when, remedy] = [make("span", {}), make("span", {})];
  const attributes = { class: "gap-strip", viewBox: "0 0 240 22", "aria-hidden": "true", preserveAspectRatio: "none" };
  const marks = draw("svg", attributes);
  const heading = make("h3", { class: "gap-name" }, button, " ", size);
  const brief = make("p", { class: "gap-brief" }, when, " ", remedy);
  const hours = make("div", { class: "gap-hours" }, marks, hourAxis());
  const body = make("div", { class: "gap-body" }, heading, brief, hours, near);
  const element = make("li", { class: "gap", "data-gap": gap.id }, number, body);
  element.addEventListener("click", () => open(gap.id));
  let drawn = "";
  return {
    element: element,
    number: number,
    size: size,
    near: near,
    /** When and why riders go without there, by now. */
    tell: function (slots, cause, reach) {
      remedy.textContent = slots.length ? say("remedy_" + cause, { reach: reach }) : "";
      if (slots.join() === drawn) return;
      drawn = slots.join();
      when.textContent = slotsText(page.lang, slots, page.words);
      refill(marks, ...strip(slots));
    },
  };
}

/** "36 名骑手（今天 50）": who goes without in a gap, and before the plan. */
export function sizeText(row, by) {
  const [now, before] = [people(row.count), people(row.before)];
  const said = isThere(row) ? say(by === "hour" ? "gap_riders" : "rider_hours", { count: now }) : say("gap_gone");
  return said + (now === before ? "" : say("gap_was", { before: before }));
}

function titleText(rows, state) {
  const there = rows.filter(isThere);
  const service = state.service === ANY_STOP ? "" : page.services[state.service];
  const when = say(state.day) + "\u202f" + clockText(state.hour);
  const area = areaName(state.area);
  const what = (state.by === "hour" ? [area, when, service] : [area, service]).filter(Boolean).join(" ");
  const key = ["gaps_now_none", "gaps_now_one"][there.length] || "gaps_now";
  const text = say(key, {
    count: there.length,
    name: there.length ? nameOfGap(there[0].gap) : "",
    size: there.length ? say(state.by === "hour" ? "gap_riders" : "rider_hours", { count: people(there[0].count) }) : "",
  });
  return what ? say("gain_service", { service: what, text: text }) : text;
}

/**
 * Bring the list to life.
 * @param {(id: string) => void} open
 * @returns {{show: Function, mark: (id: string) => void}}
 */
export function liveGaps(open) {
  const first = make("ol", { class: "gaps" });
  const rest = make("ol", { class: "gaps" });
  const summary = make("summary", {});
  const more = make("details", { class: "gaps-more" }, summary, rest);
  const made = new Map();
  let order = "";

  function put(rows, rowsOf) {
    const wanted = rows.map((row) => row.gap.id).join(" ");
    if (wanted === order) return;
    order = wanted;
    // Taken out and put elsewhere, an element loses the reader's focus.
    const focused = document.activeElement;
    const elements = rows.map((row) => rowsOf(row.gap).element);
    refill(first, ...elements.slice(0, FIRST));
    refill(rest, ...elements.slice(FIRST));
    more.hidden = elements.length <= FIRST;
    summary.textContent = say("gaps_more", { count: elements.length - FIRST });
    if (parts.lists.contains(focused)) focused.focus({ preventScroll: true });
  }

  function rowsOf(gap) {
    if (!made.has(gap.id)) made.set(gap.id, rowOf(gap, open));
    return made.get(gap.id);
  }

  return {
    /**
     * @param {object} state
     * @param {{rows: object[], outside: number}} ranking (plan-ranking.js)
     * @param {boolean} planned whether the figures are other than today's
     * @param {object} gapNow (plan-gap-now.js)
     */
    show: function (state, ranking, planned, gapNow) {
      if (!first.isConnected) refill(parts.lists, first, more);
      const { rows, outside } = ranking;
      parts.title.textContent = titleText(rows, state);
      const notes = [say(state.by === "hour" ? "gaps_what_hour" : "gaps_what")];
      if (planned) notes.push(say("gaps_planned"));
      if (outside >= 0.05) notes.push(say(state.by === "hour" ? "gaps_outside" : "gaps_outside_hours", { count: people(outside) }));
      parts.what.textContent = notes.join(page.lang === "zh" ? "" : " ");
      rows.forEach(function (row, i) {
        const { element, number, size, near, tell } = rowsOf(row.gap);
        const found = gapNow.nearest(row.gap);
        tell(gapNow.hours(row.gap), gapNow.cause(row.gap), state.reach);
        number.textContent = isThere(row) ? String(i + 1) : "";
        size.textContent = sizeText(row, state.by);
        near.textContent = nearLabel(found, state.hour) + " " + nearText(found.station);
        element.classList.toggle("gap-gone", !isThere(row));
      });
      put(rows, rowsOf);
    },
    mark: function (id) {
      made.forEach(function (row, gap) {
        const here = gap === id;
        row.element.classList.toggle("chosen", here);
        const button = row.element.querySelector("button");
        if (here) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      });
    },
  };
}
