/**
 * Countdowns by the server's clock: `[data-ends-at=ms]`, of `data-seconds` in all.
 * Marks the last fifth (`data-warn`) and the end (`data-over`), and says both politely; the wall sounds at `forum:over`.
 * Announces, never cuts: what closes is decided by the server.
 */

import { announce, words } from "./words.js";

const TICK_MS = 250;
const WARN = 0.2;

let ahead = 0; // ms that the server's clock is ahead of ours

/** @param {number} now  the server's, ms since the epoch */
export function setClock(now) {
  if (now) ahead = now - Date.now();
}

export function startTimers() {
  /** @type {Map<string, number>} what was left at the last look, by end */
  const before = new Map();
  let ticking = 0;
  document.addEventListener("forum:applied", look);
  look();

  function look() {
    const clocks = document.querySelectorAll("[data-ends-at]");
    if (!ticking === clocks.length > 0) ticking = clocks.length ? setInterval(look, TICK_MS) : void clearInterval(ticking) ?? 0;
    for (const el of clocks) {
      const end = el.getAttribute("data-ends-at") ?? "";
      const left = Math.max(0, Number(end) - Date.now() - ahead);
      const low = Number(el.getAttribute("data-seconds")) * 1000 * WARN;
      const text = clock(left);
      if (el.textContent !== text) el.textContent = text;
      el.toggleAttribute("data-warn", left > 0 && left <= low);
      el.toggleAttribute("data-over", left === 0);
      const was = before.get(end) ?? left;
      before.set(end, left);
      if (was > low && left <= low && left > 0) announce(words("time-low", { time: text }));
      if (was === 0 || left > 0) continue;
      announce(words("time-over"));
      document.dispatchEvent(new Event("forum:over"));
    }
  }
}

/** @param {number} ms */
function clock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const pad = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}
