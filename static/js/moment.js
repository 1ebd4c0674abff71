/**
 * The page before the door: presses "Come in" when it is one's turn. Loaded alone, on that page only.
 *
 * `form[data-moment=SECONDS]`; without script the button does the same.
 */

const SECOND_MS = 1000;

const form = document.querySelector("form[data-moment]");

if (form instanceof HTMLFormElement) setTimeout(() => form.querySelector("button")?.click(), Number(form.dataset.moment) * SECOND_MS);
