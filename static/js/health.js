/**
 * Is everything all right? On the desk a mark that says so, asked for anew every five seconds, and at once when
 * the server says that it saves, or does not; on its own page, which is loaded anew while nobody is using it.
 *
 * `<a data-health data-words-ok data-words-watch data-words-act data-words-unknown data-says-unknown href=PAGE>`: the mark; PAGE also answers with JSON
 * {level, sentence}; without an answer it says that nobody knows. `<main data-look-again>`: the page.
 */

const EVERY_MS = 5000;
const RELOAD_MS = 15_000;

export function startHealth() {
  const mark = document.querySelector("a[data-health]");
  if (!(mark instanceof HTMLAnchorElement)) return;
  repeat(() => look(mark));
  document.addEventListener("forum:saving", () => look(mark));
}

/** @param {HTMLAnchorElement} mark */
async function look(mark) {
  try {
    const answer = await fetch(mark.href, { headers: { Accept: "application/json" } });
    const { level = "unknown", sentence = "" } = answer.ok ? await answer.json() : {};
    say(mark, level, sentence);
  } catch {
    say(mark, "unknown", ""); // never its last word, which nobody vouches for any more
  }
}

/**
 * @param {HTMLAnchorElement} mark
 * @param {string} level
 * @param {string} sentence
 */
function say(mark, level, sentence) {
  const said = mark.getAttribute(`data-words-${level}`);
  if (!said) return;
  mark.dataset.level = level;
  mark.title = sentence || mark.getAttribute("data-says-unknown") || "";
  if (mark.textContent !== said) mark.textContent = said;
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
  }, RELOAD_MS);
}
