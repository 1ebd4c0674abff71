/**
 * Motion that explains: what is new fades in, what changes places travels there, what is read stays where it is.
 * Reads positions once before a change and once after. Nothing loops or blocks; nothing moves for who asked for that.
 */

const NEW_MS = 300; // as long as the fade in CSS
const MOVE_MS = 240;
const ANCHORS = CSS.supports("overflow-anchor", "auto");
const MOVES_SHOWN = 40; // more at once explain nothing

/** @param {Element} el */
export function fadeIn(el) {
  el.setAttribute("data-new", "");
  setTimeout(() => el.removeAttribute("data-new"), NEW_MS);
}

/**
 * Where elements stand that are about to change places; for `travel`.
 * @param {Element[]} movers
 * @returns {Map<Element, DOMRect>}
 */
export function places(movers) {
  if (!movers.length || movers.length > MOVES_SHOWN || document.hidden || still()) return new Map();
  return new Map(movers.map((el) => [el, el.getBoundingClientRect()]));
}

/**
 * Let those that changed places travel from where they stood.
 * @param {Map<Element, DOMRect>} before
 */
export function travel(before) {
  const after = [...before].map(([el, from]) => ({ el, from, to: el.getBoundingClientRect() }));
  for (const { el, from, to } of after) {
    const x = from.left - to.left;
    const y = from.top - to.top;
    if (!el.isConnected || !from.width || (!x && !y)) continue;
    const path = [{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }];
    el.animate(path, { duration: MOVE_MS, easing: "ease-out" });
  }
}

/**
 * What somebody writes in stays where it is while things are put above it, and so does what is read, where browsers do
 * not see to that themselves: what they hold may stand in another column.
 */
export function held() {
  const at = document.activeElement;
  const writes = at?.matches("input, textarea, select");
  if (!writes && (ANCHORS || scrollY === 0)) return () => {}; // asking for the scroll has the page laid out
  const el = writes ? at : document.elementFromPoint(innerWidth / 2, innerHeight / 3)?.closest("[data-order]");
  const top = el?.getBoundingClientRect().top ?? 0;
  if (writes && (top < 0 || top > innerHeight)) return () => {};
  return () => {
    if (el?.getClientRects().length) scrollBy({ top: el.getBoundingClientRect().top - top, behavior: "instant" });
  };
}

export function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
