/**
 * What comes before the cards that a page holds of a long list: `[data-earlier] a` brings some of it in its place.
 * Without script, or without an answer, it leads to a page that has them.
 */

import { bring, holdFrom } from "./fragments.js";
import { ask, words } from "./words.js";

const LIMIT_MS = 15_000;

/** @typedef {import("./mirror.js").Position} Position */

/**
 * @param {string} base
 * @param {string} lang
 * @param {() => Position} where  what the page shows
 */
export function startEarlier(base, lang, where) {
  holdFrom(JSON.parse(document.body.dataset.begins || "{}"));
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-earlier] a") : null;
    const place = link?.closest("[data-slots]")?.getAttribute("id");
    if (!(link instanceof HTMLAnchorElement) || !place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.hasAttribute("data-pending")) return;
    link.setAttribute("data-pending", "");
    const there = new URL(link.href);
    try {
      await bring(place, (before) => {
        there.searchParams.set("before", before);
        return asked(`${base}/cards?${new URLSearchParams({ before, lang })}`, where);
      });
    } catch {
      if (navigator.onLine) location.assign(there); // the page there says what is the matter
      else ask({ say: words("offline"), yes: words("ok") });
    }
    link.removeAttribute("data-pending");
  });
}

/**
 * What the server says; rejects what is older than the page, which would bring back words that were taken away.
 * @param {string} address
 * @param {() => Position} where
 */
async function asked(address, where) {
  const { g, s } = where();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT_MS);
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", signal: limit.signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const more = await answer.json();
    if (more.g !== g || where().g !== g || !(more.s >= s)) throw new Error("of another moment");
    return more;
  } finally {
    clearTimeout(timer);
  }
}
