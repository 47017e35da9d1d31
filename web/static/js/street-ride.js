// Riding times over the street graph, in the same whole tenths of a second as the release's. Pure.
//
// A place is what `snapper` finds: {piece, along, end, snap}. A ride takes snap + ride + parking +
// snap, as locator/streets/access.py reckons it.

const NEVER = 2147483647;

/**
 * Times in tenths of a second from each of `places` to one `goal`, -1 beyond `limit`.
 * A place may be null: no street is near.
 */
export function timesTo(streets, goal, places, limit) {
  const lead = goal.snap + streets.header.parking_ds;
  const reached = search(streets, streets.back, goal, arrivals(streets, goal), lead, limit);
  return places.map(function (place) {
    if (!place) return -1;
    const byEnds = viaEnds(streets, place, departures(streets, place), reached.time);
    return whole(Math.min(byEnds[0], byEnds[1], lead + along(streets, place, goal)) + place.snap, limit);
  });
}

/** Times in tenths of a second from one `origin` to each of `places`, -1 beyond `limit`. */
export function timesFrom(streets, origin, places, limit) {
  const ride = ridesFrom(streets, origin, limit);
  return places.map(function (place) {
    const found = place && ride(place);
    return found ? found.time : -1;
  });
}

/**
 * All rides from one `origin`, by one search: a function that answers with the fastest way to a
 * place, null where that takes more than `limit` tenths of a second.
 *
 * A way has its `time`, and, worked out when asked for, `metres()` of street and `path()`: its
 * {pieces: [{piece, forward}], line: [[lon, lat], …]}.
 */
export function ridesFrom(streets, origin, limit) {
  const lead = origin.snap + streets.header.parking_ds;
  const reached = search(streets, streets.ahead, origin, departures(streets, origin), lead, limit);
  const metresTo = metresAlong(streets, origin, reached);
  return function (place) {
    const byEnds = viaEnds(streets, place, arrivals(streets, place), reached.time);
    const direct = lead + along(streets, origin, place);
    const time = whole(Math.min(byEnds[0], byEnds[1], direct) + place.snap, limit);
    if (time < 0) return null;
    const straight = direct <= Math.min(byEnds[0], byEnds[1]);
    const entering = byEnds[0] <= byEnds[1];
    return {
      time: time,
      metres: function () {
        const length = streets.metresOf(place.piece);
        const share = place.along / streets.time[place.piece];
        if (straight) return length * Math.abs(share - origin.along / streets.time[place.piece]);
        const node = entering ? streets.from[place.piece] : streets.to[place.piece];
        return metresTo(node) + length * (entering ? share : 1 - share);
      },
      path: function () {
        return straight ? onOnePiece(streets, origin, place) : throughNodes(streets, origin, place, entering, reached);
      },
    };
  };
}

/** Metres of street from a place to each node that a search from it has reached, kept once known. */
function metresAlong(streets, place, reached) {
  const known = new Map();
  return function (node) {
    const way = [];
    let at = node;
    while (!known.has(at) && reached.next[at] >= 0) {
      way.push(at);
      at = reached.next[at];
    }
    if (!known.has(at)) {
      const share = place.along / streets.time[place.piece];
      const onward = leavesOnward(streets, place, at, reached);
      known.set(at, streets.metresOf(place.piece) * (onward ? 1 - share : share));
    }
    let metres = known.get(at);
    way.reverse().forEach(function (each) {
      metres += streets.metresOf(reached.by[each]);
      known.set(each, metres);
    });
    return metres;
  };
}

/** Whether the way to a node, an end of the place's own piece, leads to that piece's end. */
function leavesOnward(streets, place, node, reached) {
  if (streets.to[place.piece] !== node) return false;
  const lead = place.snap + streets.header.parking_ds;
  return reached.time[node] === lead + departures(streets, place)[1];
}

function onOnePiece(streets, origin, goal) {
  const onward = goal.point > origin.point || (goal.point === origin.point && goal.along >= origin.along);
  const middle = onward
    ? points(streets, origin.point + 1, goal.point)
    : points(streets, goal.point + 1, origin.point).reverse();
  const line = [[origin.lon, origin.lat]].concat(middle, [[goal.lon, goal.lat]]);
  return { pieces: [{ piece: origin.piece, forward: onward }], line: line };
}

/** The way is followed from the goal back to the origin, and turned round at last. */
function throughNodes(streets, origin, goal, entering, reached) {
  const pieces = [{ piece: goal.piece, forward: entering }];
  let line = [[goal.lon, goal.lat]].concat(toEnd(streets, goal, !entering));
  let node = entering ? streets.from[goal.piece] : streets.to[goal.piece];
  while (reached.next[node] >= 0) {
    const piece = reached.by[node];
    const forward = streets.to[piece] === node;
    const shape = points(streets, streets.start[piece], streets.start[piece + 1] - 1);
    pieces.push({ piece: piece, forward: forward });
    line = line.concat((forward ? shape.reverse() : shape).slice(1));
    node = reached.next[node];
  }
  const leaving = leavesOnward(streets, origin, node, reached);
  pieces.push({ piece: origin.piece, forward: leaving });
  line = line.concat(toEnd(streets, origin, leaving).reverse().slice(1), [[origin.lon, origin.lat]]);
  return { pieces: pieces.reverse(), line: line.reverse() };
}

function whole(time, limit) {
  return time > limit ? -1 : Math.max(1, time);
}

/** From a place to the start and to the end of its piece; at a junction every street is open. */
function departures(streets, place) {
  const back = streets.bothWays[place.piece] || place.end === 1;
  return [back ? place.along : NEVER, streets.time[place.piece] - place.along];
}

/** The same to the place from the start and from the end of its piece. */
function arrivals(streets, place) {
  const back = streets.bothWays[place.piece] || place.end === 2;
  return [place.along, back ? streets.time[place.piece] - place.along : NEVER];
}

function viaEnds(streets, place, own, reached) {
  return [own[0] + reached[streets.from[place.piece]], own[1] + reached[streets.to[place.piece]]];
}

/** Along the piece that both places stand on. */
function along(streets, origin, goal) {
  if (origin.piece !== goal.piece) return NEVER;
  const ride = goal.along - origin.along;
  return ride >= 0 || streets.bothWays[goal.piece] ? Math.abs(ride) : NEVER;
}

/**
 * Dijkstra's search from the two ends of a place's piece, with a bucket for each tenth of a second
 * (R. Dial, Algorithm 360, CACM 12, 1969). `time` is each node's, NEVER beyond the limit; `by` the
 * piece and `next` the node towards the place, -1 at the ends of its piece.
 */
function search(streets, ways, place, own, lead, limit) {
  const time = new Int32Array(streets.nodes).fill(NEVER);
  const by = new Int32Array(streets.nodes).fill(-1);
  const next = new Int32Array(streets.nodes).fill(-1);
  const first = new Int32Array(limit + 1).fill(-1); // of each bucket: a place in the two lists
  const node = [];
  const follows = [];
  const reach = function (there, when, piece, from) {
    if (when > limit || when >= time[there]) return;
    time[there] = when;
    by[there] = piece;
    next[there] = from;
    node.push(there);
    follows.push(first[when]);
    first[when] = node.length - 1;
  };
  reach(streets.from[place.piece], lead + own[0], -1, -1);
  reach(streets.to[place.piece], lead + own[1], -1, -1);
  for (let now = 0; now <= limit; now += 1) {
    // No piece takes less than a tenth, so nothing is added to the bucket that is being emptied.
    for (let entry = first[now]; entry >= 0; entry = follows[entry]) {
      const here = node[entry];
      if (time[here] !== now) continue; // reached sooner since
      for (let way = ways.start[here]; way < ways.start[here + 1]; way += 1) {
        const piece = ways.piece[way];
        reach(ways.node[way], now + streets.time[piece], piece, here);
      }
    }
  }
  return { time: time, by: by, next: next };
}

function points(streets, first, last) {
  const found = [];
  for (let at = first; at <= last; at += 1) {
    found.push([streets.lon[at] / streets.unit, streets.lat[at] / streets.unit]);
  }
  return found;
}

/** The points of a place's piece from the place on, to its end or back to its start. */
function toEnd(streets, place, onward) {
  if (onward) return points(streets, place.point + 1, streets.start[place.piece + 1] - 1);
  return points(streets, streets.start[place.piece], place.point).reverse();
}
