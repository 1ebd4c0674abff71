/**
 * What stands on the wall, all of it: lays out the lists of the stage (`flow.js`) after each change, and turns their
 * pages, by itself or as the desk asks. Below them a thin line says how many pages there are, and how long this one stays.
 *
 *   .stage[data-of]      what is shown; another one begins at its first page. Where words follow what was shown before, it
 *                        has been revealed: cards turn over in a wave, bars grow from the last to the first, equals together
 *   In a frame at the desk it says its page there by `forum:page`, and shows that of a wall beside it (`follow.js`).
 *   .stage[data-turned]  how often the desk has turned: as much further, or back, and that page stays for a while
 */

import { Flow } from "./flow.js";
import { followPages, tellPage } from "./follow.js";
import { still } from "./motion.js";
import { inSlices } from "./slices.js";
import { place, words } from "./words.js";

const LEAST_MS = 8000; // that a page stays
const MOST_MS = 26_000;
const LETTER_MS = 40; // to read one
const ASKED_MS = 60_000; // that a page stays which the desk asked for
const PACE_MS = 250; // between two layouts of what keeps changing, so that the wall never falls behind
const CALM_MS = 1000; // without a change, until sizes and columns are chosen anew
const MOVE_MS = 280;
const WAVE_MS = 700; // until the last card begins to turn
const TURN_MS = 320;
/** @type {Keyframe} */
const TURNED = { transform: "perspective(60rem) rotateY(80deg)", opacity: 0 };
/** @type {Keyframe} */
const SHORT = { transform: "scaleX(0)" };
/** @type {Keyframe} */
const UNSEEN = { opacity: 0 };
const MOVES_SHOWN = 90; // more at once explain nothing

const NOTES_HZ = [659, 523];
const NOTE_S = 0.6;
const LOUDNESS = 0.15;

/** @type {Map<Element, Flow>} */
let flows = new Map();
let page = 0;
let pages = 1;
let of = "";
let turned = 0;
let asked = false; // the desk has turned, and that page is not there yet
let revealed = false; // it is to turn over when it stands
let timer = 0;
/** @type {Map<string, DOMRect>|null} where things stood before what has changed since the last layout, by their keys */
let before = null;
let works = 0; // begun
let changing = 0; // changes that are under way, in slices
let ended = -Infinity; // when the last layout was over
let due = 0;
let calm = 0;
/** @type {import("./follow.js").Shown|undefined} what a wall beside this one shows, which follows it */
let beside;
/** @type {Promise<void>|undefined} until what there is stands in its place */
let laying;

const line = document.createElement("div");
line.className = "turns";
line.setAttribute("aria-hidden", "true");

document.documentElement.setAttribute("data-wall", "");
document.body.append(line);
document.addEventListener("forum:work", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  const done = laying ? stands().then(() => changed(detail.work)) : changed(detail.work); // nothing changes under a layout
  if (done || laying) detail.done = Promise.resolve(done).then(stands);
});
document.addEventListener("forum:applying", () => (before ??= still() || document.hidden ? new Map() : places()));
document.addEventListener("forum:applied", soon);
document.addEventListener("forum:over", () => frameElement || sound()); // in small at the desk it is silent
addEventListener("resize", () => lay());
document.fonts.ready.then(anew);
document.fonts.addEventListener("loadingdone", anew);
lay();
if (frameElement) followPages(follow);

/** @param {import("./follow.js").Shown} shown */
async function follow(shown) {
  beside = shown;
  await stands();
  const next = besides();
  if (next !== undefined && next !== page) await goTo(next);
}

/** @param {Iterator<void>} work */
function changed(work) {
  const done = inSlices(work);
  if (done) changing += 1;
  return done?.then(() => void (changing -= 1));
}

/** Lay out what has changed: at once, or with what changes until the last layout is long enough ago. */
function soon() {
  const { of: what = "", turned: times = "0" } = /** @type {HTMLElement|null} */ (document.querySelector(".stage"))?.dataset ?? {};
  const waits = what === of && Number(times) === turned ? ended + PACE_MS - performance.now() : 0;
  if (waits <= 0) lay(due < 0);
  else due ||= setTimeout(() => (changing ? (due = -1) : lay(true)), waits); // what is under way ends with a layout
  if (due) document.documentElement.setAttribute("data-laying", "");
}

/**
 * Lay out what there is, on the page that is shown.
 * @param {boolean} [hurried]  it keeps changing: sizes and columns stay as they are until it is calm
 */
function lay(hurried = false) {
  clearTimeout(due);
  clearTimeout(calm);
  due = calm = 0;
  if (hurried) calm = setTimeout(() => changing || lay(), CALM_MS);
  const stage = /** @type {HTMLElement|null} */ (document.querySelector(".stage"));
  const lists = /** @type {HTMLElement[]} */ ([...(stage?.querySelectorAll("[data-flow]") ?? [])]);
  flows = new Map(lists.map((list) => [list, flows.get(list) ?? new Flow(list)]));
  const { of: what = "", turned: said = "0" } = stage?.dataset ?? {};
  const times = Number.isSafeInteger(Number(said)) ? Number(said) : 0;
  revealed = what === of ? revealed : of !== "" && what.startsWith(`${of} `);
  asked = what === of && (asked || times !== turned);
  page = what === of ? page + times - turned : times;
  of = what;
  turned = times;
  carryOut(laidOut(hurried));
}

/** Letters have become others: all is measured once more. */
function anew() {
  for (const flow of flows.values()) flow.forget();
  lay();
}

/**
 * @param {boolean} hurried
 * @returns {Generator<void>}
 */
function* laidOut(hurried) {
  yield;
  for (const flow of flows.values()) yield* flow.lay(hurried);
  const had = pages;
  pages = lengths().reduce((sum, one) => sum + one, 0);
  page = besides() ?? ((page % pages) + pages) % pages;
  const at = revealed && !still() && !document.hidden ? wave() : new Map();
  yield* shown((atom) => turnOver(atom, at.get(atom)));
  yield;
  if (asked || had !== pages || !timer) wait(asked);
  asked = revealed = false;
  travel();
  ended = performance.now();
}

/** Do this, and leave what was under way. @param {Iterator<void>} work */
function carryOut(work) {
  const mine = (works += 1);
  const done = inSlices(work, () => mine === works);
  const { documentElement } = document;
  if (mine !== works) return;
  laying = done?.then(() => {
    if (mine !== works) return;
    laying = undefined;
    documentElement.removeAttribute("data-laying");
  });
  documentElement.toggleAttribute("data-laying", !!laying);
}

/** Resolves when no layout is under way. */
async function stands() {
  while (laying) await laying;
}

/** Resolves when everything that there is stands in its place. */
export async function laid() {
  if (due || calm) lay();
  await stands();
}

/** When each thing on the page turns over, in ms: from the first to the last, lines from the last to the first, equals together. */
function wave() {
  const here = parts().flatMap(({ flow, page }) => (page < 0 ? [] : flow.on(page)));
  const cards = here.filter((el) => el.matches(".idea"));
  const ranks = [...new Set(here.map((el) => el.closest(".rank")).filter((rank) => rank !== null))].reverse();
  /** @type {[Element, number][]} */
  const turns = cards.map((card, n) => [card, (n / cards.length) * WAVE_MS]);
  const grow = here.filter((el) => el.matches(".line"));
  return new Map([...turns, ...grow.map((el) => /** @type {[Element, number]} */ ([el, (ranks.indexOf(el.closest(".rank")) / ranks.length) * WAVE_MS * 2]))]);
}

/**
 * @param {Element} atom
 * @param {number|undefined} at  undefined: it is not in the wave
 * @returns {boolean} whether it does
 */
function turnOver(atom, at) {
  if (at === undefined) return false;
  if (atom.matches(".idea")) enter(atom, TURNED, at);
  for (const part of atom.querySelectorAll(".bar .part")) enter(part, SHORT, at);
  for (const figure of atom.querySelectorAll(".bar ~ *")) enter(figure, UNSEEN, at + TURN_MS / 2);
  return true;
}

/**
 * @param {Element} el
 * @param {Keyframe} from
 * @param {number} delay  ms
 */
function enter(el, from, delay) {
  el.animate([from, {}], { duration: TURN_MS, delay, easing: "cubic-bezier(0.2, 0, 0, 1)", fill: "backwards" });
}

/** What is shown one after the other: the chapters of the stage, or the stage itself. */
function chapters() {
  const stage = document.querySelector(".stage");
  const found = [...(stage?.querySelectorAll("[data-chapter]") ?? [])];
  return found.length || !stage ? found : [stage];
}

/** @param {Element} chapter */
function within(chapter) {
  return [...flows.values()].filter(({ list }) => chapter.contains(list));
}

/** How many pages each of them has: lists beside each other are turned together. */
function lengths() {
  return chapters().map((chapter) => Math.max(1, ...within(chapter).map((flow) => flow.pages)));
}

/** Which page of each list is to be seen; -1: none. */
function parts() {
  let first = 0;
  return lengths().flatMap((length, n) => {
    const at = page >= first && page < first + length ? page - first : -1;
    first += length;
    return within(chapters()[n]).map((flow) => ({ flow, page: at }));
  });
}

/**
 * Show the page, and say which it is.
 * @param {(atom: Element) => boolean} [each]  called of each thing as soon as it stands there; whether it took long
 * @returns {Generator<void>}
 */
function* shown(each) {
  let first = 0;
  for (const [n, length] of lengths().entries()) {
    chapters()[n].toggleAttribute("data-off", page < first || page >= first + length);
    first += length;
  }
  for (const one of parts()) if (one.page < 0) yield* one.flow.show(-1);
  for (const one of parts()) if (one.page >= 0) yield* one.flow.show(one.page, each);
  tell();
  const pieces = Array.from({ length: pages > 1 ? pages : 0 }, (_, n) => (n < page ? "past" : n === page ? "now" : "next"));
  if (pieces.join() === [...line.children].map((one) => one.className).join()) return; // one is under way
  line.replaceChildren(...pieces.map((name) => Object.assign(document.createElement("i"), { className: name })));
}

/** Say which page it is beside what is counted. */
function tell() {
  const counts = place("counts");
  const said = counts?.querySelector(".page-of") ?? document.createElement("p");
  said.className = "count page-of";
  const text = pages > 1 ? words("page", { page: page + 1, pages }) : "";
  if (said.textContent !== text) said.textContent = text;
  if (!frameElement) tellPage({ of, page, pages });
  frameElement?.dispatchEvent(new CustomEvent("forum:page", { detail: text, bubbles: true }));
  if (said.parentElement !== counts) counts?.append(said);
}

/** The page of a wall beside this one, where it shows the same. */
function besides() {
  return beside?.of === of && beside.pages === pages ? beside.page : undefined;
}

/** Stay on this page as long as it takes to read, then turn. @param {boolean} [asked]  the desk has turned */
function wait(asked = false) {
  clearTimeout(timer);
  timer = 0;
  if (pages < 2) return;
  const letters = here().reduce((sum, el) => sum + (el.textContent ?? "").length, 0);
  const stays = asked ? ASKED_MS : Math.min(MOST_MS, Math.max(LEAST_MS, letters * LETTER_MS));
  line.style.setProperty("--stays", `${stays}ms`);
  timer = setTimeout(turn, stays);
}

export async function turn() {
  await stands();
  await goTo((page + 1) % pages);
}

/** @param {number} next  a page */
async function goTo(next) {
  page = next;
  for (const { list, pages } of still() ? [] : flows.values()) {
    if (pages > 1) list.animate([{ opacity: 0 }, { opacity: 1 }], { duration: MOVE_MS, easing: "ease-out" });
  }
  carryOut(
    (function* () {
      yield* shown();
      wait();
    })(),
  );
  await stands();
}

/** What stands on the page that is shown. */
function here() {
  return [...flows.values()].flatMap((flow) => flow.shown());
}

/** Where the things stand that have a key. */
function places() {
  const all = here().filter((el) => el.id);
  return new Map(all.length > MOVES_SHOWN ? [] : all.map((el) => [el.id, el.getBoundingClientRect()]));
}

/** Let what stands elsewhere now travel there. */
function travel() {
  for (const el of before?.size ? here() : []) {
    const from = before?.get(el.id);
    if (!from?.width) continue;
    el.getAnimations().forEach((old) => old instanceof CSSAnimation || old.cancel());
    const to = el.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    if (Math.abs(x) + Math.abs(y) < 1) continue;
    el.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: MOVE_MS, easing: "ease-out" });
  }
  before = null;
}

/** How many pages there are. */
export function pageCount() {
  return pages;
}

/** Two soft notes; silent where the browser wants a touch first and the projector's computer had none. */
function sound() {
  const audio = new AudioContext();
  NOTES_HZ.forEach((hertz, i) => {
    const start = audio.currentTime + i * NOTE_S;
    const tone = new OscillatorNode(audio, { frequency: hertz });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + NOTE_S);
  });
  setTimeout(() => audio.close(), NOTES_HZ.length * NOTE_S * 1000 + 500);
}
