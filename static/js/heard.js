/**
 * Says each change of the room once, as the server has worded it in #heard, and calls the page by what it shows.
 *
 * A change has the number of its fact: what stood there when the page came, or was said, is said no more.
 */

import { announce, place } from "./words.js";

export function startHearing() {
  let last = newest();
  document.addEventListener("forum:applied", () => {
    const heard = place("heard");
    if (!heard) return;
    const top = newest();
    const after = top < last ? top - 1 : last; // a store that lost its end: the room is back where it was
    last = top;
    announce([...heard.children].filter((el) => numberOf(el) > after).map(sentence).join(" "));
    const title = heard.dataset.title;
    if (!title || document.title === title) return;
    document.title = title;
    const { activeElement, body } = document;
    if (body.dataset.surface === "phone" && !activeElement?.matches("input, textarea")) scrollTo(0, 0); // where what is new begins
  });
}

function newest() {
  return Math.max(0, ...[...(place("heard")?.children ?? [])].map(numberOf));
}

/** @param {Element} el */
function numberOf(el) {
  return Number(el.getAttribute("data-n"));
}

/** @param {Element} el  of #heard */
function sentence(el) {
  const own = el.getAttribute("data-by") === document.body.dataset.person;
  const said = (own && el.getAttribute("data-own")) || (own ? "" : el.getAttribute("data-who") ?? "") + el.textContent;
  // Not as it is seen: that would have all laid out that has just come.
  const result = [...document.querySelectorAll("[data-heard]")].map((el) => el.textContent?.trim().replace(/\s*\n\s*/g, ", "));
  return said.replace("{result}", () => result.join(". ")); // a text may hold signs that mean something to `replace`
}
