// How far it is, estimated on the phone: the position never leaves it. Pure.

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

/** Metres by street, estimated from the straight line. */
export function streetMetres(straight) {
  return straight * DETOUR;
}

/** Whole minutes by e-bike for a way of so many metres, at least one. */
export function rideMinutes(metres) {
  return Math.max(1, Math.round(metres / ((RIDE_KMH * 1000) / 60)));
}

/** 350 米, 1.2 公里. */
export function distanceText(metres, say) {
  if (metres < 950) return say("metres", { metres: Math.max(10, Math.round(metres / 10) * 10) });
  const kilometres = metres / 1000;
  return say("kilometres", { kilometres: kilometres < 9.95 ? kilometres.toFixed(1) : String(Math.round(kilometres)) });
}

/** 约 4 分钟 · 1.2 公里. */
export function wayText(straight, say) {
  const metres = streetMetres(straight);
  const minutes = rideMinutes(metres);
  const time = minutes > 60 ? say("far") : say("minutes", { minutes: minutes });
  return time + " · " + distanceText(metres, say);
}
