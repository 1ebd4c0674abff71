/**
 * How high the things of a list are in a column of a width, at a size of writing, and whether each of their words has room
 * in it: measured on copies that nobody sees, a few at a time, and remembered as long as their words stay.
 *
 * The copies stand beside the list, in the same groups and under the same sheets. What is shown is never touched.
 */

/** @typedef {{root: Element, atoms: Element[]}} Piece  a group, or what stands alone */

const LOOKED_AT = 40; // groups
const ROUNDED = 1; // px: what overflows by less is not seen
const AT_ONCE = 2; // things, between two looks at the clock
export const AGAIN = " again";
export const ANEW = " anew";
const BREAKS = " breaks";

export class Gauge {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    /** @type {WeakMap<Element, {words: string, highs: Map<string, number>}>} */
    this.known = new WeakMap();
  }

  /** Forget all: letters have become others. */
  forget() {
    this.known = new WeakMap();
  }

  /**
   * Know the heights of everything; afterwards `high` says them.
   * @param {Piece[]} pieces
   * @param {number} size  of writing, px
   * @param {number} column  px
   * @param {boolean} dense  with no more room around them than they need
   * @returns {Generator<void>}
   */
  *measure(pieces, size, column, dense) {
    const name = nameOf(size, column, dense);
    /** @type {Piece[]} */
    let batch = [];
    let many = 0;
    for (const [n, { root, atoms }] of pieces.entries()) {
      if (n % LOOKED_AT === 0) yield;
      let lacking = atoms.filter((atom, n) => this.#known(atom, n === atoms.length - 1).get(name) === undefined);
      while (lacking.length) {
        const part = lacking.slice(0, AT_ONCE - many);
        lacking = lacking.slice(part.length);
        batch.push({ root, atoms: part });
        many += part.length;
        if (many < AT_ONCE) continue;
        this.#look(batch, name, { size, column, dense });
        [batch, many] = [[], 0];
        yield;
      }
    }
    if (many) this.#look(batch, name, { size, column, dense });
  }

  /**
   * @param {Element} atom  that has been measured
   * @param {number} size
   * @param {number} column
   * @param {boolean} dense
   * @param {string} [what]  AGAIN or ANEW: of a heading, what is said where its group goes on
   */
  high(atom, size, column, dense, what = "") {
    return this.known.get(atom)?.highs.get(nameOf(size, column, dense) + what) ?? 0;
  }

  /**
   * Whether a word of it must be broken there.
   * @param {Element} atom  that has been measured
   * @param {number} size
   * @param {number} column
   * @param {boolean} dense
   */
  breaks(atom, size, column, dense) {
    return !!this.high(atom, size, column, dense, BREAKS);
  }

  /**
   * @param {Element} atom
   * @param {boolean} last  of its group: it keeps a distance to the next
   */
  #known(atom, last) {
    const words = `${last} ${atom.className} ${atom.textContent}`;
    const known = this.known.get(atom);
    if (known?.words === words) return known.highs;
    const highs = new Map();
    this.known.set(atom, { words, highs });
    return highs;
  }

  /**
   * @param {Piece[]} batch
   * @param {string} name
   * @param {{size: number, column: number, dense: boolean}} how
   */
  #look(batch, name, { size, column, dense }) {
    const copy = /** @type {HTMLElement} */ (bare(this.list));
    copy.className += " gauge";
    copy.toggleAttribute("data-dense", dense);
    copy.style.cssText = `font-size: ${size}px; inline-size: ${column - ROUNDED}px`;
    /** @type {[Element|null, Element, string?][]} a thing, and what begins where its copy does; null: where the one before ends */
    const copies = [];
    /** @type {Element[]} */
    const broken = [];
    for (const { root, atoms } of batch) {
      if (atoms[0] === root) {
        copies.push([root, copy.appendChild(bare(root, true))]);
        continue;
      }
      const group = copy.appendChild(bare(root));
      for (const part of root.children) {
        if (part.classList.contains("atoms")) {
          const home = group.appendChild(bare(part));
          for (const atom of part.children) if (atoms.includes(atom)) copies.push([atom, home.appendChild(bare(atom, true))]);
          const [end] = atoms.slice(-1);
          if (end.parentElement === part && end.nextElementSibling) copies.push([null, home.appendChild(document.createElement("li"))]); // it is not the last
        } else if (atoms.includes(part)) {
          copies.push([part, group.appendChild(bare(part, true))]);
          for (const what of [AGAIN, ANEW]) {
            const model = group.appendChild(document.createElement("p"));
            goOn(model, part, what === ANEW);
            copies.push([part, model, what]);
          }
        }
      }
    }
    const end = copy.appendChild(document.createElement("li"));
    this.list.after(copy);
    for (const [atom, made, what] of copies) {
      if (!atom || what) continue;
      const breaks = overflows(made);
      this.known.get(atom)?.highs.set(name + BREAKS, Number(breaks));
      if (breaks) broken.push(made);
    }
    for (const made of broken) made.setAttribute("data-breaks", ""); // it is another height then
    const tops = [...copies.map(([, made]) => made), end].map((el) => el.getBoundingClientRect().top);
    copy.remove();
    copies.forEach(([atom, , what = ""], n) => atom && this.known.get(atom)?.highs.set(name + what, tops[n + 1] - tops[n]));
  }
}

/** Whether a word has no room in its line: nothing of a copy is broken. @param {Element} copy */
function overflows(copy) {
  return [copy, ...copy.querySelectorAll(":not(.sr, .visually-hidden, svg *)")].some((el) => el.scrollWidth > el.clientWidth && el.clientWidth);
}

/**
 * Say above a thing what goes on with it, or no more: in the next column in short, on another page with its title.
 * @param {Element} atom
 * @param {Element|null} group  or its heading
 * @param {boolean} anew  on another page
 */
export function goOn(atom, group, anew) {
  const said = group?.querySelector("[data-again]");
  const words = anew ? said?.textContent?.trim() : said?.getAttribute("data-again");
  if (words) atom.setAttribute("data-goes-on", words);
  else atom.removeAttribute("data-goes-on");
  atom.toggleAttribute("data-anew", anew && !!words);
}

/**
 * A copy that no key finds.
 * @param {Element} el
 * @param {boolean} [deep]
 */
function bare(el, deep = false) {
  const copy = /** @type {Element} */ (el.cloneNode(deep));
  for (const one of [copy, ...copy.querySelectorAll("[id]")]) one.removeAttribute("id");
  for (const name of ["style", "data-flow", "data-slots", "data-goes-on", "data-anew", "data-order", "data-breaks"]) copy.removeAttribute(name);
  return copy;
}

/**
 * @param {number} size
 * @param {number} column
 * @param {boolean} dense
 */
function nameOf(size, column, dense) {
  return `${size.toFixed(2)} ${column.toFixed(2)} ${dense}`;
}

export function remOf() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** @param {Element} list */
export function gapOf(list) {
  return parseFloat(getComputedStyle(list).columnGap) || 0;
}
