/**
 * What this tab has asked for and not yet been answered, numbered 1, 2, 3 … under its cid.
 *
 * Every op lies on the shelf until its verdict, so that reload, dead zone or dead battery lose nothing; the server
 * knows numbers it has seen, so that sending again doubles nothing. Acknowledged ops stay for a while: when the server
 * knows a lower number than it has answered, the store has lost its tail, and is offered them again, in order, with
 * `Skip` for numbers that nothing fills. A number that the server knows with other content (a copy of this browser used
 * it) is left to it: once all that was sent is answered, what is left goes under another cid. Where one answer fails to come while
 * later ones do, nothing goes so far ahead of its op that the server would have forgotten that answer when it is asked again.
 * Hides numbers, retries, back-off. Knows no socket: a line is plugged in.
 * Never judges an op, never changes one that was sent.
 */

import { shelf } from "./tabs.js";

const MOST_OPS = 100;
const MOST_CHARS = 256 * 1024;
const MOST_OP_BYTES = 30_000; // a frame may have 32 KiB
const KEPT_MS = 10 * 60_000;
const KEPT_FACTS = 50; // in a quiet room ten minutes are no measure: as long as the journal has not gone on by so many
const AHEAD = 32; // the server keeps a tab's last 32 answers
const SKIP = "Skip";
const BACK_OFF_MS = 500;
const BACK_OFF_MOST_MS = 8000;
const CONFLICT = "conflict";
const TRANSIENT = new Set(["busy", "rate", "unavailable", "full"]);

/** @typedef {{n: number, k: string, b: Record<string, unknown>, seen: number, for?: string, text?: string, again?: boolean, taken?: boolean, moved?: boolean,
 *   g?: number, c?: string, proof?: string}} Op
 *   text: as typed, to give back; g, c: the store's life, and the chain at `seen`, when it was asked; again: it was
 *   acknowledged once, and the store has lost it; proof: what that acknowledgement carried; taken: something else has
 *   its number; moved: that was so, and this is its new one */
/** @typedef {Op & {at: number, s: number, p?: string}} Kept   when, and at which journal number, it was acknowledged; p: its proof */
/** @typedef {{send: (op: Op) => void, width: number}} Line   width: how many may be under way */
/** @typedef {{person: string, n: number, sent?: number, g?: number, ops: Op[], kept: Kept[]}} Shelved
 *   sent: highest number ever sent; g: the store's life in which the server was last asked which number it knows */
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
   * @param {{settled: (op: Op, verdict: Frame) => void, shared?: () => boolean, lost?: () => void, again?: (ops: Op[]) => void, held?: (op: Op, verdict: Frame) => void}} on
   *   settled: acknowledged or refused for good; held: there is no room for it now; shared: whether another page lives under our cid; lost: the cid can no longer be
   *   used; again: these are offered again
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
    this.g = mine?.g;
    this.top = 0; // where the journal stands, as far as the page knows
    if (!old) this.#save();
  }

  /** The highest number that was answered. */
  get settled() {
    return this.ops.reduceRight((n, op) => (op.n === n ? first(op) - 1 : n), this.n);
  }

  /**
   * Take an op; null when the outbox is full, or the op larger than a frame.
   * @param {string} k
   * @param {Record<string, unknown>} b
   * @param {{seen: number, g?: number, c?: string, for?: string, text?: string}} rest
   * @returns {Op|null}
   */
  add(k, b, rest) {
    const bytes = new TextEncoder().encode(JSON.stringify(b)).length;
    const full = this.ops.length >= MOST_OPS || JSON.stringify(this.ops).length > MOST_CHARS;
    if (full || bytes > MOST_OP_BYTES) return null;
    this.#yields();
    /** @type {Op} */
    const op = { n: ++this.n, k, b, ...rest };
    this.ops.push(op);
    this.#save();
    this.#pump();
    return op;
  }

  /**
   * Take over what an access left that the store has lost: under our numbers, in its order, with what proves it.
   * @param {Shelved} left
   */
  inherit(left) {
    const ops = [...left.kept.map(offered), ...left.ops.filter((op) => op.k !== SKIP)].sort((a, b) => a.n - b.n);
    this.#yields();
    const taken = ops.map((op) => ({ ...op, n: ++this.n }));
    this.ops.push(...taken);
    this.#save();
    this.#pump();
    return taken;
  }

  /**
   * Send through `line` from now on (null: through none). What was under way on another may be lost: it goes again.
   * @param {Line|null} line
   */
  through(line) {
    if (line && this.#yields()) return;
    this.#line = line;
    this.#away.clear();
    this.#holdUntil = 0;
    this.#pump();
  }

  /**
   * The server says which number of ours it saw last.
   * @param {number} last
   * @param {number} g  in this life of the store
   */
  known(last, g) {
    if (this.#yields()) return; // it was said of what another page has sent
    if (last > this.sent) return this.on.lost?.(); // somebody used our numbers: a copy of this tab, or an older shelf
    if (last < this.settled) this.#offerAgain(last);
    this.checked(g);
  }

  /** @param {number} g  the life of the store in which our numbers are known to stand */
  checked(g) {
    if (g === this.g) return;
    this.g = g;
    this.#save();
  }

  /** Ask whether the store still knows what was acknowledged: by sending the last of it again. */
  probe() {
    const last = this.kept.reduce((a, b) => (a.n > b.n ? a : b));
    this.kept = this.kept.filter((op) => op !== last);
    this.ops = [...this.ops, offered(last)].sort((a, b) => a.n - b.n);
    this.#pump();
  }

  /**
   * @param {Frame} verdict  ack or nack
   */
  verdict(verdict) {
    if (this.#yields()) return;
    const n = verdict.n || this.#suspect();
    const op = this.ops.find((op) => op.n === n);
    if (!op || !this.#away.delete(op.n)) return; // of a line, or of a cid, that is no longer ours
    if (verdict.t === "nack" && verdict.code === "out_of_order") {
      const { last } = verdict;
      const head = this.ops[0];
      if (last < first(head) - 1 || (last >= first(head) && last < head.n)) this.#offerAgain(last);
      else if (op === head || Date.now() >= this.#holdUntil) this.#hold(); // what comes before it has no answer yet
    } else if (verdict.t === "nack" && TRANSIENT.has(verdict.code)) {
      this.#hold(verdict.retry);
      if (verdict.code === "full") this.on.held?.(op, verdict);
    } else if (verdict.t === "nack" && verdict.code === CONFLICT && !op.moved) {
      op.taken = true;
      this.#save();
    } else {
      this.#tries = 0;
      this.ops = this.ops.filter((other) => other !== op);
      if (verdict.t === "ack" && op.k !== SKIP) {
        const { again, moved, proof, ...kept } = op;
        this.kept.push({ ...kept, at: Date.now(), s: verdict.s, p: verdict.p });
      }
      if (verdict.t === "ack" && op.k === "ErasePerson") this.kept = []; // this phone offers nothing again that was erased
      this.#save();
      this.on.settled(op, verdict);
    }
    this.#pump();
  }

  /**
   * Go on under another cid, what is unanswered numbered anew.
   * @param {string} cid
   * @param {boolean} [shared]  another page lives under the present one: what lies on the shelf is its own too
   */
  renumber(cid, shared = false) {
    if (!shared) shelf.remove(this.prefix + this.cid);
    this.cid = cid;
    this.kept = [];
    this.ops = this.ops.filter((op) => op.k !== SKIP);
    this.ops.forEach((op, i) => {
      op.n = i + 1;
      if (op.taken) op.moved = true; // once: a fresh number is nobody else's
      delete op.taken;
    });
    this.n = this.ops.length;
    this.sent = 0;
    this.#away.clear();
    this.#save();
  }

  #pump() {
    if (!this.#line || Date.now() < this.#holdUntil) return;
    let ops = this.ops;
    if (ops.some((op) => op.taken)) {
      ops = ops.filter((op) => !op.taken && op.n <= this.sent); // these may be in the journal already
      if (!ops.length) return this.#move();
    }
    for (const op of ops.slice(0, this.#line.width)) {
      if (op.n >= ops[0].n + AHEAD) break;
      if (this.#away.has(op.n)) continue;
      this.#away.add(op.n);
      if (op.n > this.sent) {
        this.sent = op.n;
        this.#save();
      }
      this.#line.send(op);
    }
  }

  /** All that was sent is answered, and something of it has another's number: go on where nobody else is. */
  #move() {
    const { cid } = this;
    this.on.lost?.();
    if (cid !== this.cid) this.#pump();
  }

  /** A message of ours could not be read, nor its number: which one, once they go one at a time. */
  #suspect() {
    const [n = 0, ...others] = this.#away;
    if (!others.length) return n;
    this.#line = this.#line && { ...this.#line, width: 1 };
    this.#away.clear();
    this.#hold();
    return 0;
  }

  /** @param {number} [ms]  as the server asks; else longer each time, by chance, so that a room does not return at once */
  #hold(ms) {
    const most = Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** this.#tries++);
    const wait = ms ?? most / 2 + (Math.random() * most) / 2;
    this.#holdUntil = Date.now() + wait;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#yields() || this.#pump(), wait + 1);
  }

  /**
   * The store has lost what we had sent after number `last`: offer what we kept, in order. Numbers whose ops are gone
   * (refused, or older) are filled by skips, each of which begins right after what comes before it.
   * @param {number} last
   */
  #offerAgain(last) {
    const again = this.kept.filter((op) => op.n > last).map(offered);
    const left = this.ops.filter((op) => op.k !== SKIP); // also what was judged before that, and not yet heard of
    const all = [...again, ...left].sort((a, b) => a.n - b.n);
    this.kept = this.kept.filter((op) => op.n <= last);
    const before = (/** @type {number} */ i) => Math.max(last, all[i - 1]?.n ?? 0);
    this.ops = all.flatMap((op, i) => [...skipped(before(i), op.n - 1), op]);
    this.ops.push(...skipped(before(all.length), this.n));
    this.ops.forEach((op) => delete op.taken); // by something that is lost as well
    this.#away.clear();
    this.#save();
    this.on.again?.(again);
  }

  /**
   * Leave our cid to a page that lives under it: what lies on the shelf is its own, and must not be written over by one
   * that was asleep, or began in the same moment. True when we did.
   */
  #yields() {
    if (!this.on.shared?.()) return false;
    this.on.lost?.();
    return true;
  }

  #save() {
    this.kept = worth(this.kept, this.top).slice(-MOST_OPS);
    while (this.kept.length && JSON.stringify(this.kept).length > MOST_CHARS) this.kept.shift();
    const { person, n, sent, g, ops, kept } = this;
    shelf.write(this.prefix + this.cid, JSON.stringify({ person, n, sent, g, ops, kept }));
  }
}

/**
 * Of what was acknowledged, that which a store could still lose and nobody else would have.
 * @param {Kept[]} kept
 * @param {number} top  where the journal stands
 */
export function worth(kept, top) {
  return kept.filter((op) => Date.now() - op.at < KEPT_MS || top < op.s + KEPT_FACTS);
}

/** What was acknowledged, to be offered again, with what proves that it was. @param {Kept} kept @returns {Op} */
function offered({ at, s, p, ...op }) {
  return { ...op, again: true, proof: p };
}

/** The first number that an op uses. @param {Op} op */
function first(op) {
  return op.k === SKIP ? Number(op.b.from) : op.n;
}

/**
 * An op that fills the numbers after one, up to another; none when there are none.
 * @param {number} after
 * @param {number} upto
 * @returns {Op[]}
 */
function skipped(after, upto) {
  return upto > after ? [{ n: upto, k: SKIP, b: { from: after + 1 }, seen: 0 }] : [];
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
