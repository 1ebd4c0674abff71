/**
 * Where fragments stand in their container: sorted by `data-order`, compared as the server compares.
 * Moves an element only when its place is wrong, and then with its focus and caret; where somebody writes in it, the
 * others move instead. What carries no `data-order`
 * (a waiting card) stays where the script put it.
 */

import { isField } from "./morph.js";

/**
 * Stand `el` in `home` where its order says; leave it alone when it does already. What else stands there is in order:
 * one after another, each change of an order is followed by this.
 * @param {Element} el
 * @param {Element} home
 * @param {string} order
 */
export function settle(el, home, order) {
  const previous = beside(el, "previousElementSibling");
  const next = beside(el, "nextElementSibling");
  const fits = (!previous || compare(orderOf(previous), order) <= 0) && (!next || compare(order, orderOf(next)) <= 0);
  if (el.parentElement === home && fits) return;
  if (el.parentElement === home && isField(document.activeElement) && el.contains(document.activeElement)) return around(el, home, order);
  let after = home.lastElementChild;
  while (after && (after === el || !after.hasAttribute("data-order") || compare(orderOf(after), order) > 0)) {
    after = after.previousElementSibling;
  }
  move(el, home, after ? after.nextSibling : home.querySelector(":scope > [data-order]"));
}

/**
 * Somebody writes in `el`: what they compose would break off if it moved, so the others move around it. They are in order.
 * @param {Element} el
 * @param {Element} home
 * @param {string} order
 */
function around(el, home, order) {
  const others = [...home.children].filter((other) => other !== el && other.hasAttribute("data-order"));
  const after = el.nextSibling;
  for (const other of others) {
    const before = compare(orderOf(other), order) <= 0;
    const stands = other.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (before && !stands) home.insertBefore(other, el);
    else if (!before && stands) home.insertBefore(other, after);
  }
}

/**
 * @param {Element} el
 * @param {"previousElementSibling"|"nextElementSibling"} side
 */
function beside(el, side) {
  let other = el[side];
  while (other && !other.hasAttribute("data-order")) other = other[side];
  return other;
}

/** @param {Element} el */
export function orderOf(el) {
  return el.getAttribute("data-order") ?? "";
}

/**
 * As the server compares: by code point, not by UTF-16 unit.
 * @param {string} a
 * @param {string} b
 */
export function compare(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0);
    if (difference) return difference;
  }
  return a.length - b.length;
}

/**
 * @param {Element} el
 * @param {Element} home
 * @param {ChildNode|null} before
 */
export function move(el, home, before) {
  if (el === before) return;
  const placed = el.closest("[data-flow]") ?? home.closest("[data-flow]"); // Chromium 156 crashes when what is so placed is moved
  if (!placed && "moveBefore" in home && el.isConnected) {
    // @ts-ignore  newer than the type library; keeps focus, caret and running animations
    home.moveBefore(el, before);
    return;
  }
  const active = document.activeElement;
  const caret = isField(active) && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : [];
  home.insertBefore(el, before);
  if (active instanceof HTMLElement && el.contains(active)) {
    active.focus({ preventScroll: true });
    if (caret[0] != null && "setSelectionRange" in active) {
      /** @type {HTMLTextAreaElement} */ (active).setSelectionRange(caret[0], caret[1] ?? null);
    }
  }
}
