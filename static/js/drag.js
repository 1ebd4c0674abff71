/**
 * Dragging cards into themes with mouse or finger. On the desk only; the keyboard's way is the "Move to" forms.
 *
 * A drag begins after 5 px with the mouse, after a long press with a finger (so that scrolling stays scrolling). All
 * ticked cards travel along. Changes nothing itself: the drop sends `MoveIdeas`, the server's answer moves the cards.
 */

import { composes } from "./composing.js";
import { selected } from "./select.js";

const PRESS_MS = 200;
const SLACK_PX = 5;
const EDGE_PX = 56;
const SCROLL_PX = 14; // a frame, at the very edge
const CONTROLS = "a, button, input, select, textarea, summary, [contenteditable]";

/** @typedef {{card: HTMLElement, ids: string[], ghost: HTMLElement, dx: number, dy: number, over: HTMLElement|null}} Drag */

/** @typedef {import("./mirror.js").Position} Position */
/** @typedef {(kind: string, b: Record<string, unknown>, at: Position) => void} Send */

/**
 * @param {Send} send
 * @param {() => Position} shown  what the page shows: of a drag it counts what that was when it began
 */
export function startDragging(send, shown) {
  /** @type {{card: HTMLElement, x: number, y: number, id: number, timer: number, at: Position}|null} */
  let pressed = null;
  /** @type {Drag|null} */
  let drag = null;
  let x = 0;
  let y = 0;
  let swallowClick = false;

  document.addEventListener("pointerdown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const card = target?.closest('[data-drag="idea"]');
    swallowClick = false;
    if (event.button || drag || !(card instanceof HTMLElement) || target?.closest(CONTROLS)) return;
    [x, y] = [event.clientX, event.clientY];
    const timer = event.pointerType === "mouse" ? 0 : setTimeout(begin, PRESS_MS);
    pressed = { card, x, y, id: event.pointerId, timer, at: shown() };
  });
  document.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pressed?.id) return;
    [x, y] = [event.clientX, event.clientY];
    if (drag) return follow();
    if (Math.hypot(x - pressed.x, y - pressed.y) < SLACK_PX) return;
    if (event.pointerType === "mouse") begin();
    else end(); // the finger scrolls
  });
  document.addEventListener("pointerup", (event) => {
    if (event.pointerId !== pressed?.id) return;
    if (drag) drop();
    end();
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => drag && event.preventDefault());
  document.addEventListener("selectstart", (event) => (drag || pressed) && event.preventDefault());
  document.addEventListener("keydown", (event) => event.key === "Escape" && !composes(event) && end());
  document.addEventListener("click", swallow, true);

  function begin() {
    if (!pressed || !pressed.card.isConnected) return end();
    const { card } = pressed;
    const id = card.dataset.id ?? "";
    const ticked = selected();
    const ids = ticked.includes(id) ? ticked : [id];
    const box = card.getBoundingClientRect();
    drag = { card, ids, ghost: ghostOf(card, box, ids.length), dx: pressed.x - box.left, dy: pressed.y - box.top, over: null };
    card.setAttribute("data-dragged", "");
    document.documentElement.setAttribute("data-dragging", "");
    swallowClick = true;
    follow();
    requestAnimationFrame(scroll);
  }

  function follow() {
    if (!drag) return;
    drag.ghost.style.transform = `translate(${x - drag.dx}px, ${y - drag.dy}px)`;
    const under = document.elementFromPoint(x, y)?.closest("[data-drop]");
    const over = under instanceof HTMLElement ? under : null;
    if (over === drag.over) return;
    drag.over?.removeAttribute("data-drop-over");
    over?.setAttribute("data-drop-over", "");
    drag.over = over;
  }

  function drop() {
    if (!pressed || !drag?.over || drag.over === drag.card.closest("[data-drop]")) return;
    const { drop, id } = drag.over.dataset;
    send("MoveIdeas", { ideas: drag.ids, theme: drop === "none" ? null : id }, pressed.at);
  }

  function end() {
    clearTimeout(pressed?.timer);
    pressed = null;
    drag?.ghost.remove();
    drag?.card.removeAttribute("data-dragged");
    document.documentElement.removeAttribute("data-dragging");
    drag?.over?.removeAttribute("data-drop-over");
    drag = null;
  }

  function scroll() {
    if (!drag) return;
    const pane = scrollerUnder(x, y);
    const box = pane === document.scrollingElement ? new DOMRect(0, 0, innerWidth, innerHeight) : pane?.getBoundingClientRect();
    if (pane && box) {
      pane.scrollBy(pull(x, box.left, box.right), pull(y, box.top, box.bottom));
      follow();
    }
    requestAnimationFrame(scroll);
  }

  /** @param {Event} event */
  function swallow(event) {
    if (swallowClick) {
      event.preventDefault();
      event.stopPropagation();
    }
    swallowClick = false;
  }
}

/**
 * @param {HTMLElement} card
 * @param {DOMRect} box
 * @param {number} count
 */
function ghostOf(card, box, count) {
  const ghost = /** @type {HTMLElement} */ (card.cloneNode(true));
  for (const el of [ghost, ...ghost.querySelectorAll("[id], [name]")]) {
    el.removeAttribute("id");
    el.removeAttribute("name"); // a copied radio button would untick its model
  }
  ghost.inert = true;
  ghost.setAttribute("data-drag-ghost", "");
  if (count > 1) ghost.dataset.count = String(count);
  Object.assign(ghost.style, {
    position: "fixed", inset: "0 auto auto 0", margin: "0", width: `${box.width}px`, pointerEvents: "none", zIndex: "50",
  });
  document.body.append(ghost);
  return ghost;
}

/**
 * How far to scroll this frame when the pointer is near an edge.
 * @param {number} at
 * @param {number} from
 * @param {number} to
 */
function pull(at, from, to) {
  const before = from + EDGE_PX - at;
  const after = at - (to - EDGE_PX);
  const depth = before > 0 ? -before : after > 0 ? after : 0;
  return (Math.max(-1, Math.min(1, depth / EDGE_PX)) * SCROLL_PX) | 0;
}

/**
 * @param {number} x
 * @param {number} y
 */
function scrollerUnder(x, y) {
  let el = document.elementFromPoint(x, y);
  while (el && el !== document.body && el !== document.documentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(el).overflow);
    if (scrolls && (el.scrollHeight > el.clientHeight || el.scrollWidth > el.clientWidth)) return el;
    el = el.parentElement;
  }
  return document.scrollingElement;
}
