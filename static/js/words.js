/**
 * Everything the script says to a person: sentences come from `data-words-*` of #link-state or <body>.
 * Hides where they stand and how they are spoken. Never holds a sentence of its own, never inserts HTML.
 */

const SAID_MS = 5000;

/**
 * The sentence `data-words-NAME` in the reader's language, its {placeholders} filled; "" when the shell has none.
 * @param {string} name
 * @param {Record<string, string|number>} [fill]
 */
export function words(name, fill = {}) {
  const key = `data-words-${name}`;
  const text = place("link-state")?.getAttribute(key) ?? document.body.getAttribute(key) ?? "";
  return filled(text, fill);
}

/**
 * @param {string} text
 * @param {Record<string, string|number>} fill
 */
export function filled(text, fill) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(fill[name] ?? ""));
}

/**
 * Mark the connection for the eyes (html[data-link]) and for the ears (#link-state, role=status).
 * @param {"live"|"waiting"|"stale"|"off"} state
 * @param {string} text
 */
export function mark(state, text) {
  if (document.documentElement.dataset.link !== state) document.documentElement.dataset.link = state;
  const status = place("link-state");
  if (status && status.textContent !== text) status.textContent = text;
}

/**
 * Say something once, politely, where the shell has a `[data-announce]` (role=status). What was said just before stays
 * beside it for a moment: of two things at once both are heard, and of the same one said again the second, too.
 * @param {string} text
 */
export function announce(text) {
  const status = document.querySelector("[data-announce]");
  if (!status || !text) return;
  const said = status.appendChild(document.createElement("span"));
  said.textContent = `${text} `;
  setTimeout(() => said.remove(), SAID_MS);
}

/** @param {string} id */
export function place(id) {
  return document.getElementById(id);
}

/**
 * Ask before something is done, or show a text that found no field. Resolves to whether "yes" was pressed.
 * @param {{say: string, text?: string, yes?: string, no?: string}} what  without `no` there is one button only
 * @returns {Promise<boolean>}
 */
export function ask({ say, text, yes = words("yes"), no }) {
  if (!("HTMLDialogElement" in window)) return Promise.resolve(asked(say, text, no));
  const dialog = document.createElement("dialog");
  dialog.className = "ask-dialog";
  const form = dialog.appendChild(document.createElement("form"));
  form.method = "dialog";
  form.appendChild(document.createElement("p")).textContent = say;
  if (text) {
    const field = form.appendChild(document.createElement("textarea"));
    field.className = "field";
    field.readOnly = true;
    field.value = text;
  }
  const buttons = form.appendChild(document.createElement("p"));
  for (const [value, label] of [["no", no], ["yes", yes]]) {
    if (label === undefined) continue;
    const button = buttons.appendChild(document.createElement("button"));
    button.className = value === "yes" ? "button" : "button plain";
    button.value = value ?? "";
    button.textContent = label || (value === "yes" ? "✓" : "✗");
  }
  document.body.append(dialog);
  dialog.showModal();
  dialog.dataset.openedAt = String(performance.now()); // press.js asks
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      answer(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

/**
 * The same by the browser's own means, where it knows no <dialog> (Firefox to 97).
 * @param {string} say
 * @param {string} [text]
 * @param {string} [no]
 */
function asked(say, text, no) {
  if (text) prompt(say, text);
  else if (no !== undefined) return confirm(say);
  else alert(say);
  return true;
}
