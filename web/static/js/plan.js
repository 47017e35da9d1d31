// The planner's page: one slot (day, hour, service) is chosen; the clock, the map and the words
// follow it, and the address keeps it.

import { ANY_STOP, classTexts, clockTable, clockText, fill, people, slotIndex, uncovered } from "./plan-slots.js";
import { bringIntoView, liveClock } from "./plan-clock.js";

const page = JSON.parse(document.getElementById("page-data").textContent);
const words = page.words;
const slot = { day: page.day, hour: page.hour, service: page.service };
const parts = {
  title: document.getElementById("slot-title"),
  hour: document.getElementById("slot-hour"),
  clock: document.getElementById("slot-clock"),
  service: document.getElementById("slot-service"),
  canvas: document.getElementById("plan-canvas"),
  trouble: document.getElementById("map-trouble"),
  legend: document.getElementById("legend-map"),
  ramp: document.getElementById("legend-ramp"),
  cell: document.getElementById("cell-text"),
};

let clock = null;
let map = null;
let chosenCell = null;

function readAddress() {
  const match = /^#(workday|dayoff)-(\d{1,2})-(\w+)$/.exec(window.location.hash);
  if (match && Number(match[2]) < 24 && match[3] in page.services) {
    slot.day = match[1];
    slot.hour = Number(match[2]);
    slot.service = match[3];
  }
}

function slotTitle() {
  const pair = clock(slot.day, slot.hour, slot.service);
  const key = pair.total <= 0 ? "slot_empty" : slot.service === ANY_STOP ? "slot_any" : "slot_service";
  return fill(words[key], {
    day: words[slot.day],
    hour: clockText(slot.hour),
    service: page.services[slot.service],
    total: people(pair.total),
    uncovered: people(pair.total - pair.covered),
    reach: page.reach,
  });
}

function need(day, hour, service) {
  const all = clock(day, hour, ANY_STOP).total;
  return all > 0 ? clock(day, hour, service).total / all : 0;
}

function show() {
  showClock(slot.day, slot.hour, slot.service);
  document.querySelectorAll("[data-choose-day]").forEach(function (button) {
    button.setAttribute("aria-pressed", button.dataset.chooseDay === slot.day ? "true" : "false");
  });
  parts.hour.value = String(slot.hour);
  parts.hour.setAttribute("aria-valuetext", clockText(slot.hour));
  parts.clock.textContent = clockText(slot.hour);
  parts.service.value = slot.service;
  if (clock) parts.title.textContent = slotTitle();
  if (map) {
    map.show(slot.day, slot.hour, slot.service);
    sayCell(chosenCell);
  }
}

function choose(change) {
  Object.assign(slot, change);
  window.history.replaceState(null, "", "#" + [slot.day, slot.hour, slot.service].join("-"));
  show();
}

const showClock = liveClock(function (hour, service) {
  choose({ hour: hour, service: service });
});

document.querySelectorAll("[data-choose-day]").forEach(function (button) {
  button.addEventListener("click", function () {
    choose({ day: button.dataset.chooseDay });
  });
});
parts.hour.addEventListener("input", function () {
  choose({ hour: Number(parts.hour.value) });
});
parts.service.addEventListener("change", function () {
  choose({ service: parts.service.value });
});

function colourLegend(colours, limits) {
  parts.ramp.textContent = "";
  classTexts(limits).forEach(function (text, i) {
    const step = document.createElement("span");
    const patch = document.createElement("i");
    patch.style.backgroundColor = colours[i];
    step.append(patch, text);
    parts.ramp.append(step);
  });
}

let sayCell = function () {};

function cellWords(data) {
  return function (index) {
    chosenCell = index;
    if (index === null) {
      parts.cell.textContent = words.map_hint;
      return;
    }
    const cell = data.cells.cells[index];
    const factor = need(slot.day, slot.hour, slot.service);
    const at = slotIndex(slot.day, slot.hour);
    const near =
      cell.nearest_s === null
        ? words.near_unknown
        : fill(words.near, { minutes: Math.max(1, Math.round(cell.nearest_s / 60)) });
    parts.cell.textContent = fill(words.cell_text, {
      total: people(cell.riders[at] * factor),
      uncovered: people(uncovered([cell], at, slot.service, factor)[0]),
      near: near,
    });
  };
}

/** A gap's slot nearest to what is shown: the same hour, else the first of its own. */
function slotOfGap(gap) {
  const now = slot.day + " " + slot.hour;
  const text = gap.hours.includes(now) ? now : gap.hours.find((one) => one.startsWith(slot.day)) || gap.hours[0];
  const [day, hour] = text.split(" ");
  return { day: day, hour: Number(hour), service: ANY_STOP };
}

function visit(gap) {
  markGap(gap.id);
  choose(slotOfGap(gap));
  if (map) map.visit(gap);
}

function markGap(id) {
  document.querySelectorAll("[data-gap]").forEach(function (item) {
    const here = item.dataset.gap === id;
    item.classList.toggle("chosen", here);
    const button = item.querySelector("button");
    if (here) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
}

function liveGaps(gaps) {
  document.querySelectorAll("[data-gap]").forEach(function (item) {
    const gap = gaps.find((one) => one.id === item.dataset.gap);
    const name = item.querySelector(".gap-place");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "gap-place";
    button.textContent = name.textContent;
    button.title = fill(words.show_gap, { name: name.textContent });
    name.replaceWith(button);
    item.addEventListener("click", function () {
      visit(gap);
      if (window.matchMedia("(max-width: 899px)").matches) parts.title.scrollIntoView({ block: "start" });
    });
  });
}

function trouble(text) {
  parts.trouble.textContent = text;
  parts.trouble.hidden = false;
}

async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address + ": " + answer.status);
  return answer.json();
}

async function drawMap(data) {
  const drawing = await import("./plan-map.js");
  sayCell = cellWords(data);
  const recolour = function () {
    colourLegend(drawing.classColours(), map.limits);
  };
  map = await drawing.drawPlanMap(parts.canvas, {
    packUrl: page.urls.pack,
    bbox: page.bounds,
    words: {},
    coverage: data.coverage,
    cells: data.cells,
    stations: data.stations,
    need: need,
    onNight: recolour,
    onCell: sayCell,
    onStation: function (station) {
      parts.cell.textContent = station.name + " · " + words["legend_" + station.state];
    },
    onGap: function (id) {
      visit(data.coverage.gaps.find((gap) => gap.id === id));
      document.querySelector(".gap.chosen").scrollIntoView({ block: "nearest" });
    },
  });
  recolour();
  parts.legend.hidden = false;
  document.getElementById("legend-unreachable").hidden = data.cells.cells.every((cell) => cell.nearest_s !== null);
}

async function start() {
  readAddress();
  show();
  bringIntoView(slot.day, slot.hour);
  let data;
  try {
    const [coverage, cells, stations] = await Promise.all(
      [page.urls.coverage, page.urls.cells, page.urls.slots].map(read),
    );
    data = { coverage: coverage, cells: cells, stations: stations };
  } catch (error) {
    trouble(words.map_failed);
    return;
  }
  clock = clockTable(data.coverage.clock);
  liveGaps(data.coverage.gaps);
  show();
  try {
    await drawMap(data);
  } catch (error) {
    parts.canvas.hidden = true;
    trouble(words.map_missing);
    return;
  }
  show();
  parts.canvas.dataset.ready = "true";
}

start();
