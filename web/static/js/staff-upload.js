// Putting in a ledger: the box shows which file was chosen, and a dropped one is checked at once.

import { page, say } from "./page.js";

const form = document.getElementById("check-form");

function wire() {
  const field = document.getElementById("file");
  const drop = document.getElementById("drop");
  const chosen = document.getElementById("chosen");
  const trouble = document.getElementById("drop-trouble");
  const invitation = chosen.textContent;
  const held = form.elements.namedItem("held"); // a file that waits for its county

  const show = function () {
    const file = field.files[0];
    const tooLarge = file && file.size > page.most_bytes;
    chosen.textContent = file ? file.name : invitation;
    drop.classList.toggle("has-file", Boolean(file || held));
    trouble.hidden = !tooLarge;
    trouble.textContent = tooLarge ? say("too_large", { size: Math.ceil(file.size / 1e6) }) : "";
    field.setCustomValidity(trouble.textContent);
  };
  field.addEventListener("change", show);
  ["dragenter", "dragover"].forEach(function (name) {
    drop.addEventListener(name, function () {
      drop.classList.add("over");
    });
  });
  ["dragleave", "drop"].forEach(function (name) {
    drop.addEventListener(name, function () {
      drop.classList.remove("over");
    });
  });
  // The browser hands the dropped file to the field right after this event.
  drop.addEventListener("drop", function () {
    field.addEventListener("change", () => form.reportValidity() && form.requestSubmit(), { once: true });
  });
  form.addEventListener("submit", function () {
    document.getElementById("check-status").textContent = say("checking", {
      name: field.files.length ? field.files[0].name : invitation,
    });
    document.getElementById("submit").disabled = true;
  });
  // Back from the result: the field may still hold its file, the button must work again.
  window.addEventListener("pageshow", function () {
    document.getElementById("submit").disabled = false;
    show();
  });
}

if (form) wire();
