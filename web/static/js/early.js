// Runs before the first paint: what needs JavaScript may take its room at once, without a jump. Not
// in engines that know no modules: they would wait for what never comes.
(function () {
  if (!("noModule" in document.createElement("script"))) return;
  document.documentElement.classList.add("js");

  // On the riders' pages a tap on what does not listen yet is kept, and looks it, until rider.js
  // calls `letTaps`. A link leads on by itself where that takes longer than this.
  var LINK_MS = 5000;
  var kept = [];
  var letThrough = false;

  function busy(target, on) {
    if (on) target.setAttribute("aria-busy", "true");
    else target.removeAttribute("aria-busy");
  }

  function click(target) {
    busy(target, false);
    letThrough = true;
    target.click();
    letThrough = false;
  }

  function drop(target) {
    if (kept.indexOf(target) < 0) return false;
    kept.splice(kept.indexOf(target), 1);
    busy(target, false);
    return true;
  }

  function keep(event) {
    if (letThrough || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (!document.body.matches(".rider-page, .station-page")) return;
    var target = event.target.closest("main button, main a");
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    if (kept.indexOf(target) >= 0) return; // tapped again because nothing came of it: once will do
    if (target.href) kept.filter((other) => other.href).forEach(drop); // one leads away, the last
    kept.push(target);
    busy(target, true);
    if (!target.href) return;
    setTimeout(function () {
      if (drop(target)) click(target);
    }, LINK_MS);
  }

  // Each comes true once; what has to wait for a disabled button is handed to `later`.
  window.letTaps = function (later) {
    document.removeEventListener("click", keep, true);
    kept.splice(0).forEach(function (target) {
      if (target.disabled && later) later(() => click(target));
      else click(target);
    });
  };

  document.addEventListener("click", keep, true);
  // Where rider.js itself cannot be had, nothing will come true but the links.
  document.addEventListener("error", function (event) {
    if (event.target.type === "module") window.letTaps();
  }, true);
})();
