/**
 * Is everything all right? On the desk a mark that says so, asked for anew every 15 seconds; on its own page, which
 * is loaded anew while nobody is using it.
 *
 * `<a data-health data-words-ok data-words-watch data-words-act href=PAGE>`: the mark; PAGE also answers with JSON
 * {level, sentence}. `<main data-look-again>`: the page.
 */

const EVERY_MS = 15_000;

export function startHealth() {
  const mark = document.querySelector("a[data-health]");
  if (mark instanceof HTMLAnchorElement) repeat(() => look(mark));
}

/** @param {HTMLAnchorElement} mark */
async function look(mark) {
  try {
    const answer = await fetch(mark.href, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { level, sentence } = await answer.json();
    const said = mark.getAttribute(`data-words-${level}`);
    if (!said) return;
    mark.dataset.level = level;
    mark.title = sentence;
    if (mark.textContent !== said) mark.textContent = said;
  } catch {
    // No network: the state of the connection beside it says so.
  }
}

/** @param {() => void} what */
function repeat(what) {
  what();
  setInterval(() => document.hidden || what(), EVERY_MS);
}

if (document.querySelector("[data-look-again]")) {
  setInterval(() => {
    const used = document.activeElement !== document.body || document.querySelector("details[open]");
    if (!document.hidden && !used) location.reload();
  }, EVERY_MS);
}
