/**
 * A receipt's page and the page where one is checked: copies, prints, and keeps the text on this phone.
 * Everything here is a convenience: without it the page downloads, prints and checks as well.
 *
 * `textarea[data-keep=CODE]` is kept; `[data-copy=ID]`, `[data-print]` and `[data-use-kept=ID]` are shown by us.
 */

import { RECEIPTS, shelf } from "./tabs.js";

const text = document.querySelector("textarea[data-keep]");
if (text instanceof HTMLTextAreaElement) {
  shelf.write(RECEIPTS + text.dataset.keep, text.value);
  if (shelf.keeps) show("[data-kept]");
}

show("[data-print]")?.addEventListener("click", () => print());

const copy = show("[data-copy]");
copy?.addEventListener("click", () => {
  const from = document.getElementById(copy.dataset.copy ?? "");
  if (!(from instanceof HTMLTextAreaElement)) return;
  from.select();
  // Not navigator.clipboard: it needs a secure context, and a venue's address is plain http.
  if (document.execCommand("copy")) say(copy.dataset.done ?? "");
});

const kept = shelf.keys(RECEIPTS).map((key) => shelf.read(key) ?? "");
const into = document.querySelector("[data-use-kept]");
if (into instanceof HTMLElement && kept.length) {
  show("[data-use-kept]")?.addEventListener("click", () => {
    const field = document.getElementById(into.dataset.useKept ?? "");
    if (field instanceof HTMLTextAreaElement) field.value = newest();
  });
}

/** The receipt kept of the forum whose page this is, else the last one kept. */
function newest() {
  const here = location.pathname.split("/")[2] ?? "";
  return shelf.read(RECEIPTS + here) ?? kept[kept.length - 1] ?? "";
}

/**
 * @param {string} selector
 * @returns {HTMLElement|null}
 */
function show(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) return null;
  found.hidden = false;
  return found;
}

/** @param {string} words */
function say(words) {
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = words;
}
