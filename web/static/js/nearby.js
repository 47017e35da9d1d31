// Where the reader is: asked only on a tap, told why not when it fails, never sent anywhere.

const TIMEOUT_MS = 8000;
/** Beyond this the order of the list is only a hint. */
export const POOR_METRES = 500;

/**
 * The position of this device.
 * @returns {Promise<{lon: number, lat: number, accuracy: number}>} rejects with an Error whose
 *   message is a key of the words: locate_insecure, locate_missing, locate_denied, locate_timeout,
 *   locate_failed
 */
export function locate() {
  return new Promise(function (resolve, reject) {
    if (!window.isSecureContext) return reject(new Error("locate_insecure"));
    if (!navigator.geolocation) return reject(new Error("locate_missing"));
    navigator.geolocation.getCurrentPosition(
      function (found) {
        resolve({
          lon: found.coords.longitude,
          lat: found.coords.latitude,
          accuracy: found.coords.accuracy,
        });
      },
      function (error) {
        const why = { 1: "locate_denied", 3: "locate_timeout" }[error.code];
        reject(new Error(why || "locate_failed"));
      },
      { enableHighAccuracy: true, timeout: TIMEOUT_MS, maximumAge: 60000 },
    );
    return undefined;
  });
}
