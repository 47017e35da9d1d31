// How far it is, in metres, minutes and words. Pure.

const EARTH_RADIUS_M = 6371009;
/** Streets are longer than the straight line, by about this much. */
const DETOUR = 1.4;
const RIDE_KMH = 15;

/** Great-circle metres between two places in degrees. */
export function metresBetween(lon1, lat1, lon2, lat2) {
  const rad = Math.PI / 180;
  const a =
    Math.pow(Math.sin(((lat2 - lat1) * rad) / 2), 2) +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.pow(Math.sin(((lon2 - lon1) * rad) / 2), 2);
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(a));
}

/** A ride estimated from the straight line: {minutes, metres(), exact: false, line()}. */
export function estimatedRide(place, station) {
  const metres = DETOUR * metresBetween(place.lon, place.lat, station.lon, station.lat);
  return {
    minutes: metres / ((RIDE_KMH * 1000) / 60),
    metres: () => metres,
    exact: false,
    line: () => [[place.lon, place.lat], [station.lon, station.lat]],
  };
}

/** 350 米, 1.2 公里. */
export function distanceText(metres, say) {
  if (metres < 950) return say("metres", { metres: Math.max(10, Math.round(metres / 10) * 10) });
  const kilometres = metres / 1000;
  return say("kilometres", { kilometres: kilometres < 9.95 ? kilometres.toFixed(1) : String(Math.round(kilometres)) });
}

/** 4 分钟 · 1.2 公里; 约 4 分钟 · 1.2 公里 where it is estimated, or sets out from somewhere `vague`. */
export function wayText(ride, say) {
  const minutes = Math.max(1, Math.round(ride.minutes));
  const time = minutes > 60 ? say("far") : say(ride.exact && !ride.vague ? "minutes" : "about_minutes", { minutes: minutes });
  return time + " · " + distanceText(ride.metres(), say);
}
