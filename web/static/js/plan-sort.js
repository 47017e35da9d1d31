// Tables that sort: a button in each heading, the order told by aria-sort.

function compare(a, b) {
  const x = Number(a);
  const y = Number(b);
  if (a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is not known goes last, whichever way the rest is turned. */
function sortRows(table, column, down) {
  const key = (row) => row.cells[column].dataset.sort;
  const rows = Array.from(table.tBodies[0].rows);
  const known = rows.filter((row) => key(row) !== "");
  known.sort((a, b) => (down ? -1 : 1) * compare(key(a), key(b)));
  table.tBodies[0].append(...known, ...rows.filter((row) => key(row) === ""));
}

function enliven(table) {
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach(function (head, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", function () {
      // Figures begin with the greatest, names with the first.
      const first = head.classList.contains("number") ? "descending" : "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const order = head.getAttribute("aria-sort") === first ? other : first;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      sortRows(table, column, order === "descending");
    });
  });
}

document.querySelectorAll("table[data-sorts]").forEach(enliven);
