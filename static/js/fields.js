/**
 * Forms as commands: reads a form into a body, empties it, gives a text back. Of one that the browser posts itself it
 * fills the hidden fields: the ticket, by which pressing twice counts once, and how far the page shows the journal.
 * Types and names come from the markup (`data-type`, `data-new-id`); knows no command and no rule.
 */

import { selected } from "./select.js";
import { newCid, newId } from "./tabs.js";

const ENVELOPE = new Set(["", "ticket", "seen", "then", "for"]);
const PAIRS_AND_HALVES = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
const AGAIN_MS = 3000; // where the answer opens beside this page: pressed later than this, it means once more
const TEXT_TYPES = /^(text|search|url|email|tel|number|textarea)$/;

/** @typedef {HTMLInputElement|HTMLTextAreaElement|HTMLSelectElement|HTMLButtonElement} Control */
/** @typedef {HTMLInputElement|HTMLTextAreaElement} TextField */
/** @typedef {import("./mirror.js").Position} Position */

let ticket = "";
let pressed = 0;
let shown = () => ({ g: 0, s: 0, c: "" });
/** @type {WeakMap<HTMLFormElement, Position>} what the page showed when somebody began to fill a form */
const begun = new WeakMap();

/** Fill hidden fields from now on. @param {() => Position} now  what the page shows, as far as it was read */
export function startSealing(now) {
  shown = now;
  ticket = hidden(document, "ticket")?.value || newCid();
  pressed = performance.now();
  document.addEventListener("submit", ({ target }) => target instanceof HTMLFormElement && seal(target), true);
  document.addEventListener("input", ({ target, isTrusted }) => {
    const { form, type, value } = /** @type {Control} */ (target);
    if (!form || !isTrusted) return; // what is given back was not begun now
    if (TEXT_TYPES.test(type) && !value) begun.delete(form);
    else if (!begun.has(form)) begun.set(form, shown());
  });
}

/**
 * What the page showed when this form was read: when somebody began to fill it, else now.
 * @param {HTMLFormElement} form
 */
export function readAt(form) {
  const [now, then] = [shown(), begun.get(form)];
  return then?.g === now.g ? then : now;
}

/**
 * That it was read then; pressed once more, it was read anew.
 * @param {HTMLFormElement} form
 * @param {Position} [at]
 */
export function wasRead(form, at) {
  if (at) begun.set(form, at);
  else begun.delete(form);
}

/**
 * Fill a form's hidden fields, as a page just drawn has them: in what came with an update, which many are sent alike,
 * they have no value.
 * @param {HTMLFormElement} form
 */
export function seal(form) {
  const now = performance.now();
  if (form.target === "_blank" && now - pressed > AGAIN_MS) ticket = newCid();
  pressed = now;
  const [first, second] = [hidden(form, "ticket"), hidden(form, "seen")];
  if (first) first.value = ticket;
  if (second) second.value = String(readAt(form).s);
}

/**
 * What a form says, pressed by `button`.
 * @param {HTMLFormElement} form
 * @param {HTMLElement|null} button
 * @returns {{b: Record<string, unknown>, onBehalf: string, text: string}} text: what was typed, to give back
 */
export function read(form, button) {
  /** @type {Record<string, unknown>} */
  const b = {};
  for (const control of controls(form)) {
    if (control.disabled || (control instanceof HTMLButtonElement && control !== button)) continue;
    if (ENVELOPE.has(control.name)) continue;
    put(b, control.name, control);
    if ("was" in form.dataset && control.type !== "hidden" && control.name) put(b, before(control.name, form), initial(control));
  }
  if ("was" in form.dataset) b.was ??= {};
  if ("selection" in form.dataset) b.ideas = selected();
  const onBehalf = form.elements.namedItem("for");
  return {
    b,
    onBehalf: onBehalf && "value" in onBehalf ? String(onBehalf.value) : "",
    text: textFields(form).map((field) => field.value.trim()).filter(Boolean).join("\n\n"),
  };
}

/**
 * Empty what was typed, days and hours as well; choices stay for the next one.
 * @param {HTMLFormElement} form
 */
export function empty(form) {
  typed(form).forEach((field) => write(field, field.type === "date" ? field.defaultValue : ""));
}

/**
 * Give an op's texts back to their fields, unless something else was typed there meanwhile.
 * @param {HTMLFormElement} form
 * @param {Record<string, unknown>} b
 * @returns {boolean} whether they stand there now
 */
export function giveBack(form, b) {
  const back = typed(form).filter((field) => typeof at(b, field.name) === "string");
  if (back.some((field) => field.value.trim() && field.value !== field.defaultValue && field.value !== at(b, field.name))) {
    return false;
  }
  for (const field of back) if (field.value !== at(b, field.name)) write(field, String(at(b, field.name)));
  return true;
}

/**
 * A form on the page that says the same as an op whose own form is gone (after a reload).
 * @param {string} kind
 * @param {Record<string, unknown>} b
 */
export function formOf(kind, b) {
  const forms = [...document.querySelectorAll("form")].filter((form) => form.dataset.op === kind);
  return forms.find((form) =>
    controls(form).every(
      (control) => control.type !== "hidden" || control.dataset.newId !== undefined || ENVELOPE.has(control.name) ||
        control.value === String(at(b, control.name) ?? ""),
    ),
  );
}

/**
 * What a body says under a name whose dots lead into records.
 * @param {Record<string, unknown>} b
 * @param {string} name
 */
function at(b, name) {
  return name.split(".").reduce((inner, part) => /** @type {any} */ (inner)?.[part], /** @type {unknown} */ (b));
}

/**
 * The name under which a form of `data-was` says what a control held before: beside its own, or within "was".
 * @param {string} name
 * @param {HTMLFormElement} form
 */
function before(name, form) {
  const inside = form.dataset.was ? `${form.dataset.was}.` : "";
  return `was.${name.startsWith(inside) ? name.slice(inside.length) : name}`;
}

/**
 * A control as the server drew it: an update leaves that alone as long as what was typed stands.
 * @param {Control} control
 * @returns {Control}
 */
function initial(control) {
  const drawn = /** @type {Control} */ (control.cloneNode(true));
  if (drawn instanceof HTMLSelectElement) [...drawn.options].forEach((option) => (option.selected = option.defaultSelected));
  else if (drawn instanceof HTMLInputElement || drawn instanceof HTMLTextAreaElement) drawn.value = drawn.defaultValue;
  if (drawn instanceof HTMLInputElement) drawn.checked = drawn.defaultChecked;
  return drawn;
}

/**
 * @param {Record<string, unknown>} b
 * @param {string} name
 * @param {Control} control
 */
function put(b, name, control) {
  const type = control.dataset.type ?? "";
  const path = name.split(".");
  const last = path.pop() ?? "";
  const within = path.reduce((inner, part) => /** @type {any} */ (inner[part] ??= {}), b);
  const ticked = !(control instanceof HTMLInputElement) || !/^(checkbox|radio)$/.test(control.type) || control.checked;
  if (type === "list") {
    const list = /** @type {string[]} */ (within[last] ??= []);
    if (control instanceof HTMLSelectElement) list.push(...[...control.selectedOptions].map((option) => option.value).filter(Boolean));
    else if (ticked && control.value) list.push(control.value);
  } else if (type === "bool" && control.type === "checkbox") {
    within[last] = ticked;
  } else if (ticked) {
    const given = whole(control.value);
    const value = given || (control.dataset.newId !== undefined ? newId() : "");
    if (type.includes("null") && !value) within[last] = null;
    else if (type.startsWith("int")) value.trim() && (within[last] = Number(value));
    else within[last] = type === "bool" ? /^(true|1|on)$/.test(value) : value;
  }
}

/**
 * Half a character would be no text. Not by the class \p{Surrogate}, which Safari to 17.4 finds in every emoji.
 * @param {string} text
 */
function whole(text) {
  return text.replace(PAIRS_AND_HALVES, (found) => (found.length > 1 ? found : "\ufffd"));
}

/**
 * @param {ParentNode} where
 * @param {string} name
 * @returns {HTMLInputElement|null}
 */
function hidden(where, name) {
  return where.querySelector(`input[type=hidden][name=${name}]`);
}

/**
 * @param {HTMLFormElement} form
 * @returns {Control[]}
 */
function controls(form) {
  return /** @type {Control[]} */ ([...form.elements].filter((el) => "name" in el && "value" in el && !(el instanceof HTMLOutputElement)));
}

/**
 * @param {HTMLFormElement} form
 * @returns {TextField[]}
 */
function textFields(form) {
  return /** @type {TextField[]} */ (controls(form).filter((el) => TEXT_TYPES.test(el.type) && !ENVELOPE.has(el.name)));
}

/**
 * @param {HTMLFormElement} form
 * @returns {TextField[]}
 */
function typed(form) {
  return /** @type {TextField[]} */ ([...textFields(form), ...controls(form).filter((el) => /^(date|time)$/.test(el.type))]);
}

/**
 * @param {TextField} field
 * @param {string} text
 */
function write(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true })); // counters and drafts listen
}
