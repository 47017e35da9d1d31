// Trying a plan: ways to change something, the list of what was changed, what it brings, the way back.

import { page, say } from "./page.js";
import { changeWords } from "./plan-changes.js";
import { button, make, refill } from "./plan-dom.js";
import { dropPlan, keepPlan, keptPlans } from "./plan-kept.js";
import { coveredInWeek } from "./plan-outcome.js";
import { ANY_STOP, clockText, people } from "./plan-slots.js";

const at = (id) => document.getElementById(id);
const parts = {
  ways: at("whatif-ways"), how: at("whatif-how"), station: at("whatif-station"), place: at("whatif-place"),
  centre: at("whatif-centre"), form: at("whatif-at"), lonlat: at("whatif-lonlat"), places: at("whatif-places"),
  trouble: at("whatif-trouble"), title: at("changes-title"), gain: at("changes-gain"), list: at("changes-list"),
  keep: at("changes-keep"), said: at("changes-said"), kept: at("kept"), keptList: at("kept-list"),
  bar: at("scenario"), count: at("scenario-count"), barGain: at("scenario-gain"), slot: at("scenario-slot"),
  compare: at("compare"), undo: at("undo"), redo: at("redo"), reset: at("reset"),
};

/** "116.95,31.46" as [lon, lat], or null. */
export function readPlace(text) {
  const match = /(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text.trim());
  if (!match) return null;
  const [lon, lat] = [Number(match[1]), Number(match[2])];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

function countText(count) {
  return say(count === 1 ? "changes_one" : "changes", { count: count });
}

/** What a plan brings in a week for a service, in words. */
export function gainText(before, after, service) {
  const gain = coveredInWeek(after, service) - coveredInWeek(before, service);
  const text =
    Math.abs(gain) < 0.05
      ? say("gain_none")
      : say(gain > 0 ? "gain_week" : "loss_week", { count: people(Math.abs(gain)) });
  return service === ANY_STOP ? text : say("gain_service", { service: page.services[service], text: text });
}

function slotText(before, after, state) {
  const missing = function (outcome) {
    const pair = outcome.pair(state.day, state.hour, state.service);
    return people(pair.total - pair.covered);
  };
  return say(state.service === ANY_STOP ? "slot_then" : "slot_then_service", {
    hour: say(state.day) + " " + clockText(state.hour),
    service: page.services[state.service],
    before: missing(before),
    after: missing(after),
  });
}

async function copy(text) {
  if (!navigator.clipboard) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    return false;
  }
}

function showKept(open) {
  const plans = keptPlans(page.county);
  parts.kept.hidden = plans.length === 0;
  refill(
    parts.keptList,
    ...plans.map(function (plan) {
      const drop = button("×", function () {
        dropPlan(page.county, plan.name);
        showKept(open);
      }, { class: "panel-close", "aria-label": say("kept_drop", { name: plan.name }) });
      const link = make("a", { href: plan.address }, plan.name);
      link.addEventListener("click", function (event) {
        event.preventDefault();
        open(plan.address);
      });
      return make("li", {}, link, drop);
    }),
  );
}

/**
 * Bring the section and the bar to life.
 * @param {object} acts {pickStation(id), place(on), addStop(place), centre(), undo(), redo(), reset(),
 *   compare(on), remove(item), pickItem(item), openAddress(hash), address()}
 * @param {object} names {station(id), newStop(item), services}
 */
export function liveWhatIf(acts, names) {
  const words = (item) => changeWords(item, names, page.words, page.lang, say);

  parts.station.addEventListener("change", function () {
    if (parts.station.value) acts.pickStation(parts.station.value);
    parts.station.value = "";
  });
  parts.place.addEventListener("click", () => acts.place(parts.place.getAttribute("aria-pressed") !== "true"));
  parts.centre.addEventListener("click", () => acts.centre());
  parts.form.addEventListener("submit", function (event) {
    event.preventDefault();
    const place = readPlace(parts.lonlat.value);
    parts.trouble.hidden = Boolean(place);
    if (!place) {
      parts.trouble.textContent = say("new_stop_bad", { text: parts.lonlat.value });
      return;
    }
    parts.lonlat.value = "";
    acts.addStop(place);
  });
  ["undo", "redo", "reset"].forEach((name) => parts[name].addEventListener("click", acts[name]));
  parts.compare.addEventListener("click", () => acts.compare(!parts.compare.classList.contains("button-try")));
  at("share").addEventListener("click", async function () {
    const address = new URL(acts.address(), window.location.href).href;
    parts.said.textContent = say((await copy(address)) ? "share_done" : "share_by_hand");
  });
  // As a mere link it would take the plan out of the address.
  at("see-changes").addEventListener("click", function (event) {
    event.preventDefault();
    const list = at("changes");
    list.scrollIntoView({ block: "start" });
    list.focus({ preventScroll: true });
  });
  at("keep-form").addEventListener("submit", function (event) {
    event.preventDefault();
    const name = at("keep-name").value.trim();
    const done = keepPlan(page.county, name, acts.address());
    parts.said.textContent = done ? say("kept_done", { name: name }) : say("kept_failed");
    at("keep-name").value = "";
    showKept(acts.openAddress);
  });
  showKept(acts.openAddress);

  return {
    words: words,
    /** There is an engine: fill the lists, show the ways. */
    offer: function (stations, places) {
      stations.forEach((one) => parts.station.append(make("option", { value: one.id }, one.name)));
      refill(parts.places, ...places.map((one) => make("option", { value: one.name + " " + one.place.map((x) => x.toFixed(5)).join(",") })));
      parts.ways.hidden = false;
    },
    /** There is none. */
    refuse: function () {
      parts.how.textContent = say("engine_missing");
      parts.title.hidden = true;
    },
    placing: function (on) {
      parts.place.setAttribute("aria-pressed", on ? "true" : "false");
    },
    withoutMap: function () {
      parts.place.hidden = true;
      parts.centre.hidden = true;
    },
    /** Write the plan as it stands. */
    show: function (model) {
      const { plan, state } = model;
      const [before, after] = [model.before(), model.after()];
      const count = plan.items.length;
      parts.bar.hidden = count === 0 && !model.canUndo() && !model.canRedo();
      document.body.classList.toggle("has-scenario", !parts.bar.hidden);
      parts.title.textContent = count ? countText(count) : say("scenario_none");
      parts.count.textContent = count ? countText(count) : "";
      parts.gain.hidden = count === 0;
      parts.keep.hidden = count === 0;
      parts.undo.disabled = !model.canUndo();
      parts.redo.disabled = !model.canRedo();
      parts.redo.hidden = !model.canRedo();
      parts.reset.disabled = count === 0;
      parts.compare.disabled = count === 0;
      parts.compare.textContent = say(plan.comparing ? "compare_back" : "compare");
      parts.compare.classList.toggle("button-try", plan.comparing);
      const gain = count ? gainText(before, after, state.service) : say("scenario_none");
      parts.gain.textContent = count ? gain + (page.lang === "zh" ? "（" : " (") + say("gain_counted") + (page.lang === "zh" ? "）" : ")") : "";
      parts.barGain.textContent = plan.comparing ? say("seeing_today") : gain;
      parts.slot.textContent = count ? slotText(before, after, state) : "";
      // What is scrolled to, or has the focus, comes to lie above the bar.
      document.documentElement.style.scrollPaddingBottom = parts.bar.hidden ? "" : parts.bar.offsetHeight + 8 + "px";
      refill(
        parts.list,
        ...plan.items.map(function (item) {
          const text = words(item);
          const pick = button(text, () => acts.pickItem(item), { class: "change-text" });
          const drop = button("×", () => acts.remove(item), {
            class: "panel-close",
            "aria-label": say("change_undo", { change: text }),
          });
          return make("li", {}, pick, drop);
        }),
        ...plan.bad.map((text) => make("li", { class: "trouble" }, say("scenario_bad", { text: text }))),
      );
    },
  };
}
