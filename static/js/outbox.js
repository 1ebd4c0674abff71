/**
 * What this tab has asked for and not yet been answered, numbered 1, 2, 3 … under its cid.
 *
 * Every op lies on the shelf until its verdict, so that reload, dead zone or dead battery lose nothing; the server
 * knows numbers it has seen, so that sending again doubles nothing. Acknowledged ops stay ten minutes: a store that
 * lost its tail is offered them again. Hides numbers, retries, back-off. Knows no socket: a line is plugged in.
 * Never judges an op, never changes one that was sent.
 */

import { shelf } from "./tabs.js";

const MOST_OPS = 100;
const MOST_CHARS = 256 * 1024;
const MOST_OP_BYTES = 30_000; // a frame may have 32 KiB
const KEPT_MS = 10 * 60_000;
const MOST_GAPS = 64; // more refused numbers than this to fill: rather a new cid
const BACK_OFF_MS = 500;
const BACK_OFF_MOST_MS = 8000;
const TRANSIENT = new Set(["busy", "rate", "unavailable"]);

/** @typedef {{n: number, k: string, b: Record<string, unknown>, seen: number, for?: string, text?: string}} Op  text: as typed, to give back */
/** @typedef {Op & {at: number}} Kept */
/** @typedef {{send: (op: Op) => void, width: number}} Line   width: how many may be under way */
/** @typedef {{person: string, n: number, sent?: number, ops: Op[], kept: Kept[]}} Shelved   sent: highest number ever sent */
/** @typedef {import("./mirror.js").Frame} Frame */

export class Outbox {
  /** @type {Line|null} */
  #line = null;
  /** @type {Set<number>} numbers under way on this line */
  #away = new Set();
  #holdUntil = 0;
  #tries = 0;
  #timer = 0;

  /**
   * @param {string} prefix  of keys on the shelf
   * @param {string} cid
   * @param {string} person
   * @param {{settled: (op: Op, verdict: Frame) => void, lost?: () => void}} on
   *   settled: acknowledged or refused for good; lost: the cid can no longer be used
   */
  constructor(prefix, cid, person, on) {
    const old = shelved(prefix, cid);
    const mine = old?.person === person ? old : null;
    this.prefix = prefix;
    this.cid = cid;
    this.person = person;
    this.on = on;
    this.n = mine?.n ?? 0;
    this.sent = mine?.sent ?? this.n;
    this.ops = mine?.ops ?? [];
    this.kept = mine?.kept ?? [];
    if (!old) this.#save();
  }

  /**
   * Take an op; null when the outbox is full, or the op larger than a frame.
   * @param {string} k
   * @param {Record<string, unknown>} b
   * @param {{seen: number, for?: string, text?: string}} rest
   * @returns {Op|null}
   */
  add(k, b, rest) {
    const bytes = new TextEncoder().encode(JSON.stringify(b)).length;
    const full = this.ops.length >= MOST_OPS || JSON.stringify(this.ops).length > MOST_CHARS;
    if (full || bytes > MOST_OP_BYTES) return null;
    /** @type {Op} */
    const op = { n: ++this.n, k, b, ...rest };
    this.ops.push(op);
    this.#save();
    this.#pump();
    return op;
  }

  /**
   * Send through `line` from now on (null: through none). What was under way on another may be lost: it goes again.
   * @param {Line|null} line
   */
  through(line) {
    this.#line = line;
    this.#away.clear();
    this.#holdUntil = 0;
    this.#pump();
  }

  /**
   * The server says which number of ours it saw last.
   * @param {number} last
   */
  known(last) {
    if (last > this.sent) this.on.lost?.(); // somebody else used our numbers: a copy of this tab, or an older shelf
    else if (last < this.n - this.ops.filter((op) => op.n > last).length) this.#offerAgain(last);
  }

  /**
   * @param {Frame} verdict  ack or nack
   */
  verdict(verdict) {
    const op = this.ops.find((op) => op.n === verdict.n);
    if (!op) return;
    this.#away.delete(op.n);
    if (verdict.t === "nack" && verdict.code === "out_of_order") {
      if (verdict.last < this.ops[0].n - 1) this.#offerAgain(verdict.last);
      if (op === this.ops[0]) this.#hold();
    } else if (verdict.t === "nack" && TRANSIENT.has(verdict.code)) {
      this.#hold(verdict.retry);
    } else {
      this.#tries = 0;
      this.ops = this.ops.filter((other) => other !== op);
      if (verdict.t === "ack") this.kept.push({ ...op, at: Date.now() });
      this.#save();
      this.on.settled(op, verdict);
    }
    this.#pump();
  }

  /**
   * Go on under another cid, what is unanswered numbered anew.
   * @param {string} cid
   */
  renumber(cid) {
    shelf.remove(this.prefix + this.cid);
    this.cid = cid;
    this.kept = [];
    this.ops.forEach((op, i) => (op.n = i + 1));
    this.n = this.ops.length;
    this.sent = 0;
    this.#away.clear();
    this.#save();
  }

  /** Leave nothing on the shelf. */
  forget() {
    clearTimeout(this.#timer);
    shelf.remove(this.prefix + this.cid);
  }

  #pump() {
    if (!this.#line || Date.now() < this.#holdUntil) return;
    for (const op of this.ops.slice(0, this.#line.width)) {
      if (this.#away.has(op.n)) continue;
      this.#away.add(op.n);
      if (op.n > this.sent) {
        this.sent = op.n;
        this.#save();
      }
      this.#line.send(op);
    }
  }

  /** @param {number} [ms]  as the server asks; else longer each time, by chance, so that a room does not return at once */
  #hold(ms) {
    const most = Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** this.#tries++);
    const wait = ms ?? most / 2 + (Math.random() * most) / 2;
    this.#holdUntil = Date.now() + wait;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), wait + 1);
  }

  /**
   * The store has lost what we had sent after number `last`: offer what we kept, in order. A number whose op is gone
   * (refused, or older) is filled by "skip", which is refused and so uses it up.
   * @param {number} last
   */
  #offerAgain(last) {
    const ours = new Map([...this.kept, ...this.ops].map((op) => [op.n, op]));
    const numbers = Array.from({ length: this.n - last }, (_, i) => last + 1 + i);
    const gaps = numbers.filter((n) => !ours.has(n)).length;
    if (gaps > MOST_GAPS || gaps === numbers.length) return this.on.lost?.();
    this.ops = numbers.map((n) => ours.get(n) ?? { n, k: "skip", b: { from: n }, seen: 0 });
    this.kept = this.kept.filter((op) => op.n <= last);
    this.#save();
  }

  #save() {
    this.kept = this.kept.filter((op) => Date.now() - op.at < KEPT_MS);
    const { person, n, sent, ops, kept } = this;
    shelf.write(this.prefix + this.cid, JSON.stringify({ person, n, sent, ops, kept }));
  }
}

/**
 * @param {string} prefix
 * @param {string} cid
 * @returns {Shelved|null}
 */
export function shelved(prefix, cid) {
  try {
    const read = JSON.parse(shelf.read(prefix + cid) ?? "null");
    return Array.isArray(read?.ops) && Array.isArray(read.kept) && read.n >= 0 ? read : null;
  } catch {
    return null;
  }
}
