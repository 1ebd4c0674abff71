/** `[data-copy=ID]` copies a field, and says `data-done` where `[data-said]` is beside it. Shown by us: without it one selects. */

/** Every such button on this page, now and later. */
export function startCopying() {
  for (const copy of document.querySelectorAll("[data-copy]")) copy.removeAttribute("hidden");
  document.addEventListener("click", ({ target }) => {
    const copy = target instanceof Element ? target.closest("[data-copy]") : null;
    const from = document.getElementById(copy?.getAttribute("data-copy") ?? "");
    if (!(from instanceof HTMLTextAreaElement || from instanceof HTMLInputElement)) return;
    from.select();
    // Not navigator.clipboard: it needs a secure context, and a venue's address is plain http.
    const said = copy?.parentElement?.querySelector("[data-said]");
    if (!document.execCommand("copy") || !said) return;
    document.querySelectorAll("[data-said]").forEach((other) => (other.textContent = "")); // what is copied now is this
    said.textContent = copy?.getAttribute("data-done") ?? "";
  });
}
