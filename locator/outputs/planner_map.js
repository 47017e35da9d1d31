"use strict";

/* Folium gives a marker its icon after it stands on the map; until then Leaflet would ask for
   pictures that are not in this file. */
L.Marker.prototype.options.icon = L.divIcon({ className: "mark" });

/* What the hand-out does beyond Leaflet: road widths by zoom, entries that lead to their place, and
   the hour and service that the cells show. */
function planner(map) {
  const sayZoom = () => {
    map.getContainer().dataset.zoom = String(Math.round(map.getZoom()));
  };
  map.on("zoomend", sayZoom);
  for (const button of document.querySelectorAll("[data-bounds]")) {
    button.addEventListener("click", () => {
      map.fitBounds(JSON.parse(button.dataset.bounds), { maxZoom: 16, animate: false });
      map.getContainer().scrollIntoView({ block: "nearest" });
    });
  }
  hours(map);
  printing(map);
  sayZoom();
}

/* A sheet has another shape than the window: what is seen is fitted to it, and back again. */
function printing(map) {
  let seen = null;
  const step = map.options.zoomSnap;
  const fit = (printed) => {
    document.body.classList.toggle("printed", printed);
    map.options.zoomSnap = printed ? 0 : step; // a sheet is filled, whatever scale that takes
    map.invalidateSize({ animate: false });
  };
  window.addEventListener("beforeprint", () => {
    seen = [map.getCenter(), map.getZoom()];
    const bounds = map.getBounds();
    fit(true);
    map.fitBounds(bounds, { animate: false });
  });
  window.addEventListener("afterprint", () => {
    fit(false);
    map.setView(seen[0], seen[1], { animate: false });
  });
}

/* `slot` is one of 48 (24 hours of a workday, 24 of a day off), or null for all of them together. */
function hours(map) {
  const figures = JSON.parse(document.getElementById("slot-figures").textContent);
  const said = document.getElementById("slot-said");
  if (!said) return; // the demand is unknown
  const cells = [];
  map.eachLayer((layer) => {
    const at = layer.feature && layer.feature.properties && layer.feature.properties.cell;
    if (Number.isInteger(at)) cells.push([at, layer]);
  });
  const buttons = Array.from(document.querySelectorAll("[data-slot]"));
  const select = document.getElementById("slot-service");
  const all = document.getElementById("slot-all");
  let slot = null;

  const service = () => figures.services.find((each) => each.code === select.value);
  const missing = (at, of, asked) =>
    of.covered[at][asked] === "1" ? 0 : figures.riders[at][asked] * of.need[asked];
  const every = Array.from({ length: 48 }, (_, at) => at);
  const figure = (at, of) =>
    slot === null
      ? every.reduce((sum, asked) => sum + figures.week[asked] * missing(at, of, asked), 0)
      : missing(at, of, slot);
  const step = (value, ends) => (value <= 0 ? 0 : 1 + ends.slice(0, -1).filter((end) => value > end).length);
  const count = (value) =>
    value > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US");
  const hour = (asked) => `${asked < 24 ? "工作日" : "休息日"} ${asked % 24}:00`;

  function column(of, asked) {
    let without = 0;
    let total = 0;
    figures.riders.forEach((riders, at) => {
      without += missing(at, of, asked);
      total += riders[asked] * of.need[asked];
    });
    return [without, total];
  }

  function show() {
    const of = service();
    const ends = slot === null ? of.day : of.hour;
    const shift = 5 - ends.length;
    for (const [at, layer] of cells) {
      const drawn = step(figure(at, of), ends);
      const element = layer.getElement();
      if (element) {
        element.setAttribute("class", `cell s${drawn ? drawn + shift : 0} leaflet-interactive`);
      }
    }
    for (const button of buttons) {
      const [without, total] = column(of, Number(button.dataset.slot));
      const share = total > 0 ? without / total : 0;
      const worst = button.classList.contains("worst") ? " worst" : "";
      button.className = `s${step(share, figures.steps.slice(1))}${worst}`;
      button.setAttribute("aria-pressed", String(Number(button.dataset.slot) === slot));
      button.title = `${hour(Number(button.dataset.slot))}，${count(without)} 人没有站可去，占 ${Math.round(100 * share)}%`;
      button.setAttribute("aria-label", button.title);
    }
    all.hidden = slot === null;
    ramp(ends, shift);
    if (slot === null) {
      const sum = cells.reduce((total, [at]) => total + figure(at, of), 0);
      said.textContent = `${of.name} · 每周 ${count(sum)} 骑手时没有着落`;
    } else {
      const [without, total] = column(of, slot);
      const share = total > 0 ? Math.round((100 * without) / total) : 0;
      said.textContent =
        total > 0
          ? `${of.name} · ${hour(slot)}：${count(without)} 人 ${figures.reach} 分钟内没有站可去（${share}%）`
          : `${of.name} · ${hour(slot)}：这时没有人需要`;
    }
  }

  function ramp(ends, shift) {
    const element = document.getElementById("slot-ramp");
    if (!element) return;
    element.replaceChildren(
      ...ends.map((end, at) => {
        const part = document.createElement("span");
        const colour = document.createElement("i");
        colour.className = `s${1 + at + shift}`;
        part.append(colour, `≤ ${end.toLocaleString("en-US")}`);
        return part;
      }),
    );
    document.getElementById("slot-unit").textContent =
      slot === null ? "每个六边形里每周没有站可去的骑手时。" : "每个六边形里没有站可去的骑手。";
  }

  for (const [at, layer] of cells) {
    layer.bindPopup(() => {
      const words = document.createElement("p");
      const of = service();
      const what = slot === null ? "每周" : hour(slot);
      words.textContent = `${of.name} · ${what}：${count(figure(at, of))} ${slot === null ? "骑手时" : "人"}没有站可去`;
      return words;
    });
  }
  for (const button of buttons) {
    button.addEventListener("click", () => {
      slot = slot === Number(button.dataset.slot) ? null : Number(button.dataset.slot);
      show();
    });
  }
  all.addEventListener("click", () => {
    slot = null;
    show();
  });
  select.addEventListener("change", show);
  map.on("layeradd", (event) => {
    if (event.layer.feature) show();
  });
  show();
}
