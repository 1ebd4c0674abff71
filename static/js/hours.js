/** Whose hours a page says, `[data-zone]`: nothing to tell to a browser whose own clock says the same. */

export function startHours() {
  document.addEventListener("forum:applied", look);
  look();
}

function look() {
  const now = new Date();
  for (const said of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-zone]")))
    said.hidden = hour(now, said.dataset.zone) === hour(now);
}

/** @param {Date} now @param {string} [timeZone]  ours, where none is given */
function hour(now, timeZone) {
  try {
    return now.toLocaleString("en", { timeZone });
  } catch {
    return ""; // a zone that this browser does not know
  }
}
