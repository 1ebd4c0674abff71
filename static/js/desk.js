/**
 * What only the desk has: dragging, the mark of its health, one key for what is done often, and an eye on what grows.
 * `[data-shortcut="n"]` is focused when it is a field and pressed when it is not; `[data-opens=id]` opens that dialog.
 */

import { composes } from "./composing.js";
import { startDragging } from "./drag.js";
import { startHealth } from "./health.js";
import { place } from "./words.js";

/**
 * @param {import("./drag.js").Send} send
 * @param {() => import("./mirror.js").Position} shown  what the page shows
 */
export function start(send, shown) {
  startDragging(send, shown);
  startHealth();
  startSizing();
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || composes(event) || typing) return;
    if (document.querySelector("dialog[open]")) return;
    const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]:not(:disabled)`);
    if (!(target instanceof HTMLElement)) return;
    event.preventDefault();
    if (target.matches("input:not([type=checkbox]), textarea, select")) target.focus();
    else target.click();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element ? event.target.closest("[data-opens]") : null;
    const dialog = document.getElementById(opener?.getAttribute("data-opens") ?? "");
    if (dialog && "showModal" in dialog) /** @type {HTMLDialogElement} */ (dialog).showModal();
    else dialog?.toggleAttribute("open");
  });
}

/**
 * What grows or shrinks moves what is to be pressed below it: a sentence that comes, another hand's step. A browser says
 * so after it has laid out the page, so nothing is measured. Lines of a list are told with their list.
 */
function startSizing() {
  /** @type {WeakMap<Element, number>} */
  const heights = new WeakMap();
  const sizes = new ResizeObserver((all) => {
    for (const { target, contentRect } of all) {
      const before = heights.get(target);
      heights.set(target, contentRect.height);
      if (before !== undefined && Math.abs(before - contentRect.height) >= 1) target.dispatchEvent(new Event("forum:resized", { bubbles: true })); // to press.js
    }
  });
  const see = (/** @type {Element|null} */ el) => el?.matches("[data-order]:not(li)") && sizes.observe(el);
  document.querySelectorAll("[data-order]").forEach(see);
  document.addEventListener("forum:applied", (event) => {
    for (const key of /** @type {CustomEvent<string[]|null>} */ (event).detail ?? []) see(place(key));
  });
}
