// Answers in the network's place when it does not: with what the page has put into the phone's
// caches (offline.js). What is not kept there goes to the network untouched.
"use strict";

/** So long a page or what is new may take before what is kept is shown instead. */
const WAIT_MS = 3000;
/** On an answer from the phone's own cache. */
const KEPT = "X-Kept";
const FOREVER = /^\/static\/|^\/c\/[^/]+\/r\/|^\/words\.json$/;
const PAGE = /^\/$|^\/c\/[^/]+\/$|^\/(s|go)\/[^/]+$/;
const LATEST = /^\/c\/[^/]+\/(open|offline)\.json$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", function (event) {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (FOREVER.test(url.pathname)) event.respondWith(keptFirst(request));
  else if (LATEST.test(url.pathname)) event.respondWith(latest(request));
  else if (request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(openPage(request, url));
});

function kept(address) {
  return caches.match(address, { ignoreVary: true });
}

/** Files whose address holds their version never change. */
async function keptFirst(request) {
  const found = await kept(request.url);
  if (!found) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  return range ? partOf(found, Number(range[1]), range[2]) : found;
}

/** The map is read in ranges, and kept whole. */
async function partOf(found, from, last) {
  const whole = await found.blob();
  const to = Math.min(last ? Number(last) + 1 : whole.size, whole.size);
  const headers = new Headers(found.headers);
  headers.set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + whole.size);
  headers.set("Content-Length", String(to - from));
  if (from >= to) return new Response(null, { status: 416, headers: headers });
  return new Response(whole.slice(from, to), { status: 206, headers: headers });
}

/** An answer of the network, if it comes in time and the server is well. */
function fresh(request, wait) {
  return new Promise(function (resolve, reject) {
    if (wait) setTimeout(reject, WAIT_MS, new Error("no answer in time"));
    fetch(request).then(function (answer) {
      if (answer.status < 500) resolve(answer);
      else reject(new Error(String(answer.status)));
    }, reject);
  });
}

function marked(found) {
  const headers = new Headers(found.headers);
  headers.set(KEPT, "yes");
  return new Response(found.body, { status: 200, headers: headers });
}

/** The hours, and which release there is: the newest that can be had. */
async function latest(request) {
  const found = await kept(request.url);
  if (!found) return fetch(request);
  try {
    const answer = await fresh(request, true);
    if (answer.ok) {
      const copy = answer.clone();
      caches.open("latest").then((cache) => cache.put(request.url, copy)).catch(function () {});
    }
    return answer;
  } catch (error) {
    return marked(found);
  }
}

async function openPage(request, url) {
  // What the list is filtered by stands in the address and is no other page.
  const english = url.searchParams.get("lang") === "en" ? "?lang=en" : "";
  const found = await kept(url.origin + url.pathname + english);
  try {
    return await fresh(request, Boolean(found));
  } catch (error) {
    return found ? marked(found) : anotherPage(request, url);
  }
}

/** A page that is not kept, such as a station's or its sign's: the list that holds the station, or
    any list that there is. */
async function anotherPage(request, url) {
  const pages = await keptPages();
  const id = url.pathname.split("/").pop();
  const holding = pages.filter((page) => page.text.indexOf('id="' + id + '"') >= 0);
  if (holding.length) return Response.redirect(holding[0].address + "#" + id);
  if (pages.length) return Response.redirect(pages[0].address);
  return fetch(request);
}

async function keptPages() {
  const names = (await caches.keys()).filter((name) => name.startsWith("list-"));
  const found = await Promise.all(names.map(async function (name) {
    const cache = await caches.open(name);
    const pages = (await cache.keys()).filter((each) => PAGE.test(new URL(each.url).pathname));
    return Promise.all(pages.map(async function (each) {
      const answer = await cache.match(each, { ignoreVary: true });
      return { address: each.url, text: await answer.text() };
    }));
  }));
  return found.reduce((all, some) => all.concat(some), []);
}
