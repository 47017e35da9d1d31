// What the page reads of the release: figures, cells, stations, gaps.

import { loadEngine } from "./plan-engine.js";
import { releaseOutcome } from "./plan-outcome.js";
import { ANY_STOP } from "./plan-slots.js";

async function read(address) {
  const found = await fetch(address);
  if (!found.ok) throw new Error(address + ": " + found.status);
  return found.json();
}

/**
 * Put a release into the model.
 * @param {object} model (plan-model.js)
 * @param {object} urls {coverage, cells, slots, gaps, hourly}; releases of before have not all of them
 */
export async function readRelease(model, urls) {
  const [covered, drawn, stations, byService, byHour] = await Promise.all([
    read(urls.coverage),
    read(urls.cells),
    read(urls.slots),
    urls.gaps ? read(urls.gaps) : {},
    urls.hourly ? read(urls.hourly) : null,
  ]);
  model.release = releaseOutcome(covered, drawn.cells);
  model.cells = drawn.cells;
  model.stations = stations;
  model.byHour = byHour;
  model.gapsOf = Object.assign({}, byService, { [ANY_STOP]: covered.gaps });
}

/** And the engine that reckons plans; without one nothing is reckoned anew. */
export async function readEngine(model, urls) {
  try {
    model.engine = await loadEngine(urls, model.stations);
  } catch (error) {
    model.engine = null;
  }
  if (!model.engine) model.withoutEngine();
}
