/**
 * Comforts of writing: Enter sends, letters are counted. The server counts again.
 */

import { composes } from "./composing.js";
import { filled } from "./words.js";

const SEGMENTER = "Segmenter" in Intl ? new Intl.Segmenter() : null; // dear to make
const NEAR = 0.2; // the counter warns in the last fifth

/** @typedef {HTMLInputElement|HTMLTextAreaElement} TextField */

export function startTyping() {
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const sends = field instanceof HTMLTextAreaElement && "enterSends" in field.dataset;
    if (!sends || event.key !== "Enter" || event.shiftKey || composes(event)) return;
    event.preventDefault();
    if (field.value.trim()) defaultButton(field.form)?.click(); // not requestSubmit: iOS has it since 16
  });
  document.addEventListener("input", ({ target }) => void (isText(target) && count(target)));
  document.addEventListener("forum:applied", countAll);
  countAll();
}

function countAll() {
  for (const counter of document.querySelectorAll("[data-count-for], [data-left-of]")) {
    const field = document.getElementById(fieldOf(counter));
    if (isText(field) && field.value) count(field);
  }
}

/**
 * What Enter in a field of one line presses.
 * @param {HTMLFormElement|null} form
 */
function defaultButton(form) {
  return [...(form?.elements ?? [])].find((el) => el instanceof HTMLButtonElement && el.type === "submit");
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
