/**
 * What stands on the wall, all of it: lays out the lists of the stage (`flow.js`) after each change, and turns their
 * pages, by itself or as the desk asks. Below them a thin line says how many pages there are, and how long this one stays.
 *
 *   .stage[data-of]      what is shown; another one begins at its first page. Where words follow what was shown before, it
 *                        has been revealed: cards turn over in a wave, bars grow from the last to the first, equals together
 *   .stage[data-turned]  how often the desk has turned: as much further, or back, and that page stays for a while
 */

import { Flow } from "./flow.js";
import { still } from "./motion.js";
import { place, words } from "./words.js";

const LEAST_MS = 8000; // that a page stays
const MOST_MS = 26_000;
const LETTER_MS = 40; // to read one
const ASKED_MS = 60_000; // that a page stays which the desk asked for
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

/** @type {Map<Element, Flow>} */
let flows = new Map();
let page = 0;
let pages = 1;
let of = "";
let turned = 0;
let timer = 0;
/** @type {Map<string, DOMRect>} where things stood before a change, by their keys */
let before = new Map();

const line = document.createElement("div");
line.className = "turns";
line.setAttribute("aria-hidden", "true");

document.documentElement.setAttribute("data-wall", "");
document.body.append(line);
document.addEventListener("forum:applying", () => (before = still() || document.hidden ? new Map() : places()));
document.addEventListener("forum:applied", () => {
  lay();
  travel();
});
addEventListener("resize", () => lay());
document.fonts.ready.then(() => lay());
document.fonts.addEventListener("loadingdone", () => lay());
lay();

/** Lay out what there is, on the page that is shown. */
function lay() {
  const stage = document.querySelector(".stage");
  const lists = /** @type {HTMLElement[]} */ ([...(stage?.querySelectorAll("[data-flow]") ?? [])]);
  flows = new Map(lists.map((list) => [list, flows.get(list) ?? new Flow(list)]));
  const { of: what = "", turned: times = "0" } = /** @type {HTMLElement|null} */ (stage)?.dataset ?? {};
  const asked = what === of ? Number(times) - turned : 0;
  const revealed = of !== "" && what.startsWith(`${of} `);
  page = what === of ? page + asked : Number(times);
  of = what;
  turned = Number(times);
  for (const chapter of chapters()) chapter.removeAttribute("data-off"); // what is not shown cannot be measured
  for (const flow of flows.values()) flow.lay(0);
  const had = pages;
  pages = lengths().reduce((sum, one) => sum + one, 0);
  page = ((page % pages) + pages) % pages;
  show();
  if (asked || had !== pages || !timer) wait(asked !== 0);
  if (revealed && !still() && !document.hidden) reveal();
}

/** What was hidden turns over, once: from the first to the last, bars from the last to the first. */
function reveal() {
  const cards = shown().filter((el) => el.matches(".idea"));
  const ranks = [...document.querySelectorAll(".rank:not([data-off])")].reverse();
  for (const [n, card] of cards.entries()) enter(card, TURNED, (n / cards.length) * WAVE_MS);
  for (const [n, rank] of ranks.entries()) {
    for (const line of rank.querySelectorAll(".line:not([data-off])")) {
      const at = (n / ranks.length) * WAVE_MS * 2;
      for (const part of line.querySelectorAll(".bar .part")) enter(part, SHORT, at);
      for (const figure of line.querySelectorAll(".bar ~ *")) enter(figure, UNSEEN, at + TURN_MS / 2);
    }
  }
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

/** Show the page, and say which it is. */
function show() {
  let first = 0;
  for (const [n, length] of lengths().entries()) {
    const chapter = chapters()[n];
    const here = page >= first && page < first + length;
    chapter.toggleAttribute("data-off", !here);
    for (const flow of here ? within(chapter) : []) flow.show(page - first);
    first += length;
  }
  tell();
  const parts = Array.from({ length: pages > 1 ? pages : 0 }, (_, n) => (n < page ? "past" : n === page ? "now" : "next"));
  if (parts.join() === [...line.children].map((one) => one.className).join()) return; // one is under way
  line.replaceChildren(...parts.map((name) => Object.assign(document.createElement("i"), { className: name })));
}

/** Say which page it is beside what is counted. */
function tell() {
  const counts = place("counts");
  const said = counts?.querySelector(".page-of") ?? document.createElement("p");
  said.className = "count page-of";
  const text = pages > 1 ? words("page", { page: page + 1, pages }) : "";
  if (said.textContent !== text) said.textContent = text;
  if (said.parentElement !== counts) counts?.append(said);
}

/** Stay on this page as long as it takes to read, then turn. @param {boolean} [asked]  the desk has turned */
function wait(asked = false) {
  clearTimeout(timer);
  timer = 0;
  if (pages < 2) return;
  const letters = shown().reduce((sum, el) => sum + (el.textContent ?? "").length, 0);
  const stays = asked ? ASKED_MS : Math.min(MOST_MS, Math.max(LEAST_MS, letters * LETTER_MS));
  line.style.setProperty("--stays", `${stays}ms`);
  timer = setTimeout(turn, stays);
}

export function turn() {
  page = (page + 1) % pages;
  show();
  wait();
  if (still()) return;
  for (const { list, pages } of flows.values()) {
    if (pages > 1) list.animate([{ opacity: 0 }, { opacity: 1 }], { duration: MOVE_MS, easing: "ease-out" });
  }
}

function shown() {
  return [...flows.values()].filter(({ list }) => !list.closest("[data-chapter][data-off]")).flatMap((flow) => flow.shown());
}

/** Where the things stand that have a key. */
function places() {
  const all = shown().filter((el) => el.id);
  return new Map(all.length > MOVES_SHOWN ? [] : all.map((el) => [el.id, el.getBoundingClientRect()]));
}

/** Let what stands elsewhere now travel there. */
function travel() {
  for (const el of before.size ? shown() : []) {
    const from = before.get(el.id);
    if (!from?.width) continue;
    el.getAnimations().forEach((old) => old instanceof CSSAnimation || old.cancel());
    const to = el.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    if (Math.abs(x) + Math.abs(y) < 1) continue;
    el.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: MOVE_MS, easing: "ease-out" });
  }
  before = new Map();
}

/** How many pages there are. */
export function pageCount() {
  return pages;
}
