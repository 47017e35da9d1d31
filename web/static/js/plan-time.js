// The hour: a slider, two steps, and a button that plays the day.

import { say } from "./page.js";
import { clockText } from "./plan-slots.js";
import { hourAfter } from "./plan-state.js";

const STEP_MS = 900;
const STILL_STEP_MS = 1800;

const parts = {
  hour: document.getElementById("slot-hour"),
  clock: document.getElementById("slot-clock"),
  short: document.getElementById("slot-short"),
  play: document.getElementById("time-play"),
  word: document.getElementById("time-play-word"),
  said: document.getElementById("time-said"),
};

/**
 * Bring the strip to life.
 * @param {() => number} hourNow
 * @param {(hour: number) => void} choose
 * @param {(playing: boolean) => void} onPlay told when playing begins and ends
 * @returns {{show: (hour: number, sentence: string) => void, playing: () => boolean, stop: () => void}}
 */
export function liveTime(hourNow, choose, onPlay) {
  let timer = 0;

  const playing = () => timer !== 0;

  function stop() {
    if (!playing()) return;
    window.clearInterval(timer);
    timer = 0;
    parts.play.setAttribute("aria-pressed", "false");
    parts.word.textContent = say("play");
    onPlay(false);
    // While it plays nothing is read out; where it stops, the hour is.
    parts.said.textContent = clockText(hourNow()) + " " + parts.short.textContent;
  }

  function start() {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    timer = window.setInterval(
      function () {
        choose(hourAfter(hourNow(), 1));
      },
      still ? STILL_STEP_MS : STEP_MS,
    );
    parts.play.setAttribute("aria-pressed", "true");
    parts.word.textContent = say("pause");
    parts.said.textContent = say("playing");
    onPlay(true);
    choose(hourAfter(hourNow(), 1));
  }

  parts.play.addEventListener("click", function () {
    if (playing()) stop();
    else start();
  });
  parts.hour.addEventListener("input", function () {
    stop();
    choose(Number(parts.hour.value));
  });
  document.querySelectorAll("[data-step]").forEach(function (button) {
    button.addEventListener("click", function () {
      stop();
      choose(hourAfter(hourNow(), Number(button.dataset.step)));
    });
  });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) stop();
  });

  return {
    playing: playing,
    stop: stop,
    show: function (hour, sentence) {
      parts.hour.value = String(hour);
      parts.hour.setAttribute("aria-valuetext", clockText(hour));
      parts.clock.textContent = clockText(hour);
      parts.short.textContent = sentence;
    },
  };
}
