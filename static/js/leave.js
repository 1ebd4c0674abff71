/**
 * The page on which a forum is left: shows what is not saved before, and clears what this browser keeps after.
 *
 * `[data-leave=CODE]` asks, `[data-left=CODE]` says that it is done; both carry data-surface, data-person.
 */

import { startCopying } from "./copy.js";
import { forget, unsent, whoIsIn } from "./device.js";
import { filled } from "./words.js";

const LATE_MS = 3000; // another window may have been writing while it was told

const page = document.querySelector("[data-leave], [data-left]");
if (page instanceof HTMLElement) {
  const { leave, left, surface = "", person = "" } = page.dataset;
  if (left) clear(left, surface);
  else if (leave && person) watch(leave, surface, person);
}
startCopying();

/**
 * @param {string} code
 * @param {string} surface
 */
function clear(code, surface) {
  forget(code, surface);
  show("[data-cleared]", true);
  show("[data-unscripted]", false);
  // Until somebody comes in: what is written then is theirs.
  const again = () => void (whoIsIn(code, surface) === null && forget(code, surface));
  addEventListener("storage", again);
  setTimeout(() => removeEventListener("storage", again), LATE_MS);
}

/**
 * Say what would be lost, as it stands, until it is sent or the person leaves.
 * @param {string} code
 * @param {string} surface
 * @param {string} person
 */
function watch(code, surface, person) {
  const look = () => {
    const { texts, others } = unsent(code, surface, person);
    const some = texts.length + others > 0;
    const field = document.getElementById("unsent-texts");
    if (field instanceof HTMLTextAreaElement) field.value = texts.join("\n\n");
    const more = show("[data-unsent-others]", others > 0);
    if (more) more.textContent = filled(more.dataset.words ?? "{n}", { n: others });
    show("[data-unsent-words]", texts.length > 0);
    show("[data-unsent]", some);
    const box = show("[data-unsent-sure]", some)?.querySelector("input");
    if (box) box.disabled = !some;
  };
  addEventListener("storage", look);
  addEventListener("pageshow", look);
  look();
}

/**
 * @param {string} selector
 * @param {boolean} shown
 * @returns {HTMLElement|null}
 */
function show(selector, shown) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) return null;
  found.hidden = !shown;
  return found;
}
