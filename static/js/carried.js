/**
 * Where a phone arrives whose forum moved here: comes in as the same person, puts down what it brings, goes on.
 *
 * What stands behind the # leaves the address bar before anything else. Nothing of it is believed before the server has said
 * whose the pass is, and then only what is that person's, on that surface. A second time, from another window or by the way
 * back, only what is new is put down: what was, lies beside it under `carried/`. `<body data-code>`; `[data-say]` speaks.
 */

import { draftsOf, receiptOf } from "./device.js";
import { shelved } from "./outbox.js";
import { attempt, shelf } from "./tabs.js";

const AGAIN_MS = 3000;
const CID = /^[A-Za-z0-9_-]{16,40}$/;

const { code = "" } = document.body.dataset;
const brought = unpacked(location.hash.slice(1));
history.replaceState(null, "", location.pathname);
if (brought) enter();

async function enter() {
  say("entering");
  const answer = await attemptedFetch();
  if (!answer || answer.status === 429 || answer.status >= 500) {
    say("offline");
    setTimeout(enter, AGAIN_MS);
    return;
  }
  const { ok, location: next, surface, person, msg } = await answer.json().catch(() => ({}));
  if (!ok || !next) return say("failed", msg);
  for (const [key, text] of Object.entries(brought.kept)) if (typeof text === "string") put(key, text, surface, person);
  location.replace(next);
}

/** @returns {Promise<Response|null>} */
async function attemptedFetch() {
  try {
    return await fetch(`/f/${code}/carried/enter`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ secret: brought.carried }),
    });
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} text
 * @param {string} surface
 * @param {string} person
 */
function put(key, text, surface, person) {
  const theirs = `forum/${code}/${surface}/`;
  const cid = key.startsWith(theirs) ? key.slice(theirs.length) : "";
  const noted = `${theirs}carried/${cid || "receipt"}`;
  if (CID.test(cid)) return putOutbox(key, cid, text, noted, person);
  if (!key.startsWith(draftsOf(code, surface, person)) && key !== receiptOf(code, person)) return;
  if (shelf.read(noted) === text || shelf.read(key) !== null) return;
  shelf.write(key, text);
  shelf.write(noted, text);
}

/**
 * @param {string} key
 * @param {string} cid
 * @param {string} text
 * @param {string} noted
 * @param {string} person
 */
function putOutbox(key, cid, text, noted, person) {
  const before = Number(shelf.read(noted) ?? 0); // the highest number that arrived
  const left = attempt(() => JSON.parse(text));
  if (left?.person !== person || !Array.isArray(left.ops) || !Array.isArray(left.kept) || !(left.n > before)) return;
  const here = before ? shelved(key, "") : null; // what has not been sent from here yet
  const ops = left.ops.filter((/** @type {{n: number}} */ op) => op.n > before);
  shelf.write(key, JSON.stringify({ ...left, ops: [...(here?.ops ?? []), ...ops], kept: before ? [] : left.kept }));
  shelf.write(noted, `${left.n}`);
}

/** @param {string} text @returns {{carried: string, kept: Record<string, unknown>}|null} */
function unpacked(text) {
  const read = attempt(() => {
    const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0))));
  });
  return typeof read?.carried === "string" && read.kept && typeof read.kept === "object" ? read : null;
}

/**
 * @param {string} name
 * @param {string} [sentence]  the server's own, where it gave one
 */
function say(name, sentence) {
  const said = document.querySelector("[data-say]");
  if (said) said.textContent = sentence || said.getAttribute(`data-words-${name}`) || "";
}
