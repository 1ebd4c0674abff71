/**
 * Comforts of writing: Enter sends, letters are counted, drafts survive a reload. The server counts again; a draft is
 * never sent by itself, and is none any more once it is sent. Of what the browser posts by itself only the next page of
 * this tab can tell: the server leads on from what it took, and not from a refusal, nor does a network that fails.
 */

import { composes } from "./composing.js";
import { attempt, shelf } from "./tabs.js";
import { filled } from "./words.js";

const SEGMENTER = "Segmenter" in Intl ? new Intl.Segmenter() : null; // dear to make
const NEAR = 0.2; // the counter warns in the last fifth

/** @typedef {HTMLInputElement|HTMLTextAreaElement} TextField */

/** @param {string} prefix  of this person's drafts on the shelf */
export function startTyping(prefix) {
  /** @type {WeakSet<Element>} */
  const restored = new WeakSet();
  const posted = `${prefix}posted`; // in this tab alone: which drafts went with the form

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const sends = field instanceof HTMLTextAreaElement && "enterSends" in field.dataset;
    if (!sends || event.key !== "Enter" || event.shiftKey || composes(event)) return;
    event.preventDefault();
    if (field.value.trim()) defaultButton(field.form)?.click(); // not requestSubmit: iOS has it since 16
  });
  document.addEventListener("input", ({ target }) => {
    if (!isText(target)) return;
    count(target);
    if (target.dataset.draft) keep(prefix + target.dataset.draft, target.value);
  });
  document.addEventListener("forum:queued", (event) => {
    const form = /** @type {CustomEvent} */ (event).detail.form;
    for (const field of form?.querySelectorAll("[data-draft]") ?? []) keep(prefix + field.dataset.draft, "");
  });
  document.addEventListener("forum:posted", (event) => {
    const fields = /** @type {CustomEvent} */ (event).detail.form.querySelectorAll("[data-draft]");
    const drafts = [...fields].map((field) => [prefix + field.dataset.draft, field.value]);
    attempt(() => sessionStorage.setItem(posted, JSON.stringify(drafts)));
  });
  document.addEventListener("forum:applied", restore);
  forgetPosted();
  restore();

  function forgetPosted() {
    const drafts = attempt(() => JSON.parse(sessionStorage.getItem(posted) ?? "[]")) ?? [];
    attempt(() => sessionStorage.removeItem(posted));
    if (!ledOn()) return;
    for (const [key, text] of drafts) if (shelf.read(key) === text) shelf.remove(key);
  }

  function restore() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      if (!isText(field) || restored.has(field)) continue;
      restored.add(field);
      const draft = shelf.read(prefix + field.dataset.draft);
      if (draft && field.value === field.defaultValue) field.value = draft;
    }
    for (const counter of document.querySelectorAll("[data-count-for], [data-left-of]")) {
      const field = document.getElementById(fieldOf(counter));
      if (isText(field) && field.value) count(field);
    }
  }
}

/** Whether the server led here from a form of this very place. */
function ledOn() {
  const [way] = performance.getEntriesByType("navigation");
  const redirected = way && "redirectCount" in way && Number(way.redirectCount) > 0;
  return redirected && document.referrer.startsWith(location.origin + location.pathname);
}

/**
 * What Enter in a field of one line presses.
 * @param {HTMLFormElement|null} form
 */
function defaultButton(form) {
  return [...(form?.elements ?? [])].find((el) => el instanceof HTMLButtonElement && el.type === "submit");
}

/**
 * @param {string} key
 * @param {string} text
 */
function keep(key, text) {
  if (text) shelf.write(key, text);
  else shelf.remove(key);
}

/** @param {TextField} field */
function count(field) {
  if (!field.id) return;
  const most = Number(field.dataset.max ?? field.maxLength);
  const left = most - graphemes(field.value);
  for (const counter of document.querySelectorAll("[data-count-for], [data-left-of]")) {
    if (!(counter instanceof HTMLElement) || fieldOf(counter) !== field.id) continue;
    const words = (left < 0 ? counter.dataset.wordsOver : counter.dataset.words) ?? "{n}";
    counter.textContent = filled(words, { n: Math.abs(left) });
    counter.toggleAttribute("data-near", left <= most * NEAR);
    counter.toggleAttribute("data-over", left < 0);
  }
}

/** @param {Element} counter */
function fieldOf(counter) {
  return counter.getAttribute("data-count-for") ?? counter.getAttribute("data-left-of") ?? "";
}

/** @param {string} text */
function graphemes(text) {
  return SEGMENTER ? [...SEGMENTER.segment(text)].length : [...text].length;
}

/**
 * @param {unknown} el
 * @returns {el is TextField}
 */
function isText(el) {
  return el instanceof HTMLTextAreaElement || el instanceof HTMLInputElement;
}
