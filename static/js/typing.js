/** Comforts of writing: Enter sends. */

import { composes } from "./composing.js";

export function startTyping() {
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const sends = field instanceof HTMLTextAreaElement && "enterSends" in field.dataset;
    if (!sends || event.key !== "Enter" || event.shiftKey || composes(event)) return;
    event.preventDefault();
    if (field.value.trim()) defaultButton(field.form)?.click(); // not requestSubmit: iOS has it since 16
  });
}

/**
 * What Enter in a field of one line presses.
 * @param {HTMLFormElement|null} form
 */
function defaultButton(form) {
  return [...(form?.elements ?? [])].find((el) => el instanceof HTMLButtonElement && el.type === "submit");
}
