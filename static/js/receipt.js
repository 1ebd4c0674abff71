/**
 * A receipt's page and the page where one is checked: copies, prints, and keeps the text on this phone.
 * Everything here is a convenience: without it the page downloads, prints and checks as well.
 *
 * `textarea[data-keep=CODE]` is kept; `[data-copy=ID]`, `[data-print]` and `[data-use-kept=ID]` are shown by us.
 */

import { startCopying } from "./copy.js";
import { receiptOf, receipts, stay } from "./device.js";
import { shelf } from "./tabs.js";

const text = document.querySelector("textarea[data-keep]");
if (text instanceof HTMLTextAreaElement) {
  const { keep = "", person = "" } = text.dataset;
  stay(keep, "phone", person, () => location.reload());
  shelf.write(receiptOf(keep, person), text.value);
  if (shelf.keeps) show("[data-kept]");
}

show("[data-print]")?.addEventListener("click", () => print());

startCopying();

const kept = receipts();
const into = document.querySelector("[data-use-kept]");
if (into instanceof HTMLElement && kept.length) {
  show("[data-use-kept]")?.addEventListener("click", () => {
    const field = document.getElementById(into.dataset.useKept ?? "");
    if (field instanceof HTMLTextAreaElement) field.value = newest();
  });
}

/** The receipt kept of the forum whose page this is, else the last one kept. */
function newest() {
  const here = kept.find((key) => key.includes(`:${location.pathname.split("/")[2]}:`));
  return shelf.read(here ?? kept[kept.length - 1] ?? "") ?? "";
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
