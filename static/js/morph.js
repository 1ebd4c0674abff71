/**
 * Brings an element of the page to what a fragment says, in place, by idiomorph.
 *
 * Hides idiomorph and what must survive an update: typed text, ticked boxes, open <details>, refusals being read,
 * clocks, and whatever stands in a container (`[data-slots]`). Choices of lists are put back by `entered.js`, which knows
 * them by their values. Never parses HTML, never moves a fragment.
 */

const RETRY_MS = 1000;
const MORPHER = new URL("../vendor/idiomorph.min.js", import.meta.url).href;

/** What the script or the person set on an element: an update from the server leaves it alone. */
const OURS = new Set([
  "open", "data-pending", "data-slow", "data-saved", "data-new", "data-warn", "data-over", "data-near",
  "data-drop-over", "data-dragged", "aria-invalid", "tabindex",
]);

const PLAIN = /^(span|p|b|strong|bdi|li)$/;
const OTHERS = ["data-slots", "data-say", "data-ends-at"]; // whose text is not the server's alone

/** @typedef {HTMLInputElement|HTMLTextAreaElement|HTMLSelectElement} Field */

/** Resolves when `morph` may be called. */
export const ready = load();

/** @type {Set<Element>} fields of the fragment being morphed whose value is the person's */
let typed = new Set();

/**
 * Bring `old` to what `made` says, in place.
 * @param {Element} old
 * @param {Element} made
 */
export function morph(old, made) {
  if (isPlain(old) && isPlain(made)) {
    copyAttributes(old, made);
    const [text, next] = [old.firstChild, made.textContent ?? ""];
    if (old.childNodes.length === 1 && text instanceof Text && next) text.data = next; // which no :has() need look at
    else if (old.textContent !== next) old.textContent = next;
    return; // a number that counts up is no work for the morpher, which looks at the page around it
  }
  typed = new Set();
  /** @type {any} */ (window).Idiomorph.morph(old, made, {
    ignoreActiveValue: writes(made), // of a button it would also keep the label, of a list what it offers
    callbacks: {
      beforeNodeMorphed: keepsNode,
      beforeNodeRemoved: (/** @type {Node} */ node) => !(node instanceof HTMLElement && "ours" in node.dataset), // a counter
      beforeAttributeUpdated: (/** @type {string} */ name, /** @type {Element} */ el, /** @type {string} */ how) =>
        !((name === "open" || how === "remove") && OURS.has(name)) && name !== "selected" && !keepsValue(name, el),
    },
  });
}

/** Whether an element holds text alone, that nobody but the server writes. @param {Element} el */
function isPlain(el) {
  return !el.firstElementChild && PLAIN.test(el.localName) && !OTHERS.some((name) => el.hasAttribute(name));
}

/**
 * @param {Node} old
 * @param {Node} made
 * @returns {boolean} whether idiomorph goes on into this node
 */
function keepsNode(old, made) {
  if (!(old instanceof Element) || !(made instanceof Element)) return true;
  if (old.hasAttribute("data-slots") && made.hasAttribute("data-slots") && old.getAttribute("id") === made.getAttribute("id")) {
    copyAttributes(old, made);
    return false;
  }
  if (old.hasAttribute("data-say") && old.textContent) return false; // a refusal stays until the next try
  if (old.hasAttribute("data-ends-at") && old.getAttribute("data-ends-at") === made.getAttribute("data-ends-at")) {
    return false; // the clock writes in it
  }
  if (old instanceof HTMLDetailsElement && named(old) !== named(made)) old.open = made.hasAttribute("open"); // another one
  if (old instanceof HTMLFormElement && old.getAttribute("data-entered") !== made.getAttribute("data-entered")) old.reset(); // another form
  if (old instanceof HTMLOptionElement) old.toggleAttribute("selected", made.hasAttribute("selected")); // as the server says it
  if (isField(old) && isField(made)) {
    const another = isBox(old) && old.value !== made.value; // a tick belongs to what is ticked, not to its place
    if (contents(old) === contents(made)) accept(old, made);
    else if (isTouched(old) && !another) typed.add(old);
  }
  return true;
}

/** By what one that unfolds is told from another. @param {Element} el */
export function named(el) {
  const name = (/** @type {Element|null|undefined} */ one) => one?.getAttribute("id") ?? "";
  return name(el) || name(el.querySelector(":scope > summary[id], :scope > summary [id]"));
}

/**
 * @param {string} name
 * @param {Element} el
 */
function keepsValue(name, el) {
  if (name !== "value" && name !== "checked") return false;
  return typed.has(el);
}

/** @param {Field} field */
function isTouched(field) {
  if (field instanceof HTMLSelectElement) return false;
  return isBox(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/** @param {Field} field */
function contents(field) {
  return isBox(field) ? field.checked : field.value;
}

/**
 * What the person gave has become what the server says: from now on it may change with it.
 * @param {Field} old
 * @param {Field} made
 */
function accept(old, made) {
  if (old instanceof HTMLSelectElement || made instanceof HTMLSelectElement) return;
  old.defaultValue = made.defaultValue;
  if (old instanceof HTMLInputElement && made instanceof HTMLInputElement) old.defaultChecked = made.defaultChecked;
}

/**
 * @param {Element} old
 * @param {Element} made
 */
function copyAttributes(old, made) {
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name) && !OURS.has(name)) old.removeAttribute(name);
}

/**
 * @param {Element|null} el
 * @returns {el is Field}
 */
export function isField(el) {
  return el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement || el instanceof HTMLSelectElement;
}

/** Whether somebody writes in what stays the same form. @param {Element} made */
function writes(made) {
  const el = document.activeElement;
  if (!isField(el) || el instanceof HTMLSelectElement || isBox(el)) return false;
  const form = el.form?.dataset.entered && `form[data-entered="${CSS.escape(el.form.dataset.entered)}"]`;
  return !form || made.matches(form) || !!made.querySelector(form);
}

/**
 * @param {Field} field
 * @returns {field is HTMLInputElement}
 */
export function isBox(field) {
  return field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type);
}

/** The morpher is a classic script; one that a trusted script adds is trusted too ('strict-dynamic', before it 'self'). */
async function load() {
  while (!("Idiomorph" in window)) {
    const script = document.createElement("script");
    script.src = MORPHER;
    const loaded = await new Promise((done) => {
      script.onload = () => done(true);
      script.onerror = () => done(false);
      document.head.append(script);
    });
    script.remove();
    if (!loaded) await new Promise((again) => setTimeout(again, RETRY_MS));
  }
}
