// The clock as a grid: one cell is chosen, arrow keys move, a click or Enter chooses; and its
// figures, painted anew when the reach, the kind or a plan changes them.

import { finding, ofDay, scarcest } from "./plan-findings.js";
import { ANY_STOP, DAYS, people } from "./plan-slots.js";
import { percent } from "./plan-words.js";

const MOVES = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

function grid(table) {
  return Array.from(table.tBodies[0].rows).map(function (row) {
    return Array.from(row.querySelectorAll("td[data-hour]"));
  });
}

function reachable(cells, chosen) {
  cells.forEach(function (row) {
    row.forEach(function (cell) {
      cell.tabIndex = cell === chosen ? 0 : -1;
    });
  });
}

/** Where a key leads from a cell, or undefined. */
function nextCell(cells, y, x, event) {
  if (event.key in MOVES) return (cells[y + MOVES[event.key][0]] || [])[x + MOVES[event.key][1]];
  if (event.key === "Home") return cells[event.ctrlKey ? 0 : y][0];
  if (event.key === "End") return cells[event.ctrlKey ? cells.length - 1 : y][23];
  return undefined;
}

/**
 * Make a day's table a grid.
 * @param {HTMLTableElement} table
 * @param {(hour: number, service: string) => void} choose
 */
function enliven(table, choose) {
  const cells = grid(table);
  table.setAttribute("role", "grid");
  table.setAttribute("aria-readonly", "true");
  cells.forEach(function (row, y) {
    row.forEach(function (cell, x) {
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-selected", "false");
      cell.addEventListener("keydown", function (event) {
        const next = nextCell(cells, y, x, event);
        if (next) {
          reachable(cells, next);
          next.focus();
        } else if (event.key === "Enter" || event.key === " ") {
          cell.click();
        }
        if (next || event.key in MOVES || event.key === "Enter" || event.key === " ") event.preventDefault();
      });
    });
  });
  reachable(cells, cells[0][0]);
  table.addEventListener("click", function (event) {
    const cell = event.target.closest("td[data-hour]");
    if (!cell) return;
    choose(Number(cell.dataset.hour), cell.closest("tr").dataset.service);
  });
  return cells;
}

function share(pair) {
  return percent(pair.covered, pair.total);
}

/** "+12" or "−3"; nothing where the shares are alike. */
function differenceText(points) {
  if (points === 0) return "";
  return points > 0 ? "+" + points : "−" + -points;
}

/** The share, and below it the difference to before; what stands there already is left alone. */
function write(element, pair, before) {
  if (pair.total <= 0) {
    element.dataset.said = element.textContent = "–";
    return;
  }
  const points = before ? share(pair) - share(before) : 0;
  const said = share(pair) + differenceText(points);
  if (element.dataset.said === said) return;
  element.dataset.said = said;
  element.textContent = String(share(pair));
  if (points === 0) return;
  const difference = document.createElement("i");
  difference.className = "delta";
  difference.textContent = differenceText(points);
  element.append(difference);
}

function colour(cell, pair) {
  const step = pair.total <= 0 ? "heat-none" : "heat-" + Math.min(9, Math.floor(share(pair) / 10));
  if (!cell.classList.contains(step)) cell.className = cell.className.replace(/\bheat-(\d|none)\b/, step);
}

/** How many riders there are by the hour, as bars and figures; the most of both days stands tallest. */
function paintRiders(row, day, outcome) {
  const total = (each, hour) => outcome.pair(each, hour, ANY_STOP).total;
  const most = Math.max(...DAYS.flatMap((each) => row.slice(0, 24).map((_, hour) => total(each, hour)))) || 1;
  row.forEach(function (cell, hour) {
    if (hour === 24) {
      cell.textContent = people(ofDay(outcome, day, ANY_STOP).total);
      return;
    }
    const height = (20 * total(day, hour)) / most;
    const bar = cell.querySelector("rect");
    bar.setAttribute("height", height.toFixed(1));
    bar.setAttribute("y", (20 - height).toFixed(1));
    cell.lastChild.data = people(total(day, hour));
  });
}

/** Mark a cell as chosen, or not: itself, its row's name, its hour's heading. */
function mark(table, cell, chosen) {
  cell.setAttribute("aria-selected", chosen ? "true" : "false");
  cell.parentNode.classList.toggle("chosen", chosen);
  table.querySelector('thead th[data-hour="' + cell.dataset.hour + '"]').classList.toggle("chosen", chosen);
}

/**
 * Bring the tables of both days to life.
 * @param {(hour: number, service: string) => void} choose
 * @returns {{show: Function, paint: Function}} `show(day, hour, service)` marks what is chosen;
 *   `paint(day, reach, outcome, before)` writes a day's figures, with the difference to `before` if
 *   given
 */
export function liveClock(choose) {
  const days = Array.from(document.querySelectorAll(".clock-day")).map(function (box) {
    const table = box.querySelector("table");
    const riders = Array.from(table.querySelectorAll(".clock-riders td"));
    return { box: box, day: box.dataset.day, table: table, riders: riders, cells: enliven(table, choose), chosen: null, outcome: null };
  });
  return {
    show: function (day, hour, service) {
      days.forEach(function (one) {
        one.box.classList.toggle("clock-other", one.day !== day);
        const row = one.cells.find((cells) => cells[0].parentNode.dataset.service === service);
        const chosen = row && row[hour];
        if (!chosen || chosen === one.chosen) return;
        if (one.chosen) mark(one.table, one.chosen, false);
        one.chosen = chosen;
        mark(one.table, chosen, true);
        reachable(one.cells, chosen);
      });
    },
    paint: function (day, reach, outcome, before) {
      const one = days.find((each) => each.day === day);
      if (one.outcome === outcome && one.before === before) return;
      Object.assign(one, { outcome: outcome, before: before });
      one.box.querySelector("h2").textContent = finding(outcome, day);
      one.box.querySelector(".clock-scarcest").textContent = scarcest(outcome, day, reach);
      paintRiders(one.riders, day, outcome);
      one.cells.forEach(function (row) {
        const service = row[0].parentNode.dataset.service;
        row.forEach(function (cell, hour) {
          const pair = outcome.pair(day, hour, service);
          colour(cell, pair);
          write(cell, pair, before && before.pair(day, hour, service));
        });
        const total = row[0].parentNode.querySelector(".clock-total");
        write(total, ofDay(outcome, day, service), before && ofDay(before, day, service));
      });
    },
  };
}

/** Scroll the shown day sideways so that the hour can be seen (phones). */
export function bringIntoView(day, hour) {
  const box = document.querySelector('.clock-day[data-day="' + day + '"] .clock-scroll');
  const head = box.querySelector('thead th[data-hour="' + hour + '"]');
  const names = box.querySelector("tbody th").offsetWidth;
  const room = box.clientWidth - names;
  const left = head.offsetLeft - box.scrollLeft - names;
  if (left < 0 || left + head.offsetWidth > room) {
    box.scrollLeft = head.offsetLeft - names - (room - head.offsetWidth) / 2;
  }
}
