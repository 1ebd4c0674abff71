/**
 * Whether a press means what was read. A button that has just become another, has just arrived or moved under the hand
 * takes no press for a moment, and whoever pressed is told until the next press: with mouse, finger and keyboard alike. A
 * press that comes again after that is taken. Whoever writes in a form means its button wherever it went: opening, writing
 * and what comes above move it. A button that counts (`data-add`) means once more, whatever it counts from.
 *
 * What buttons do is noted around each frame, of its own fragments alone; where those in view stand, before it, when the
 * page is laid out anyway. Judges no command, and changes no form.
 */

import { place, words } from "./words.js";

// Two presses within half a second are a double click to most systems; to see a word change, read it and press takes
// longer.
const MOMENT_MS = 500;
const SAME_PLACE_PX = 10;
const SCROLLED_MS = 150;
const UNSAID = /^(ticket|seen|then)$/;

/** @typedef {{says: string, at: number}} Noted  what a button does, and since when */
/** @typedef {{x: number, y: number, at: number, button: Element|null, writes?: boolean}} Hand
 *   what lay under it, and since when; writes: whether the focus was in its form */

/** @type {WeakMap<Element, Noted>} */
const noted = new WeakMap();
/** @type {{at: number, scrollY: number, boxes: Map<Element, DOMRect>}[]} where buttons in view stood before each late frame */
let seen = [];
/** @type {Noted & {button: Element}|null} the press that was not taken */
let told = null;
/** @type {Hand} the last press of a pointer */
let down = { x: -1, y: -1, at: -MOMENT_MS, button: null };
/** @type {Hand} a mouse that rests: what came under it */
let under = { ...down };
let scrolled = 0;

export function startJudging() {
  document.addEventListener("forum:applying", (event) => {
    for (const el of touched(event)) note(el, -MOMENT_MS);
    const at = performance.now();
    seen = [...seen.filter((one) => at - one.at < MOMENT_MS), { at, scrollY, boxes: inView() }];
  });
  document.addEventListener("forum:applied", (event) => {
    const at = performance.now();
    for (const el of touched(event)) note(el, at);
  });
  const quiet = { capture: true, passive: true };
  document.addEventListener("scroll", () => (scrolled = performance.now()), quiet);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const { clientX: x, clientY: y } = event;
    const at = performance.now();
    const rests = x === under.x && y === under.y && at - scrolled > SCROLLED_MS;
    under = { x, y, at: rests ? at : -MOMENT_MS, button: buttonOf(event) };
  }, quiet);
  document.addEventListener("pointermove", ({ clientX, clientY }) => {
    under.x = clientX;
    under.y = clientY;
  }, quiet);
  document.addEventListener("pointerdown", (event) => {
    const [at, button] = [performance.now(), buttonOf(event)];
    const { clientX: x, clientY: y } = event;
    const again = at - down.at < MOMENT_MS && Math.hypot(x - down.x, y - down.y) < SAME_PLACE_PX;
    const came = again && down.button !== button ? at : under.button === button ? under.at : -MOMENT_MS;
    const writes = !!button?.form?.contains(document.activeElement);
    down = { x, y, at, button, writes };
    under = { x, y, at: came, button };
  }, quiet);
  document.addEventListener("click", judge, true);
}

/** @param {MouseEvent} event */
function judge(event) {
  const button = buttonOf(event);
  document.querySelector(".not-taken")?.remove();
  if (!button) return;
  const byHand = event.detail > 0 && down.button === button; // else by a key, or Enter in a field
  const at = byHand ? down.at : performance.now();
  const { says, at: since } = now(button, at);
  const counts = "add" in button.dataset;
  const came = byHand && ((!counts && at - under.at < MOMENT_MS) || (!down.writes && isShifted(button, at))); // a key stays with what it is on
  if (!came && at - Math.max(since, openedAt(button)) >= MOMENT_MS) return;
  if (told?.button === button && told.says === says && at - told.at >= MOMENT_MS) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tell(button);
  told = { button, says, at };
}

/** The button of a form that an event is about. @param {Event} event */
function buttonOf({ target }) {
  const button = target instanceof Element ? target.closest("button") : null;
  return button?.form ? button : null;
}

/** The fragments that a frame puts or removes, as far as they are there. @param {Event} event @returns {Element[]} */
function touched(event) {
  const keys = /** @type {CustomEvent<string[]|null>} */ (event).detail ?? [];
  return keys.map(place).filter((el) => el !== null);
}

/** Where the buttons stand that one can press. */
function inView() {
  /** @type {Map<Element, DOMRect>} */
  const boxes = new Map();
  for (const button of document.querySelectorAll("form button")) {
    const box = button.getBoundingClientRect();
    if (box.height && box.bottom > 0 && box.top < innerHeight) boxes.set(button, box);
  }
  return boxes;
}

/** Note what the buttons of a fragment do. @param {Element} el @param {number} at */
function note(el, at) {
  const own = [...el.querySelectorAll("button")].filter((button) => button.form && button.closest("[data-order]") === el);
  own.forEach((button, nth) => {
    const says = meaning(button, nth);
    if (noted.get(button)?.says !== says) noted.set(button, { says, at });
  });
}

/** What a button does now, and since when. @param {HTMLButtonElement} button @param {number} at @returns {Noted} */
function now(button, at) {
  const before = noted.get(button);
  const says = meaning(button, Number(before?.says.split("\n", 1)[0] ?? 0));
  if (before?.says === says) return before;
  const found = { says, at: before ? at : -MOMENT_MS }; // changed by something else than a frame, or never noted: it stood there
  noted.set(button, found);
  return found;
}

/**
 * All that is read and sent by a press, and the place among the buttons of its fragment.
 * @param {HTMLButtonElement} button
 * @param {number} nth
 */
function meaning(button, nth) {
  const { form, dataset } = button;
  const hidden = [...(form?.querySelectorAll("input[type=hidden]") ?? [])].filter(
    (el) => !UNSAID.test(el.getAttribute("name") ?? "") && !el.hasAttribute("data-new-id"),
  );
  const shown = "add" in dataset
    ? [0, dataset.add]
    : [nth, button.value, button.disabled, button.textContent, button.getAttribute("aria-label"), dataset.confirm, form?.dataset.confirm];
  const sent = hidden.map((el) => `${el.getAttribute("name")}=${el.getAttribute("value")}`);
  return [...shown, form?.getAttribute("action"), form?.dataset.op, dataset.op, button.name, ...sent].join("\n");
}

/** Whether a frame moved it under the hand a moment ago, by whatever grew, came or went. @param {Element} button @param {number} at */
function isShifted(button, at) {
  const box = button.getBoundingClientRect();
  return seen.some((one) => {
    const was = one.boxes.get(button);
    if (!was || at - one.at >= MOMENT_MS) return false;
    const [x, y] = [box.left - was.left, box.top - was.top];
    if (Math.hypot(x, y) < SAME_PLACE_PX) return false;
    const stays = was.left <= down.x && down.x <= was.right && was.top <= down.y && down.y <= was.bottom;
    if (scrolled < one.at) return !stays; // it lay there already
    return !dockOf(button) && Math.hypot(x, y + scrollY - one.scrollY) >= SAME_PLACE_PX;
  });
}

/** What it stands in that neither moves nor grows with the page. @param {Element|null} el @returns {Element|null} */
function dockOf(el) {
  for (; el; el = el.parentElement) {
    const { position, overflowY } = getComputedStyle(el);
    if (/fixed|sticky/.test(position) || (/auto|scroll/.test(overflowY) && el.scrollHeight > el.clientHeight)) break;
  }
  return el;
}

/** When the question in which it stands was opened. @param {Element} button */
function openedAt(button) {
  return Number(button.closest("dialog")?.dataset.openedAt ?? -MOMENT_MS);
}

/** @param {Element} button */
function tell(button) {
  const note = document.createElement("p");
  note.className = "not-taken";
  note.setAttribute("role", "alert");
  note.textContent = words("changed");
  const box = button.getBoundingClientRect();
  (button.closest("dialog") ?? document.body).append(note);
  const below = box.bottom + 8 + note.offsetHeight <= innerHeight; // above it is what was written
  note.style[below ? "top" : "bottom"] = `${Math.round(below ? box.bottom : innerHeight - box.top) + 8}px`;
}
