// What time it is: by the phone's clock, put right by the server's where the phone is wrong.

/** A clock that is off by less harms nobody. */
const TOLERATED_MINUTES = 5;

let ahead = 0;

/** Minutes since 1970 UTC. */
export function minuteNow() {
  return Date.now() / 60000 - ahead;
}

let asked = () => null;

/** Whose states are shown instead of those of now: a minute, or null. */
export function minuteAsked() {
  return asked();
}

/** The minute whose states are shown. */
export function minuteShown() {
  const minute = asked();
  return minute === null ? minuteNow() : minute;
}

/** Let a function say which minute's states are shown. */
export function showMinuteOf(say) {
  asked = say;
}

/**
 * Hold the phone's clock to the date of an answer fresh from the server.
 * @returns {number} whole minutes by which the phone is ahead, 0 where it is right
 */
export function checkClock(answer) {
  const said = Date.parse(answer.headers.get("Date") || "");
  if (isNaN(said) || answer.headers.get("X-Kept")) return Math.round(ahead);
  const off = (Date.now() - said) / 60000;
  ahead = Math.abs(off) > TOLERATED_MINUTES ? off : 0;
  return Math.round(ahead);
}
