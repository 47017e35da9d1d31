// The rider's page: the list and its states first, what one does with them next, the map last.

import { fetchWithin } from "./fetch-within.js";
import { page, say, toast } from "./page.js";
import { askFor } from "./ask-for.js";
import { loadStates } from "./rider-list.js";

/** What one can do with the list waits no longer than this for its states. */
const STATES_FIRST_MS = 2500;
const WORDS_MS = 15000;

const answers = [];
let hear = (answer, ahead) => answers.push([answer, ahead]);

/** The words that the list did not start with; a station's own page has them all. */
async function moreWords() {
  if (!page.urls.words) return;
  Object.assign(page.words, await fetchWithin(page.urls.words, WORDS_MS, (answer) => answer.json()));
}

/** Have the taps that early.js kept come true; those that need the states, when these are known. */
function letTaps() {
  if (window.letTaps) window.letTaps((come) => states.then(come));
}

const states = loadStates((answer, ahead) => hear(answer, ahead));
const soon = new Promise((resolve) => setTimeout(resolve, STATES_FIRST_MS));
Promise.race([states, soon])
  .then(function () {
    askFor(page.tools || []);
    return Promise.all([import("./rider-tools.js"), moreWords()]);
  })
  .then(function ([tools]) {
    tools.start();
    hear = tools.heardFromServer;
    answers.forEach((each) => hear(each[0], each[1]));
    document.documentElement.classList.add("live");
  })
  .catch(function () {
    // The list stays as it is: its links lead on, and no empty map stands above it.
    document.documentElement.classList.add("no-map");
    toast(say("tools_failed"));
  })
  .then(letTaps);
