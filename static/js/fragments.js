/**
 * THE ONLY MODULE THAT INSERTS HTML: puts and removes keyed fragments, in frames as the server sent them.
 *
 * Hides places and their order, and fragments whose place is not there yet. Applies frames at once and in order; only
 * a reveal on the screen waits for the browser's view transition, and what follows waits behind it. Never decides
 * what is shown. Fires `forum:applying` before and `forum:applied` after each frame, with the keys that it is about.
 */

import { entering } from "./entered.js";
import { focused } from "./focus.js";
import { mustStill, mustWait } from "./hold.js";
import { fadeIn, held, places, still, travel } from "./motion.js";
import { morph } from "./morph.js";
import { compare, move, orderOf, settle } from "./order.js";
import { place as byId } from "./words.js";

/** @typedef {[key: string, place: string, order: string, html: string]} Put */

/** @type {Map<string, Put>} puts whose container is not there yet */
const waiting = new Map();
/** @type {(() => void)[]|null} frames behind a view transition, or that wait for a hand */
let behind = null;
/** @type {Map<string, string>} by the place of a long list: the order from which on it is held here; else all of it is */
let begins = new Map();
/** @type {Map<string, Put|null>|null} what came while earlier ones were asked for; null: gone */
let meanwhile = null;
let asked = false; // the person has had earlier ones brought: what they wanted to have here stays

const FADES = document.documentElement.dataset.surface !== "phone"; // its sheet has no fade, and each is two more frames

const LOOK_MS = 50; // whether the hand is gone for which something waits
const LONGEST = 180; // held of a long list before what is far from the view is let go
const KEPT = 60;
const MORE = 20; // before it is looked at again
let enough = LONGEST;
/** @type {Set<Element>} long lists into which something was put since they were looked at */
const grown = new Set();

/**
 * Apply one set of changes: `puts` in order (parents first), then `gone`.
 * @param {Put[]} puts
 * @param {string[]} gone
 * @param {() => void} [shown]  called once they are
 */
export function change(puts, gone, shown = () => {}) {
  inTurn(() => carryOut(frame(puts, () => gone.forEach(remove), true, shown, false, gone)), false, mustWait(puts, gone));
}

/**
 * Replace every shared fragment.
 * @param {Put[]} puts
 * @param {{reveal?: boolean, begins?: Record<string, string>, shown?: () => void}} [how]  reveal: with a view transition,
 *   where there is one; begins: of long lists, from which order on they are among `puts`; shown: called once they are
 */
export function replace(puts, { reveal = false, begins = {}, shown = () => {} } = {}) {
  const apply = () => {
    holdFrom(begins);
    return carryOut(frame(puts, lead, false, shown, true));
  };
  inTurn(apply, reveal && !still() && !document.hidden && "startViewTransition" in document);
}

/**
 * Replace every personal fragment (keys "my-…").
 * @param {Put[]} puts
 */
export function replaceMine(puts) {
  const keys = new Set(puts.map(([key]) => key));
  const gone = () => [...all('[id^="my-"][data-order]').map(idOf), ...mineWaiting()].filter((key) => !keys.has(key));
  inTurn(() => carryOut(frame(puts, () => gone().forEach(remove), true)));
}

/**
 * From where on the page holds its long lists. @param {Record<string, string>} orders
 */
export function holdFrom(orders) {
  begins = new Map(Object.entries(orders));
  meanwhile = null;
  asked = false;
  enough = LONGEST;
  lead();
}

/**
 * Bring what comes before in a long list. What changes of it until the answer is there goes on top of the answer.
 * @param {string} place
 * @param {(before: string) => Promise<{put: Put[], begins: string|null}>} ask  rejects when there is no answer
 */
export async function bring(place, ask) {
  const before = begins.get(place);
  if (!before || meanwhile) return;
  /** @type {Map<string, Put|null>} */
  const since = (meanwhile = new Map());
  try {
    const answer = await ask(before);
    if (meanwhile !== since) return; // the page has become another
    asked = true;
    if (answer.begins) begins.set(place, answer.begins);
    else begins.delete(place);
    const puts = [...new Map([...answer.put.map((one) => /** @type {[string, Put]} */ ([one[0], one])), ...since]).values()];
    inTurn(() => earlier(puts.filter((one) => one !== null && one[1] === place && compare(one[2], before) < 0)));
  } finally {
    if (meanwhile === since) meanwhile = null;
  }
}

/** What is read stays where it is; what comes before it comes above. @param {(Put|null)[]} puts */
function earlier(puts) {
  document.dispatchEvent(new CustomEvent("forum:applying"));
  const refocus = focused();
  const read = document.querySelector("[data-long] > [data-order]");
  const top = read?.getBoundingClientRect().top ?? 0;
  puts.forEach((one) => one && put(one));
  lead();
  refocus();
  if (read?.isConnected) scrollBy(0, read.getBoundingClientRect().top - top);
  document.dispatchEvent(new CustomEvent("forum:applied"));
}

/** Before a list that is not held from its beginning stands what leads there. */
function lead() {
  for (const list of all("[data-long]")) {
    const shown = list.querySelector(":scope > [data-earlier]");
    const model = byId("tpl-earlier");
    if (!begins.has(idOf(list))) shown?.remove();
    else if (!shown && model instanceof HTMLTemplateElement) list.prepend(model.content.cloneNode(true));
  }
}

/** Let go of what a long list holds far from the view, so that a long evening is no heavier than its end. Not while
 * what comes before is on its way: it would no longer be beside; nor in a page of before there was a way back to it. */
function trim() {
  const lists = [...grown];
  grown.clear();
  for (const list of asked || meanwhile || !byId("tpl-earlier") ? [] : lists) {
    if (!list.isConnected || list.childElementCount < enough) continue;
    enough = list.childElementCount + MORE;
    const held = [...list.children].filter((el) => el.hasAttribute("data-order"));
    const far = held.slice(0, -KEPT);
    const [first, last] = [far[0], far[far.length - 1]].map((el) => el?.getBoundingClientRect());
    const away = first && last && (last.bottom < -innerHeight || first.top > 2 * innerHeight);
    if (!away || far.some((el) => el.contains(document.activeElement) || getSelection()?.containsNode(el, true))) continue;
    enough = LONGEST;
    begins.set(idOf(list), orderOf(held[far.length]));
    far.forEach((el) => el.remove());
    lead();
  }
}

/**
 * @param {() => Promise<void>|void} apply  what it answers, what follows waits for
 * @param {boolean} [turning]
 * @param {boolean} [waits]  for a hand
 */
function inTurn(apply, turning = false, waits = false) {
  const next = () => {
    const held = behind ?? [];
    behind = null;
    held.forEach((one) => inTurn(one));
  };
  if (behind) {
    behind.push(apply);
  } else if (waits) {
    behind = [apply];
    const look = () => (mustStill() ? void setTimeout(look, LOOK_MS) : next());
    look();
  } else if (!turning) {
    const done = apply();
    if (!done) return;
    behind = [];
    done.then(next);
  } else {
    behind = [];
    // @ts-ignore  asked for above
    const fading = document.startViewTransition(apply);
    fading.ready.catch(() => {}); // skipped when the next one begins: what it shows is there all the same
    fading.updateCallbackDone.then(next, next);
  }
}

/** All at once; where somebody takes it (the wall), in slices. @param {Iterable<void>} work */
function carryOut(work) {
  const detail = { work, done: undefined };
  document.dispatchEvent(new CustomEvent("forum:work", { detail }));
  if (!detail.done) for (const _ of work); // what is left
  return detail.done;
}

/**
 * @param {Put[]} puts
 * @param {() => void} after
 * @param {boolean} fade
 * @param {() => void} [shown]  called once they are
 * @param {boolean} [whole]  these are all there are
 * @param {string[]} [gone]  that `after` removes
 * @returns {Generator<void>}
 */
function* frame(puts, after, fade, shown = () => {}, whole = false, gone = []) {
  const about = { detail: [...puts.map(([key]) => key), ...gone] };
  document.dispatchEvent(new CustomEvent("forum:applying", about));
  const steady = held();
  const entered = entering();
  const refocus = focused();
  const before = places(movers(puts));
  const back = whole ? clear(puts) : () => {};
  yield;
  /** @type {Element[]} */
  const fresh = [];
  for (const one of puts) {
    const el = put(one);
    if (el) fresh.push(el);
    yield;
  }
  [...waiting.values()].forEach((one) => byId(one[1]) && put(one));
  yield;
  back();
  after();
  if (fade && FADES) fresh.forEach(fadeIn);
  trim();
  entered();
  refocus();
  steady();
  travel(before);
  document.dispatchEvent(new CustomEvent("forum:applied", about));
  refocus(); // who listens may have hidden something, too
  shown();
}

/**
 * Put one fragment; returns its element when it is new.
 * @param {Put} one
 * @returns {Element|null}
 */
function put(one) {
  const [key, place, order, html] = one;
  const old = byId(key);
  waiting.delete(key);
  meanwhile?.set(key, one);
  if (compare(order, begins.get(place) ?? "") < 0) {
    old?.remove(); // not held here
    return null;
  }
  const template = document.createElement("template");
  template.innerHTML = html; // the server's own fragments: it escaped there whatever people wrote, as in the page itself
  const made = template.content.firstElementChild;
  const home = byId(place);
  if (!home || !made) {
    if (made) waiting.set(key, one);
    old?.remove();
    return null;
  }
  made.remove();
  if (home.hasAttribute("data-long")) grown.add(home);
  if (old && old.localName === made.localName) {
    morph(old, made);
    settle(old, home, order);
    return null;
  }
  if (old && made.localName === "details") return null; // what was read in full is not folded under the hand
  const el = document.adoptNode(made);
  if (old) rehouse(old, /** @type {HTMLElement} */ (el));
  settle(el, home, order);
  return old ? null : el;
}

/**
 * Another tag under the same key: what stood in its containers goes over.
 * @param {Element} old
 * @param {HTMLElement} el
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
  meanwhile?.set(key, null);
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

/** @param {string} selector */
function all(selector) {
  return [...document.querySelectorAll(selector)];
}

