/**
 * Ticked cards: how many there are, and the bar that says what to do with them. The boxes are the state. They stay ticked
 * until the server has taken what was done with them; the bar stays for as long as it has something to say.
 */

const BOXES = "input[name=ideas][type=checkbox]";

export function startSelecting() {
  document.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches(BOXES)) show();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-selection-clear]")) clear(selected());
  });
  document.addEventListener("forum:accepted", (event) => {
    const { op } = /** @type {CustomEvent} */ (event).detail;
    if (Array.isArray(op.b.ideas)) clear(op.b.ideas);
  });
  document.addEventListener("forum:applied", show);
  show();
}

/** The ids of the ticked cards, in the order of the page. */
export function selected() {
  return [...new Set(boxes().filter((box) => box.checked).map((box) => box.value))];
}

/**
 * Untick.
 * @param {string[]} ids
 */
export function clear(ids) {
  for (const box of boxes()) {
    if (!box.checked || !ids.includes(box.value)) continue;
    box.checked = false;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function show() {
  const count = selected().length;
  for (const bar of document.querySelectorAll("[data-selection-bar]")) {
    bar.toggleAttribute("hidden", count === 0 && !bar.querySelector("[data-say]:not(:empty)"));
    bar.toggleAttribute("data-one", count === 1);
  }
  for (const el of document.querySelectorAll("[data-selection-count]")) {
    if (el.textContent !== String(count)) el.textContent = String(count);
  }
}

function boxes() {
  return /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(BOXES)]);
}
