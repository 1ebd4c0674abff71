/**
 * A document that takes a while: asks how far it is, says so, and fetches it when it is ready. Loaded alone, on that page only.
 *
 * `[data-making=waits|begun|ready|over]`, in it a sentence with role=status, `progress`, and when it is ready a link. The address of
 * the page answers with JSON {is, said, done?, of?}. Without script the page loads itself again.
 */

const EVERY_MS = 1500;

const making = document.querySelector("[data-making]");

if (making instanceof HTMLElement) {
  if (making.dataset.making === "ready") making.querySelector("a")?.click();
  if (making.dataset.making === "waits" || making.dataset.making === "begun") setTimeout(look, EVERY_MS, making);
}

/** @param {HTMLElement} page */
async function look(page) {
  const told = await ask();
  if (told && told.is !== "waits" && told.is !== "begun") return location.reload();
  if (told) say(page, told);
  setTimeout(look, EVERY_MS, page);
}

/** What the server tells; null when it does not just now. */
async function ask() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "application/json" } });
    return answer.status < 300 ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * @param {HTMLElement} page
 * @param {{said: string, done?: number, of?: number}} told
 */
function say(page, { said, done = 0, of = 0 }) {
  const sentence = page.querySelector("[role=status]");
  if (sentence && sentence.textContent !== said) sentence.textContent = said;
  const bar = page.querySelector("progress");
  if (!bar) return;
  bar.hidden = !of;
  if (of) Object.assign(bar, { max: of, value: done });
}
