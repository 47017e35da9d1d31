// What has to be said above the list while it is read: one line for each matter, until it is settled.
// A page without a list has no place for it.

const board = document.getElementById("bulletin");

/** Say something of a matter, with a button to do something about it where there is an `action`. */
export function post(matter, text, button, action) {
  if (!board) return;
  withdraw(matter);
  const line = document.createElement("p");
  line.dataset.matter = matter;
  const words = document.createElement("span");
  words.textContent = text;
  line.appendChild(words);
  if (action) {
    const tap = document.createElement("button");
    tap.type = "button";
    tap.className = "button";
    tap.textContent = button;
    tap.addEventListener("click", action);
    line.appendChild(tap);
  }
  board.appendChild(line);
}

/** Take back what was said of a matter. */
export function withdraw(matter) {
  const line = board && board.querySelector('[data-matter="' + matter + '"]');
  if (line) line.remove();
}
