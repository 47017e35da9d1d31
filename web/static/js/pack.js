// The release's map tiles, read in ranges out of one file.

const opened = {};
let reader = null;

/** The reader is a classic script that leaves one global; it is loaded once. */
function loadReader() {
  if (!reader) {
    reader = new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = new URL("../vendor/pmtiles.js", import.meta.url).href;
      script.onload = () => resolve(window.pmtiles);
      script.onerror = () => reject(new Error("pmtiles.js could not be loaded"));
      document.head.appendChild(script);
    });
  }
  return reader;
}

/**
 * What answers a map that asks for tiles of `pmtiles://` and this address; it asks for the pack's
 * table of contents at once, so that the map need not wait for that as well.
 * @param {string} packUrl absolute, or "" for a map without tiles
 */
export function openPack(packUrl) {
  if (!opened[packUrl]) {
    opened[packUrl] = loadReader().then(function (pmtiles) {
      const protocol = new pmtiles.Protocol();
      if (packUrl) {
        const pack = new pmtiles.PMTiles(packUrl);
        protocol.add(pack);
        pack.getHeader().catch(() => undefined); // the map asks again, and says so
      }
      return protocol.tile;
    });
  }
  return opened[packUrl];
}
