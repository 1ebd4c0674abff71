/**
 * One list of the wall, laid out for what there is: `[data-flow]` with its children, or with groups of them.
 *
 * Tries sizes of writing from the largest on, and for each as many columns as make lines that are read well, until
 * everything stands on one page; else as few pages as it can, at the largest size at which these hold it. A font or a picture of
 * another shape than 16:9 is no special case: heights are measured (`gauge.js`), and each thing is put in its place by
 * them, the same in every browser. What stands on the page that is shown has `data-here`; what goes on at the top of a
 * column `data-goes-on`. Never cuts anything: what no column holds goes on in the next one. A word that a smaller size or
 * wider columns hold is not broken for a larger one; what none holds has `data-breaks`.
 *
 *   data-largest="2.6"   the largest size, in rem; else 4
 *   data-across="1"      columns, where they are not free
 *   data-fewest="24"     letters in a line, at least; else 17
 *   data-still           things are being added: what stands stays in its column as long as it can
 *   .group > .atoms      a group and what is in it; before that its heading, with [data-again] what is said where it goes
 *                        on in the next column, and in it what is said where it goes on on the next page. A `.head` among
 *                        its atoms leads to the next one
 *
 * What may take long is a work for `slices.js`.
 */

import { ALL, balance, better, emptiest, evenly, fill, fits, keep, LITTLE, pageOf, share, tops } from "./columns.js";
import { AGAIN, ANEW, gapOf, Gauge, goOn, remOf } from "./gauge.js";

/** @typedef {import("./columns.js").Group} Group */
/** @typedef {import("./gauge.js").Piece} Piece */
/** @typedef {{size: number, dense: boolean, across: number}} Look  size: rem; dense: with no more room around things than they need */
/**
 * Of each thing its column and how far below its top it stands, in px; of each column what is left between two things;
 * `empty`: as `emptiest` says; `breaks`: what has a word without room, `broken`: of how many of those another look has it.
 * @typedef {{size: number, dense: boolean, across: number, column: number, at: number[], tops: number[], long: Set<number>, breaks: Set<number>, broken: number, load: number, pages: number, empty: number, air: number[], whole: boolean, atoms: Element[]}} Plan
 */

const SIZES = [4, 3.6, 3.2, 2.9, 2.6, 2.45, 2.3, 2.15, 2, 1.9, 1.8, 1.7, 1.6, 1.53, 1.46, 0]; // the last one is 28 px at 1080p; 0: that, dense
const SMALLEST = 1.46;
const FEW = 12; // things, which stand in even columns
const LETTER = 0.47; // of the size: the mean width of a letter
const LEADING = 1.3;
const FEWEST = 17; // letters in a line
const MOST = 46;
const BEST = 30;
const MOST_AIR = 1.2; // of the size, between two things where there is room
const LINE = 1.6; // of the size: a line, and what is said where a group goes on
const NEAR = 1.08; // a size may be so much larger than what is reckoned to fit, to be worth a try
const WORTH = 4; // larger sizes that are tried for pages that are not full
const ENOUGH = 40; // things, to guess by a part of them how much room many take
const SURE = 1.05; // of what is guessed so
const ROOM_TO_COME = 0.8; // of a page, at most, is filled at first where more is to come in the midst of it
const AS_GOOD = 0.75; // of a size, where no group is cut for it, or things stay in their columns
const SPARE = 0.5; // px, for what the browser rounds
const LOOKED_AT = 20; // things, whether they move or not
const AT_ONCE = 4; // things that are shown before somebody looks at the clock

export class Flow {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    this.gauge = new Gauge(list);
    /** @type {Plan|null} */
    this.plan = null;
  }

  #what = ""; // was laid out last
  #room = ""; // where
  #hurried = false; // and not for long

  get pages() {
    return this.plan?.pages ?? 1;
  }

  /**
   * Find the place of what there is now.
   * @param {boolean} [hurried]  at the size and in the columns of before, where they do
   * @returns {Generator<void>}
   */
  *lay(hurried = false) {
    const pieces = this.#pieces();
    remOf(); // has the page around it styled
    yield;
    const { width, height } = this.#box(); // and laid out
    yield;
    const atoms = pieces.flatMap(({ atoms }) => atoms);
    const room = [width, height, remOf()].join();
    const what = [room, ...atoms.map((atom) => atom.textContent)].join("\n");
    const { plan } = this;
    if (plan && this.#what === what && (hurried || !this.#hurried) && atoms.every((atom, n) => atom === plan.atoms[n])) return; // nothing of it is new
    const kept = room === this.#room ? yield* this.#kept(pieces) : null;
    const same = !kept && hurried && plan?.at.length ? yield* this.#tried(pieces, plan) : null;
    const fits = same && same.pages <= this.pages && !same.long.size ? same : null;
    this.plan = kept ?? fits ?? (yield* this.#best(pieces));
    this.plan.atoms = atoms;
    this.#room = room;
    this.#what = what; // a layout that was left on the way is none
    this.#hurried = !!fits;
  }

  /** Forget how high things are: letters have become others. */
  forget() {
    this.gauge.forget();
    this.#what = "";
  }

  /**
   * Show a page, or the one that is as far after the last; below 0 none.
   * @param {number} page
   * @param {(atom: Element) => boolean} [shown]  called of each thing that stands there, as soon as it does; whether it took long
   * @returns {Generator<void>}
   */
  *show(page, shown = () => false) {
    const { plan, list } = this;
    if (!plan) return;
    const { across, at, breaks, long, pages } = plan;
    const here = page < 0 ? page : page % pages;
    const rem = remOf();
    list.style.fontSize = `${plan.size}rem`;
    list.style.setProperty("--across", `${across}`);
    list.style.setProperty("--column", `${plan.column / rem}rem`);
    list.toggleAttribute("data-dense", plan.dense);
    const way = long.size ? "cut" : across > 1 ? "placed" : "one";
    if (list.dataset.flow !== way) list.dataset.flow = way;
    const step = plan.column + gapOf(list);
    const begins = at.map((column, n) => column !== at[n - 1]);
    let n = 0;
    let many = 0; // have moved since somebody looked at the clock
    for (const { root, atoms } of this.#pieces()) {
      for (const [i, atom] of atoms.entries()) {
        const column = at[n];
        const is = column !== undefined && pageOf(column, across) === here;
        const moved = is && put(/** @type {HTMLElement} */ (atom), { x: (column % across) * step, y: plan.tops[n], air: plan.air[column] ?? 0 }, rem);
        const top = is && begins[n];
        atom.toggleAttribute("data-cut", is && long.has(n));
        atom.toggleAttribute("data-breaks", breaks.has(n));
        (i ? atom : root).toggleAttribute("data-top", top && column % across > 0);
        if (i) goOn(atom, top ? root : null, column % across === 0);
        n += 1;
        const comes = is !== atom.hasAttribute("data-here");
        if (comes) atom.toggleAttribute("data-here", is);
        many += is && shown(atom) ? AT_ONCE : Number(moved || comes);
        if (n % LOOKED_AT && many < AT_ONCE) continue;
        if (many) list.getBoundingClientRect(); // what stands there is laid out, a few things at a time
        many = 0;
        yield;
      }
    }
  }

  /** What stands on the page that is shown. */
  shown() {
    return this.#pieces().flatMap(({ atoms }) => atoms.filter((atom) => atom.hasAttribute("data-here")));
  }

  /** What stands on a page. @param {number} page */
  on(page) {
    const { plan } = this;
    return plan ? plan.atoms.filter((_, n) => pageOf(plan.at[n], plan.across) === page % plan.pages) : [];
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
   * What stood stays in its column, with what has come; groups at a smaller size where they must, unless that is much
   * smaller than it need be. Null when there is no room, or another order.
   * @param {Piece[]} pieces
   * @returns {Generator<void, Plan|null>}
   */
  *#kept(pieces) {
    const { plan } = this;
    if (!plan || !this.list.hasAttribute("data-still") || plan.long.size) return null;
    const atoms = pieces.flatMap(({ atoms }) => atoms);
    const columns = new Map(plan.atoms.map((atom, n) => [atom, plan.at[n]]));
    const stood = atoms.map((atom) => columns.get(atom));
    const stand = stood.flatMap((column) => column ?? []);
    if (!stand.length || stand.some((column, n) => n && column < stand[n - 1])) return null;
    const here = yield* this.#keptAt(pieces, stood, plan);
    if (here?.pages === plan.pages || atoms.length === pieces.length) return here;
    let kept = here;
    for (const size of SIZES.filter((size) => size && size < plan.size && this.#fewest(size) <= plan.across)) kept ??= yield* this.#keptAt(pieces, stood, { ...plan, size });
    const best = yield* this.#best(pieces);
    return kept && kept.pages <= best.pages && kept.size >= best.size * AS_GOOD ? kept : best;
  }

  /**
   * @param {Piece[]} pieces
   * @param {(number|undefined)[]} stood  of each thing its column
   * @param {Plan} plan  as it stood, perhaps at another size
   * @returns {Generator<void, Plan|null>}
   */
  *#keptAt(pieces, stood, plan) {
    const { across } = plan;
    const [high, groups] = [this.#box().height - SPARE, yield* this.#measured(pieces, plan)];
    const breaks = this.#breaks(pieces.flatMap(({ atoms }) => atoms), plan);
    if (breaks.size > plan.breaks.size && (yield* this.#broken(pieces, breaks))) return null;
    const more = Number(plan.pages > 1 && stood.length > pieces.length);
    const kept = keep(groups, stood, { high, across, columns: (plan.pages + more) * across });
    if (!kept) return null;
    const { at, pages } = kept;
    const air = share(kept, high, MOST_AIR * plan.size * remOf()).map((one, n) => Math.min(plan.air[n] ?? one, one));
    return { ...plan, column: this.#column(across), at, breaks, pages, air, tops: tops(groups, at, { air, across }) };
  }

  /**
   * @param {Piece[]} pieces
   * @returns {Generator<void, Plan>}
   */
  *#best(pieces) {
    const rem = remOf();
    const { width, height } = this.#box();
    const largest = Number(this.list.dataset.largest) || SIZES[0];
    const sizes = SIZES.filter((size) => size <= largest).map((size) => ({ size: size || SMALLEST, dense: !size }));
    const letters = pieces.reduce((sum, { root }) => sum + (root.textContent ?? "").length, 0);
    const guess = sizes.findIndex(({ size }) => letters * LETTER * LEADING * (size * rem) ** 2 < width * height);
    const atoms = pieces.reduce((sum, { atoms }) => sum + atoms.length, 0);
    /** @type {Plan|null} */
    let best = null;
    let worth = Infinity; // sizes that may fit, by what the last one took
    const full = this.list.hasAttribute("data-still") && atoms > pieces.length ? ROOM_TO_COME : ALL; // what comes in the midst of groups needs room there
    /** @type {Plan|null} */
    let roomy = null; // the best that is not too full
    for (const { size, dense } of atoms && width > 0 ? sizes.slice(guess < 0 ? -1 : Math.max(0, guess - 2)) : []) {
      if (size > worth && !dense) continue;
      worth = 0;
      for (const across of this.#columns(width / (size * rem * LETTER), atoms, pieces.length)) {
        const guessed = best && best.whole && !best.long.size && !best.broken ? yield* this.#guessed(pieces, { size, dense, across }) : 0;
        worth = Math.max(worth, guessed && (NEAR * size) / Math.sqrt(guessed));
        if (best && guessed > (best.pages - 1) * SURE) continue; // it takes no fewer pages
        const plan = yield* this.#tried(pieces, { size, dense, across });
        if (plan.load <= full && (!roomy || better(plan, roomy))) roomy = plan;
        if (roomy === plan && fits(plan) && plan.whole) return plan;
        worth = Math.max(worth, (NEAR * size) / Math.sqrt(plan.load));
        if (!best || better(plan, best)) best = plan;
      }
      if (roomy && fits(roomy) && (size <= roomy.size * AS_GOOD || dense)) return roomy;
    }
    for (const look of best?.broken ? sizes : []) {
      const plan = yield* this.#tried(pieces, { ...look, across: this.#fewest(look.size) });
      if (best && better(plan, best)) best = plan;
    }
    if (best && best.pages > 1) best = yield* this.#larger(pieces, best, sizes);
    return best ?? { ...sizes[0], across: 1, column: 0, at: [], tops: [], long: new Set(), breaks: new Set(), broken: 0, load: 0, pages: 1, empty: 0, air: [], whole: true, atoms: [] };
  }

  /**
   * The same pages at a larger size, where they are not full.
   * @param {Piece[]} pieces
   * @param {Plan} plan  of several pages
   * @param {{size: number, dense: boolean}[]} sizes
   * @returns {Generator<void, Plan>}
   */
  *#larger(pieces, plan, sizes) {
    const fits = plan.size * Math.sqrt(plan.pages / plan.load);
    const worth = sizes.filter(({ size, dense }) => size < fits && (size > plan.size || (plan.dense && !dense && size === plan.size)));
    for (const look of worth.slice(0, WORTH)) {
      for (const across of this.#columns(this.#box().width / (look.size * remOf() * LETTER), plan.at.length, 0)) {
        if ((yield* this.#guessed(pieces, { ...look, across })) > plan.pages * SURE) continue; // it takes more
        const larger = yield* this.#tried(pieces, { ...look, across });
        const full = larger.empty <= Math.max(LITTLE, plan.empty);
        if (larger.pages === plan.pages && full && larger.long.size <= plan.long.size && larger.broken <= plan.broken) return larger;
      }
    }
    return plan;
  }

  /**
   * How many columns are worth a try, the best first: one for each group, where its lines are read well.
   * @param {number} letters  in a line from side to side
   * @param {number} most
   * @param {number} groups
   */
  #columns(letters, most, groups) {
    const said = Number(this.list.dataset.across);
    if (said) return [said];
    const fewest = Number(this.list.dataset.fewest) || FEWEST;
    const fit = Array.from({ length: 9 }, (_, n) => n + 1).filter((n) => n <= most && letters / n >= fewest && letters / n <= MOST);
    const by = (/** @type {number} */ n) => (n === groups && n < most ? -1 : Math.abs(letters / n - BEST));
    const few = letters / Math.max(1, most) > MOST ? Math.max(1, most) : Math.max(1, Math.floor(letters / MOST));
    return fit.length ? fit.sort((a, b) => by(a) - by(b)).slice(0, 3) : [few];
  }

  /**
   * How many pages would be full of these things, by some of them; 0: they are too few for that, or in groups.
   * @param {Piece[]} pieces
   * @param {Look} look
   * @returns {Generator<void, number>}
   */
  *#guessed(pieces, look) {
    const nth = Math.floor(pieces.length / ENOUGH);
    if (nth < 2 || pieces.some(({ atoms }) => atoms.length > 1)) return 0;
    const some = pieces.filter((_, n) => n % nth === 0);
    const groups = yield* this.#measured(some, look);
    const high = groups.reduce((all, { highs }) => all + highs[0], 0);
    return (high / some.length) * (pieces.length / (this.#box().height * look.across));
  }

  /** The fewest columns at a size whose lines are read well. @param {number} size */
  #fewest(size) {
    return Number(this.list.dataset.across) || Math.max(1, Math.ceil(this.#box().width / (size * remOf() * LETTER * MOST)));
  }

  /**
   * Which things have a word that has no room.
   * @param {Element[]} atoms  that have been measured so
   * @param {Look} look
   */
  #breaks(atoms, { size, dense, across }) {
    const [px, column] = [size * remOf(), this.#column(across)];
    return new Set(atoms.flatMap((atom, n) => (this.gauge.breaks(atom, px, column, dense) ? [n] : [])));
  }

  /**
   * How many of these things another look has room for, in its widest lines.
   * @param {Piece[]} pieces
   * @param {Set<number>} breaks
   * @returns {Generator<void, number>}
   */
  *#broken(pieces, breaks) {
    if (!breaks.size) return 0;
    const widest = { size: SMALLEST, dense: true, across: this.#fewest(SMALLEST) };
    yield* this.#measured(pieces, widest);
    const never = this.#breaks(pieces.flatMap(({ atoms }) => atoms), widest);
    return [...breaks].filter((n) => !never.has(n)).length;
  }

  /**
   * @param {Piece[]} pieces
   * @param {Look} look
   * @returns {Generator<void, Plan>}
   */
  *#tried(pieces, look) {
    const { size, across } = look;
    const groups = yield* this.#measured(pieces, look);
    yield;
    const high = Math.max(this.#box().height - SPARE, 2 * LINE * size * remOf()); // a window may be too low for a line
    const grouped = groups.some(({ highs }) => highs.length > 1);
    const whole = grouped ? fill(groups, { high, across, waste: ALL }).pages === 1 : groups.length > FEW || !!evenly(groups, { high, across, waste: ALL });
    yield;
    const few = whole || fill(groups, { high, across, waste: LITTLE }).pages <= fill(groups, { high, across, waste: 0 }).pages;
    const filled = balance(groups, { high, across, waste: whole ? ALL : few ? LITTLE : 0 });
    const load = groups.reduce((sum, { highs }) => sum + highs.reduce((all, one) => all + one, 0), 0) / (high * across);
    const air = share(filled, high, MOST_AIR * size * remOf());
    const { at, long, pages } = filled;
    const empty = emptiest(filled, { high, across });
    const breaks = this.#breaks(pieces.flatMap(({ atoms }) => atoms), look);
    const broken = yield* this.#broken(pieces, breaks);
    return { size, dense: look.dense, across, column: this.#column(across), at, tops: tops(groups, at, { air, across }), long, breaks, broken, load, pages, empty, air, whole, atoms: [] };
  }

  /**
   * How high everything is in one of so many columns.
   * @param {Piece[]} pieces
   * @param {Look} look
   * @returns {Generator<void, Group[]>}
   */
  *#measured(pieces, { size, dense, across }) {
    const px = size * remOf();
    const column = this.#column(across);
    yield* this.gauge.measure(pieces, px, column, dense);
    return pieces.map(({ atoms }) => {
      const heads = atoms.map((atom) => atom.classList.contains("head"));
      const leads = heads.map((head, n) => head && n < atoms.length - 1 && !(n && heads[n + 1])); // nothing stands below one of these
      const headed = leads[0];
      const [again, anew] = [AGAIN, ANEW].map((what) => (headed ? this.gauge.high(atoms[0], px, column, dense, what) : 0));
      return { highs: atoms.map((atom) => this.gauge.high(atom, px, column, dense)), headed, leads, again, anew, line: LINE * px };
    });
  }

  /** How wide one of so many columns is, in px. @param {number} across */
  #column(across) {
    return (this.#box().width - gapOf(this.list) * (across - 1)) / across;
  }

  #box() {
    const { clientWidth: width, clientHeight: height } = /** @type {HTMLElement} */ (this.list.parentElement);
    return { width, height };
  }
}

/**
 * Put a thing in its place; whether it stood in another.
 * @param {HTMLElement} atom
 * @param {{x: number, y: number, air: number}} where  px; said in rem, so that paper is a picture of the wall
 * @param {number} rem
 */
function put({ style }, where, rem) {
  let moved = false;
  for (const [name, px] of Object.entries(where)) {
    const there = `${(px / rem).toFixed(4)}rem`;
    if (style.getPropertyValue(`--${name}`) === there) continue;
    style.setProperty(`--${name}`, there);
    moved = true;
  }
  return moved;
}
