// What the server handed to this page, and the words in the reader's language.

const island = document.getElementById("page-data");

/** The settings of the page: bounds, addresses, time zone, words. */
export const page = island ? JSON.parse(island.textContent) : { words: {}, urls: {} };

/** Put values into the braces of a text. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, function (whole, key) {
    return values && key in values ? String(values[key]) : whole;
  });
}

/** The words ``key`` with values put in. */
export function say(key, values) {
  return fill(page.words[key], values);
}

/** A small drawing of the page's sprite, as an element. */
export function drawing(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.appendChild(use);
  return svg;
}

let toastTimer = 0;

/** Say something for a moment. */
export function toast(text) {
  const element = document.getElementById("toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(function () {
    element.hidden = true;
  }, 2500);
}
