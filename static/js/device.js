/**
 * Whose this browser is in a forum, and forgetting all of it when they leave it to the next person.
 *
 * Who is in is written on the shelf; a page that finds itself gone from there, or another person in its place, was left
 * in another window: it writes nothing more and goes. Hides every key under which something of a person is kept.
 */

import { shelved } from "./outbox.js";
import { attempt, shelf } from "./tabs.js";

const RECEIPTS = "forum:receipt:"; // of every forum, so that one can be checked where no forum is open

/** @typedef {{label: string, values: string[], words: string[], set: boolean}} Entry  what somebody entered in a field
 *   words: of what was chosen, as it was read; set: it differs from what the form proposed */
/** @typedef {{about: string, fields: Record<string, Entry>}} Draft  about: what was asked when it was entered */

/** The words for "who is in here". @param {string} code @param {string} surface */
const whoKey = (code, surface) => `forum/${code}/${surface}/here/person`;

/** @param {string} code @param {string} surface */
export function whoIsIn(code, surface) {
  return shelf.read(whoKey(code, surface));
}

/**
 * This page is a person's; `left` is called once when it is no longer.
 * @param {string} code
 * @param {string} surface
 * @param {string} person
 * @param {() => void} left
 */
export function stay(code, surface, person, left) {
  const key = whoKey(code, surface);
  let gone = false;
  shelf.write(key, person);
  const look = () => {
    if (!gone && shelf.read(key) !== person) {
      gone = true;
      left();
    }
    return !gone;
  };
  shelf.allowed = look;
  addEventListener("storage", (event) => void ((event.key === key || event.key === null) && look()));
  addEventListener("pageshow", look); // the way back leads to a page as it stood
  document.addEventListener("visibilitychange", look);
}

/** Where a person's drafts lie. @param {string} code @param {string} surface @param {string} person */
export function draftsOf(code, surface, person) {
  return `forum/${code}/${surface}/draft/${person}/`;
}

/**
 * What lies where drafts lie: of an older version a text alone.
 * @param {string|null} text
 * @returns {Draft|null}
 */
export function draft(text) {
  const one = attempt(() => JSON.parse(text ?? ""));
  if (one?.fields) return one;
  return text ? { about: "", fields: { text: { label: "", values: [text], words: [], set: true } } } : null;
}

/** Its texts, without what was chosen. @param {Draft|null} one */
function typed(one) {
  return Object.values(one?.fields ?? {}).flatMap(({ values, words }) => (words.length ? [] : values));
}

/** Where a person's receipt lies. @param {string} code @param {string} person */
export function receiptOf(code, person) {
  return `${RECEIPTS}${code}:${person}`;
}

/** The receipts kept here of those who are in; those of whoever was in before are nobody's to see. */
export function receipts() {
  return shelf.keys(RECEIPTS).filter((key) => {
    const [code, person] = key.slice(RECEIPTS.length).split(":");
    return whoIsIn(code, "phone") === person;
  });
}

/**
 * What a person has not had saved: texts as they typed them, and how many gestures without words.
 * @param {string} code
 * @param {string} surface
 * @param {string} person
 */
export function unsent(code, surface, person) {
  const drafts = shelf.keys(draftsOf(code, surface, person)).flatMap((key) => typed(draft(shelf.read(key))));
  const ops = outboxes(code, surface)
    .map((key) => shelved(key, ""))
    .flatMap((box) => (box?.person === person ? box.ops : []))
    .filter((op) => op.k !== "Skip");
  const texts = [...ops.map((op) => op.text ?? ""), ...drafts].filter((text) => text.trim());
  return { texts: [...new Set(texts)], others: ops.filter((op) => !op.text?.trim()).length };
}

/**
 * Keep nothing more of a forum's surface in this browser, whoever it was of; every window on it goes.
 * @param {string} code
 * @param {string} surface
 */
export function forget(code, surface) {
  const prefix = `forum/${code}/${surface}/`;
  shelf.remove(whoKey(code, surface)); // first: from here on no other window writes
  const kept = [...shelf.keys(prefix), ...shelf.keys(`forum/${code}/draft/`)]; // the latter of an older version
  if (surface === "phone") kept.push(...shelf.keys(`${RECEIPTS}${code}`));
  kept.forEach((key) => shelf.remove(key));
  forgetTab(prefix);
}

/** What this window alone keeps. @param {string} prefix */
export function forgetTab(prefix) {
  const keys = attempt(() => Object.keys(sessionStorage)) ?? [];
  keys.filter((key) => key.startsWith(prefix)).forEach((key) => attempt(() => sessionStorage.removeItem(key)));
}

/** @param {string} code @param {string} surface */
function outboxes(code, surface) {
  const prefix = `forum/${code}/${surface}/`;
  return shelf.keys(prefix).filter((key) => !key.slice(prefix.length).includes("/"));
}
