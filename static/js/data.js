/**
 * The page of one's own data. A tick chooses "what I tick here". After an erasure this browser keeps nothing more of
 * what it had sent, so that nothing can be offered again, nor the receipt, in which the words stand.
 *
 * `[data-erased=CODE]` on the page says that it was carried out. What waits to be sent stays.
 */

import { startCopying } from "./copy.js";
import { receiptOf, stay } from "./device.js";
import { shelved } from "./outbox.js";
import { shelf } from "./tabs.js";

startCopying();

const { code: here = "", person = "" } = document.body.dataset;
if (here) stay(here, "phone", person, () => location.reload());

const done = /** @type {HTMLElement|null} */ (document.querySelector("[data-erased]"));
const code = done?.dataset.erased;

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== "chosen" || !target.checked) return;
  const choice = target.form?.querySelector("input[name=texts][value=chosen]");
  if (choice instanceof HTMLInputElement) choice.checked = true;
});

for (const key of code ? shelf.keys(`forum/${code}/`) : []) {
  const outbox = shelved(key, "");
  if (outbox) shelf.write(key, JSON.stringify({ ...outbox, kept: [] }));
}
if (code) shelf.remove(receiptOf(code, person));
