/**
 * What a person is entering stays: through every frame, every refusal and a reload, or it is named and kept.
 *
 * A form with fields says under which name its contents are kept (`data-entered`). What the person changed there is held
 * by the names and values of its fields, on the shelf too. It stands in its form whenever that is on the page. What has
 * no place there stands in #entered, to be copied, until it is left out or its form is back. Choices that nobody touched
 * stay as they were read, unless the server proposes another. Never sends anything, judges nothing.
 */

import { startCopying } from "./copy.js";
import { draft } from "./device.js";
import { isBox, isField, named as nameOf } from "./morph.js";
import { attempt, shelf } from "./tabs.js";
import { announce, place, words } from "./words.js";

/** @typedef {import("./morph.js").Field} Field */
/** @typedef {import("./device.js").Entry} Entry */
/** @typedef {import("./device.js").Draft} Draft */

let prefix = "";
/** @type {Map<string, Draft>} by the name of the form */
const held = new Map();
/** @type {WeakMap<object, [string, Record<string, string>]>} by the op: what it took of which form */
const sent = new WeakMap();

/** @param {string} drafts  prefix of this person's on the shelf */
export function startEntering(drafts) {
  prefix = drafts;
  startCopying();
  for (const key of shelf.keys(prefix)) {
    const one = draft(shelf.read(key));
    if (one) held.set(key.slice(prefix.length), one);
  }
  forgetPosted();
  const note = (/** @type {Event} */ { target }) => isField(/** @type {Element} */ (target)) && noted(/** @type {Field} */ (target));
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("forum:queued", (event) => {
    const { form, op } = /** @type {CustomEvent} */ (event).detail;
    sent.set(op, took(form));
  });
  document.addEventListener("forum:accepted", (event) => {
    const [name, fields] = sent.get(/** @type {CustomEvent} */ (event).detail.op) ?? ["", {}];
    forget(name, fields);
  });
  document.addEventListener("forum:returned", (event) => {
    const { op } = /** @type {CustomEvent} */ (event).detail;
    if (op.text) hold(`op-${op.n}`, { about: "", fields: { text: { label: "", values: [op.text], words: [], set: true } } });
    show();
  });
  document.addEventListener("forum:posted", (event) => {
    attempt(() => sessionStorage.setItem(`${prefix}posted`, JSON.stringify(took(/** @type {CustomEvent} */ (event).detail.form))));
  });
  document.addEventListener("click", ({ target }) => {
    const item = target instanceof Element && target.matches("[data-leave-out]") && target.closest("[data-of]");
    if (!item) return;
    drop(item.getAttribute("data-of") ?? "");
    show();
  });
  for (const form of document.querySelectorAll("form[data-given]")) {
    for (const field of fieldsOf(/** @type {HTMLFormElement} */ (form))) noted(field, true); // refused, and drawn as it was sent
  }
  entering()();
}

/**
 * Before the page changes; the answer puts everything back in its place.
 * @returns {() => void}
 */
export function entering() {
  const read = choices();
  const open = unfolded();
  const at = document.activeElement;
  const [form, field] = at && isField(at) ? [at.form?.dataset.entered, at.name] : [];
  const caret = at && "selectionStart" in at ? [at.selectionStart, at.selectionEnd] : [];
  document.querySelectorAll("option[data-gone]").forEach((option) => option.remove());
  return () => {
    read();
    for (const [name, one] of [...held]) {
      const fields = within(name);
      for (const [key, entry] of Object.entries(one.fields)) settle(name, key, entry, fields.filter((field) => field.name === key));
    }
    open();
    show();
    if (!form || (at?.isConnected && at.getClientRects().length)) return;
    const again = named(form, field)[0] ?? document.querySelector(`[data-of="${CSS.escape(form)}"] textarea`);
    if (!(again instanceof HTMLElement)) return;
    again.focus({ preventScroll: named(form, field).length > 0 });
    const [from, to] = /** @type {number[]} */ (caret);
    if (from != null) attempt(() => /** @type {HTMLTextAreaElement} */ (again).setSelectionRange(from, to));
  };
}

/**
 * Hold what a field says now, as the person's.
 * @param {Field} field
 * @param {boolean} [given]  it was sent once, whatever the page proposes
 */
function noted(field, given = false) {
  const { form } = field;
  const name = form?.dataset.entered;
  if (!form || !name || !field.name || field.type === "hidden") return;
  const all = named(name, field.name);
  const values = valuesOf(all);
  const set = given || !same(values, proposed(all));
  const one = held.get(name) ?? { about: "", fields: {} };
  if (set || field instanceof HTMLSelectElement) one.fields[field.name] = { label: called(field), values, words: told(all), set };
  else delete one.fields[field.name];
  one.about ||= document.querySelector("#asked, #now-title")?.textContent?.trim() ?? "";
  unsay(field);
  if (Object.keys(one.fields).length) hold(name, one);
  else drop(name);
  if (place("entered")?.querySelector(`[data-of="${CSS.escape(name)}"]`)) show();
}

/**
 * Have a form's fields of one name say what is held.
 * @param {string} name
 * @param {string} key
 * @param {Entry} entry
 * @param {Field[]} all  these fields
 */
function settle(name, key, entry, all) {
  const [first] = all;
  if (!first) return;
  if (first instanceof HTMLSelectElement) {
    if (!choose(first, entry.values)) return gone(first, entry);
    if (first.validationMessage) unsay(first);
    entry.words = told(all);
  } else if (isBox(first)) {
    const lost = entry.words.filter((_, i) => !all.some((box) => box.value === entry.values[i]));
    all.forEach((box) => (/** @type {HTMLInputElement} */ (box).checked = entry.values.includes(box.value)));
    if (!lost.length) return void (entry.words = told(all));
    noted(first);
    say(first.form, words(first.type === "radio" ? "gone" : "unticked", { what: lost.join(", ") }));
  } else if (first.value !== entry.values[0]) {
    first.value = entry.values[0];
    for (let el = first.closest("details"); el; el = el.parentElement?.closest("details") ?? null) el.open = true;
  } else if (first.value === first.defaultValue) {
    forget(name, { [key]: JSON.stringify(entry.values) }); // saved meanwhile
  }
}

/**
 * A choice that is no longer there keeps its words, and its form is not sent with it.
 * @param {HTMLSelectElement} select
 * @param {Entry} entry
 */
function gone(select, entry) {
  const what = entry.words[0] || entry.values[0];
  const option = new Option(words("gone-option", { what }), entry.values[0], false, true);
  option.disabled = true;
  option.setAttribute("data-gone", "");
  select.append(option);
  option.selected = true;
  const sentence = words("gone", { what });
  if (select.validationMessage !== sentence) say(select.form, sentence);
  select.setCustomValidity(sentence);
}

/** What every list shows, and proposes; the answer has it shown again unless another is proposed now. */
function choices() {
  const before = [...document.querySelectorAll("select")].map((select) => {
    return { select, values: valuesOf([select]), words: told([select]), drawn: drawn(select) };
  });
  return () => {
    for (const { select, values, words, drawn: was } of before) {
      const name = select.form?.dataset.entered ?? "";
      const one = held.get(name);
      if (!select.isConnected || one?.fields[select.name]) continue;
      const now = drawn(select);
      // Where something is being entered beside it, what it showed was read, and meant.
      if (choose(select, now.length && !same(was, now) && !one ? now : values)) continue;
      if (one) hold(name, { ...one, fields: { ...one.fields, [select.name]: { label: called(select), values, words, set: true } } });
    }
  };
}

/** What is unfolded is so again where it was drawn anew: itself, and never what has come to stand in its place. */
function unfolded() {
  const open = [...document.querySelectorAll("details[open]")].map((el) => ({ el, again: itself(/** @type {HTMLDetailsElement} */ (el)) }));
  return () => {
    for (const { el, again } of open) {
      const now = el.isConnected ? null : again();
      if (now) now.open = true;
    }
  };
}

/** How to find what unfolds when it is drawn anew: by its name, or its place in its own fragment. @param {HTMLDetailsElement} el */
function itself(el) {
  const name = nameOf(el);
  if (name) return () => place(name)?.closest("details");
  const home = el.parentElement?.closest("[id]");
  const id = home && !home.hasAttribute("data-slots") ? home.getAttribute("id") : null;
  const at = home ? [...home.querySelectorAll("details")].indexOf(el) : -1;
  return () => {
    const now = id ? place(id)?.querySelectorAll("details")[at] : null;
    return now?.className === el.className ? now : null;
  };
}

/** Everything that is held and has no place in a form stands in #entered. */
function show() {
  const [home, model] = [place("entered"), place("tpl-entered")];
  if (!home || !(model instanceof HTMLTemplateElement)) return;
  const lost = new Map([...held].map(([name, one]) => [name, lines(name, one)]));
  for (const item of home.querySelectorAll("[data-of]")) if (!lost.get(item.getAttribute("data-of") ?? "")) item.remove();
  for (const [name, text] of lost) {
    if (!text) continue;
    let item = home.querySelector(`[data-of="${CSS.escape(name)}"]`);
    if (!item) {
      item = /** @type {Element} */ (/** @type {Element} */ (model.content.firstElementChild).cloneNode(true));
      item.setAttribute("data-of", name);
      const id = `entered-${name}`;
      item.querySelector("label")?.setAttribute("for", id);
      item.querySelector("textarea")?.setAttribute("id", id);
      item.querySelector("[data-copy]")?.setAttribute("data-copy", id);
      home.append(item);
      announce(words("kept-here"));
    }
    const label = item.querySelector("label");
    const field = item.querySelector("textarea");
    if (label) label.textContent = [held.get(name)?.about, ...Object.values(held.get(name)?.fields ?? {}).map((one) => one.label)].find(Boolean) ?? "";
    if (field) field.value = text;
  }
  const hidden = !home.querySelector("[data-of], [data-written]");
  if (home.hidden !== hidden) home.hidden = hidden;
}

/**
 * What of a form can no longer be sent, in words; "" when all of it has its place.
 * @param {string} name
 * @param {Draft} one
 */
function lines(name, one) {
  const fields = within(name);
  const lost = Object.entries(one.fields).filter(([key, { set }]) => set && !fields.some((field) => field.name === key));
  return lost.map(([, { label, values, words }]) => [lost.length > 1 && label ? `${label}:` : "", words.join(", ") || values.join(", ")].filter(Boolean).join(" ")).join("\n");
}

/**
 * @param {string} name
 * @param {Draft} one
 */
function hold(name, one) {
  held.set(name, one);
  shelf.write(prefix + name, JSON.stringify(one));
}

/** @param {string} name */
function drop(name) {
  held.delete(name);
  shelf.remove(prefix + name);
}

/** Which form that is, and what is held of it. @param {HTMLFormElement|null} form @returns {[string, Record<string, string>]} */
function took(form) {
  const name = form?.dataset.entered ?? "";
  const fields = Object.entries(held.get(name)?.fields ?? {});
  return [name, Object.fromEntries(fields.map(([key, { values }]) => [key, JSON.stringify(values)]))];
}

/**
 * Hold no more what was taken, but for what was changed since.
 * @param {string} name
 * @param {Record<string, string>} fields
 */
function forget(name, fields) {
  const one = held.get(name);
  if (!one) return;
  const left = Object.entries(one.fields).filter(([key, { values }]) => fields[key] !== JSON.stringify(values));
  if (left.length) hold(name, { ...one, fields: Object.fromEntries(left) });
  else drop(name);
}

/** What the browser posted is no draft any more, once the server has led on from it. */
function forgetPosted() {
  const [name, fields] = attempt(() => JSON.parse(sessionStorage.getItem(`${prefix}posted`) ?? "[]")) ?? [];
  attempt(() => sessionStorage.removeItem(`${prefix}posted`));
  const [way] = performance.getEntriesByType("navigation");
  const redirected = way && "redirectCount" in way && Number(way.redirectCount) > 0;
  if (redirected && document.referrer.startsWith(location.origin + location.pathname)) forget(name, fields);
}

/**
 * Say something where a form speaks, until it is changed or sent.
 * @param {HTMLFormElement|null} form
 * @param {string} text
 */
function say(form, text) {
  const said = form?.querySelector("[data-say]");
  if (!said) return announce(text);
  said.textContent = text;
  said.setAttribute("data-gone", "");
}

/** Something else was chosen. @param {Field} field */
function unsay(field) {
  const said = field.form?.querySelector("[data-say][data-gone]");
  if (said) said.textContent = "";
  said?.removeAttribute("data-gone");
  if (!(field instanceof HTMLSelectElement)) return;
  field.querySelectorAll("option[data-gone]:not(:checked)").forEach((option) => option.remove());
  field.setCustomValidity("");
}

/**
 * Choose by value; whether all of them are there.
 * @param {HTMLSelectElement} select
 * @param {string[]} values
 */
function choose(select, values) {
  const options = [...select.options];
  if (!values.every((value) => options.some((option) => option.value === value))) return false;
  if (!same(valuesOf([select]), values)) options.forEach((option) => (option.selected = values.includes(option.value)));
  return true;
}

/** The visible fields of a form. @param {string} form */
function within(form) {
  const found = document.querySelector(`form[data-entered="${CSS.escape(form)}"]`);
  return found instanceof HTMLFormElement ? fieldsOf(found) : [];
}

/** Those with one name. @param {string} form @param {string} [name] */
function named(form, name) {
  return within(form).filter((field) => field.name === name);
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  return /** @type {Field[]} */ ([...form.elements].filter((el) => isField(el) && el.type !== "hidden"));
}

/** @param {Field[]} all  of one name */
function valuesOf(all) {
  if (all[0] instanceof HTMLSelectElement) return [...all[0].selectedOptions].map((option) => option.value);
  return all.filter((field) => !isBox(field) || /** @type {HTMLInputElement} */ (field).checked).map((field) => field.value);
}

/** What the page proposed. @param {Field[]} all */
function proposed(all) {
  if (all[0] instanceof HTMLSelectElement) {
    const said = drawn(all[0]);
    return said.length || all[0].multiple ? said : [...all[0].options].slice(0, 1).map((option) => option.value);
  }
  return /** @type {(HTMLInputElement|HTMLTextAreaElement)[]} */ (all)
    .filter((field) => !isBox(field) || /** @type {HTMLInputElement} */ (field).defaultChecked)
    .map((field) => (isBox(field) ? field.value : field.defaultValue));
}

/** Which options the server says are chosen. @param {HTMLSelectElement} select */
function drawn(select) {
  return [...select.options].filter((option) => option.defaultSelected).map((option) => option.value);
}

/** What is chosen, as it is read; of what is typed nothing. @param {Field[]} all */
function told(all) {
  if (all[0] instanceof HTMLSelectElement) return [...all[0].selectedOptions].map((option) => option.text.trim());
  return all.filter((field) => isBox(field) && /** @type {HTMLInputElement} */ (field).checked).map((field) => labelOf(field));
}

/** How a field, or a group of boxes, is called. @param {Field} field */
function called(field) {
  return isBox(field) ? (field.closest("fieldset")?.querySelector("legend")?.textContent?.trim() ?? "") : labelOf(field);
}

/** @param {Field} field */
function labelOf(field) {
  return field.labels?.[0]?.textContent?.trim().replace(/\s+/g, " ") ?? "";
}

/** @param {string[]} one @param {string[]} other */
function same(one, other) {
  return one.length === other.length && one.every((value) => other.includes(value));
}
