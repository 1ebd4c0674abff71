/**
 * What the page shows, as a position in the journal, and how frames take it further.
 *
 * A frame says from where to where it leads. It is applied when that covers what is shown, ignored when it is old, and
 * otherwise the changes since here are asked for; after three vain tries, everything. Whoever brings frames (socket or
 * poll) hands them to `receive`, one after another. Keeps a position, never a state.
 */

import { change, replace, replaceMine } from "./fragments.js";

const VAIN_TRIES = 3;
const TAIL_MS = 2000; // how long a heartbeat may be ahead before the tail is asked for

/** @typedef {import("./fragments.js").Put} Put */
/** @typedef {{g: number, s: number, c: string}} Position */
/** @typedef {{t: string, [field: string]: any}} Frame */

export class Mirror {
  /** @type {Put[]} parts of a full set, until the last one is in */
  #parts = [];
  #tries = 0;

  /**
   * @param {Position} at  where the page was drawn
   * @param {{need: (s: number) => void, again: () => void, reveal: boolean}} how
   *   need: ask for what changed since s; again: resume on a new connection; reveal: show full sets in one movement
   */
  constructor(at, how) {
    this.at = at;
    this.shown = { s: at.s, c: at.c }; // what is received may wait before it is applied
    this.how = how;
  }

  /**
   * Apply a frame about the page (welcome, chg, full, you, hb); others do nothing.
   * @param {Frame} frame
   * @param {boolean} [resumed]  the server has just checked our position: a new life of the store is no surprise
   */
  receive(frame, resumed = false) {
    if (frame.t === "welcome") {
      this.at.g = frame.g; // the chain says whether what is shown belongs to it
    } else if (frame.t === "full") this.#full(frame);
    else if (frame.t === "you") frame.all ? replaceMine(frame.put) : change(frame.put, frame.del);
    else if (frame.t === "chg") this.#chg(frame, resumed);
    else if (frame.t === "hb") this.#beat(frame, resumed);
  }

  /**
   * @param {Frame} frame
   * @param {boolean} resumed
   */
  #chg(frame, resumed) {
    if (frame.g !== this.at.g) {
      if (!resumed) return this.how.again();
      this.at.g = frame.g;
    }
    if (frame.to <= this.at.s) return;
    if (frame.from > this.at.s) return this.#need();
    change(frame.put, frame.del, () => (this.shown = { s: frame.to, c: frame.c }));
    this.#reached(frame);
  }

  /** @param {Frame} frame */
  #full(frame) {
    if (frame.part === 1) this.#parts = [];
    this.#parts.push(...frame.put);
    if (frame.part < frame.parts) return;
    const shown = () => (this.shown = { s: frame.to, c: frame.c });
    replace(this.#parts, { reveal: this.how.reveal, begins: frame.begins, shown });
    this.#parts = [];
    this.#reached(frame);
  }

  /**
   * @param {Frame} frame
   * @param {boolean} resumed
   */
  #beat(frame, resumed) {
    if (frame.g !== this.at.g && !resumed) return this.how.again();
    if (frame.top === this.at.s && frame.c !== this.at.c) return this.how.need(0); // another history
    if (frame.top > this.at.s) setTimeout(() => frame.top > this.at.s && this.#need(), TAIL_MS);
  }

  #need() {
    this.#tries += 1;
    this.how.need(this.#tries > VAIN_TRIES ? 0 : this.at.s);
  }

  /** @param {Frame} frame */
  #reached(frame) {
    this.#tries = 0;
    Object.assign(this.at, { g: frame.g, s: frame.to, c: frame.c });
  }
}
