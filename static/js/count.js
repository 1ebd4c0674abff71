/**
 * How many characters a text has, as a reader counts them; what is left of them in its field, and how many are too many.
 * What is too long is not sent: it stays as it is, and what is wrong is said beside it. Cuts nothing. The server counts
 * again, by the rules of Unicode themselves; these here are the same but for a few rare letters, in every browser.
 *
 * `[data-max]` on a field; `[data-left-of=ID]` is its counter, with `data-words` and `data-words-over`. Where there is none
 * one comes when it is needed: near the end of long texts, beyond the end of short ones.
 */

import { announce, filled, words } from "./words.js";

const NEAR = 0.2; // the counter warns in the last fifth

const UNSEEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}]/gu; // the server takes them out
const FLAGS = /\p{Regional_Indicator}{2}/gu;
const FAMILIES = /\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*(?:\u200d\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)+/gu;
const CONJUNCTS = /\p{L}\p{M}*[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d\u1039][\p{M}\u200d]*(?=[\u0915-\u0d39\u1000-\u102a])/gu;
const ATTACHED = /[\p{M}\p{Emoji_Modifier}\u200c\u200d\u0e33\u0eb3\u1160-\u11ff\uff9e\uff9f]/gu;

/** @typedef {HTMLInputElement|HTMLTextAreaElement} TextField */

/** @type {WeakMap<Element, HTMLElement>} counters of ours, by their fields */
const ours = new WeakMap();

/**
 * A flag, a family, an accented letter are one character each. Linear in the text.
 * @param {string} text
 */
export function characters(text) {
  const lines = text.replace(UNSEEN, "").split("\n").map((line) => line.trimEnd());
  const clean = lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
  return [...clean.replace(FLAGS, "x").replace(FAMILIES, "x").replace(CONJUNCTS, "").replace(ATTACHED, "")].length;
}

export function startCounting() {
  document.addEventListener("input", ({ target }) => void (isCounted(target) && count(target)));
  document.addEventListener("submit", refuse, true); // before anybody sends it
  document.addEventListener("forum:applied", countDrawn);
  document.querySelectorAll("[data-max]").forEach((field) => isCounted(field) && field.value && count(field));
}

/** Whose counter an update has drawn anew. */
function countDrawn() {
  for (const counter of document.querySelectorAll("[data-left-of]")) {
    const field = document.getElementById(counter.getAttribute("data-left-of") ?? "");
    if (isCounted(field) && field.value) count(field);
  }
}

/** @param {Event} event */
function refuse(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const [long] = [...form.elements].filter((field) => isCounted(field) && over(field) > 0);
  if (!isCounted(long)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  count(long);
  const why = words("long", { n: over(long) });
  const said = form.querySelector("[data-say]");
  if (said) said.textContent = why;
  else announce(why);
  long.focus();
}

/** @param {TextField} field */
function over(field) {
  return characters(field.value) - Number(field.dataset.max);
}

/** @param {TextField} field */
function count(field) {
  const most = Number(field.dataset.max);
  const left = -over(field);
  const counters = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-left-of="${CSS.escape(field.id)}"]`));
  const needed = left < 0 || (field instanceof HTMLTextAreaElement && left <= most * NEAR);
  const all = field.id && counters.length ? [...counters] : [own(field, needed)];
  for (const counter of all) {
    if (!counter) continue;
    const n = Math.abs(left);
    const said = left < 0 ? counter.dataset.wordsOver : counter.dataset.words;
    if (counter === ours.get(field)) counter.textContent = needed ? words(left < 0 ? "over" : "left", { n }) : "";
    else counter.textContent = filled(said ?? "{n}", { n });
    counter.toggleAttribute("data-near", left <= most * NEAR);
    counter.toggleAttribute("data-over", left < 0);
  }
  if (left < 0) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

/**
 * The counter of a field that has none in the markup.
 * @param {TextField} field
 * @param {boolean} needed
 */
function own(field, needed) {
  const there = ours.get(field);
  if (there?.isConnected || !needed) return there;
  const counter = document.createElement("p");
  counter.className = "left";
  counter.dataset.ours = "";
  field.after(counter);
  ours.set(field, counter);
  return counter;
}

/**
 * @param {unknown} el
 * @returns {el is TextField}
 */
function isCounted(el) {
  return (el instanceof HTMLTextAreaElement || el instanceof HTMLInputElement) && "max" in el.dataset && !el.readOnly && !el.disabled;
}
