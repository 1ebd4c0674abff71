/**
 * What this browser sent under an access that the store has lost: its owner, who came in again, is asked and sends it.
 * Hides where it lies and how it is asked about. Judges nothing: the server knows who is gone, and takes each once.
 */

import { shelved } from "./outbox.js";
import { lives, shelf } from "./tabs.js";
import { ask, words } from "./words.js";

/** @typedef {import("./outbox.js").Shelved} Shelved */

/**
 * @param {string} prefix  of this forum's and surface's keys on the shelf
 * @param {string} base
 * @param {string} person  who is here now
 * @param {(left: Shelved) => void} take
 */
export async function inherit(prefix, base, person, take) {
  const found = strangers(prefix, person);
  const gone = new Set();
  for (const other of new Set(found.map(({ left }) => left.person))) if (await isGone(base, other)) gone.add(other);
  const theirs = found.filter(({ left }) => gone.has(left.person));
  const count = theirs.reduce((n, { left }) => n + left.kept.length + left.ops.filter((op) => op.k !== "Skip").length, 0);
  if (!count) return;
  const yes = await ask({ say: words("before", { count }), yes: words("before-yes"), no: words("before-no") });
  for (const { key } of theirs) {
    const left = shelved(prefix, key.slice(prefix.length)); // as it lies there now: another tab may have been faster
    if (yes && left) {
      shelf.remove(key);
      take(left);
    } else if (left) shelf.write(`${key}/not`, person);
  }
}

/**
 * What others left here, whom nobody has asked about yet.
 * @param {string} prefix
 * @param {string} person
 */
function strangers(prefix, person) {
  return shelf.keys(prefix).flatMap((key) => {
    const cid = key.slice(prefix.length);
    const left = cid.includes("/") || lives(prefix, cid) ? null : shelved(prefix, cid);
    const other = !!left && left.person !== person && left.ops.length + left.kept.length > 0;
    return other && shelf.read(`${key}/not`) !== person ? [{ key, left }] : [];
  });
}

/**
 * Whether the forum no longer knows somebody. When in doubt, no.
 * @param {string} base
 * @param {string} person
 */
async function isGone(base, person) {
  try {
    const answer = await fetch(`${base}/gone?${new URLSearchParams({ person })}`, { cache: "no-store" });
    return answer.ok && (await answer.json()).gone === true;
  } catch {
    return false;
  }
}
