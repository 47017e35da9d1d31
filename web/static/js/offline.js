// The page without a network, and a newer one while it is open: kept quietly, told calmly.

import { post, withdraw } from "./bulletin.js";
import { minuteNow } from "./clock.js";
import { fetchWithin } from "./fetch-within.js";
import { cleanUp, hasPack, keepList, keepPack } from "./kept.js";
import { wallClock } from "./openness.js";
import { page, say } from "./page.js";

const ANSWER_MS = 10000;
const AGAIN_MS = 600000;

/** Where the list says what is kept; a station's own page keeps it without a word. */
const section = document.getElementById("offline");
const text = document.getElementById("offline-text");
const button = document.getElementById("offline-keep");

function megabytes(bytes) {
  return Math.max(0.1, bytes / 1e6).toFixed(1);
}

/** Something small to remember; where nothing may be stored, nothing is. */
function remember(key, value) {
  try {
    if (value !== undefined) window.localStorage.setItem(key, String(value));
    return window.localStorage.getItem(key);
  } catch (error) {
    return null;
  }
}

function tell(key, values, offer) {
  if (!section) return;
  text.textContent = say(key, values);
  button.hidden = !offer;
  section.hidden = false;
}

function tellFailure(error) {
  tell(error && error.name === "QuotaExceededError" ? "keep_full" : "keep_failed", {}, true);
}

function tellKept(files) {
  const on = wallClock(Number(remember("kept-" + files.release)) || minuteNow(), page.timezone);
  tell("kept_all", { size: megabytes(files.bytes.list + files.bytes.pack), month: on.month, day: on.date }, false);
}

async function keepAll(files, drawn) {
  tell("keeping", {}, false);
  await keepList(files, drawn);
  await keepPack(files);
  remember("kept-" + files.release, Math.round(minuteNow()));
  tellKept(files);
}

/** Not asked for: where there is no network just now, the list is kept all the same. */
function keepQuietly(files, drawn) {
  return keepAll(files, drawn).catch(function (error) {
    if (error && error.name === "QuotaExceededError") return tellFailure(error);
    return tell("kept_list", { date: files.as_of }, true);
  });
}

/** Whether the reader has been here before; a second visit means that there may be a third. */
function comesBack() {
  const visits = Number(remember("visits-" + page.county)) + 1;
  remember("visits-" + page.county, visits);
  const saving = navigator.connection && navigator.connection.saveData;
  return visits > 1 && !saving;
}

async function keep(files, drawn) {
  if (section) {
    button.textContent = say("keep_map", { size: megabytes(files.bytes.pack) });
    button.onclick = () => keepAll(files, drawn).catch(tellFailure);
  }
  try {
    await keepList(files, drawn);
    await cleanUp(files);
  } catch (error) {
    return tellFailure(error);
  }
  if (await hasPack(files)) return tellKept(files);
  if (comesBack() && drawn) return keepQuietly(files, drawn);
  return tell("kept_list", { date: files.as_of }, true);
}

/** There is another release, or another page: offered, and taken where nobody looks. */
function offerNewer(files, isIdle) {
  post("newer", say("newer", { date: files.as_of }), say("newer_take"), () => window.location.reload());
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && isIdle()) window.location.reload();
  });
}

function look() {
  return fetchWithin(page.urls.offline, ANSWER_MS, (answer) => answer.json());
}

function isNewer(files) {
  return files.release !== page.release || files.version !== page.version;
}

function keepLooking(isIdle) {
  let told = false;
  const again = function () {
    if (document.hidden || told) return;
    look().then(
      function (files) {
        if (told || !isNewer(files)) return;
        told = true;
        offerNewer(files, isIdle);
      },
      function () {} // no network: the next time
    );
  };
  setInterval(again, AGAIN_MS);
  document.addEventListener("visibilitychange", again);
  window.addEventListener("online", again);
}

/** Say that what is shown is the phone's own copy, and of when; or that it no longer is. */
export function tellCopy(answer) {
  if (!answer.headers.get("X-Kept")) return withdraw("copy");
  const date = Date.parse(answer.headers.get("Date") || "");
  const on = isNaN(date) ? null : wallClock(date / 60000, page.timezone);
  return post("copy", on ? say("copy_of", { month: on.month, day: on.date, time: on.time }) : say("copy"));
}

/**
 * Keep the page for when there is no network; called when list and map have had their turn.
 * @param {boolean} drawn whether there is a map
 * @param {function(): boolean} isIdle whether nothing would be lost by loading the page anew
 */
export function keepOffline(drawn, isIdle) {
  if (!navigator.serviceWorker || !window.caches) return; // plain http, or an old engine
  navigator.serviceWorker
    .register(page.urls.worker)
    .then(() => navigator.serviceWorker.ready)
    .then(look)
    .then(function (files) {
      if (isNewer(files)) return offerNewer(files, isIdle);
      keepLooking(isIdle);
      return keep(files, drawn);
    })
    .catch(() => keepLooking(isIdle));
}
