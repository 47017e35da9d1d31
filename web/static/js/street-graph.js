// The street graph of a release (streets.bin, docs/street-graph-format.md). Pure.

import { unpack } from "./columns.js";
import { haversine } from "./street-plane.js";

const BOTH_WAYS = 1;
const TRAP = 2;

/**
 * Read streets.bin.
 *
 * Piece p leads from node `from[p]` to `to[p]` in `time[p]` tenths of a second; where `bothWays[p]`
 * is 0 only so. No point stands on a piece with `trap[p]`. Its shape are the points `start[p]` to
 * `start[p + 1]` of `lon` and `lat`, whole numbers of 1 / `unit` degrees (WGS-84).
 * `ahead` and `back` list the ways out of and into each node, see `ways`.
 * `metresOf(p)` is a piece's length, `nameOf(p)` its name, "" where it has none.
 * @param {ArrayBuffer} buffer
 */
export function readStreets(buffer) {
  const file = unpack(buffer, "yizhangtu-streets", 1);
  const flags = file.column("flags");
  const ends = metBefore(file.column("ends"));
  const time = Int32Array.from(file.column("time_ds"));
  const pieces = flags.length;
  const from = new Int32Array(pieces);
  const to = new Int32Array(pieces);
  const bothWays = new Uint8Array(pieces);
  const trap = new Uint8Array(pieces);
  for (let piece = 0; piece < pieces; piece += 1) {
    from[piece] = ends[2 * piece];
    to[piece] = ends[2 * piece + 1];
    bothWays[piece] = flags[piece] & BOTH_WAYS ? 1 : 0;
    trap[piece] = flags[piece] & TRAP ? 1 : 0;
  }
  const inner = file.column("inner");
  const nodeLon = file.column("node_lon");
  const start = new Int32Array(pieces + 1);
  for (let piece = 0; piece < pieces; piece += 1) start[piece + 1] = start[piece] + inner[piece] + 2;
  const shape = function (nodes, steps) {
    return shapes(from, to, start, nodes, steps);
  };
  const streets = {
    header: file.header,
    unit: file.header.unit,
    nodes: nodeLon.length,
    pieces: pieces,
    from: from,
    to: to,
    time: time,
    bothWays: bothWays,
    trap: trap,
    start: start,
    lon: shape(nodeLon, file.column("shape_lon")),
    lat: shape(file.column("node_lat"), file.column("shape_lat")),
    ahead: ways(nodeLon.length, from, to, bothWays),
    back: ways(nodeLon.length, to, from, bothWays),
  };
  streets.metresOf = lengths(streets);
  streets.nameOf = calledNames(file);
  return streets;
}

/** Lengths in metres on the sphere, reckoned when first asked for. */
function lengths(streets) {
  const known = new Float64Array(streets.pieces).fill(-1);
  const degrees = (column, point) => column[point] / streets.unit;
  return function (piece) {
    if (known[piece] < 0) {
      let metres = 0;
      for (let at = streets.start[piece]; at < streets.start[piece + 1] - 1; at += 1) {
        metres += haversine(
          degrees(streets.lon, at), degrees(streets.lat, at),
          degrees(streets.lon, at + 1), degrees(streets.lat, at + 1)
        );
      }
      known[piece] = metres;
    }
    return known[piece];
  };
}

/** Names are read from the file when the first is asked for. */
function calledNames(file) {
  let names = null;
  return function (piece) {
    if (!names) names = { list: file.texts("names"), of: file.column("name") };
    return names.of[piece] ? names.list[names.of[piece] - 1] : "";
  };
}

/** Nodes by their number: each is told by how many nodes before it was met, 0 for a new one. */
function metBefore(back) {
  let met = 0;
  return back.map(function (steps) {
    const node = met - steps;
    if (steps === 0) met += 1;
    return node;
  });
}

function shapes(from, to, start, nodes, steps) {
  const points = new Int32Array(start[from.length]);
  let step = 0;
  for (let piece = 0; piece < from.length; piece += 1) {
    const last = start[piece + 1] - 1;
    points[start[piece]] = nodes[from[piece]];
    for (let at = start[piece] + 1; at < last; at += 1) points[at] = points[at - 1] + steps[step++];
    points[last] = nodes[to[piece]];
  }
  return points;
}

/**
 * The ways out of each node when every piece is taken from `tail` to `head`, and the other way too
 * where it is open both ways: node n has the ways `start[n]` to `start[n + 1]`; way w ends at
 * `node[w]` and takes piece `piece[w]`.
 */
function ways(nodes, tail, head, bothWays) {
  const start = new Int32Array(nodes + 1);
  for (let piece = 0; piece < tail.length; piece += 1) {
    start[tail[piece] + 1] += 1;
    if (bothWays[piece]) start[head[piece] + 1] += 1;
  }
  for (let node = 0; node < nodes; node += 1) start[node + 1] += start[node];
  const free = start.slice();
  const node = new Int32Array(start[nodes]);
  const taken = new Int32Array(start[nodes]);
  const add = function (out, into, piece) {
    const way = free[out]++;
    node[way] = into;
    taken[way] = piece;
  };
  for (let piece = 0; piece < tail.length; piece += 1) {
    add(tail[piece], head[piece], piece);
    if (bothWays[piece]) add(head[piece], tail[piece], piece);
  }
  return { start: start, node: node, piece: taken };
}
