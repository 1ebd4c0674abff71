/**
 * THE ONLY MODULE THAT INSERTS HTML: puts and removes keyed fragments, in frames as the server sent them.
 *
 * Hides places and their order, and fragments whose place is not there yet. Applies frames at once and in order; only
 * a reveal on the screen waits for the browser's view transition, and what follows waits behind it. Never decides
 * what is shown. Fires `forum:applying` before and `forum:applied` after each frame.
 */

import { focused } from "./focus.js";
import { fadeIn, held, places, still, travel } from "./motion.js";
import { morph } from "./morph.js";
import { move, orderOf, settle } from "./order.js";

/** @typedef {[key: string, place: string, order: string, html: string]} Put */

/** @type {Map<string, Put>} puts whose container is not there yet */
const waiting = new Map();
/** @type {(() => void)[]|null} frames behind a view transition */
let behind = null;

/**
 * Apply one set of changes: `puts` in order (parents first), then `gone`.
 * @param {Put[]} puts
 * @param {string[]} gone
 */
export function change(puts, gone) {
  inTurn(() => frame(puts, () => gone.forEach(remove), true));
}

/**
 * Replace every shared fragment.
 * @param {Put[]} puts
 * @param {{reveal?: boolean}} [how]  reveal: with a view transition, where there is one
 */
export function replace(puts, { reveal = false } = {}) {
  const apply = () => frame(puts, () => {}, false, true);
  inTurn(apply, reveal && !still() && !document.hidden && "startViewTransition" in document);
}

/**
 * Replace every personal fragment (keys "my-…").
 * @param {Put[]} puts
 */
export function replaceMine(puts) {
  const keys = new Set(puts.map(([key]) => key));
  const gone = () => [...all('[id^="my-"][data-order]').map(idOf), ...mineWaiting()].filter((key) => !keys.has(key));
  inTurn(() => frame(puts, () => gone().forEach(remove), true));
}

/**
 * @param {() => void} apply
 * @param {boolean} [turning]
 */
function inTurn(apply, turning = false) {
  if (behind) {
    behind.push(apply);
  } else if (!turning) {
    apply();
  } else {
    behind = [];
    const next = () => {
      const held = behind ?? [];
      behind = null;
      held.forEach((held) => held());
    };
    // @ts-ignore  asked for above
    const fading = document.startViewTransition(apply);
    fading.ready.catch(() => {}); // skipped when the next one begins: what it shows is there all the same
    fading.updateCallbackDone.then(next, next);
  }
}

/**
 * @param {Put[]} puts
 * @param {() => void} after
 * @param {boolean} fade
 * @param {boolean} [whole]  these are all there are
 */
function frame(puts, after, fade, whole = false) {
  document.dispatchEvent(new CustomEvent("forum:applying"));
  const steady = held();
  const refocus = focused();
  const before = places(movers(puts));
  const back = whole ? clear(puts) : () => {};
  const fresh = puts.map((one) => put(one)).filter((el) => el !== null);
  [...waiting.values()].forEach((one) => byId(one[1]) && put(one));
  back();
  after();
  if (fade) fresh.forEach(fadeIn);
  refocus();
  steady();
  travel(before);
  document.dispatchEvent(new CustomEvent("forum:applied"));
}

/**
 * Put one fragment; returns its element when it is new.
 * @param {Put} one
 * @returns {Element|null}
 */
function put(one) {
  const [key, place, order, html] = one;
  const template = document.createElement("template");
  template.innerHTML = html; // the server's own fragments: it escaped there whatever people wrote, as in the page itself
  const made = template.content.firstElementChild;
  const home = byId(place);
  const old = byId(key);
  waiting.delete(key);
  if (!home || !made) {
    if (made) waiting.set(key, one);
    old?.remove();
    return null;
  }
  made.remove();
  if (old && old.localName === made.localName) {
    morph(old, made);
    settle(old, home, order);
    return null;
  }
  const el = document.adoptNode(made);
  if (old) rehouse(old, el);
  settle(el, home, order);
  return old ? null : el;
}

/**
 * Another tag under the same key: what stood in its containers goes over.
 * @param {Element} old
 * @param {Element} el
 */
function rehouse(old, el) {
  for (const home of [el, ...el.querySelectorAll("[data-slots]")]) {
    const was = byId(idOf(home));
    if (home.hasAttribute("data-slots") && was) home.append(...was.children);
  }
  old.replaceWith(el);
}

/**
 * Remove the shared fragments that are not among `puts`, saving those inside them that are, and personal ones.
 * @param {Put[]} puts
 * @returns {() => void} brings the personal ones back into their containers, once these are there again
 */
function clear(puts) {
  const kept = new Set(mineWaiting());
  [...waiting.keys()].forEach((key) => kept.has(key) || waiting.delete(key));
  const keys = new Set(puts.map(([key]) => key));
  const shelter = document.body.appendChild(document.createElement("div"));
  shelter.hidden = true;
  /** @type {[Element, string][]} */
  const mine = [];
  for (const el of all("[data-order]")) {
    if (keys.has(idOf(el)) || isPersonal(el) || !el.isConnected) continue;
    for (const inner of el.querySelectorAll("[data-order]")) {
      const personal = isPersonal(inner);
      if (shelter.contains(el) ? inner.parentElement === shelter : shelter.contains(inner)) continue;
      if (!personal && !keys.has(idOf(inner))) continue;
      if (personal) mine.push([inner, idOf(inner.parentElement)]);
      move(inner, shelter, null);
    }
    el.remove();
  }
  return () => {
    for (const [el, home] of mine) {
      const place = byId(home);
      if (place && !shelter.contains(place)) settle(el, place, orderOf(el));
    }
    shelter.remove();
  };
}

/** Keys of the personal ones whose container is not there yet. */
function mineWaiting() {
  return [...waiting.keys()].filter((key) => key.startsWith("my-"));
}

/** @param {string} key */
function remove(key) {
  waiting.delete(key);
  byId(key)?.remove();
}

/**
 * Those whose place will change.
 * @param {Put[]} puts
 */
function movers(puts) {
  /** @type {Element[]} */
  const found = [];
  for (const [key, place, order] of puts) {
    const el = byId(key);
    if (el && (idOf(el.parentElement) !== place || orderOf(el) !== order)) found.push(el);
  }
  return found;
}

/**
 * Not `el.id`: in a form that may be its field of this name.
 * @param {Element|null} el
 */
function idOf(el) {
  return el?.getAttribute("id") ?? "";
}

/** @param {Element} el */
function isPersonal(el) {
  return idOf(el).startsWith("my-");
}

/** @param {string} id */
function byId(id) {
  return document.getElementById(id);
}

/** @param {string} selector */
function all(selector) {
  return [...document.querySelectorAll(selector)];
}

