/**
 * In the place of a forum that moved: leads to the same page where it goes on, once it is open there.
 *
 * What this browser keeps of the person here goes along behind the #, with the pass that the page carries: no server is sent
 * it. It stays on this shelf too, since nobody here knows whether it arrived; there it is put down once (`carried.js`).
 * `<body data-to=ADDRESS data-path data-code data-surface data-person data-carried=PASS>`.
 */

import { draftsOf, receiptOf } from "./device.js";
import { shelved } from "./outbox.js";
import { shelf } from "./tabs.js";

const LOOK_MS = 4000;
const LOOK_SPREAD_MS = 2000;
const MOST_CHARS = 200_000; // an address may be longer in every browser; beyond, what the forum has already stays here

const { to = "", path = "", code = "", surface = "", person = "", carried = "" } = document.body.dataset;
const theirs = `forum/${code}/${surface}/`;

show("led", true);
show("unled", false);
for (const link of document.querySelectorAll("[data-onward]")) link.addEventListener("click", (event) => lead(event)); // not without what goes along
look();

async function look() {
  if (await isOpen()) return lead();
  show("waits", true);
  setTimeout(look, LOOK_MS + Math.random() * LOOK_SPREAD_MS);
}

async function isOpen() {
  try {
    const answer = await fetch(`${to}/f/${code}/carried/here`, { credentials: "omit", cache: "no-store" });
    return answer.ok;
  } catch {
    return false;
  }
}

/** @param {Event} [pressed] */
function lead(pressed) {
  pressed?.preventDefault();
  if (!carried) return location.replace(to + path + location.hash); // a link's secret stays behind the #
  const whole = packed(true);
  location.replace(`${to}/f/${code}/carried#${whole.length > MOST_CHARS ? packed(false) : whole}`);
}

/** @param {boolean} whole  with what was acknowledged */
function packed(whole) {
  const keys = [...shelf.keys(theirs), ...(surface === "phone" ? [receiptOf(code, person)] : [])];
  /** @type {Record<string, string>} */
  const kept = {};
  for (const key of keys) {
    const text = shelf.read(key);
    const left = key.slice(theirs.length).includes("/") ? null : shelved(key, "");
    if (left) {
      if (left.person === person) kept[key] = JSON.stringify(whole ? left : { ...left, kept: [] });
    } else if (text && (key.startsWith(draftsOf(code, surface, person)) || key === receiptOf(code, person))) kept[key] = text;
  }
  return packedText(JSON.stringify({ carried, kept }));
}

/** Of these letters alone, so that nothing in it means anything in an address. @param {string} text */
function packedText(text) {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/**
 * @param {string} name
 * @param {boolean} shown
 */
function show(name, shown) {
  for (const found of document.querySelectorAll(`[data-${name}]`)) if (found instanceof HTMLElement) found.hidden = !shown;
}
