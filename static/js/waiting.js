/**
 * Looks whether somebody who waits to be let in, or was removed, still stands there, and loads the page anew once that has
 * changed: never before, so that nobody is interrupted who reads it or has it read aloud.
 *
 * A classic script in the oldest JavaScript, like start.js: the page says truly what it does here.
 */

(function () {
  var EVERY_MS = 10000;
  var OUT_MOST_MS = 320000; // most who were removed were so for good: they look ever more rarely
  var every = EVERY_MS;
  var out;
  var stands; // no text of anybody's: in those "<" is written otherwise

  function again() {
    setTimeout(look, every);
    if (out) every = Math.min(every * 1.5, OUT_MOST_MS);
  }

  function look() {
    var asked = new XMLHttpRequest();
    asked.onload = function () {
      var told = asked.status === 200 || asked.status === 404 || asked.status === 410; // others: not now
      if (told && asked.responseText.indexOf(stands) < 0) location.reload();
      else again();
    };
    asked.onerror = again;
    asked.open("GET", document.body.getAttribute("data-base"));
    asked.send();
  }

  function begin() {
    var hand = document.getElementById("by-hand");
    out = document.querySelector("main[data-out]") !== null;
    stands = "<main class=\"shut\" data-" + (out ? "out" : "waiting") + ">";
    document.getElementById("by-itself").hidden = false;
    hand.parentNode.removeChild(hand);
    again();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
