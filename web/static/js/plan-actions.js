// The recommended actions: each can be tried, and taken back.

import { say } from "./page.js";
import { holds } from "./plan-changes.js";
import { button, make } from "./plan-dom.js";
import { parseScenario } from "./scenario.js";

/**
 * @param {(changes: object[], on: boolean) => void} put takes up the changes of an action, or takes
 *   them out again
 * @returns {{offer: Function, show: Function, tell: Function, names: Map}} `show(items)` is told the
 *   plan's changes; `tell(gainOf, textOf)` writes what each action alone brings in the chosen hour:
 *   `gainOf(changes)` counts riders, `textOf(count)` says it; `names` of the new stops, by their
 *   place "lon,lat"
 */
export function liveActions(put) {
  const all = Array.from(document.querySelectorAll("[data-action]")).map(function (element) {
    const read = parseScenario(element.dataset.scenario);
    const name = element.querySelector(".action-name").textContent;
    const then = make("p", { class: "action-then" });
    element.querySelector(".action-figures").after(then);
    return { element: element, changes: read.faults.length ? [] : read.items, name: name, then: then, button: null };
  });
  const items = all.filter((item) => item.changes.length > 0);
  const fresh = items.flatMap((item) => item.changes.map((change) => [change, item.name])).filter(([change]) => change.place);
  return {
    names: new Map(fresh.map(([change, name]) => [change.place.join(","), name])),
    offer: function () {
      items.forEach(function (item) {
        item.button = button(say("action_try"), () => put(item.changes, item.button.getAttribute("aria-pressed") !== "true"), {
          class: "button button-try",
          "aria-pressed": "false",
        });
        item.element.append(item.button);
      });
      if (items.length > 1) {
        const every = items.flatMap((item) => item.changes);
        const together = button(say("action_all"), () => put(every, true));
        items[0].element.parentNode.after(make("p", { class: "panel-acts" }, together));
      }
    },
    tell: function (gainOf, textOf) {
      const gains = items.map((item) => gainOf(item.changes));
      const most = Math.max(...gains);
      items.forEach(function (item, i) {
        const best = items.length > 1 && gains[i] >= 0.05 && gains[i] === most;
        item.then.textContent = textOf(gains[i]) + (best ? say("action_then_most") : "");
        item.then.classList.toggle("action-best", best);
      });
    },
    show: function (planned) {
      items.forEach(function (item) {
        if (!item.button) return;
        const on = item.changes.every((change) => holds(planned, change));
        item.button.setAttribute("aria-pressed", on ? "true" : "false");
        item.button.textContent = say(on ? "action_take_back" : "action_try");
        item.button.setAttribute("aria-label", item.button.textContent + " · " + item.name);
        item.element.classList.toggle("chosen", on);
      });
    },
  };
}
