// The single actions that help most in the chosen hour, as the release has reckoned them.

import { page, say } from "./page.js";
import { holds } from "./plan-changes.js";
import { button, make, refill } from "./plan-dom.js";
import { ANY_STOP, clockText, people } from "./plan-slots.js";
import { parseScenario } from "./scenario.js";

const box = document.getElementById("hourly");
const title = document.getElementById("hourly-title");
const list = document.getElementById("hourly-list");
const note = document.getElementById("hourly-note");

/**
 * @param {object|null} found hourly.json; null in releases of before
 * @param {(changes: object[], on: boolean) => void} put as in plan-actions.js
 * @returns {{show: Function, names: Map}} `show(state, items, canTry)` writes those of the hour,
 *   told the plan's changes; `names` of the new stops, by their place "lon,lat"
 */
export function liveHourly(found, put) {
  const name = (action) => action["name_" + page.lang];
  const changesOf = {};
  const names = new Map();
  Object.keys(found ? found.actions : {}).forEach(function (id) {
    changesOf[id] = parseScenario(found.actions[id].scenario).items;
    changesOf[id].filter((change) => change.place).forEach((change) => names.set(change.place.join(","), name(found.actions[id])));
  });

  function entry([id, riders, kept], state, items, canTry) {
    const action = found.actions[id];
    const on = changesOf[id].every((change) => holds(items, change));
    const gain = say(state.service === ANY_STOP ? "hourly_gain" : "hourly_gain_service", {
      count: people(riders),
      service: page.services[state.service],
    });
    const cost = say("action_cost", { yuan: Math.round(action.cost).toLocaleString("en") });
    const body = make(
      "div",
      { class: "action-body" },
      make("h4", { class: "action-name" }, name(action)),
      make("p", { class: "action-what" }, action["what_" + page.lang]),
      make("p", { class: "action-figures" }, make("strong", {}, gain), " ", make("span", {}, cost)),
      make("p", { class: "quiet" }, say("hourly_kept", { kept: kept, scenarios: found.scenarios })),
    );
    const label = say(on ? "action_take_back" : "action_try");
    const act = button(label, () => put(changesOf[id], !on), {
      class: "button button-try",
      "aria-pressed": on ? "true" : "false",
      "aria-label": label + " · " + name(action),
    });
    return make("li", { class: on ? "action chosen" : "action", "data-hourly": id }, body, ...(canTry ? [act] : []));
  }

  return {
    names: names,
    show: function (state, items, canTry) {
      if (!found) return;
      const of = found.best[state.service];
      const best = of ? of[state.day][state.hour] : [];
      const said = { hour: say(state.day) + " " + clockText(state.hour), service: page.services[state.service] };
      const held = list.contains(document.activeElement) ? document.activeElement.closest("[data-hourly]").dataset.hourly : "";
      box.hidden = false;
      title.textContent = say(best.length ? (state.service === ANY_STOP ? "hourly_title" : "hourly_title_service") : "hourly_none", said);
      refill(list, ...best.map((one) => entry(one, state, items, canTry)));
      note.textContent = best.length ? say("hourly_note", { reach: found.reach_min }) : "";
      const again = held && list.querySelector('[data-hourly="' + CSS.escape(held) + '"] button');
      if (again) again.focus({ preventScroll: true });
    },
  };
}
