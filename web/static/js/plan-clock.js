// The clock as a grid: one cell is chosen, arrow keys move, a click or Enter chooses.

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
        const move = MOVES[event.key];
        if (move) {
          const next = (cells[y + move[0]] || [])[x + move[1]];
          event.preventDefault();
          if (next) {
            reachable(cells, next);
            next.focus();
          }
        } else if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          cell.click();
        }
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

/**
 * Bring the tables of both days to life.
 * @returns {(day: string, hour: number, service: string) => void} shows what is chosen
 */
export function liveClock(choose) {
  const days = Array.from(document.querySelectorAll(".clock-day")).map(function (box) {
    return { box: box, table: box.querySelector("table"), cells: enliven(box.querySelector("table"), choose) };
  });
  return function show(day, hour, service) {
    days.forEach(function (one) {
      const now = one.box.dataset.day === day;
      one.box.classList.toggle("clock-other", !now);
      one.table.querySelectorAll("thead th[data-hour]").forEach(function (head) {
        head.classList.toggle("chosen", Number(head.dataset.hour) === hour);
      });
      one.cells.forEach(function (row) {
        row.forEach(function (cell) {
          const chosen = Number(cell.dataset.hour) === hour && cell.parentNode.dataset.service === service;
          cell.setAttribute("aria-selected", chosen ? "true" : "false");
          if (chosen) reachable(one.cells, cell);
        });
      });
      one.table.querySelectorAll("tbody tr").forEach(function (row) {
        row.classList.toggle("chosen", row.dataset.service === service);
      });
    });
  };
}

/** Scroll the shown day sideways so that the hour can be seen (phones). */
export function bringIntoView(day, hour) {
  const box = document.querySelector('.clock-day[data-day="' + day + '"] .clock-scroll');
  const head = box.querySelector('thead th[data-hour="' + hour + '"]');
  const names = box.querySelector("tbody th").offsetWidth;
  const room = box.clientWidth - names;
  box.scrollLeft = head.offsetLeft - names - (room - head.offsetWidth) / 2;
}
