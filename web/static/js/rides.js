// Rides by e-bike from a place to the stations, over the county's streets. Pure.

import { estimatedRide } from "./distance.js";
import { readStreets } from "./street-graph.js";
import { ridesFrom } from "./street-ride.js";
import { snapper } from "./street-snap.js";

const DS_PER_MINUTE = 600;
/** Farther than this nobody rides for a rest; the list says so instead of a time. */
const LIMIT_DS = 60 * DS_PER_MINUTE;

/**
 * A function that finds the ride from a place to each of `stations`: {minutes, metres(), exact,
 * line()}, `line` being the way to draw, [[lon, lat], …].
 *
 * A ride goes by the streets where they lead there, with the release's own times; else it is
 * estimated by the straight line: far from any street, or farther than an hour.
 * @param {ArrayBuffer} buffer streets.bin
 */
export function rideFinder(buffer, stations) {
  const streets = readStreets(buffer);
  const snap = snapper(streets);
  const doors = stations.map((station) => snap(station.lon, station.lat));
  return function (place) {
    const origin = snap(place.lon, place.lat);
    const ride = origin && ridesFrom(streets, origin, LIMIT_DS);
    return stations.map(function (station, at) {
      const way = ride && doors[at] && ride(doors[at]);
      if (way) return byStreet(way, place, station);
      const estimate = estimatedRide(place, station);
      // There are streets, and they do not lead there within the hour.
      if (ride && doors[at]) estimate.minutes = Math.max(estimate.minutes, LIMIT_DS / DS_PER_MINUTE + 1);
      return estimate;
    });
  };
}

function byStreet(way, place, station) {
  return {
    minutes: way.time / DS_PER_MINUTE,
    metres: way.metres,
    exact: true,
    line: () => [[place.lon, place.lat]].concat(way.path().line, [[station.lon, station.lat]]),
  };
}
