// The county's streets and what rides over them: fetched when a place is first asked for, kept then.

import { fetchWithin } from "./fetch-within.js";

let loading = null;
let loaded = null;

const BYTES_MS = 30000;

async function fetchBytes(url) {
  if (!url) throw new Error("no streets");
  return fetchWithin(url, BYTES_MS, (answer) => answer.arrayBuffer());
}

/**
 * The finder of rides.js over the streets at `url`, to the page's `stations`; rejects where it cannot
 * be had, and then tries anew the next time.
 */
export function loadRides(url, stations) {
  if (!loading) {
    loading = Promise.all([import("./rides.js"), fetchBytes(url)]).then(function (found) {
      loaded = found[0].rideFinder(found[1], stations);
      return loaded;
    });
    loading.catch(function () {
      loading = null;
    });
  }
  return loading;
}

/** The finder, if it is here already, else null. */
export function loadedRides() {
  return loaded;
}
