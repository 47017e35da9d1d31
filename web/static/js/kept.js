// What this phone keeps of a county, so that the page works without a network.
//
// Three caches: shell-<version> holds our styles and scripts, list-<county>-<release> the page, the
// streets and the places, pack-<county>-<release> the map. In "latest" are the hours of each county
// and what there is to keep, as they were when there was a network.

import { page } from "./page.js";

function cacheOf(kind, files) {
  const release = files.county + "-" + files.release;
  return { shell: "shell-" + files.version, list: "list-" + release, pack: "pack-" + release }[kind];
}

async function fill(name, addresses) {
  const cache = await caches.open(name);
  const there = new Set((await cache.keys()).map((request) => request.url));
  const missing = addresses.filter((address) => !there.has(new URL(address, window.location.href).href));
  await Promise.all(missing.map((address) => cache.add(address)));
}

/**
 * Keep the page and all that it needs but the map's tiles. The page itself comes last: where it is
 * kept, it is kept whole. Rejects where there is no room or no network.
 * @param {object} files offline.json
 * @param {boolean} drawn whether this phone can draw a map; else the scripts for it are left away
 */
export async function keepList(files, drawn) {
  await fill(cacheOf("shell", files), drawn ? files.shell.concat(files.drawing) : files.shell);
  await fill(cacheOf("list", files), files.list);
  await fill("latest", [page.urls.open, page.urls.offline]);
  await fill(cacheOf("list", files), [files.page]);
}

/** Keep the map. */
export async function keepPack(files) {
  await fill(cacheOf("pack", files), [files.pack]);
}

/** Whether the map is kept. */
export async function hasPack(files) {
  return Boolean(await caches.match(files.pack, { ignoreVary: true }));
}

/** Remove what earlier versions and releases of the county have left. */
export async function cleanUp(files) {
  const ours = ["shell", "list", "pack"].map((kind) => cacheOf(kind, files));
  const of = (name) => /^shell-/.test(name) || name.slice(5).replace(/-[0-9a-f]+$/, "") === files.county;
  const stale = (await caches.keys()).filter(function (name) {
    return /^(shell|list|pack)-/.test(name) && ours.indexOf(name) < 0 && of(name);
  });
  await Promise.all(stale.map((name) => caches.delete(name)));
}
