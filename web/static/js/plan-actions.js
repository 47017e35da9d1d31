// The recommended actions: each can be tried, and taken back.

import { say } from "./page.js";
import { button, make } from "./plan-dom.js";
import { parseScenario, printScenario } from "./scenario.js";

/**
 * @param {(texts: string[], on: boolean) => void} put takes up the scenario texts of an action, or
 *   takes them out again
 * @returns {{offer: () => void, show: (texts: string[]) => void}} `show` is told the texts of the
 *   plan's changes
 */
export function liveActions(put) {
  const items = Array.from(document.querySelectorAll("[data-action]")).map((element) => ({
    element: element,
    // As the plan's own changes are written, whatever zeros the release has left standing.
    texts: parseScenario(element.dataset.scenario).items.map((item) => printScenario([item])),
    name: element.querySelector(".action-name").textContent,
    button: null,
  }));
  return {
    offer: function () {
      items.forEach(function (item) {
        item.button = button(say("action_try"), () => put(item.texts, item.button.getAttribute("aria-pressed") !== "true"), {
          class: "button button-try",
          "aria-pressed": "false",
        });
        item.element.append(item.button);
      });
      if (items.length > 1) {
        const every = items.flatMap((item) => item.texts);
        const all = button(say("action_all"), () => put(every, true));
        items[0].element.parentNode.after(make("p", { class: "panel-acts" }, all));
      }
    },
    show: function (texts) {
      items.forEach(function (item) {
        if (!item.button) return;
        const on = item.texts.length > 0 && item.texts.every((text) => texts.includes(text));
        item.button.setAttribute("aria-pressed", on ? "true" : "false");
        item.button.textContent = say(on ? "action_take_back" : "action_try");
        item.button.setAttribute("aria-label", item.button.textContent + " · " + item.name);
        item.element.classList.toggle("chosen", on);
      });
    },
  };
}
