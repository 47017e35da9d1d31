// The planner's map's own signs, drawn once in the colours of day or night.

import { token } from "./basemap.js";

const MARK = 28;
const SCALE = 2;

function pencil() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = MARK * SCALE;
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  return {
    pen: pen,
    disc: function (radius, colour) {
      pen.beginPath();
      pen.arc(MARK / 2, MARK / 2, radius, 0, 2 * Math.PI);
      pen.fillStyle = colour;
      pen.fill();
    },
    image: () => pen.getImageData(0, 0, canvas.width, canvas.height),
  };
}

/** Dot, ring and dashed ring in the colours of day or night; what is open is drawn largest. */
function drawState(state) {
  const { pen, disc, image } = pencil();
  if (state === "open") {
    disc(10, token("--surface"));
    disc(8, token("--open"));
    return image();
  }
  disc(7, token("--surface"));
  pen.beginPath();
  pen.arc(MARK / 2, MARK / 2, 5, 0, 2 * Math.PI);
  pen.lineWidth = 2;
  pen.strokeStyle = token(state === "closed" ? "--closed" : "--unknown");
  if (state === "unknown") pen.setLineDash([2.2, 3.04]);
  pen.stroke();
  return image();
}

function drawBadge() {
  const { disc, image } = pencil();
  disc(14, token("--surface"));
  disc(12, token("--ink"));
  return image();
}

/** A new stop: a square stood on its corner, with a plus. */
function drawNew() {
  const { pen, image } = pencil();
  const square = function (size, colour) {
    pen.save();
    pen.translate(MARK / 2, MARK / 2);
    pen.rotate(Math.PI / 4);
    pen.fillStyle = colour;
    pen.fillRect(-size / 2, -size / 2, size, size);
    pen.restore();
  };
  square(19, token("--surface"));
  square(16, token("--open"));
  pen.fillStyle = token("--surface");
  pen.fillRect(MARK / 2 - 4, MARK / 2 - 1, 8, 2);
  pen.fillRect(MARK / 2 - 1, MARK / 2 - 4, 2, 8);
  return image();
}

/** A cell that gains (+) or loses (−) its stop. */
function drawChange(colour, plus) {
  const { pen, disc, image } = pencil();
  disc(8, token("--surface"));
  disc(7, token(colour));
  pen.fillStyle = token("--surface");
  pen.fillRect(MARK / 2 - 4, MARK / 2 - 1, 8, 2);
  if (plus) pen.fillRect(MARK / 2 - 1, MARK / 2 - 4, 2, 8);
  return image();
}

/** Give the map its signs, or draw them anew when day turns to night. */
export function addMarks(map) {
  const marks = {
    badge: drawBadge(),
    new: drawNew(),
    won: drawChange("--open", true),
    lost: drawChange("--error", false),
  };
  ["open", "closed", "unknown"].forEach(function (state) {
    marks[state] = drawState(state);
  });
  Object.keys(marks).forEach(function (name) {
    if (map.hasImage(name)) map.updateImage(name, marks[name]);
    else map.addImage(name, marks[name], { pixelRatio: SCALE });
  });
}
