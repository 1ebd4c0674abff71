/**
 * What comes before the cards that a page holds of a long list: `[data-earlier] a` brings some of it in its place.
 * Without script, or without an answer, it leads to a page that has them.
 */

import { bring, holdFrom } from "./fragments.js";
import { ask, words } from "./words.js";

const LIMIT_MS = 15_000;

/**
 * @param {string} base
 * @param {string} lang
 */
export function startEarlier(base, lang) {
  holdFrom(JSON.parse(document.body.dataset.begins || "{}"));
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-earlier] a") : null;
    const place = link?.closest("[data-slots]")?.getAttribute("id");
    if (!(link instanceof HTMLAnchorElement) || !place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.setAttribute("data-pending", "");
    try {
      await bring(place, (before) => asked(`${base}/cards?${new URLSearchParams({ before, lang })}`));
    } catch {
      if (navigator.onLine) location.assign(link.href); // the page there says what is the matter
      else ask({ say: words("offline"), yes: words("ok") });
    }
    link.removeAttribute("data-pending");
  });
}

/** @param {string} address */
async function asked(address) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT_MS);
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", signal: limit.signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return await answer.json();
  } finally {
    clearTimeout(timer);
  }
}
