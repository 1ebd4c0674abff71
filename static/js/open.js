/**
 * What is unfolded stays so when its page is loaded anew in this window: by its own name, or by its place under the nearest
 * name above it.
 */

import { attempt } from "./tabs.js";

/** @typedef {[name: string, at: number, looks: string]} Where  at: its place under the name, -1 for what is called so itself */

/**
 * @param {string} key  under which the window keeps it
 * @param {() => EventTarget|null} [done]  what was sent from here, and folds again with that
 */
export function keepOpen(key, done = () => null) {
  /** @type {Where[]} */
  const before = attempt(() => JSON.parse(sessionStorage.getItem(key) ?? "[]")) ?? [];
  for (const where of before) {
    const found = at(where);
    if (found) found.open = true;
  }
  addEventListener("pagehide", () => {
    const form = done();
    const folds = form instanceof Element ? form.closest("details") : null;
    const open = [...document.querySelectorAll("details[open]")].filter((el) => el !== folds).map((el) => placeOf(/** @type {HTMLDetailsElement} */ (el)));
    attempt(() => sessionStorage.setItem(key, JSON.stringify(open.filter(Boolean))));
  });
}

/** @param {HTMLDetailsElement} details @returns {Where|null} */
function placeOf(details) {
  const own = details.id || details.querySelector(":scope > summary[id], :scope > summary [id]")?.id;
  if (own) return [own, -1, ""];
  const home = details.parentElement?.closest("[id]");
  return home && [home.id, [...home.querySelectorAll("details")].indexOf(details), details.className];
}

/** @param {Where} where @returns {HTMLDetailsElement|null|undefined} */
function at([name, place, looks]) {
  const home = document.getElementById(name);
  if (place < 0) return home?.closest("details");
  const found = home?.querySelectorAll("details")[place];
  return found?.className === looks ? found : null;
}
