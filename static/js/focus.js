/**
 * Where the keyboard stands while the page changes: what has the focus may go, or be switched off. Then the focus goes to
 * what is nearest to where it was: its form, its line or the heading there, else the step's; never back to the beginning
 * of the page. Takes it from nobody. What the keyboard comes to is under no bar.
 */

const BARS = ".dock, .selection, .deeds, .bench"; // that stay in view over the page
const PRESSED = "button:enabled, input:enabled:not([type=hidden]), summary, a[href]";

/** Where the focus is; the answer brings it back once the page has changed. @returns {() => void} */
export function focused() {
  const was = document.activeElement;
  if (!(was instanceof HTMLElement) || was === document.body) return () => {};
  /** @type {HTMLElement[]} */
  const around = [];
  for (let el = was.parentElement; el && el !== document.body; el = el.parentElement) around.push(el);
  return () => {
    const now = document.activeElement;
    if (now !== document.body && now !== was && now) return; // somebody has gone on
    if (now === was && !was.matches(":disabled") && was.getClientRects().length) return;
    const home = around.find((el) => el.isConnected && el.getClientRects().length);
    const form = was.isConnected ? was.closest("form") : home?.localName === "form" ? home : null;
    const beside = form?.getClientRects().length ? form.querySelector(PRESSED) : null;
    const step = document.querySelector("#asked, #now-title"); // else a whole list would be read out
    const near = [beside, home?.querySelector("h1, h2, h3"), home?.matches("li, details") ? home : null, step, home];
    const target = near.find((el) => el?.getClientRects().length);
    if (!(target instanceof HTMLElement)) return;
    if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  };
}

document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof Element) || !target.matches(":focus-visible")) return;
  requestAnimationFrame(() => { // the browser has brought it into view
    for (const bar of document.querySelectorAll(BARS)) {
      const [box, over] = [target.getBoundingClientRect(), bar.getBoundingClientRect()];
      if (bar.contains(target) || box.bottom <= over.top || box.top >= over.bottom || box.left >= over.right || box.right <= over.left) continue;
      scrollBy(0, over.top > 0 ? box.bottom - over.top + 8 : box.top - over.bottom - 8);
    }
  });
});
