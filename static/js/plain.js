/**
 * The desk's plain forms, which lay a name or an address beside the journal and are no ops: answered in place, so that
 * whatever else is open, ticked or being written on the page stays.
 *
 * One that failed goes again under its ticket, so that pressing twice counts once. What no sentence beside a form can say
 * (a question of its own, an access that ended) is for the browser, which posts the form itself.
 */

import { wasRead } from "./fields.js";
import { newCid } from "./tabs.js";
import { announce, words } from "./words.js";

const PLAIN = "#root form[method=post]:not([data-op]):not([target])";
const SAVED_MS = 1500; // how long the mark settles

/** @typedef {{ticket: string, said: string}} Sent  under which ticket, and what: other words are another gesture */

/** @type {WeakMap<HTMLFormElement, Sent>} what was sent and not taken yet */
const sent = new WeakMap();

export function startAnswering() {
  document.addEventListener("submit", (event) => {
    const { target: form, defaultPrevented } = event;
    if (defaultPrevented || !(form instanceof HTMLFormElement) || !form.matches(PLAIN)) return;
    event.preventDefault();
    if (!form.hasAttribute("data-pending")) send(form);
  }, true); // after the form was sealed and its length judged, before it is taken for one of the browser's
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const said = saying(form);
  const before = sent.get(form);
  const ticket = before?.said === said ? before.ticket : newCid();
  sent.set(form, { ticket, said });
  const field = form.querySelector("input[name=ticket]");
  if (field instanceof HTMLInputElement) field.value = ticket;
  const op = { b: {} };
  document.dispatchEvent(new CustomEvent("forum:queued", { detail: { form, op } }));
  tell(form, "");
  form.setAttribute("data-pending", "");
  const answer = await asked(form);
  form.removeAttribute("data-pending");
  if (!answer) return tell(form, words("unreached"));
  if (answer.t === "nack" && answer.code !== "which_one") return tell(form, answer.msg);
  if (answer.t !== "ack") return form.submit();
  sent.delete(form);
  if (saying(form) === said) empty(form);
  wasRead(form);
  document.dispatchEvent(new CustomEvent("forum:accepted", { detail: { op } }));
  announce(words("kept"));
  form.setAttribute("data-saved", "");
  setTimeout(() => form.removeAttribute("data-saved"), SAVED_MS);
}

/**
 * What the server says of it; nothing when it was not reached.
 * @param {HTMLFormElement} form
 * @returns {Promise<{t: string, code?: string, msg: string}|null>}
 */
async function asked(form) {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return null;
  }
}

/** What a form says, but for what is filled in for it. @param {HTMLFormElement} form */
function saying(form) {
  return JSON.stringify([...new FormData(form)].filter(([name]) => name !== "ticket" && name !== "seen"));
}

/** Empty what the page proposed nothing for: what it did propose, the next update says. @param {HTMLFormElement} form */
function empty(form) {
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input:not([type=hidden])"))) {
    if (field.defaultValue) continue;
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true })); // counters and drafts listen
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function tell(form, text) {
  const said = form.querySelector("[data-say]");
  if (said) said.textContent = text;
  else announce(text);
}
