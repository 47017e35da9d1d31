// Elements made in one line. Text goes in as text.

/**
 * @param {string} tag
 * @param {object} [attributes] class, type, href …; `true` writes an empty one, false and null none
 * @param {...(Node|string)} children
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (name) {
    const value = attributes[name];
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  });
  element.append(...children);
  return element;
}

/** The same for a drawing. */
export function draw(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.keys(attributes || {}).forEach(function (name) {
    element.setAttribute(name, String(attributes[name]));
  });
  element.append(...children);
  return element;
}

/** A button that does something. */
export function button(text, act, attributes) {
  const element = make("button", Object.assign({ type: "button", class: "button" }, attributes), text);
  element.addEventListener("click", act);
  return element;
}

/** Terms and descriptions; each description is a node that may be written anew. */
export function facts(pairs) {
  const list = make("dl", { class: "panel-facts" });
  pairs.forEach(function (pair) {
    list.append(make("dt", {}, pair[0]), make("dd", {}, pair[1]));
  });
  return list;
}

/** True for readers who asked for less motion. */
export function wantsStillness() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** What nothing covers of the window: from the strip of hours on top to the bar of the plan at the bottom. */
export function sight() {
  const [strip, bar] = [document.querySelector(".plan-time"), document.getElementById("scenario")];
  const top = strip ? Math.max(0, strip.getBoundingClientRect().bottom) : 0;
  return { top: top, bottom: window.innerHeight - (bar && !bar.hidden ? bar.offsetHeight : 0) };
}

/** Put new children in the place of the old ones. */
export function refill(element, ...children) {
  element.textContent = "";
  element.append(...children);
}
