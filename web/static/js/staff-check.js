// The page of a checked ledger: table and map point at each other, and missing points are picked.

import { page, say } from "./page.js";
import { openPicks } from "./staff-picks.js";

const element = (id) => document.getElementById(id);

function storage() {
  try {
    return window.sessionStorage;
  } catch (error) {
    return null; // closed to this page
  }
}

const picks = openPicks(page.key, storage());
/** Row number → where it is and what is wrong, as the server knows it. */
const known = new Map();
page.points.forEach(function (point) {
  known.set(point[0], { row: point[0], lon: point[1], lat: point[2], sign: point[3], name: point[4] });
});
let map = null;
let chosen = null;
let picking = null;

/** Row number → where it is once the accepted offers are followed. */
function moved() {
  const to = new Map();
  page.offers.forEach(function (offer) {
    if (!picks.accepted().includes(offer.at)) return;
    offer.moves.forEach(function (move) {
      to.set(move[0], { row: move[0], lon: move[1], lat: move[2], sign: "picked" });
    });
  });
  return to;
}

function pointOf(row) {
  const at = picks.of(row);
  if (at) return { row: row, lon: at[0], lat: at[1], sign: "picked" };
  return moved().get(row) || known.get(row) || null;
}

function pointsNow() {
  const picked = picks.all().map((pick) => pointOf(pick[0]));
  const to = moved();
  return Array.from(known.values())
    .filter((point) => !picks.of(point.row))
    .map((point) => to.get(point.row) || point)
    .concat(picked);
}

function offMap(at) {
  const box = page.bounds;
  return Boolean(box) && (at[0] < box[0] || at[0] > box[2] || at[1] < box[1] || at[1] > box[3]);
}

function dressRow(line) {
  const row = Number(line.dataset.row);
  const at = picks.of(row);
  const place = line.querySelector("[data-at]");
  if (!place) return;
  if (place.dataset.before === undefined) place.dataset.before = place.textContent;
  const text = at ? say("picked", { lat: at[1].toFixed(5), lon: at[0].toFixed(5) }) : place.dataset.before;
  place.textContent = at && offMap(at) ? text + " " + say("outside") : text;
  line.classList.toggle("picked", Boolean(at));
  line.querySelector("[data-undo]").hidden = !at;
}

/** What is waiting to be written into the workbook. */
function summary(count, accepted) {
  const offers = page.offers.filter((offer) => accepted.includes(offer.at));
  const parts = offers.map((offer) => say("accepted_count", { count: offer.moves.length, word: offer.word }));
  if (count) parts.unshift(say("picked_count", { count: count }));
  return parts.length ? parts.join("") + say("written_back") : "";
}

function refresh() {
  document.querySelectorAll("[data-row]").forEach(dressRow);
  const all = picks.all();
  element("picks").value = JSON.stringify(all);
  const accepted = picks.accepted();
  element("headline-picked").textContent = all.length ? say("headline_picked", { count: all.length }) : "";
  element("pick-count").textContent = summary(all.length, accepted);
  element("accepted").value = JSON.stringify(accepted);
  document.querySelectorAll("[data-accept]").forEach(function (each) {
    each.setAttribute("aria-pressed", String(accepted.includes(Number(each.dataset.accept))));
  });
  if (map) map.show(pointsNow(), movesNow());
}

/** The arrows of the offers that are still open. */
function movesNow() {
  const open = page.offers.filter((offer) => !picks.accepted().includes(offer.at));
  return open.flatMap(function (offer) {
    return offer.moves.map((move) => [known.get(move[0]).lon, known.get(move[0]).lat, move[1], move[2]]);
  });
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** What is chosen, below the map: its row, and what can be done with it. */
function describe(row, note) {
  const box = element("chosen-row");
  box.textContent = "";
  box.hidden = row === null;
  if (row === null) return;
  const line = element("row-" + row);
  const name = line ? line.dataset.name : (known.get(row) || { name: "" }).name;
  const title = document.createElement("strong");
  title.textContent = say("row_title", { row: row, name: name });
  const text = document.createElement("span");
  text.textContent = note || (known.has(row) && known.get(row).sign === "" ? say("no_fault") : "");
  const acts = document.createElement("span");
  acts.className = "row-acts";
  if (line) {
    acts.appendChild(
      button(say("show_row"), function () {
        line.scrollIntoView({ block: "center" });
        line.querySelector("a, button:not([hidden])").focus({ preventScroll: true });
      }),
    );
  }
  acts.appendChild(button(say("pick_again"), () => startPicking(row)));
  if (picks.of(row)) acts.appendChild(button(say("undo"), () => undo(row)));
  box.append(title, text, acts);
}

function choose(row, fly, note) {
  chosen = row;
  document.querySelectorAll("[data-row]").forEach(function (line) {
    line.classList.toggle("chosen", Number(line.dataset.row) === row);
  });
  const point = row === null ? null : pointOf(row);
  // What lies off the map is shown with the whole map, so that one sees how far.
  if (map) map.choose(point, fly, Boolean(point) && offMap([point.lon, point.lat]));
  describe(row, note);
}

function stopPicking() {
  if (picking === null) return;
  picking = null;
  element("picking").hidden = true;
  element("cross").hidden = true;
  if (map) map.pickMode(false);
}

function startPicking(row) {
  if (!map) return;
  const point = pointOf(row);
  const astray = Boolean(point) && offMap([point.lon, point.lat]);
  choose(row, !astray);
  if (astray) map.home();
  picking = row;
  element("chosen-row").hidden = true;
  element("pick-text").textContent = say("pick_row", { row: row });
  element("picking").hidden = false;
  element("cross").hidden = false;
  element("beside").scrollIntoView({ block: "nearest" });
  map.pickMode(true);
}

function pickAt(lon, lat) {
  const row = picking;
  if (row === null) return;
  stopPicking();
  picks.put(row, lon, lat);
  refresh();
  choose(row, false, say("picked_row", { row: row }));
  const line = element("row-" + row);
  if (line) line.querySelector("[data-undo]").focus({ preventScroll: true });
}

function undo(row) {
  picks.drop(row);
  refresh();
  choose(row, false, say("undone_row", { row: row }));
}

function wire() {
  document.querySelectorAll("[data-row]").forEach(function (line) {
    const row = Number(line.dataset.row);
    const on = function (name, act) {
      const found = line.querySelector("[data-" + name + "]");
      if (found) found.addEventListener("click", act);
    };
    on("show", function () {
      stopPicking();
      choose(row, true);
    });
    on("pick", () => startPicking(row));
    on("take", function (event) {
      stopPicking();
      picks.put(row, Number(event.currentTarget.dataset.lon), Number(event.currentTarget.dataset.lat));
      refresh();
      choose(row, true, say("taken_row", { row: row }));
    });
    on("undo", () => undo(row));
  });
  document.querySelectorAll("[data-accept]").forEach(function (each) {
    const at = Number(each.dataset.accept);
    each.addEventListener("click", function () {
      picks.accept(at, !picks.accepted().includes(at));
      refresh();
    });
  });
  element("pick-cancel").addEventListener("click", function () {
    const row = picking;
    stopPicking();
    choose(row, false);
  });
  element("pick-here").addEventListener("click", function () {
    const at = map.centre();
    pickAt(at.lon, at.lat);
  });
  element("workbook-form").addEventListener("submit", function () {
    element("pick-count").textContent = say("writing");
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && picking !== null) element("pick-cancel").click();
  });
}

async function draw() {
  const canvas = element("canvas");
  try {
    const module = await import("./staff-map.js");
    map = await module.drawCheckMap(canvas, page, pointsNow(), movesNow(), {
      row: function (row) {
        choose(row, false);
        const line = row === null ? null : element("row-" + row);
        if (line) line.scrollIntoView({ block: "center" });
      },
      place: pickAt,
    });
    if (chosen !== null) choose(chosen, true);
    canvas.dataset.ready = "";
  } catch (error) {
    canvas.hidden = true;
    element("map-trouble").textContent = say("map_failed");
    element("map-trouble").hidden = false;
    document.querySelectorAll("[data-pick], [data-show]").forEach(function (each) {
      each.hidden = true;
    });
  }
}

wire();
refresh();
draw();
