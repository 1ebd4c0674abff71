/**
 * Lists hold still under the hand: while a mouse moves in one, and while something is pressed, what would shift what is
 * under it waits, for a bounded time, and so does all that comes after it. Decides when, and applies nothing itself.
 *
 * Not on the screen, which nobody touches. What comes of one's own press waits for nothing.
 */

import { compare, orderOf } from "./order.js";
import { place as byId } from "./words.js";

const MOST_MS = 3000; // whoever still reads then reads something old
const RESTS_MS = 1000; // a mouse that has not moved for so long aims at nothing; press.js minds what comes under it
const CLICK_MS = 50; // from the end of a press to the click that comes of it

/** @typedef {import("./fragments.js").Put} Put */

/** @type {Element|null} */
let under = null;
let presses = false;
let moved = -Infinity;
let ended = -Infinity; // of a press
let since = -Infinity; // when what waits began to, or something was pressed

export function startHolding() {
  const quiet = { capture: true, passive: true };
  const see = (/** @type {PointerEvent} */ { target }) => (under = target instanceof Element ? target : null);
  document.addEventListener("pointermove", (event) => {
    see(event);
    if (event.pointerType === "mouse") moved = performance.now();
  }, quiet);
  document.addEventListener("pointerdown", (event) => {
    see(event);
    presses = true;
    since = performance.now();
  }, quiet);
  const end = () => {
    presses = false;
    moved = -Infinity; // it has pressed what it aimed at: what comes of that is to be seen
    ended = performance.now();
  };
  document.addEventListener("pointerup", end, quiet);
  document.addEventListener("pointercancel", end, quiet);
  document.addEventListener("pointerout", ({ pointerType, relatedTarget }) => {
    if (pointerType === "mouse" && !relatedTarget) under = null;
  }, quiet);
}

/**
 * Whether a frame must wait; asked once, before it.
 * @param {Put[]} puts
 * @param {string[]} gone
 */
export function mustWait(puts, gone) {
  const now = performance.now();
  if (isPressed(now)) return mustStill();
  if (document.hidden || now - moved > RESTS_MS || !under?.isConnected || !shifts(under, puts, gone)) return false;
  since = now;
  return true;
}

/** Whether what waits must still; asked again and again. */
export function mustStill() {
  const now = performance.now();
  const aims = now - moved < RESTS_MS && !!under?.isConnected;
  return (isPressed(now) || aims) && !document.hidden && now - since < MOST_MS;
}

/** @param {number} now */
function isPressed(now) {
  return presses || now - ended < CLICK_MS;
}

/**
 * Whether a frame puts, removes or moves something before what is under the hand, in a list in which that stands.
 * @param {Element} hand
 * @param {Put[]} puts
 * @param {string[]} gone
 */
function shifts(hand, puts, gone) {
  const line = hand.closest("li");
  for (let el = hand.closest("[data-order]"); el; el = el.parentElement?.closest("[data-order]") ?? null) {
    const [home, order] = [el.parentElement, orderOf(el)];
    const before = (/** @type {string|null} */ other) => other !== null && compare(other, order) <= 0;
    const was = (/** @type {string} */ key) => {
      const old = byId(key);
      return old?.parentElement === home ? orderOf(/** @type {Element} */ (old)) : null;
    };
    const shift = puts.some(([key, place, next]) => {
      const [from, to] = [was(key), place === home?.getAttribute("id") ? next : null];
      const listInside = line && line !== el && el.contains(line) && key === el.getAttribute("id");
      return listInside || (from !== to && (before(from) || before(to)));
    });
    if (shift || gone.some((key) => before(was(key)))) return true;
  }
  return false;
}
