// Where the reader is: asked only on a tap, told why not when it fails, never sent anywhere.

/** Beyond this the order of the list is only a hint, and its minutes are. */
const POOR_METRES = 500;
/** A fresh position, then whatever the device knew last: in a basement that is the better answer. */
const FRESH = { enableHighAccuracy: true, timeout: 8000, maximumAge: 0 };
const KNOWN = { enableHighAccuracy: false, timeout: 1500, maximumAge: 300000 };
const DENIED = 1;
const TIMEOUT = 3;

/** Whether a place is known too poorly to go by it. */
export function isVague(place) {
  return place.accuracy > POOR_METRES;
}

function ask(options) {
  return new Promise(function (resolve, reject) {
    navigator.geolocation.getCurrentPosition(resolve, reject, options);
  });
}

/**
 * The position of this device.
 * @returns {Promise<{lon: number, lat: number, accuracy: number}>} rejects with an Error whose
 *   message is a key of the words: locate_insecure, locate_missing, locate_denied, locate_timeout,
 *   locate_failed
 */
export async function locate() {
  if (!window.isSecureContext) throw new Error("locate_insecure");
  if (!navigator.geolocation) throw new Error("locate_missing");
  try {
    const found = await ask(FRESH).catch(function (error) {
      if (error.code === DENIED) throw error;
      return ask(KNOWN).catch(function () {
        throw error;
      });
    });
    return { lon: found.coords.longitude, lat: found.coords.latitude, accuracy: found.coords.accuracy };
  } catch (error) {
    throw new Error(error.code === DENIED ? "locate_denied" : error.code === TIMEOUT ? "locate_timeout" : "locate_failed");
  }
}
