/**
 * What only the desk has: dragging, the mark of its health, which gestures are one's own, the page of the wall in small,
 * one key for what is done often, plain forms that are answered in place.
 * A link to what is folded unfolds it, and leads to its field, with the title of its thing in view; what is unfolded stays
 * so when the page is loaded anew.
 * `[data-shortcut="n"]` is focused when it is a field and pressed when it is not; `[data-opens=id]` opens that dialog.
 */

import { composes } from "./composing.js";
import { startDragging } from "./drag.js";
import { startHealth } from "./health.js";
import { keepOpen } from "./open.js";
import { startAnswering } from "./plain.js";

const FIELD = "input:not([type=hidden]), textarea";

/** Say beside the wall in small which of its pages it shows. */
function showPage() {
  let page = "";
  const say = () => {
    for (const el of document.querySelectorAll("[data-wall-page]")) if (el.textContent !== page) el.textContent = page;
  };
  document.addEventListener("forum:page", (event) => {
    page = /** @type {CustomEvent} */ (event).detail;
    say();
  });
  document.addEventListener("forum:applied", say);
}

/** Mark one's own gestures, of those that several desks made. */
function own() {
  for (const deed of document.querySelectorAll("[data-by]")) {
    deed.toggleAttribute("data-own", deed.getAttribute("data-by") === document.body.dataset.person);
  }
}

/** Unfold what leads to a place of this page. @param {string} hash */
function unfold(hash) {
  const to = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
  for (let el = to?.closest("details"); el; el = el.parentElement?.closest("details")) el.open = true;
  const field = to?.matches("input, textarea, button") ? to : to?.matches("summary") ? to.parentElement?.querySelector(FIELD) : null;
  if (!(field instanceof HTMLElement)) return;
  setTimeout(() => { // the browser has gone there by then
    field.focus({ preventScroll: true });
    field.closest("li, section")?.scrollIntoView({ block: "start" });
    field.scrollIntoView({ block: "nearest" });
  });
}

/** A form says what the page proposes again: what had been changed in it is no draft any more. @param {HTMLFormElement|null} form */
function proposed(form) {
  for (const field of form?.elements ?? []) field.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * @param {import("./drag.js").Send} send
 * @param {() => import("./mirror.js").Position} shown  what the page shows
 */
export function start(send, shown) {
  startDragging(send, shown);
  startHealth();
  startAnswering();
  keepOpen(`forum/${document.body.dataset.code}/desk/open`);
  unfold(location.hash);
  showPage();
  own();
  document.addEventListener("forum:applied", own);
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
    const anew = event.target instanceof Element ? event.target.closest("button[type=reset]") : null;
    if (anew instanceof HTMLButtonElement) setTimeout(() => proposed(anew.form)); // the browser has put it back by then
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (link) unfold(link.getAttribute("href") ?? "");
    const opener = event.target instanceof Element ? event.target.closest("[data-opens]") : null;
    const dialog = document.getElementById(opener?.getAttribute("data-opens") ?? "");
    if (dialog && "showModal" in dialog) /** @type {HTMLDialogElement} */ (dialog).showModal();
    else dialog?.toggleAttribute("open");
  });
}
