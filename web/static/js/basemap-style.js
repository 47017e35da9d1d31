// The look of the base map: quiet, so that stations speak. Pure: a palette goes in, a style comes out.
//
// Layers and properties are those of the release's base map: landuse, water, waterways, buildings,
// roads (class, name, ref, bridge, level, tunnel, oneway; rails are a class of road), places and
// pois. There is no glyph server: labels are drawn by the browser from its own fonts (a name that
// ends in "medium" or "italic" as the first of a stack only chooses the weight and the slant of
// those that follow).

/** Overlays (coverage, gaps) are put below this layer, so that names stay readable above them. */
export const FIRST_LABEL = "label-arrow";
/** Overlays that should lie under the streets too go below this one. */
export const FIRST_ROAD = "tunnel-edge";

/** Signs that the map is given by basemap.js: beside a landmark's, a hospital's, a station's name, on
    a summit, and the way of a one-way street. */
export const DOT = "dot";
export const CROSS = "cross";
export const STOP = "stop";
export const PEAK = "peak";
export const ARROW = "arrow";

const FONTS = ["PingFang SC", "HarmonyOS Sans SC", "MiSans", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei"];
const REGULAR = ["map regular"].concat(FONTS);
const MEDIUM = ["map medium"].concat(FONTS);
const BOLD = ["map bold"].concat(FONTS);
const ITALIC = ["map italic"].concat(FONTS);

/** Widths in pixels at these zooms. A road's surface; under rails and paths the deck of a bridge. */
const ZOOMS = [8, 10, 12, 13, 14, 16, 18];
const WIDTHS = {
  motorway: [1.2, 1.8, 3, 4.4, 6.5, 15, 32],
  major: [0.8, 1.4, 2.4, 4, 6, 14, 30],
  secondary: [0, 0.8, 1.6, 2.8, 4.6, 11, 25],
  link: [0, 0, 0.9, 1.8, 3.2, 8.5, 19],
  tertiary: [0, 0, 1.1, 2.2, 3.8, 10, 23],
  minor: [0, 0, 0.5, 1.1, 2.4, 7.5, 19],
  service: [0, 0, 0, 0, 1.2, 4, 11],
  rail: [0, 0, 0, 0, 2, 6, 11],
  tram: [0, 0, 0, 0, 0, 4, 9],
  track: [0, 0, 0, 0, 0, 4, 7],
  path: [0, 0, 0, 0, 0, 4, 7],
  steps: [0, 0, 0, 0, 0, 4, 8],
};
/** What an edge adds to the width, both sides together. */
const EDGE = [0.6, 0.9, 1.3, 1.6, 2, 2, 2];
const CARS = ["motorway", "major", "secondary", "link", "tertiary", "minor", "service"];

function byZoom(stops, extra) {
  const expression = ["interpolate", ["exponential", 1.5], ["zoom"]];
  stops.forEach(function (stop) {
    expression.push(stop[0], stop[1] + (extra || 0));
  });
  return expression;
}

function byClass(values, otherwise) {
  const expression = ["match", ["get", "class"]];
  Object.keys(values).forEach(function (kind) {
    expression.push(kind, values[kind]);
  });
  return expression.concat([otherwise]);
}

/** The width of every class; ``edge`` true adds the edge, ``more`` pixels on top. */
function widths(edge, more) {
  const expression = ["interpolate", ["exponential", 1.5], ["zoom"]];
  ZOOMS.forEach(function (zoom, at) {
    const values = {};
    Object.keys(WIDTHS).forEach(function (kind) {
      const width = WIDTHS[kind][at];
      values[kind] = width && edge ? width + EDGE[at] + (more || 0) : width;
    });
    expression.push(zoom, byClass(values, 0));
  });
  return expression;
}

/** Tiles may carry a flag as true, 1 or "yes". */
function flag(name) {
  return ["match", ["to-string", ["get", name]], ["true", "1", "yes", "viaduct"], true, false];
}

function isClass() {
  return ["in", ["get", "class"], ["literal", Array.prototype.slice.call(arguments)]];
}

const LEVEL = ["max", 1, ["to-number", ["get", "level"], 1]];
/** Drawn in this order; a bridge of level 2 lies over those of level 1. */
const STRUCTURES = {
  tunnel: flag("tunnel"),
  road: ["all", ["!", flag("bridge")], ["!", flag("tunnel")]],
  bridge: ["all", flag("bridge"), ["!", flag("tunnel")], ["==", LEVEL, 1]],
  "bridge-2": ["all", flag("bridge"), ["!", flag("tunnel")], ["==", LEVEL, 2]],
  "bridge-3": ["all", flag("bridge"), ["!", flag("tunnel")], [">=", LEVEL, 3]],
};

/** The layers of one structure: edges first, then surfaces, so that crossings flow together. */
function network(structure, palette) {
  const bridge = structure.indexOf("bridge") === 0;
  const tunnel = structure === "tunnel";
  const line = function (name, classes, extra) {
    return Object.assign(
      {
        id: structure + "-" + name,
        type: "line",
        source: "base",
        "source-layer": "roads",
        filter: ["all", classes, STRUCTURES[structure]],
        layout: { "line-cap": "round", "line-join": "round" },
      },
      extra,
    );
  };
  const surface = {
    motorway: palette.motorway,
    major: palette.major,
    link: palette.major,
    secondary: palette.secondary,
    tertiary: palette.minor,
    minor: palette.minor,
    service: palette.minor,
  };
  const rim = {
    motorway: palette.motorwayEdge,
    major: palette.majorEdge,
    link: palette.majorEdge,
    secondary: palette.secondaryEdge,
  };
  const faint = tunnel ? 0.45 : 1;
  const butt = { "line-cap": "butt", "line-join": "round" };
  const decked = bridge ? isClass.apply(null, Object.keys(WIDTHS)) : isClass.apply(null, CARS);
  const edges = line("edge", decked, {
    layout: tunnel || bridge ? butt : { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": byClass(rim, bridge ? palette.bridgeEdge : palette.minorEdge), "line-width": widths(true, bridge ? 1 : 0) },
  });
  const surfaces = line("surface", decked, {
    layout: tunnel ? butt : { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": byClass(surface, palette.land),
      "line-width": widths(false),
    },
  });
  if (tunnel) {
    edges.paint["line-dasharray"] = [1.2, 0.8];
    edges.minzoom = 13;
    surfaces.paint["line-opacity"] = 0.75;
    surfaces.paint["line-color"] = byClass(
      { motorway: palette.tunnelMajor, major: palette.tunnelMajor, link: palette.tunnelMajor },
      palette.tunnel,
    );
  }
  const small = [
    line("track", isClass("track"), {
      minzoom: 13.5,
      paint: {
        "line-color": palette.path,
        "line-opacity": faint,
        "line-width": byZoom([[14, 0.7], [16, 1.4], [18, 3]]),
        "line-dasharray": [5, 1.6],
      },
    }),
    line("path", isClass("path"), {
      minzoom: 14,
      paint: {
        "line-color": palette.path,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 14, 0, 15, 0.8 * faint, 16, faint],
        "line-width": byZoom([[14, 0.8], [16, 1.4], [18, 2.6]]),
        "line-dasharray": [0.5, 2],
      },
    }),
    line("steps", isClass("steps"), {
      minzoom: 15,
      layout: butt,
      paint: {
        "line-color": palette.path,
        "line-opacity": faint,
        "line-width": byZoom([[14, 1.5], [16, 3.2], [18, 8]]),
        "line-dasharray": [0.35, 0.35],
      },
    }),
  ];
  const rails = [
    line("tram", isClass("tram"), {
      minzoom: 15,
      paint: {
        "line-color": palette.rail,
        "line-opacity": 0.5 * faint,
        "line-width": byZoom([[15, 0.6], [18, 1.6]]),
      },
    }),
    line("rail", isClass("rail"), {
      minzoom: 9,
      paint: {
        "line-color": palette.rail,
        "line-opacity": faint,
        "line-width": byZoom([[9, 0.6], [13, 0.9], [15, 1.1], [17, 2.2]]),
      },
    }),
    line("ties", isClass("rail"), {
      minzoom: 15,
      layout: butt,
      paint: {
        "line-color": palette.rail,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 15, 0, 16, 0.8 * faint],
        "line-width": byZoom([[15, 3.5], [17, 7]]),
        "line-dasharray": [0.12, 1.6],
      },
    }),
  ];
  if (bridge) return [edges, surfaces].concat(small, rails);
  if (tunnel) {
    const rail = rails[1];
    rail.layout = butt;
    rail.paint["line-dasharray"] = [4, 3];
    return [edges, surfaces].concat(small, [rail]);
  }
  return small.concat([edges, surfaces], rails);
}

function text(id, layer, extra) {
  return Object.assign({ id: id, type: "symbol", source: "base", "source-layer": layer }, extra);
}

function halo(colour, palette, width) {
  return {
    "text-color": colour,
    "text-halo-color": palette.land,
    "text-halo-width": width || 1.6,
  };
}

function labels(palette) {
  const along = {
    "symbol-placement": "line",
    "text-field": ["get", "name"],
    "text-letter-spacing": 0.12,
    "text-max-angle": 35,
    "text-padding": 4,
    "symbol-spacing": 320,
    "text-rotation-alignment": "map",
  };
  const spot = {
    "text-field": ["get", "name"],
    "text-max-width": 7,
    "text-padding": 6,
    "text-line-height": 1.25,
    "symbol-sort-key": ["to-number", ["get", "rank"], 9],
  };
  // A place's name steps aside where a station stands on the place.
  const beside = {
    "text-variable-anchor-offset": [0.9, 2.2].reduce(
      (tried, em) => tried.concat("top", [[0, em]], "bottom", [[0, -em]], "left", [[em, 0]], "right", [[-em, 0]]),
      ["center", [0, 0]],
    ),
  };
  const named = function () {
    return ["all", ["has", "name"]].concat(Array.prototype.slice.call(arguments));
  };
  const marked = function (colour) {
    return Object.assign(halo(colour, palette), {
      "icon-color": colour,
      "icon-halo-color": palette.land,
      "icon-halo-width": 1,
    });
  };
  const below = { "text-anchor": "top", "text-offset": [0, 0.4] };
  const rank = ["to-number", ["get", "rank"], 9];
  const sign = byClass({ hospital: CROSS, station: STOP }, DOT);
  const landmark = ["!", isClass("park", "bridge", "water", "peak")];
  return [
    text(FIRST_LABEL, "roads", {
      minzoom: 16,
      filter: ["all", ["has", "oneway"], isClass.apply(null, CARS)],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 140,
        "icon-image": ARROW,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 16, 0.7, 18, 1.1],
        "icon-rotate": ["case", ["<", ["get", "oneway"], 0], 180, 0],
        "icon-rotation-alignment": "map",
        "icon-padding": 8,
      },
      paint: { "icon-color": palette.arrow },
    }),
    text("label-path", "roads", {
      minzoom: 16,
      filter: named(isClass("track", "path", "steps")),
      layout: Object.assign({}, along, { "text-font": REGULAR, "text-size": 13, "symbol-spacing": 260 }),
      paint: halo(palette.labelMuted, palette),
    }),
    text("label-minor", "roads", {
      minzoom: 15,
      filter: named(isClass("minor", "service")),
      layout: Object.assign({}, along, { "text-font": REGULAR, "text-size": 13, "symbol-spacing": 260 }),
      paint: halo(palette.labelMuted, palette),
    }),
    text("label-peak", "pois", {
      minzoom: 11.5,
      filter: named(isClass("peak")),
      layout: Object.assign({}, spot, below, { "text-font": REGULAR, "text-size": 13, "text-padding": 12, "icon-image": PEAK }),
      paint: marked(palette.labelMuted),
    }),
    text("label-estate", "places", {
      minzoom: 14.5,
      filter: named(isClass("estate", "landmark")),
      layout: Object.assign({}, spot, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.labelMuted, palette),
    }),
    text("label-poi", "pois", {
      minzoom: 14.5,
      filter: named(landmark, [">", rank, 2]),
      layout: Object.assign({}, spot, below, { "text-font": REGULAR, "text-size": 13, "icon-image": sign }),
      paint: marked(palette.labelMuted),
    }),
    text("label-bridge", "pois", {
      minzoom: 14.2,
      filter: named(isClass("bridge")),
      layout: Object.assign({}, spot, { "text-font": ITALIC, "text-size": 13 }),
      paint: halo(palette.label, palette),
    }),
    text("label-park", "pois", {
      minzoom: 13.2,
      filter: named(isClass("park")),
      layout: Object.assign({}, spot, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.labelGreen, palette),
    }),
    text("label-secondary", "roads", {
      minzoom: 13.2,
      filter: named(isClass("secondary", "tertiary")),
      layout: Object.assign({}, along, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.label, palette),
    }),
    text("label-landmark", "pois", {
      minzoom: 13.2,
      filter: named(landmark, ["<=", rank, 2]),
      layout: Object.assign({}, spot, below, { "text-font": REGULAR, "text-size": 13, "icon-image": sign }),
      paint: marked(palette.label),
    }),
    text("label-major", "roads", {
      minzoom: 12,
      filter: ["all", isClass("motorway", "major"), ["any", ["has", "name"], ["has", "ref"]]],
      layout: Object.assign({}, along, {
        "text-field": ["coalesce", ["get", "name"], ["get", "ref"]],
        "text-font": MEDIUM,
        "text-size": ["interpolate", ["linear"], ["zoom"], 12, 13, 16, 15],
      }),
      paint: halo(palette.label, palette),
    }),
    text("label-water", "pois", {
      minzoom: 12,
      filter: named(isClass("water")),
      layout: Object.assign({}, spot, { "text-font": ITALIC, "text-size": 13, "text-letter-spacing": 0.2 }),
      paint: halo(palette.labelWater, palette, 1.2),
    }),
    text("label-waterway", "waterways", {
      minzoom: 11.5,
      filter: named(["!", flag("tunnel")]),
      layout: Object.assign({}, along, {
        "text-font": ITALIC,
        "text-size": ["interpolate", ["linear"], ["zoom"], 11, 13, 16, 15],
        "text-letter-spacing": 0.3,
        "symbol-spacing": 420,
      }),
      paint: halo(palette.labelWater, palette, 1.2),
    }),
    text("label-hamlet", "places", {
      minzoom: 12.5,
      maxzoom: 17,
      filter: named(isClass("hamlet")),
      layout: Object.assign({}, spot, beside, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.labelMuted, palette),
    }),
    text("label-village", "places", {
      minzoom: 10,
      maxzoom: 16.5,
      filter: named(isClass("village")),
      layout: Object.assign({}, spot, beside, {
        "text-font": MEDIUM,
        "text-size": ["interpolate", ["linear"], ["zoom"], 10, 13, 14, 16],
      }),
      paint: halo(palette.label, palette),
    }),
    text("label-township", "places", {
      maxzoom: 16,
      filter: named(isClass("township")),
      layout: Object.assign({}, spot, beside, {
        "text-font": BOLD,
        "text-size": ["interpolate", ["linear"], ["zoom"], 9, 13, 14, 18],
        "text-letter-spacing": 0.08,
      }),
      paint: halo(palette.label, palette, 2),
    }),
  ];
}

/**
 * The style of the base map.
 * @param {string} packUrl absolute address of basemap.pmtiles
 * @param {object} palette colours by name (see PALETTE in basemap.js)
 */
export function baseStyle(packUrl, palette) {
  const fill = function (id, layer, paint, extra) {
    return Object.assign({ id: id, type: "fill", source: "base", "source-layer": layer, paint: paint }, extra || {});
  };
  const ground = {
    civic: palette.civic,
    industrial: palette.industrial,
    plaza: palette.plaza,
    park: palette.green,
    wood: palette.wood,
    scrub: palette.scrub,
    grass: palette.grass,
    pitch: palette.green,
    orchard: palette.grass,
    rock: palette.rock,
    sand: palette.sand,
    ice: palette.ice,
  };
  const shore = ["interpolate", ["linear"], ["zoom"], 12, palette.water, 14, palette.waterEdge];
  return {
    version: 8,
    sources: { base: { type: "vector", url: "pmtiles://" + packUrl } },
    layers: [
      { id: "land", type: "background", paint: { "background-color": palette.land } },
      fill("ground", "landuse", { "fill-color": byClass(ground, palette.built) }),
      {
        id: "waterway",
        type: "line",
        source: "base",
        "source-layer": "waterways",
        filter: ["!", flag("tunnel")],
        layout: { "line-cap": "round", "line-join": "round" },
        paint: {
          "line-color": palette.water,
          "line-width": [
            "interpolate", ["exponential", 1.5], ["zoom"],
            9, 0.6,
            12, byClass({ river: 1.4, canal: 1.2 }, 0.5),
            14, byClass({ river: 2.6, canal: 2.2 }, 1.1),
            16, byClass({ river: 6, canal: 5 }, 2.6),
            18, byClass({ river: 14, canal: 10 }, 5),
          ],
        },
      },
      fill("water", "water", { "fill-color": palette.water, "fill-outline-color": shore }),
      fill(
        "building",
        "buildings",
        {
          "fill-color": palette.building,
          "fill-outline-color": palette.buildingEdge,
          "fill-opacity": ["interpolate", ["linear"], ["zoom"], 14, 0.4, 15, 1],
        },
        { minzoom: 14 },
      ),
    ]
      .concat(network("tunnel", palette))
      .concat(network("road", palette))
      .concat([
        {
          id: "cableway",
          type: "line",
          source: "base",
          "source-layer": "roads",
          minzoom: 13,
          filter: isClass("cableway"),
          paint: { "line-color": palette.rail, "line-width": byZoom([[13, 0.7], [17, 1.6]]), "line-dasharray": [8, 2] },
        },
      ])
      .concat(network("bridge", palette))
      .concat(network("bridge-2", palette))
      .concat(network("bridge-3", palette))
      .concat(labels(palette)),
  };
}
