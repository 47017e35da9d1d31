// Which station first: what a rider finds at each door on arriving, for the services asked. Pure.
//
// Times are minutes since 1970 UTC, as in openness.js.

import { spanAt } from "./openness.js";

/** A door that shuts sooner than this after the arrival is not worth the ride. */
export const STAY_MINUTES = 10;

/** The order in which stations are offered: where one is served on arrival; hours unknown; no place
    to rest, when nothing else was asked; not served on arrival. */
export const TURN = { served: 0, unknown: 1, noStop: 2, missed: 3 };

/** The times in which two lists of intervals overlap. */
function common(one, other) {
  const found = [];
  let j = 0;
  one.forEach(function (a) {
    while (j < other.length && other[j][1] <= a[0]) j += 1;
    for (let i = j; i < other.length && other[i][0] < a[1]; i += 1) {
      found.push([Math.max(a[0], other[i][0]), Math.min(a[1], other[i][1])]);
    }
  });
  return found;
}

/** When all of `services` can be had at once; with none asked, when the door is open. */
function servedSpans(entry, services) {
  return services.reduce(function (spans, service) {
    return entry.services[service] ? common(spans, entry.services[service]) : spans;
  }, entry.door);
}

/**
 * What a rider finds who arrives at `arrive` and means to stay for `stay` minutes.
 * @param {string} status of the ledger
 * @param {object|null} entry the station's intervals in open.json
 * @param {string[]} services asked, all of which the station has
 * @param {{from: number, to: number}} known the time that the intervals speak of
 * @returns {{turn: number, at: number, why: string, service: string, minutes: number}} `at` is the
 *   minute at which the rider is served, Infinity when never; `why` is "" or one of: opens (shut
 *   now, open by then), shuts (it will have shut), short (it shuts `minutes` after the arrival),
 *   lacks (the door is open, the `service` is not to be had then)
 */
export function onArrival(status, entry, services, known, now, arrive, stay) {
  const result = { turn: TURN.missed, at: Infinity, why: "", service: "", minutes: 0 };
  if (status !== "open") return result;
  if (!entry || !entry.door || now < known.from || arrive >= known.to) {
    return Object.assign(result, { turn: TURN.unknown, at: arrive });
  }
  const lasts = (span) => span[1] >= known.to || span[1] - Math.max(span[0], arrive) >= stay;
  const spans = servedSpans(entry, services);
  const next = spans.find((span) => span[1] > arrive && lasts(span));
  if (next) result.at = Math.max(next[0], arrive);
  const here = spanAt(entry.door, arrive);
  if (!here && entry.maybe && spanAt(entry.maybe, arrive)) {
    return Object.assign(result, { turn: TURN.unknown, at: arrive });
  }
  if (next && next[0] <= arrive) {
    result.turn = TURN.served;
    if (!spanAt(entry.door, now)) result.why = "opens";
  } else if (here && !lasts(here)) {
    Object.assign(result, { why: "short", minutes: Math.floor(here[1] - arrive) });
  } else if (here) {
    result.why = "lacks";
    result.service = services.find(function (service) {
      const span = spanAt(entry.services[service] || entry.door, arrive);
      return !span || !lasts(span);
    });
  } else if (spanAt(entry.door, now)) {
    result.why = "shuts";
  }
  return result;
}

/**
 * Work out the `arrival` at every card for who leaves at `minute`.
 * @param {object[]} cards with status, entry, services, stop and, when a place is known, ride
 * @param {object|null} open open.json, null while it is not known
 * @param {string[]} services asked
 */
export function setArrivals(cards, open, services, minute) {
  cards.forEach(function (card) {
    const had = services.filter((service) => card.services.indexOf(service) >= 0);
    const arrive = minute + (card.ride ? card.ride.minutes : 0);
    const stay = card.ride ? STAY_MINUTES : 0;
    const known = open || { from: Infinity, to: Infinity };
    card.arrival = onArrival(card.status, card.entry, had, known, minute, arrive, stay);
    if (!card.stop && !services.length && card.arrival.turn < TURN.noStop) card.arrival.turn = TURN.noStop;
  });
}

/** Give every card its turn by what is known now; kept until asked again, so that no card moves
    away under a thumb when another one closes. */
export function takeTurns(cards) {
  cards.forEach(function (card) {
    card.turn = card.arrival.turn;
    card.servedAt = card.arrival.at;
  });
}

/**
 * Of cards that have all `services`, where one could be served first who came at any time from
 * `minute` on.
 * @returns {{card: object, at: number}|null} null where nobody can say
 */
export function firstServed(cards, open, services, minute) {
  return cards.reduce(function (first, card) {
    const found = onArrival(card.status, card.entry, services, open, minute, minute, 0);
    if (found.turn === TURN.unknown || !(found.at < (first ? first.at : Infinity))) return first;
    return { card: card, at: found.at };
  }, null);
}

/** Who is served first when a place is known, else as the server listed them; what is shut, by when
    it opens. */
export function inOrder(a, b) {
  if (a.turn !== b.turn) return a.turn - b.turn;
  const byTime = (a.ride && b.ride) || a.turn === TURN.missed;
  if (byTime && a.servedAt !== b.servedAt) return a.servedAt - b.servedAt;
  if (a.ride && b.ride && a.ride.minutes !== b.ride.minutes) return a.ride.minutes - b.ride.minutes;
  return a.order - b.order;
}
