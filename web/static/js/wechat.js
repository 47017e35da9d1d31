// WeChat's own map, where the operator has registered the site with WeChat (docs/wechat.md).

import { fetchWithin } from "./fetch-within.js";
import { page } from "./page.js";

const WAIT_MS = 8000;
const SCALE = 16;

function loadScript(address) {
  return new Promise(function (resolve, reject) {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.appendChild(script);
  });
}

/** Rejects when `promise` takes longer than `ms`. */
function within(promise, ms) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, ms, new Error("no answer in time")))]);
}

function configured(wx, proof) {
  return new Promise(function (resolve, reject) {
    wx.ready(resolve);
    wx.error(reject);
    wx.config(Object.assign({ debug: false, jsApiList: ["openLocation"] }, proof));
  });
}

/**
 * Make WeChat ready; resolves to a function that opens its map at {point, name, address}, `point`
 * being "lon,lat" in GCJ-02, and rejects, like that function, where WeChat will not.
 */
export async function prepareWeChat() {
  const here = window.location.href.split("#")[0];
  const asked = page.wechat.proof + "?url=" + encodeURIComponent(here);
  const [proof] = await Promise.all([fetchWithin(asked, WAIT_MS, (answer) => answer.json()), loadScript(page.wechat.script)]);
  const wx = window.wx;
  await within(configured(wx, proof), WAIT_MS);
  return function (place) {
    const [longitude, latitude] = place.point.split(",").map(Number); // texts it refuses
    return new Promise(function (resolve, reject) {
      wx.openLocation({
        latitude: latitude,
        longitude: longitude,
        name: place.name,
        address: place.address,
        scale: SCALE,
        success: resolve,
        fail: reject,
      });
    });
  };
}
