/**
 * Looks whether somebody who waits to be let in still does, and loads the page anew once that has changed: never before,
 * so that nobody is interrupted who reads it or has it read aloud.
 *
 * A classic script in the oldest JavaScript, like start.js: the page says truly what it does here.
 */

(function () {
  var EVERY_MS = 10000;
  var WAITS = "<main class=\"shut\" data-waiting>"; // no text of anybody's: in those "<" is written otherwise

  function look() {
    var asked = new XMLHttpRequest();
    asked.onload = function () {
      var told = asked.status === 200 || asked.status === 404 || asked.status === 410; // others: not now
      if (told && asked.responseText.indexOf(WAITS) < 0) location.reload();
      else setTimeout(look, EVERY_MS);
    };
    asked.onerror = function () {
      setTimeout(look, EVERY_MS);
    };
    asked.open("GET", document.body.getAttribute("data-base"));
    asked.send();
  }

  function begin() {
    var hand = document.getElementById("by-hand");
    document.getElementById("by-itself").hidden = false;
    hand.parentNode.removeChild(hand);
    setTimeout(look, EVERY_MS);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
