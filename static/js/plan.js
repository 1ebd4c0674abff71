/**
 * What one takes home: copies, prints, and shares by what the phone has for it. Without it the page reads and selects as well.
 *
 * `[data-share=ID]` is shown by us where the browser can share (secure addresses only); `[data-print]` always.
 */

import { startCopying } from "./copy.js";

startCopying();

const printer = document.querySelector("[data-print]");
printer?.removeAttribute("hidden");
printer?.addEventListener("click", () => print());

const share = document.querySelector("[data-share]");
if (share instanceof HTMLElement && "share" in navigator) {
  share.hidden = false;
  share.addEventListener("click", () => {
    const from = document.getElementById(share.dataset.share ?? "");
    if (!(from instanceof HTMLTextAreaElement)) return;
    navigator.share({ title: share.dataset.title, text: from.value }).catch(() => undefined); // who changes their mind shares nothing
  });
}
