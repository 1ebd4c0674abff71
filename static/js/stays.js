/**
 * On a plain page with several forms: what is open, and what was typed into the others, stays when one of them is sent.
 * A form whose text stays says for which page it was written, so that nobody's change is overwritten unseen. Kept for this
 * window alone. What was sent without a network is not sent, or is there again when one comes back to the page. Loaded
 * alone, on those pages only.
 *
 * `[data-stays=PREFIX data-words-offline]`, PREFIX being that of a person's keys below the surface's, which go when somebody
 * leaves it: whoever comes in by another access in this window finds none of it, even if nobody left. A form says what is
 * wrong in its `[data-say]`.
 */

import { keepOpen } from "./open.js";
import { attempt } from "./tabs.js";

/** @typedef {HTMLInputElement|HTMLTextAreaElement|HTMLSelectElement} Field */
/** @typedef {{fields: [string, string][], was: [string, string][]}} Typed
 *   fields: what each says, by its name and place; was: what the form said of the page it was written for */

const READ_FOR = /^(seen$|was\.)/;
const marked = document.querySelector("[data-stays]");
const key = `${marked?.getAttribute("data-stays")}stays${location.pathname}`;
/** @type {EventTarget|null} */
let sent = null;

/** @type {[string, Typed][]} */
const before = [...kept(key), ...(isAnswer() ? [] : kept(`${key}/sent`))];
const names = new Map(forms().map((form) => [nameOf(form), form]));
for (const [name, typed] of before) {
  const form = names.get(name);
  if (form) restore(form, typed);
}
keepOpen(`${key}/open`, () => sent);
document.addEventListener("submit", (event) => {
  const say = event.target instanceof Element && event.target.querySelector("[data-say]");
  const offline = !navigator.onLine && say ? marked?.getAttribute("data-words-offline") : "";
  if (say) say.textContent = offline ?? "";
  if (offline) event.preventDefault();
  else sent = event.target;
});
addEventListener("pagehide", () => {
  const touched = forms().filter((form) => fieldsOf(form).some(isTouched));
  keep(key, touched.filter((form) => form !== sent));
  keep(`${key}/sent`, touched.filter((form) => form === sent));
});

/** @param {string} name @returns {[string, Typed][]} */
function kept(name) {
  return attempt(() => JSON.parse(sessionStorage.getItem(name) ?? "[]")) ?? [];
}

/** @param {string} name @param {HTMLFormElement[]} left */
function keep(name, left) {
  attempt(() => sessionStorage.setItem(name, JSON.stringify(left.map((form) => [nameOf(form), typedIn(form)]))));
}

/** Whether the page answers what was sent from it; else a browser had shown an error in its place. */
function isAnswer() {
  return !!document.querySelector("main .flash");
}

/** @param {HTMLFormElement} form @returns {Typed} */
function typedIn(form) {
  const fields = fieldsOf(form);
  return {
    fields: fields.map((field, at) => [placed(fields, at), said(field)]),
    was: hidden(form).filter(({ name }) => READ_FOR.test(name)).map(({ name, value }) => [name, value]),
  };
}

/** @param {HTMLFormElement} form @param {Typed} typed */
function restore(form, { fields, was }) {
  const says = new Map(fields);
  const all = fieldsOf(form);
  all.forEach((field, at) => say(field, says.get(placed(all, at)) ?? said(field)));
  if (!all.some(isTouched)) return; // it was saved meanwhile
  for (let el = form.closest("details"); el; el = el.parentElement?.closest("details") ?? null) el.open = true;
  for (const field of hidden(form)) if (READ_FOR.test(field.name)) field.remove();
  for (const [name, value] of was) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
}

/** Which form that is: what it is for, and of what. @param {HTMLFormElement} form */
function nameOf(form) {
  const of = hidden(form).filter(({ name }) => name !== "ticket" && !READ_FOR.test(name)).map(({ name, value }) => [name, value]);
  return JSON.stringify([form.getAttribute("action"), ...of]);
}

function forms() {
  return /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("main form[method=post]")]);
}

/** @param {HTMLFormElement} form */
function hidden(form) {
  return /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type=hidden]")]);
}

/** @param {HTMLFormElement} form @returns {Field[]} */
function fieldsOf(form) {
  const named = "input[name]:not([type=hidden]), textarea[name], select[name]"; // a tick that only assures has no name
  return /** @type {Field[]} */ ([...form.querySelectorAll(named)]);
}

/** A field by its name and its place among those of that name. @param {Field[]} all @param {number} at */
function placed(all, at) {
  const box = isBox(all[at]) ? all[at].value : "";
  return `${all[at].name} ${box} ${all.slice(0, at).filter(({ name, value }) => name === all[at].name && (!box || value === box)).length}`;
}

/** @param {Field} field */
function said(field) {
  if (isBox(field)) return field.checked ? "on" : "";
  return field instanceof HTMLSelectElement ? JSON.stringify([...field.selectedOptions].map(({ value }) => value)) : field.value;
}

/** @param {Field} field @param {string} text */
function say(field, text) {
  if (isBox(field)) field.checked = !!text;
  else if (field instanceof HTMLSelectElement) {
    const values = JSON.parse(text);
    for (const option of field.options) option.selected = values.includes(option.value);
  } else field.value = text;
}

/** @param {Field} field */
function isTouched(field) {
  if (isBox(field)) return field.checked !== field.defaultChecked;
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  const drawn = [...field.options].some((option) => option.defaultSelected);
  return [...field.options].some((option, at) => option.selected !== (drawn || field.multiple ? option.defaultSelected : at === 0));
}

/** @param {Field} field @returns {field is HTMLInputElement} */
function isBox(field) {
  return field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type);
}
