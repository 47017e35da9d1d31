// One tap to a map app. The server has written an https link that works anywhere; here it becomes
// the best one for this device, and what must be said first is said.

import { hideDialog, showDialog } from "./dialog.js";
import { say, toast } from "./page.js";

/** Where the page is open: wechat, phone (Android, iOS, Harmony) or desktop. */
export function deviceOf(agent) {
  if (/MicroMessenger/i.test(agent)) return "wechat";
  if (/Android|iPhone|iPad|iPod|HarmonyOS|OpenHarmony/i.test(agent)) return "phone";
  return "desktop";
}

/** The address of the navigation button on a device. */
export function bestAddress(device, links) {
  // The e-bike navigation answers in the app only; a computer has no app, and Amap's web page
  // knows no riding: there the place itself is shown. WeChat blocks schemes and native calls.
  if (device === "phone") return links.ebike;
  if (device === "desktop") return links.place;
  return links.ride.replace("callnative=1", "callnative=0");
}

const device = deviceOf(navigator.userAgent);

function linksOf(button) {
  return { ride: button.getAttribute("href"), ebike: button.dataset.ebike, place: button.dataset.place };
}

/** Turn the buttons below ``root`` into the best ones for this device. */
export function upgradeLinks(root) {
  root.querySelectorAll("a[data-go]").forEach(function (button) {
    if (button.dataset.device) return;
    button.dataset.device = device;
    button.href = bestAddress(device, linksOf(button));
  });
  if (device === "wechat") {
    root.querySelectorAll(".others a").forEach(function (link) {
      link.href = link.getAttribute("href").replace("callnative=1", "callnative=0");
    });
  }
}

function copyText(text) {
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

/** What must be said before this link opens: illustrative, wechat or nothing. */
function questionOf(link) {
  const card = link.closest(".card");
  if (card && card.dataset.illustrative && !link.dataset.sure) return "illustrative";
  return device === "wechat" && !link.dataset.told ? "wechat" : null;
}

function ask(question, link, card) {
  const dialog = document.getElementById(question + "-dialog");
  const on = dialog.querySelector("[data-go-on]");
  on.href = link.href;
  on.onclick = function (event) {
    hideDialog(dialog);
    if (question === "illustrative" && device === "wechat") {
      event.preventDefault();
      ask("wechat", link, card);
    }
  };
  const copy = dialog.querySelector("[data-copy]");
  if (copy) copy.dataset.copy = card.querySelector("[data-copy]").dataset.copy;
  showDialog(dialog);
}

/** Listen for taps on navigation links, copy buttons and the dialogs' own buttons. */
export function wireLinks() {
  upgradeLinks(document);
  document.addEventListener("click", function (event) {
    const target = event.target.closest("a[data-go], .others a, [data-copy], [data-close]");
    if (!target) return;
    if (target.hasAttribute("data-close")) return hideDialog(target.closest("dialog"));
    if (target.hasAttribute("data-copy")) return copyText(target.dataset.copy);
    const question = questionOf(target);
    if (question) {
      event.preventDefault();
      ask(question, target, target.closest(".card"));
    }
    return undefined;
  });
}
