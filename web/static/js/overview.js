// The overview, one drawing of the county: there before the map, and instead of it where none can be
// drawn. It shows what the map shows, but cannot be moved.

import { fetchWithin } from "./fetch-within.js";
import { page, say } from "./page.js";
import { crowding, dressMarker, FAR_MINUTES, markerElement, marksAndDots, metresPerPixel, mostOf, svg, tapWithin } from "./rider-markers.js";

const WAIT_MS = 10000;
const TILE_PX = 512;
/** The zoom that the map begins with at most, and that of a chosen station. */
const CLOSEST = 16;
const CHOSEN = 14.5;
/** By how much the drawing bears to be enlarged, in zooms. */
const ENLARGED = 2;
/** However little room is free, so much of it is taken. */
const LEAST_PX = 40;
/** Half of a marker, and of a letter of a name, in pixels of the screen. */
const MARKER_PX = 20;
const LETTER_PX = 7;

/** Web mercator in the drawing's pixels, there and back. */
function plane(zoom) {
  const size = TILE_PX * Math.pow(2, zoom);
  return {
    point: function (place) {
      const lat = (place.lat * Math.PI) / 180;
      return [size * (place.lon / 360 + 0.5), size * (0.5 - Math.asinh(Math.tan(lat)) / (2 * Math.PI))];
    },
    place: ([x, y]) => ({
      lon: (x / size - 0.5) * 360,
      lat: (Math.atan(Math.sinh((0.5 - y / size) * 2 * Math.PI)) * 180) / Math.PI,
    }),
    metres: (lat) => metresPerPixel(lat, zoom),
    /** A zoom, if it is not too close, as pixels of the screen to one of the drawing. */
    scale: (wanted) => Math.pow(2, Math.min(wanted - zoom, ENLARGED)),
  };
}

async function read(url) {
  const text = await fetchWithin(url, WAIT_MS, (answer) => answer.text());
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  // Some networks answer with a page of their own.
  if (!(root instanceof SVGSVGElement) || !(Number(root.dataset.zoom) > 0)) throw new Error("no drawing");
  return document.importNode(root, true);
}

/**
 * Draw the county with the cards' stations over `container`; resolves to what moves it, as
 * drawRiderMap does, and takes it away again with `remove()`.
 * @param {HTMLElement} container
 * @param {object[]} cards
 * @param {function(object)} onChoose called with the card of a tapped marker
 */
export async function drawOverview(container, cards, onChoose) {
  const drawing = await read(page.urls.overview);
  const ground = plane(Number(drawing.dataset.zoom));
  const box = document.createElement("div");
  box.className = "overview";
  drawing.setAttribute("aria-hidden", "true");
  const names = Array.from(drawing.querySelectorAll("text"), (text) => ({
    text: text,
    at: [Number(text.getAttribute("x")), Number(text.getAttribute("y"))],
    half: [LETTER_PX * text.textContent.length, LETTER_PX],
  }));
  const dots = svg("path", { class: "dots" });
  const ring = svg("circle", { class: "me-ring", r: 0 });
  const way = [svg("path", { class: "way-casing" }), svg("path", { class: "way" })];
  const me = document.createElement("div");
  me.className = "me maplibregl-marker";
  me.setAttribute("role", "img");
  me.setAttribute("aria-label", say("you_are_here"));
  me.hidden = true;
  drawing.append(dots, ring, ...way);
  box.append(drawing, me);
  container.after(box);

  const crowd = crowding(cards);
  const at = new Map(cards.map((card) => [card, ground.point(card)]));
  const markers = new Map();
  let view = null;
  let fitted = null;
  let here = null;
  let chosen = null;
  let onPick = null;

  function pick(tell) {
    onPick = tell;
    box.classList.toggle("picking", Boolean(tell));
  }

  function take(event) {
    const [x, y] = tapWithin(box, event);
    const tell = onPick;
    pick(null);
    tell(Object.assign(ground.place([view.x + x / view.scale, view.y + y / view.scale]), { picked: true }));
  }

  function put(element, point) {
    const [x, y] = [(point[0] - view.x) * view.scale, (point[1] - view.y) * view.scale];
    element.style.transform = "translate(-50%, -50%) translate(" + x.toFixed(1) + "px, " + y.toFixed(1) + "px)";
  }

  function show() {
    const [width, height] = [box.clientWidth / view.scale, box.clientHeight / view.scale];
    drawing.setAttribute("viewBox", [view.x, view.y, width, height].join(" "));
    drawing.style.setProperty("--pixel", String(1 / view.scale));
    const { far, near } = crowd(ground.metres(cards[0].lat) / view.scale);
    box.classList.toggle("far", far);
    box.classList.toggle("near", near);
    markers.forEach((button, card) => put(button, at.get(card)));
    if (here) put(me, here);
    writeNames();
  }

  /** The credit, which lies over the picture, as a name that is written; below it the picture ends. */
  function credited() {
    const edge = box.getBoundingClientRect();
    const seen = document.getElementById("map-credit").getBoundingClientRect();
    const middle = [(seen.left + seen.right) / 2 - edge.left, (seen.top + seen.bottom) / 2 - edge.top];
    return {
      at: [view.x + middle[0] / view.scale, view.y + middle[1] / view.scale],
      half: [seen.width / 2, seen.height / 2],
      end: [box.clientWidth, seen.bottom - edge.top],
    };
  }

  /** Write the names, the most important first, that lie over nothing else and are there whole. */
  function writeNames() {
    const credit = credited();
    const written = Array.from(markers.keys(), (card) => ({ at: at.get(card), half: [MARKER_PX, MARKER_PX] }));
    written.push(credit);
    names.forEach(function (name) {
      const over = (other) =>
        [0, 1].every((axis) => Math.abs(name.at[axis] - other.at[axis]) * view.scale < name.half[axis] + other.half[axis]);
      const whole = [view.x, view.y].every(function (start, axis) {
        const middle = (name.at[axis] - start) * view.scale;
        return middle >= name.half[axis] && middle <= credit.end[axis] - name.half[axis];
      });
      const room = whole && !written.some(over);
      name.text.style.display = room ? "" : "none";
      if (room) written.push(name);
    });
  }

  /** Show all of some points, with free room around them, in pixels of the screen. */
  function fit(points, free, closest = CLOSEST) {
    fitted = () => fit(points, free, closest);
    const low = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
    const high = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis])));
    const [left, top] = [free.left, free.top];
    const width = Math.max(LEAST_PX, box.clientWidth - left - free.right);
    const height = Math.max(LEAST_PX, box.clientHeight - top - free.bottom);
    const scale = Math.min(width / (high[0] - low[0]), height / (high[1] - low[1]), ground.scale(closest));
    view = {
      scale: scale,
      x: (low[0] + high[0]) / 2 - (left + width / 2) / scale,
      y: (low[1] + high[1]) / 2 - (top + height / 2) / scale,
    };
    show();
  }

  function addMarker(card) {
    const button = markerElement(card, (of, event) => (onPick ? take(event) : onChoose(of)));
    dressMarker(button, card);
    markers.set(card, button);
    box.append(button);
  }

  function showOnly(shown) {
    const { marked, dotted } = marksAndDots(cards, shown);
    markers.forEach(function (button, card) {
      if (card === chosen || marked.includes(card)) return;
      button.remove();
      markers.delete(card);
    });
    marked.filter((card) => !markers.has(card)).forEach(addMarker);
    dots.setAttribute("d", dotted.map((card) => "M" + at.get(card).join(" ") + "h0").join(""));
    if (view) show();
  }

  showOnly(cards);
  const wide = window.matchMedia("(min-width: 900px)").matches;
  const free = wide ? { left: 72, top: 72, right: 72, bottom: 72 } : { left: 36, top: 36, right: 36, bottom: 48 };
  const [west, south, east, north] = page.bounds;
  const county = [{ lon: west, lat: south }, { lon: east, lat: north }].map(ground.point);
  fit(cards.length > 1 ? mostOf(cards).map((card) => at.get(card)) : county, free);
  const refit = () => fitted();
  window.addEventListener("resize", refit);
  box.addEventListener("click", (event) => onPick && take(event));
  // A browser scrolls to what has the focus, even here: the view goes there instead.
  box.addEventListener("scroll", function () {
    box.scrollLeft = box.scrollTop = 0;
  });
  box.addEventListener("focusin", function (event) {
    const edge = box.getBoundingClientRect();
    const seen = event.target.getBoundingClientRect();
    if (seen.left >= edge.left && seen.right <= edge.right && seen.top >= edge.top && seen.bottom <= edge.bottom) return;
    view.x += (seen.left + seen.width / 2 - edge.left - edge.width / 2) / view.scale;
    view.y += (seen.top + seen.height / 2 - edge.top - edge.height / 2) / view.scale;
    show();
  });

  return {
    remove: function () {
      window.removeEventListener("resize", refit);
      box.remove();
    },
    refresh: () => markers.forEach(dressMarker),
    showOnly: showOnly,
    choose: function (card, cover) {
      chosen = card;
      if (card && !markers.has(card)) addMarker(card);
      markers.forEach((button, each) => button.setAttribute("aria-pressed", each === card ? "true" : "false"));
      if (!card) return;
      const hidden = Math.max(0, box.getBoundingClientRect().bottom - (window.innerHeight - cover.bottom));
      const below = Math.min(hidden, box.clientHeight - 80);
      const whole = card.ride && card.ride.minutes <= FAR_MINUTES;
      const points = whole ? card.ride.line().map(([lon, lat]) => ground.point({ lon: lon, lat: lat })) : [at.get(card)];
      const around = whole ? 40 : 0;
      fit(points, { left: cover.left + around, top: around, right: around, bottom: below + around }, whole ? CLOSEST : CHOSEN);
    },
    showWay: function (ride) {
      const points = ride ? ride.line().map(([lon, lat]) => ground.point({ lon: lon, lat: lat })) : [];
      way.forEach((path) => path.setAttribute("d", points.length ? "M" + points.join("L") : ""));
      way[1].classList.toggle("about", Boolean(ride) && !ride.exact);
    },
    showMe: function (place, nearest) {
      here = place && ground.point(place);
      me.hidden = !place;
      if (!place) return ring.setAttribute("r", 0);
      ring.setAttribute("cx", here[0]);
      ring.setAttribute("cy", here[1]);
      ring.setAttribute("r", (place.accuracy || 0) / ground.metres(place.lat));
      if (!nearest) return put(me, here);
      return fit([here].concat(nearest.map((card) => at.get(card))), { left: 84, top: 48, right: 84, bottom: 96 });
    },
    pick: pick,
  };
}
