// The map and the clock of what is looked at as one picture, drawn here: nothing is sent anywhere.

import { page, say } from "./page.js";
import { make } from "./plan-dom.js";

const WIDTH = 1600;
const HEIGHT = 1000;
const SCALE = 2;
const EDGE = 48;
const MAP = { x: EDGE, y: 190, width: 700, height: 600 };
const CLOCK = { x: 780, y: 190, width: WIDTH - EDGE - 780, names: 104 };

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function write(pen, text, x, y, size, look) {
  const style = Object.assign({ weight: 400, colour: "--ink", align: "left" }, look);
  pen.font = style.weight + " " + size + "px " + token("--font");
  pen.fillStyle = token(style.colour);
  pen.textAlign = style.align;
  pen.fillText(text, x, y);
}

/** Text over several lines, broken where it must be; the y below the last. */
function writeLines(pen, text, x, y, size, width, look) {
  const style = Object.assign({ weight: 400 }, look);
  pen.font = style.weight + " " + size + "px " + token("--font");
  const pieces = text.match(/[\u0021-\u007e\u00b7–]+\s?|[^]/g) || [];
  let line = "";
  pieces.forEach(function (piece) {
    if (pen.measureText(line + piece).width > width && line && !/^[，。、；：）]/.test(piece)) {
      write(pen, line, x, y, size, look);
      y += size * 1.45;
      line = piece.trimStart();
    } else {
      line += piece;
    }
  });
  write(pen, line, x, y, size, look);
  return y + size * 1.45;
}

function drawHead(pen, headline, notices) {
  write(pen, document.querySelector(".plan-kicker").textContent, EDGE, 58, 20, { colour: "--muted" });
  let y = writeLines(pen, headline, EDGE, 104, 36, WIDTH - 2 * EDGE, { weight: 700 });
  if (notices) write(pen, notices, EDGE, y - 8, 18, { colour: "--closing", weight: 600 });
}

/** The middle of the map's canvas, as large as the frame. */
function drawMap(pen, canvas) {
  const ratio = Math.max(MAP.width / canvas.width, MAP.height / canvas.height);
  const [width, height] = [MAP.width / ratio, MAP.height / ratio];
  pen.drawImage(
    canvas,
    (canvas.width - width) / 2, (canvas.height - height) / 2, width, height,
    MAP.x, MAP.y, MAP.width, MAP.height,
  );
  pen.strokeStyle = token("--line-strong");
  pen.strokeRect(MAP.x, MAP.y, MAP.width, MAP.height);
  drawScale(pen, (ratio * canvas.width) / canvas.clientWidth, MAP.x + MAP.width, MAP.y + MAP.height);
}

/** The map's scale bar above a picture's lower right corner, `ratio` times as long as on the page. */
export function drawScale(pen, ratio, east, south) {
  const bar = document.querySelector("#plan-canvas .maplibregl-ctrl-scale");
  const length = bar.getBoundingClientRect().width * ratio;
  const [right, y] = [east - 16, south - 18];
  pen.fillStyle = token("--surface");
  pen.globalAlpha = 0.8;
  pen.fillRect(right - length - 10, y - 28, length + 20, 38);
  pen.globalAlpha = 1;
  pen.strokeStyle = token("--muted");
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(right - length, y - 8);
  pen.lineTo(right - length, y);
  pen.lineTo(right, y);
  pen.lineTo(right, y - 8);
  pen.stroke();
  pen.lineWidth = 1;
  write(pen, bar.textContent, right - length / 2, y - 8, 15, { align: "center", colour: "--muted" });
}

/** A mark, drawn around the origin, and its words; the x after them. */
function drawKey(pen, x, y, mark, text) {
  pen.save();
  pen.translate(x + 8, y - 6);
  mark();
  pen.restore();
  write(pen, text, x + 22, y, 15, { colour: "--muted" });
  return x + 22 + pen.measureText(text).width + 22;
}

/** Marks of the legend, drawn around a point as the map draws them. */
const MARKS = {
  open: (pen) => disc(pen, 7, token("--open")),
  closed: (pen) => ring(pen, token("--closed"), []),
  unknown: (pen) => ring(pen, token("--unknown"), [2.6, 3.2]),
  gap: function (pen) {
    disc(pen, 10, token("--ink"));
    pen.font = "700 13px " + token("--font");
    pen.fillStyle = token("--paper");
    pen.textAlign = "center";
    pen.fillText("1", 0, 4.5);
  },
  unreachable: function (pen) {
    pen.setLineDash([3, 2]);
    pen.strokeStyle = token("--muted");
    pen.lineWidth = 1.5;
    pen.strokeRect(-7, -7, 14, 14);
  },
  won: (pen) => signed(pen, token("--open"), true),
  lost: (pen) => signed(pen, token("--error"), false),
  new: function (pen) {
    pen.rotate(Math.PI / 4);
    pen.fillStyle = token("--open");
    pen.fillRect(-6, -6, 12, 12);
  },
};

function disc(pen, radius, colour) {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}

function ring(pen, colour, dashes) {
  pen.beginPath();
  pen.arc(0, 0, 5.5, 0, 2 * Math.PI);
  pen.setLineDash(dashes);
  pen.strokeStyle = colour;
  pen.lineWidth = 2.5;
  pen.stroke();
}

/** A disc with a plus or a minus, as the map draws a cell that a plan changes. */
function signed(pen, colour, plus) {
  disc(pen, 7, colour);
  pen.fillStyle = token("--surface");
  pen.fillRect(-4, -1, 8, 2);
  if (plus) pen.fillRect(-1, -4, 2, 8);
}

/** What the page's own legend shows, line by line. */
function drawLegend(pen) {
  let x = MAP.x;
  let y = MAP.y + MAP.height + 28;
  write(pen, say("legend_riders"), x, y, 15, { colour: "--muted" });
  x += pen.measureText(say("legend_riders")).width + 14;
  document.querySelectorAll("#legend-ramp > span").forEach(function (step) {
    x = drawKey(pen, x, y, function () {
      pen.fillStyle = step.firstChild.style.backgroundColor;
      pen.fillRect(-8, -7, 16, 14);
    }, step.textContent);
  });
  x = MAP.x;
  y += 28;
  document.querySelectorAll("#legend-map > [data-key]").forEach(function (group) {
    if (group.hidden) return;
    const { key } = group.dataset;
    const text = say(key === "gap" ? "picture_gap" : "legend_" + key);
    if (x + 44 + pen.measureText(text).width > MAP.x + MAP.width) {
      x = MAP.x;
      y += 28;
    }
    x = drawKey(pen, x, y, () => MARKS[key](pen), text);
  });
}

/** The shown day's table, figure by figure, with the day's finding above. */
function drawClock(pen, state) {
  const box = document.querySelector('.clock-day[data-day="' + state.day + '"]');
  let y = writeLines(pen, box.querySelector("h2").textContent, CLOCK.x, CLOCK.y + 16, 22, CLOCK.width, { weight: 700 });
  y += 10;
  const rows = Array.from(box.querySelectorAll("tbody tr"));
  const cell = (CLOCK.width - CLOCK.names) / 24;
  for (let hour = 0; hour < 24; hour += 1) {
    const chosen = hour === state.hour;
    write(pen, String(hour), CLOCK.x + CLOCK.names + (hour + 0.5) * cell, y, 15, {
      align: "center", colour: chosen ? "--ink" : "--muted", weight: chosen ? 700 : 400,
    });
  }
  y += 10;
  const tall = Math.min(44, (MAP.y + MAP.height - y) / rows.length);
  rows.forEach(function (row, i) {
    const top = y + i * tall;
    const chosen = row.dataset.service === state.service;
    write(pen, row.querySelector("th").textContent, CLOCK.x, top + tall / 2 + 6, 17, { weight: chosen ? 700 : 400 });
    row.querySelectorAll("td[data-hour]").forEach(function (td, hour) {
      const look = getComputedStyle(td);
      const x = CLOCK.x + CLOCK.names + hour * cell;
      pen.fillStyle = look.backgroundColor;
      pen.fillRect(x, top, cell - 1, tall - 1);
      pen.font = "400 14px " + token("--font");
      pen.fillStyle = look.color;
      pen.textAlign = "center";
      pen.fillText(td.firstChild.textContent, x + cell / 2, top + tall / 2 + 5);
      if (!chosen || hour !== state.hour) return;
      pen.strokeStyle = token("--ink");
      pen.lineWidth = 3;
      pen.strokeRect(x, top, cell - 1, tall - 1);
      pen.lineWidth = 1;
    });
  });
  drawScaleOfShares(pen, CLOCK.x, MAP.y + MAP.height + 28);
}

/** The colours of the shares, as the page's own legend has them. */
function drawScaleOfShares(pen, left, y) {
  const words = function (text, x) {
    write(pen, text, x, y, 15, { colour: "--muted" });
    return x + pen.measureText(text).width + 12;
  };
  let x = words(say("legend_low"), words(say("legend_clock"), left));
  document.querySelectorAll(".legend-clock i").forEach(function (step) {
    pen.fillStyle = getComputedStyle(step).backgroundColor;
    pen.fillRect(x, y - 13, 20, 15);
    x += 20;
  });
  words(say("legend_high"), x + 12);
}

/** The first gaps by their numbers on the map, in two columns under the clock; as many as `rows` allow. */
function drawGaps(pen, top, rows) {
  const wide = CLOCK.width / 2;
  Array.from(document.querySelectorAll("#gap-lists .gap"))
    .slice(0, 2 * rows)
    .forEach(function (gap, i) {
      const text = (part) => gap.querySelector(part).textContent.trim();
      const line = text(".gap-number") + "  " + text(".gap-place") + "  " + text(".gap-size");
      const x = CLOCK.x + Math.floor(i / rows) * wide;
      write(pen, fitted(pen, line, 15, wide - 16), x, top + (i % rows) * 23, 15);
    });
}

/** The text, cut where it is too long for the room that it has. */
function fitted(pen, text, size, width) {
  pen.font = "400 " + size + "px " + token("--font");
  let shown = text;
  while (shown && pen.measureText(shown === text ? text : shown + "…").width > width) shown = shown.slice(0, -1);
  return shown === text ? text : shown + "…";
}

function drawFoot(pen, changes) {
  let y = HEIGHT - 74;
  if (changes.length) {
    const text = say("picture_scenario", { changes: changes.join(page.lang === "zh" ? "；" : "; ") });
    y = writeLines(pen, text, EDGE, y, 17, WIDTH - 2 * EDGE, { weight: 600 });
  }
  const credit = Array.from(document.querySelectorAll(".plan-credit span")).map((one) => one.textContent);
  const foot = [say("picture_foot", { release: page.release, as_of: page.as_of }), ...credit].join(" · ");
  write(pen, foot, EDGE, HEIGHT - 30, 15, { colour: "--muted" });
}

function paint(mapCanvas, told) {
  const canvas = make("canvas", { width: WIDTH * SCALE, height: HEIGHT * SCALE });
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = token("--paper");
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  const notices = Array.from(document.querySelectorAll(".notice p")).map((one) =>
    Array.from(one.children, (part) => part.textContent).join("  "),
  );
  drawHead(pen, told.title(), notices.join("  "));
  if (mapCanvas) {
    drawMap(pen, mapCanvas);
    drawLegend(pen);
    drawGaps(pen, MAP.y + MAP.height + 54, 3);
  }
  drawClock(pen, told.state);
  drawFoot(pen, told.changes());
  return canvas;
}

function save(canvas, name, said) {
  canvas.toBlob(function (blob) {
    if (!blob) {
      said.textContent = say("picture_failed");
      return;
    }
    const address = URL.createObjectURL(blob);
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(() => URL.revokeObjectURL(address), 10000);
  }, "image/png");
}

/**
 * Make the button draw and save the picture.
 * @param {object} told {state, map (or null), title(), changes(), onPaper(act) as in plan-paper.js}
 */
export function livePicture(told) {
  const said = document.getElementById("picture-said");
  document.getElementById("picture").addEventListener("click", function () {
    const { day, hour, service } = told.state;
    const parts = [page.county, page.release, day, hour, service];
    if (told.changes().length) parts.push("plan");
    const name = parts.join("-") + ".png";
    const finish = (mapCanvas) => save(paint(mapCanvas, told), name, said);
    told.onPaper(() => (told.map ? told.map.still(finish) : finish(null))).catch(function () {
      said.textContent = say("picture_failed");
    });
  });
}
