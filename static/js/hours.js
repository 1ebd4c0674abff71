/** Whose hours a page says, `[data-zone]`: nothing to tell to a browser whose own clock says the same. */

const AGAIN_MS = 60_000; // a clock is put forward or back on a minute

/** @type {Map<string, [same: boolean, at: number]>} by zone: asking the browser for an hour is slow, and frames are many */
const asked = new Map();

export function startHours() {
  document.addEventListener("forum:applied", look);
  look();
}

function look() {
  for (const said of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-zone]"))) {
    const hidden = isOurs(said.dataset.zone ?? "");
    if (said.hidden !== hidden) said.hidden = hidden;
  }
}

/** Whether a zone's clock says what ours does. @param {string} zone */
function isOurs(zone) {
  const now = new Date();
  const [same, at] = asked.get(zone) ?? [false, -Infinity];
  if (now.getTime() - at < AGAIN_MS) return same;
  const found = hour(now, zone) === hour(now);
  asked.set(zone, [found, now.getTime()]);
  return found;
}

/** @param {Date} now @param {string} [timeZone]  ours, where none is given */
function hour(now, timeZone) {
  try {
    return now.toLocaleString("en", { timeZone });
  } catch {
    return ""; // a zone that this browser does not know
  }
}
