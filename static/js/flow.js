/**
 * One list of the wall, laid out for what there is: `[data-flow]` with its children, or with groups of them.
 *
 * Tries sizes of writing from the largest on, and for each as many columns as make lines that are read well, until
 * everything stands on one page; else takes the smallest size and as many pages as it needs. Measures the page itself:
 * a font or a picture of another shape than 16:9 is no special case. What stands on no page that is shown has
 * `data-off`; what begins a column `data-top`; what goes on with its group there `data-goes-on`. Never cuts anything.
 *
 *   data-largest="2.6"   the largest size, in rem; else 4
 *   data-across="1"      columns, where they are not free
 *   data-fewest="24"     letters in a line, at least; else 17
 *   data-still           things are being added: what stands stays where it is as long as it can
 *   .group > .atoms      a group and what is in it; before that its heading, [data-again] what is said where it goes on
 */

import { balance, fill, pageOf } from "./columns.js";

/** @typedef {import("./columns.js").Group} Group */
/** @typedef {{size: number, across: number, at: number[], long: Set<number>, load: number, pages: number, air: number[], whole: boolean, atoms: Element[]}} Plan */
/** @typedef {{root: Element, atoms: Element[]}} Piece  a group, or what stands alone */

const SIZES = [4, 3.6, 3.2, 2.9, 2.6, 2.45, 2.3, 2.15, 2, 1.9, 1.8, 1.7, 1.6, 1.53, 1.46]; // the last one is 28 px at 1080p
const LETTER = 0.47; // of the size: the mean width of a letter
const LEADING = 1.3;
const FEWEST = 17; // letters in a line
const MOST = 46;
const BEST = 30;
const MOST_AIR = 1.2; // of the size, between two things where there is room
const LINE = 1.6; // of the size: a line, and what is said where a group goes on
const NEAR = 1.08; // a size may be so much larger than what is reckoned to fit, to be worth a try
const SPARE = 0.5; // px, for what the browser rounds

export class Flow {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    /** @type {Plan|null} */
    this.plan = null;
  }

  get pages() {
    return this.plan?.pages ?? 1;
  }

  /** Lay out what there is now, and show a page of it. Cost: the page is laid out two or three times. @param {number} page */
  lay(page) {
    const pieces = this.#pieces();
    this.plan = this.#kept(pieces) ?? this.#best(pieces);
    this.plan.atoms = pieces.flatMap(({ atoms }) => atoms);
    this.show(page);
  }

  /** Show a page, or the one that is as far after the last. @param {number} page */
  show(page) {
    const { plan, list } = this;
    if (!plan) return;
    const pieces = this.#pieces();
    const shown = page % plan.pages;
    list.style.fontSize = `${plan.size}rem`;
    list.style.setProperty("--across", `${plan.across}`);
    list.dataset.columns = `${plan.across}`;
    let n = 0;
    let before = -1;
    for (const { root, atoms } of pieces) {
      let held = 0; // of it, on this page
      atoms.forEach((atom, i) => {
        atom.toggleAttribute("data-cut", plan.long.has(n));
        const column = plan.at[n++] ?? before;
        const here = pageOf(column, plan.across) === shown;
        const top = here && column !== before;
        if (here) before = column;
        atom.toggleAttribute("data-off", !here);
        if (here) /** @type {HTMLElement} */ (atom).style.setProperty("--air", `${plan.air[column] ?? 0}px`);
        (i ? atom : root).toggleAttribute("data-top", top && column % plan.across > 0);
        if (i) goOn(atom, top ? root : null);
        held += Number(here);
      });
      root.toggleAttribute("data-off", !held);
    }
  }

  /** What stands on the page that is shown. */
  shown() {
    return this.#pieces().flatMap(({ root, atoms }) => (root.hasAttribute("data-off") ? [] : atoms.filter((a) => !a.hasAttribute("data-off"))));
  }

  /** @returns {Piece[]} */
  #pieces() {
    return [...this.list.children].map((root) => {
      const inside = root.classList.contains("group") ? root.querySelector(".atoms") : null;
      if (!inside) return { root, atoms: [root] };
      const head = root.querySelector(".head");
      return { root, atoms: head ? [head, ...inside.children] : [...inside.children] };
    });
  }

  /**
   * The plan as it is, what has come after all else in its last column; null when there is no room, or another order.
   * @param {Piece[]} pieces
   * @returns {Plan|null}
   */
  #kept(pieces) {
    const { plan } = this;
    const atoms = pieces.flatMap(({ atoms }) => atoms);
    if (!plan || !this.list.hasAttribute("data-still") || atoms.length !== pieces.length) return null;
    const stand = plan.atoms.map((atom, n) => ({ atom, column: plan.at[n] })).filter(({ atom }) => this.list.contains(atom));
    if (!stand.length || stand.some(({ atom }, n) => atoms[n] !== atom)) return null;
    const { height } = this.#box();
    const groups = this.#measured(pieces, plan.size, plan.across);
    const at = stand.map(({ column }) => column);
    /** @type {number[]} */
    const used = Array.from({ length: plan.pages * plan.across }, () => 0);
    for (const [n, { highs }] of groups.entries()) {
      at[n] ??= used[at[n - 1]] + highs[0] + plan.air[at[n - 1]] <= height - SPARE ? at[n - 1] : at[n - 1] + 1;
      used[at[n]] += highs[0] + (plan.air[at[n]] ?? 0);
    }
    return used.length > plan.pages * plan.across || used.some((one) => one > height) ? null : { ...plan, at };
  }

  /**
   * @param {Piece[]} pieces
   * @returns {Plan}
   */
  #best(pieces) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { width, height } = this.#box();
    const largest = Number(this.list.dataset.largest) || SIZES[0];
    const sizes = SIZES.filter((size) => size <= largest);
    const letters = pieces.reduce((sum, { root }) => sum + (root.textContent ?? "").length, 0);
    const guess = sizes.findIndex((size) => letters * LETTER * LEADING * (size * rem) ** 2 < width * height);
    const atoms = pieces.reduce((sum, { atoms }) => sum + atoms.length, 0);
    /** @type {Plan|null} */
    let best = null;
    let worth = Infinity; // sizes that may fit, by what the last one took
    for (const size of sizes.slice(guess < 0 ? -1 : Math.max(0, guess - 2))) {
      if (size > worth && size !== sizes[sizes.length - 1]) continue;
      worth = 0;
      for (const across of this.#columns(width / (size * rem * LETTER), atoms)) {
        const plan = this.#tried(pieces, size, across);
        if (plan.pages === 1 && plan.whole) return plan;
        worth = Math.max(worth, (NEAR * size) / Math.sqrt(plan.load));
        if (!best || better(plan, best)) best = plan;
      }
      if (best?.pages === 1) return best;
    }
    return best ?? { size: sizes[0], across: 1, at: [], long: new Set(), load: 0, pages: 1, air: [], whole: true, atoms: [] };
  }

  /**
   * How many columns are worth a try, the best first.
   * @param {number} letters  in a line from side to side
   * @param {number} most
   */
  #columns(letters, most) {
    const said = Number(this.list.dataset.across);
    if (said) return [said];
    const fewest = Number(this.list.dataset.fewest) || FEWEST;
    const fit = Array.from({ length: 9 }, (_, n) => n + 1).filter((n) => n <= most && letters / n >= fewest && letters / n <= MOST);
    const by = (/** @type {number} */ n) => Math.abs(letters / n - BEST);
    const few = letters / Math.max(1, most) > MOST ? Math.max(1, most) : Math.max(1, Math.floor(letters / MOST));
    return fit.length ? fit.sort((a, b) => by(a) - by(b)).slice(0, 3) : [few];
  }

  /**
   * @param {Piece[]} pieces
   * @param {number} size
   * @param {number} across
   * @returns {Plan}
   */
  #tried(pieces, size, across) {
    const { height } = this.#box();
    const groups = this.#measured(pieces, size, across);
    const high = height - SPARE;
    const grouped = groups.some(({ highs }) => highs.length > 1);
    const asWhole = fill(groups, high, across, true);
    const whole = !grouped || asWhole.pages <= fill(groups, high, across, false).pages;
    const filled = balance(groups, high, across, whole);
    const load = groups.reduce((sum, { highs }) => sum + highs.reduce((all, one) => all + one, 0), 0) / (high * across);
    return { size, across, at: filled.at, long: filled.long, load, pages: filled.pages, air: this.#air(filled, high, size), whole, atoms: [] };
  }

  /**
   * What is left of the height of each column, shared out between what stands in it.
   * @param {import("./columns.js").Filled} filled
   * @param {number} high
   * @param {number} size
   */
  #air({ at, used }, high, size) {
    const things = used.map(() => 0);
    at.forEach((column) => (things[column] += 1));
    const most = MOST_AIR * size * parseFloat(getComputedStyle(document.documentElement).fontSize);
    return used.map((one, n) => Math.max(0, Math.min(most, Math.floor((high - one) / (things[n] || 1)))));
  }

  /**
   * How high everything is in a column of its own.
   * @param {Piece[]} pieces
   * @param {number} size
   * @param {number} across
   * @returns {Group[]}
   */
  #measured(pieces, size, across) {
    const { list } = this;
    const { width } = this.#box();
    list.style.fontSize = `${size}rem`;
    list.dataset.columns = `${across}`;
    const gap = parseFloat(getComputedStyle(list).columnGap) || 0;
    list.style.setProperty("--column", `${(width - gap * (across - 1)) / across}px`);
    list.classList.add("measured");
    const tops = pieces.map(({ root, atoms }) => atoms.map((atom, n) => (n ? atom : root).getBoundingClientRect().top));
    const end = list.getBoundingClientRect().bottom;
    const line = LINE * parseFloat(getComputedStyle(list).fontSize);
    list.classList.remove("measured");
    return pieces.map(({ root, atoms }, g) => {
      const after = tops[g + 1]?.[0] ?? end;
      const highs = tops[g].map((top, n) => (tops[g][n + 1] ?? after) - top);
      const headed = atoms.length > 1 && atoms[0].classList.contains("head");
      return { highs, headed, again: headed ? line : 0, line };
    });
  }

  #box() {
    const { clientWidth: width, clientHeight: height } = /** @type {HTMLElement} */ (this.list.parentElement);
    return { width, height };
  }
}

/**
 * @param {Plan} one
 * @param {Plan} other
 */
function better(one, other) {
  return one.pages < other.pages || (one.pages === other.pages && one.whole && !other.whole);
}

/**
 * @param {Element} atom
 * @param {Element|null} root
 */
function goOn(atom, root) {
  const said = root?.querySelector("[data-again]")?.textContent?.trim();
  if (said) atom.setAttribute("data-goes-on", said);
  else atom.removeAttribute("data-goes-on");
}
