// One tap to a map app. The server has written an https link that works anywhere; here it becomes
// the best one for this device, and what must be said first is said.

import { hideDialog, showDialog } from "./dialog.js";
import { leaveOut, linksFrom, pointOf } from "./links.js";
import { page, say, toast } from "./page.js";

/**
 * Where the page is open: wechat, inapp (a page inside of another app, such as 皖事通), phone (Android,
 * iOS, Harmony) or desktop. Apps name themselves as they like, but their pages are known by the
 * engine's own sign on Android, and on iOS by lacking that of every browser.
 * @param {boolean} [installed] the page was opened from the home screen, which lacks it as well
 */
export function deviceOf(agent, installed) {
  if (/MicroMessenger/i.test(agent)) return "wechat";
  if (!installed && (/; wv\)/.test(agent) || (/iPhone|iPad|iPod/.test(agent) && !/Safari/.test(agent)))) return "inapp";
  if (/Android|iPhone|iPad|iPod|HarmonyOS|OpenHarmony/i.test(agent)) return "phone";
  return "desktop";
}

/** The address of the navigation button on a device, for who has said which app the phone has. */
export function bestAddress(device, links, app) {
  // The e-bike navigation answers in the app only; a computer has no app, and Amap's web page
  // knows no riding: there the place itself is shown. WeChat and others block schemes and native
  // calls.
  if (device === "desktop") return links.amap_marker;
  if (app && links[app]) return device === "phone" ? links[app] : webOnly(links[app]);
  return device === "phone" ? links.amap_ebike : webOnly(links.amap_ride);
}

function webOnly(address) {
  return address.replace("callnative=1", "callnative=0");
}

const device = deviceOf(navigator.userAgent, navigator.standalone === true);
/** Another app's page, out of which one has to go first. */
const within = device === "wechat" || device === "inapp";
/** Under which name the app that a rider took is kept, on this phone alone. */
const KEPT_APP = "map-app";
/** Amap is what the button opens anyway, and by e-bike. */
const USUAL = ["amap_ebike", "amap_ride"];

function keptApp() {
  try {
    return window.localStorage.getItem(KEPT_APP) || "";
  } catch (error) {
    return ""; // forbidden, or full
  }
}

function keepApp(app) {
  try {
    if (USUAL.indexOf(app) >= 0) window.localStorage.removeItem(KEPT_APP);
    else window.localStorage.setItem(KEPT_APP, app);
  } catch (error) {
    // It works without; the next tap is one more.
  }
}

/** Turn the buttons below ``root`` into the best ones for this device and this rider. */
export function upgradeLinks(root) {
  const app = keptApp();
  leaveOut(root, navigator.userAgent);
  root.querySelectorAll("a[data-go]").forEach(function (button) {
    button.dataset.ride = button.dataset.ride || button.href; // encoded, which the markup is not
    button.dataset.device = device;
    button.href = bestAddress(device, linksFrom(button.dataset.ride), app);
    const by = button.querySelector("[data-by]");
    if (!by) return;
    const named = device !== "desktop" && button.parentNode.querySelector('.others a[data-app="' + app + '"]');
    by.textContent = named ? named.textContent.trim() : "";
  });
  if (within) {
    root.querySelectorAll(".others a").forEach(function (link) {
      link.href = webOnly(link.getAttribute("href"));
    });
  }
}

/** On a computer: a code that carries the place to the phone, below ``root``'s button. */
export function offerCode(root) {
  const button = root.querySelector("a[data-go]");
  if (device !== "desktop" || !button || !page.urls.station) return;
  const figure = document.createElement("figure");
  const image = document.createElement("img");
  const words = document.createElement("figcaption");
  figure.className = "go-code";
  image.src = page.urls.station + button.closest(".card").dataset.id + "/code.svg";
  image.width = image.height = 132;
  image.alt = "";
  words.textContent = say("code_what");
  figure.append(image, words);
  button.parentNode.appendChild(figure);
}

export function copyText(text) {
  const done = function () {
    toast(say("copied"));
  };
  const byHand = function () {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.className = "only-heard";
    document.body.appendChild(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    if (copied) done();
    else toast(say("copy_failed"));
  };
  if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, byHand);
  else byHand();
}

/** What must be said before this link opens: illustrative, wechat (or another app) or nothing. */
function questionOf(link) {
  const card = link.closest(".card");
  if (card && card.dataset.illustrative && !link.dataset.sure) return "illustrative";
  return within && !link.dataset.told ? "wechat" : null;
}

/** What "copy the address" puts on the clipboard: of a whole card, or of a short one. */
function copiedOf(card) {
  const whole = card.querySelector("[data-copy]");
  if (whole) return whole.dataset.copy;
  const parts = Array.from(card.querySelectorAll(".card-name, .card-address"), (part) => part.textContent.trim());
  return say("copied_point", { text: parts.join(" "), point: pointOf(card.querySelector("[data-go]").dataset.ride) });
}

/** Opens WeChat's own map, once it is ready; null where it never is. */
let openInWeChat = null;

function placeOf(link, card) {
  const text = (part) => (card.querySelector(part) ? card.querySelector(part).textContent.trim() : "");
  return { point: pointOf(link.dataset.ride), name: text(".card-name"), address: text(".card-address, [data-address]") };
}

/** Inside WeChat: its own map where it opens, else how to get out of it. */
function leadOn(link, card) {
  if (!openInWeChat || !link.dataset.ride) return ask("wechat", link, card);
  return openInWeChat(placeOf(link, card)).catch(() => ask("wechat", link, card));
}

function ask(question, link, card) {
  const dialog = document.getElementById(question + "-dialog");
  const on = dialog.querySelector("[data-go-on]");
  on.href = link.href;
  on.onclick = function (event) {
    hideDialog(dialog);
    if (question === "illustrative" && within) {
      event.preventDefault();
      leadOn(link, card);
    }
  };
  const copy = dialog.querySelector("[data-copy]");
  if (copy) copy.dataset.copy = copiedOf(card);
  showDialog(dialog);
}

/** Listen for taps on navigation links, copy buttons and the dialogs' own buttons. */
export function wireLinks() {
  upgradeLinks(document);
  if (device === "wechat" && page.wechat) {
    import("./wechat.js")
      .then((wechat) => wechat.prepareWeChat())
      .then(
        function (open) {
          openInWeChat = open;
        },
        () => undefined, // then the way out of WeChat is told
      );
  }
  document.querySelectorAll("[data-in]").forEach(function (words) {
    words.hidden = words.dataset.in !== (device === "inapp" ? "inapp" : "wechat");
  });
  document.addEventListener("click", function (event) {
    const target = event.target.closest("a[data-go], .others a, [data-copy], [data-close]");
    if (!target) return;
    if (target.hasAttribute("data-close")) return hideDialog(target.closest("dialog"));
    if (target.hasAttribute("data-copy")) return copyText(target.dataset.copy);
    if (target.dataset.app) {
      keepApp(target.dataset.app);
      upgradeLinks(document);
    }
    const question = questionOf(target);
    if (question) {
      const card = target.closest(".card");
      event.preventDefault();
      if (question === "wechat") leadOn(target, card);
      else ask(question, target, card);
    }
    return undefined;
  });
}
