// The look of the base map: quiet, so that stations speak. Pure: a palette goes in, a style comes out.
//
// Layers and properties are those of the release's base map: water, waterways, green, landuse,
// buildings, roads (class, name, bridge, tunnel, oneway), places and pois. There is no glyph server:
// labels are drawn by the browser from its own fonts (a name that ends in "medium" or "italic" as
// the first of a stack only chooses the weight and the slant of those that follow).

/** Overlays (coverage, gaps) are put below this layer, so that names stay readable above them. */
export const FIRST_LABEL = "label-water";
/** Overlays that should lie under the streets too go below this one. */
export const FIRST_ROAD = "tunnel-minor";

/** The image of the dot beside a landmark's name; the map is given it by basemap.js. */
export const DOT = "dot";

const FONTS = ["PingFang SC", "HarmonyOS Sans SC", "MiSans", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei"];
const REGULAR = ["map regular"].concat(FONTS);
const MEDIUM = ["map medium"].concat(FONTS);
const BOLD = ["map bold"].concat(FONTS);
const ITALIC = ["map italic"].concat(FONTS);

/** Widths of the roads in pixels by zoom; the casing adds an edge on both sides. */
const WIDTHS = {
  major: [[10, 1.4], [12, 2.6], [14, 6], [16, 14], [18, 30]],
  secondary: [[10, 0.8], [12, 1.7], [14, 4.6], [16, 11], [18, 25]],
  minor: [[12, 0.5], [13, 1.1], [14, 2.4], [16, 7.5], [18, 19]],
};
const EDGES = { major: 2, secondary: 2, minor: 1.6 };
const STARTS = { major: 9, secondary: 10, minor: 12.5 };

function byZoom(stops, extra) {
  const expression = ["interpolate", ["exponential", 1.5], ["zoom"]];
  stops.forEach(function (stop) {
    expression.push(stop[0], stop[1] + (extra || 0));
  });
  return expression;
}

/** Tiles may carry a flag as true, 1 or "yes". */
function flag(name) {
  return ["match", ["to-string", ["get", name]], ["true", "1", "yes", "viaduct"], true, false];
}

function roads(structure, kind, palette) {
  const where = {
    tunnel: flag("tunnel"),
    bridge: ["all", flag("bridge"), ["!", flag("tunnel")]],
    road: ["all", ["!", flag("bridge")], ["!", flag("tunnel")]],
  }[structure];
  const filter = ["all", ["==", ["get", "class"], kind], where];
  const round = structure === "road" ? "round" : "butt";
  const common = {
    type: "line",
    source: "base",
    "source-layer": "roads",
    minzoom: STARTS[kind],
    filter: filter,
  };
  const casing = Object.assign({ id: structure + "-" + kind + "-edge" }, common, {
    layout: { "line-cap": round, "line-join": "round" },
    paint: {
      "line-color": palette[kind + "Edge"],
      "line-width": byZoom(WIDTHS[kind], EDGES[kind] + (structure === "bridge" ? 1.4 : 0)),
    },
  });
  const fill = Object.assign({ id: structure + "-" + kind }, common, {
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": palette[kind], "line-width": byZoom(WIDTHS[kind]) },
  });
  if (structure === "tunnel") {
    fill.paint["line-opacity"] = 0.55;
    fill.layout = { "line-join": "round" };
    return [fill];
  }
  return [casing, fill];
}

function network(structure, palette) {
  const kinds = ["minor", "secondary", "major"];
  const pairs = kinds.map(function (kind) {
    return roads(structure, kind, palette);
  });
  if (structure === "tunnel") return pairs.map((pair) => pair[0]);
  // All edges first, then all fills: crossings of one level flow into each other.
  return pairs.map((pair) => pair[0]).concat(pairs.map((pair) => pair[1]));
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

function isClass() {
  return ["in", ["get", "class"], ["literal", Array.prototype.slice.call(arguments)]];
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
  };
  return [
    text(FIRST_LABEL, "water", {
      minzoom: 12,
      filter: ["has", "name"],
      layout: Object.assign({}, spot, { "text-font": ITALIC, "text-size": 13, "text-letter-spacing": 0.2 }),
      paint: halo(palette.labelWater, palette, 1.2),
    }),
    text("label-waterway", "waterways", {
      minzoom: 11.5,
      filter: ["has", "name"],
      layout: Object.assign({}, along, {
        "text-font": ITALIC,
        "text-size": ["interpolate", ["linear"], ["zoom"], 11, 13, 16, 15],
        "text-letter-spacing": 0.3,
        "symbol-spacing": 420,
      }),
      paint: halo(palette.labelWater, palette, 1.2),
    }),
    text("label-minor", "roads", {
      minzoom: 15,
      filter: ["all", ["has", "name"], isClass("minor", "path", "steps")],
      layout: Object.assign({}, along, { "text-font": REGULAR, "text-size": 13, "symbol-spacing": 260 }),
      paint: halo(palette.labelMuted, palette),
    }),
    text("label-secondary", "roads", {
      minzoom: 13.2,
      filter: ["all", ["has", "name"], isClass("secondary")],
      layout: Object.assign({}, along, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.label, palette),
    }),
    text("label-major", "roads", {
      minzoom: 12,
      filter: ["all", ["has", "name"], isClass("major")],
      layout: Object.assign({}, along, {
        "text-font": MEDIUM,
        "text-size": ["interpolate", ["linear"], ["zoom"], 12, 13, 16, 15],
      }),
      paint: halo(palette.label, palette),
    }),
    text("label-poi", "pois", {
      minzoom: 14.5,
      filter: ["all", ["has", "name"], ["!", isClass("park", "bridge")]],
      layout: Object.assign({}, spot, {
        "text-font": REGULAR,
        "text-size": 13,
        "text-anchor": "top",
        "text-offset": [0, 0.4],
        "icon-image": DOT,
      }),
      paint: Object.assign(halo(palette.labelMuted, palette), {
        "icon-color": palette.labelMuted,
        "icon-halo-color": palette.land,
        "icon-halo-width": 1,
      }),
    }),
    text("label-bridge", "pois", {
      minzoom: 14.2,
      filter: ["all", ["has", "name"], isClass("bridge")],
      layout: Object.assign({}, spot, { "text-font": ITALIC, "text-size": 13 }),
      paint: halo(palette.label, palette),
    }),
    text("label-park", "pois", {
      minzoom: 13.2,
      filter: ["all", ["has", "name"], isClass("park")],
      layout: Object.assign({}, spot, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.labelGreen, palette),
    }),
    text("label-estate", "places", {
      minzoom: 14.5,
      filter: ["all", ["has", "name"], isClass("estate", "landmark")],
      layout: Object.assign({}, spot, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.labelMuted, palette),
    }),
    text("label-village", "places", {
      minzoom: 11.5,
      filter: ["all", ["has", "name"], isClass("village")],
      layout: Object.assign({}, spot, { "text-font": REGULAR, "text-size": 13 }),
      paint: halo(palette.labelMuted, palette),
    }),
    text("label-township", "places", {
      maxzoom: 16,
      filter: ["all", ["has", "name"], isClass("township")],
      layout: Object.assign({}, spot, {
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
  const thin = function (id, layer, extra) {
    return Object.assign({ id: id, type: "line", source: "base", "source-layer": layer }, extra);
  };
  return {
    version: 8,
    sources: { base: { type: "vector", url: "pmtiles://" + packUrl } },
    layers: [
      { id: "land", type: "background", paint: { "background-color": palette.land } },
      fill("built", "landuse", { "fill-color": palette.built }),
      fill("green", "green", { "fill-color": palette.green }),
      thin("waterway", "waterways", {
        layout: { "line-cap": "round", "line-join": "round" },
        paint: {
          "line-color": palette.water,
          "line-width": byZoom([[10, 0.8], [13, 1.8], [16, 6], [18, 14]]),
        },
      }),
      fill("water", "water", { "fill-color": palette.water, "fill-outline-color": palette.waterEdge }),
      fill("building", "buildings", { "fill-color": palette.building, "fill-outline-color": palette.buildingEdge }, {
        minzoom: 14,
      }),
    ]
      .concat(network("tunnel", palette))
      .concat([
        thin("path", "roads", {
          minzoom: 14,
          filter: isClass("path"),
          layout: { "line-cap": "round", "line-join": "round" },
          paint: {
            "line-color": palette.path,
            "line-width": byZoom([[14, 0.8], [16, 1.6], [18, 3]]),
            "line-dasharray": [0.5, 2],
          },
        }),
        thin("steps", "roads", {
          minzoom: 14.5,
          filter: isClass("steps"),
          paint: {
            "line-color": palette.path,
            "line-width": byZoom([[14, 1.5], [16, 3.5], [18, 8]]),
            "line-dasharray": [0.35, 0.35],
          },
        }),
      ])
      .concat(network("road", palette))
      .concat([
        thin("rail", "roads", {
          minzoom: 11,
          filter: isClass("rail"),
          paint: { "line-color": palette.rail, "line-width": byZoom([[11, 0.8], [14, 1.4], [17, 3]]) },
        }),
        thin("rail-ties", "roads", {
          minzoom: 13,
          filter: isClass("rail"),
          paint: {
            "line-color": palette.rail,
            "line-width": byZoom([[13, 3], [17, 8]]),
            "line-dasharray": [0.12, 1.6],
          },
        }),
      ])
      .concat(network("bridge", palette))
      .concat(labels(palette)),
  };
}
