/**
 * Sees whether the page has come alive. When its script was lost on the way, asks for it once more, under an address that
 * the browser has not given up yet; when it cannot run here, leaves what the shell says of a page that stands still, and
 * has a screen, which nobody touches, loaded anew.
 *
 * A classic script in the oldest JavaScript: where the others cannot be read, this one must be.
 */

(function () {
  var AGAIN_MS = 1000;
  var SCREEN_MS = 15000;

  function alive() {
    return document.documentElement.hasAttribute("data-link"); // the first thing that live.js does
  }

  function look() {
    var lost = document.querySelector("script[type=module]");
    if (alive() || !lost) return;
    var again = document.createElement("script");
    again.type = "module";
    again.src = lost.src.replace(/(\/static\/[^/]+)/, "$1-again");
    document.head.appendChild(again);
    if (document.body.getAttribute("data-surface") === "screen") setTimeout(renew, SCREEN_MS);
  }

  function renew() {
    if (!alive()) location.reload();
  }

  if (document.readyState === "complete") setTimeout(look, AGAIN_MS);
  else addEventListener("load", function () { setTimeout(look, AGAIN_MS); });
})();
