// A gap, or one cell: whom it concerns, hour by hour, and what is near.

import { page, say } from "./page.js";
import { button, draw, facts, make, refill } from "./plan-dom.js";
import { need } from "./plan-outcome.js";
import { ANY_STOP, clockText, people, slotIndex } from "./plan-slots.js";
import { listed } from "./plan-words.js";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const BAR = { width: 10, height: 44 };

/** Riders without the chosen service in some cells, hour by hour of a day. */
function missingByHour(cells, members, outcome, day, service) {
  return HOURS.map(function (hour) {
    const slot = slotIndex(day, hour);
    const factor = need(outcome, day, hour, service);
    return members.reduce(function (sum, i) {
      return sum + (outcome.covers(service, slot, i) ? 0 : cells[i].riders[slot] * factor);
    }, 0);
  });
}

/** The hours as a row of bars, the chosen one dark; words beside it say the same. */
function bars() {
  const marks = HOURS.map((hour) => draw("rect", { x: hour * BAR.width + 1, width: BAR.width - 2, y: 0, height: 0 }));
  const drawing = draw(
    "svg",
    { viewBox: "0 0 240 " + BAR.height, preserveAspectRatio: "none", class: "hour-bars", "aria-hidden": "true" },
    draw("rect", { class: "bars-ground", x: 0, y: BAR.height - 1, width: 240, height: 1 }),
    ...marks,
  );
  return {
    element: drawing,
    show: function (values, chosen) {
      const most = Math.max(...values, 1e-9);
      marks.forEach(function (mark, hour) {
        const height = values[hour] > 0 ? Math.max(2, (BAR.height * values[hour]) / most) : 0;
        mark.setAttribute("height", height.toFixed(1));
        mark.setAttribute("y", (BAR.height - height).toFixed(1));
        mark.setAttribute("class", hour === chosen ? "hour-bar-chosen" : "hour-bar");
      });
    },
  };
}

function sentence(values, day, hour) {
  const most = Math.max(...values);
  if (most <= 0) return say("gap_none_day", { day: say(day) });
  return say("gap_most", {
    hour: clockText(values.indexOf(most)),
    riders: people(most),
    now: clockText(hour),
    riders_now: people(values[hour]),
  });
}

/** The hours below a row of marks. */
export function hourAxis() {
  const marks = ["0", "6", "12", "18", "24"].map((text) => make("span", {}, text));
  return make("p", { class: "strip-axis", "aria-hidden": "true" }, ...marks);
}

function timeline(world, members) {
  const title = make("h4", {});
  const said = make("p", { class: "bars-said" });
  const row = bars();
  return {
    nodes: [title, row.element, hourAxis(), said],
    show: function () {
      const { day, hour, service } = world.state;
      const values = missingByHour(world.cells(), members, world.now(), day, service);
      const name = service === ANY_STOP ? "" : " · " + page.services[service];
      title.textContent = say("gap_hours_title", { day: say(day) }) + name;
      row.show(values, hour);
      said.textContent = sentence(values, day, hour);
    },
  };
}

/** The cell of a gap with most riders without a stop: where a new one would stand. */
export function middleOfGap(gap, cells) {
  const total = (i) => cells[i].riders.reduce((sum, riders) => sum + riders, 0);
  const best = members(gap, cells).reduce((best, i) => (total(i) > total(best) ? i : best));
  return [cells[best].lon, cells[best].lat];
}

function members(gap, cells) {
  const inside = new Set(gap.cells);
  return cells.map((_, i) => i).filter((i) => inside.has(cells[i].h3));
}

/** What stop is meant: open in the chosen hour, or of whatever hours. */
export function nearLabel(found, hour) {
  if (!found.then) return say("nearest_any");
  return say("nearest_open", { hour: clockText(hour) });
}

/** The nearest stop in words. */
export function nearText(near) {
  if (!near) return say("nearest_open_none");
  return say("nearest_text", { name: near.name, minutes: Math.max(1, Math.ceil(near.minutes)) });
}

/** What riders of a gap lack, most wanted first; releases of before know only what is never there. */
function lackingText(gap) {
  const codes = gap.lacking
    ? Object.keys(gap.lacking).sort((a, b) => gap.lacking[b].rider_hours - gap.lacking[a].rider_hours)
    : gap.services;
  const names = codes.filter((code) => code !== ANY_STOP && code in page.services);
  if (names.length === Object.keys(page.services).length - 1) return say("missing_all");
  return listed(page.lang, names.map((code) => page.services[code]));
}

/**
 * The panel of a gap.
 * @param {object} world {state, cells(), now(), planned(), gapNow (plan-gap-now.js), stationName(id), canTry(),
 *   sizeOf(gap)}
 * @param {object} gap of coverage.json
 * @param {object} acts {tryStop(place), tryHours(id, slots)}
 */
export function gapPanel(world, gap, acts) {
  const line = timeline(world, members(gap, world.cells()));
  const nearTerm = document.createTextNode("");
  const near = document.createTextNode("");
  const remedy = document.createTextNode("");
  const list = facts([
    [nearTerm, near],
    [say("remedy"), remedy],
    [say("col_township"), gap.township || say("unknown")],
  ]);
  const missing = lackingText(gap);
  if (missing) list.append(make("dt", {}, say("missing")), make("dd", {}, missing));
  const tries = make("p", { class: "panel-acts" });
  let offered = "";
  /** The ways to try something, what is advised first and strongest. */
  function offer() {
    const [cause, station] = [world.gapNow.cause(gap), world.gapNow.toLengthen(gap)];
    if (!world.canTry() || offered === cause + station) return;
    offered = cause + station;
    const put = button(say("try_here"), () => acts.tryStop(middleOfGap(gap, world.cells())));
    put.classList.toggle("button-try", cause === "no_stop");
    if (!station) return refill(tries, put);
    const longer = say("try_hours", { name: world.stationName(station) });
    const lengthen = button(longer, () => acts.tryHours(station, world.gapNow.hours(gap)), { class: "button button-try" });
    return refill(tries, lengthen, put);
  }

  const total = make("p", { class: "quiet" });
  const todays = make("p", { class: "quiet" }, say("gap_todays"));
  return {
    body: [total, ...line.nodes, tries, list, todays],
    refresh: function () {
      const found = world.gapNow.nearest(gap);
      const { hour, reach } = world.state;
      const { count, before } = world.sizeOf(gap);
      const [now, was] = [people(count), people(before)];
      total.textContent = say("gap_week", { count: now }) + (now === was ? "" : say("gap_was", { before: was }));
      todays.hidden = !world.planned();
      remedy.data = count > 0 ? say("remedy_" + world.gapNow.cause(gap), { reach: reach }) : say("gap_gone");
      nearTerm.data = nearLabel(found, hour);
      near.data = nearText(found.station);
      offer();
      line.show();
    },
  };
}

/** The panel of one cell of the map. */
export function cellPanel(world, index, acts) {
  const line = timeline(world, [index]);
  const said = make("p", {});
  const tries = make("p", { class: "panel-acts" });
  const cell = world.cells()[index];
  if (world.canTry()) {
    tries.append(button(say("try_here"), () => acts.tryStop([cell.lon, cell.lat]), { class: "button button-try" }));
  }
  return {
    body: [said, ...line.nodes, tries],
    refresh: function () {
      const { day, hour, service } = world.state;
      const slot = slotIndex(day, hour);
      const riders = cell.riders[slot] * need(world.now(), day, hour, service);
      said.textContent = say("cell_text", {
        total: people(riders),
        uncovered: people(world.now().covers(service, slot, index) ? 0 : riders),
        near:
          cell.nearest_s === null
            ? say("near_unknown")
            : say("near", { minutes: Math.max(1, Math.round(cell.nearest_s / 60)) }),
      });
      line.show();
    },
  };
}
