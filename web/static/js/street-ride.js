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
  const lead = origin.snap + streets.header.parking_ds;
  const reached = search(streets, streets.ahead, origin, departures(streets, origin), lead, limit);
  return places.map(function (place) {
    if (!place) return -1;
    const byEnds = viaEnds(streets, place, arrivals(streets, place), reached.time);
    return whole(Math.min(byEnds[0], byEnds[1], lead + along(streets, origin, place)) + place.snap, limit);
  });
}

/**
 * The fastest way between two places as `snapper` finds them: {time, pieces: [{piece, forward}],
 * line: [[lon, lat], …]}; null where it takes more than `limit` tenths of a second.
 */
export function route(streets, origin, goal, limit) {
  const lead = goal.snap + streets.header.parking_ds;
  const reached = search(streets, streets.back, goal, arrivals(streets, goal), lead, limit);
  const byEnds = viaEnds(streets, origin, departures(streets, origin), reached.time);
  const direct = lead + along(streets, origin, goal);
  const time = whole(Math.min(byEnds[0], byEnds[1], direct) + origin.snap, limit);
  if (time < 0) return null;
  const begin = [[origin.lon, origin.lat]];
  const finish = [[goal.lon, goal.lat]];
  if (direct <= Math.min(byEnds[0], byEnds[1])) {
    const onward = goal.point > origin.point || (goal.point === origin.point && goal.along >= origin.along);
    const middle = onward
      ? points(streets, origin.point + 1, goal.point)
      : points(streets, goal.point + 1, origin.point).reverse();
    const only = { piece: origin.piece, forward: onward };
    return { time: time, pieces: [only], line: begin.concat(middle, finish) };
  }
  const leaving = byEnds[1] <= byEnds[0];
  const pieces = [{ piece: origin.piece, forward: leaving }];
  let line = begin.concat(toEnd(streets, origin, leaving));
  let node = leaving ? streets.to[origin.piece] : streets.from[origin.piece];
  while (reached.next[node] >= 0) {
    const piece = reached.by[node];
    const forward = streets.from[piece] === node;
    const shape = points(streets, streets.start[piece], streets.start[piece + 1] - 1);
    pieces.push({ piece: piece, forward: forward });
    line = line.concat((forward ? shape : shape.reverse()).slice(1));
    node = reached.next[node];
  }
  const entering = node === streets.from[goal.piece] && reached.time[node] === lead + goal.along;
  pieces.push({ piece: goal.piece, forward: entering });
  line = line.concat(toEnd(streets, goal, !entering).reverse().slice(1), finish);
  return { time: time, pieces: pieces, line: line };
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
