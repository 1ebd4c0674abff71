/**
 * This tab among the others of the browser: its own number (cid), which of them live, and what lies on the shelf.
 *
 * The shelf is localStorage; where that is forbidden or full it is memory, and `shelf.keeps` says so. A living tab
 * leaves a heartbeat there: a second tab with the same cid ("duplicate tab" copies sessionStorage) takes a fresh one,
 * and what a dead tab has not sent is found by the next. Nothing here needs a secure context.
 */

const BEAT_MS = 5000;
const DEAD_MS = 75_000; // a hidden tab's timers may run once a minute
const CID_BYTES = 16;

/** @type {Map<string, string>} */
const memory = new Map();

export const shelf = {
  /** Whether this page may still write: no longer when its person has left in another window. */
  allowed: () => true,

  /** false while something could not be kept: it lives only as long as this page. */
  get keeps() {
    return memory.size === 0;
  },

  /** @param {string} key */
  read(key) {
    return memory.get(key) ?? attempt(() => localStorage.getItem(key)) ?? null;
  },

  /**
   * @param {string} key
   * @param {string} text
   */
  write(key, text) {
    if (!this.allowed()) return;
    const kept = attempt(() => (localStorage.setItem(key, text), true));
    if (kept) memory.delete(key);
    else memory.set(key, text);
  },

  /** @param {string} key */
  remove(key) {
    memory.delete(key);
    attempt(() => localStorage.removeItem(key));
  },

  /** @param {string} prefix */
  keys(prefix) {
    const stored = attempt(() => Object.keys(localStorage)) ?? [];
    return [...new Set([...memory.keys(), ...stored])].filter((key) => key.startsWith(prefix));
  },
};

/** This page, not the tab: a reload is another one. */
const page = random(6);

/** 128 random bits as text. */
export function newCid() {
  return random(CID_BYTES);
}

/** An id for something new: `^[a-z0-9]{6,32}$`. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}

/**
 * The cid this tab goes on under: its own from before a reload, unless another living tab has it.
 * @param {string} prefix  of all tabs of this forum and surface
 * @param {(cid: string) => boolean} known  whether its outbox is still there
 */
export function claim(prefix, known) {
  const mine = attempt(() => sessionStorage.getItem(prefix));
  const cid = mine && known(mine) && !lives(prefix, mine) ? mine : newCid();
  return hold(prefix, cid);
}

/**
 * Take `cid` as this tab's own.
 * @param {string} prefix
 * @param {string} cid
 */
export function hold(prefix, cid) {
  attempt(() => sessionStorage.setItem(prefix, cid));
  return cid;
}

/**
 * Show that the tab of `cid` lives, until this page goes; returns what ends it.
 * @param {string} prefix
 * @param {() => string} cid
 * @param {() => void} [taken]  another page shows itself under our cid: one that began in the same moment, or was asleep
 */
export function keepBeating(prefix, cid, taken = () => {}) {
  const key = () => `${prefix}${cid()}/beat`;
  const beat = () => shelf.write(key(), `${Date.now()} ${page}`);
  const rest = () => lastBeat(prefix, cid())?.page === page && shelf.remove(key());
  const wake = () => document.hidden || beat();
  const seen = (/** @type {StorageEvent} */ event) => void (event.key === key() && lives(prefix, cid()) && taken());
  beat();
  const timer = setInterval(beat, BEAT_MS);
  addEventListener("pagehide", rest);
  addEventListener("pageshow", beat);
  addEventListener("storage", seen);
  document.addEventListener("visibilitychange", wake);
  return () => {
    clearInterval(timer);
    removeEventListener("pagehide", rest);
    removeEventListener("pageshow", beat);
    removeEventListener("storage", seen);
    document.removeEventListener("visibilitychange", wake);
    rest();
  };
}

/**
 * Whether another page lives under `cid`.
 * @param {string} prefix
 * @param {string} cid
 */
export function lives(prefix, cid) {
  const last = lastBeat(prefix, cid);
  return !!last && last.page !== page && Math.abs(Date.now() - last.at) < DEAD_MS;
}

/**
 * @param {string} prefix
 * @param {string} cid
 */
function lastBeat(prefix, cid) {
  const [at, page] = (shelf.read(`${prefix}${cid}/beat`) ?? "").split(" ");
  return page ? { at: Number(at), page } : null;
}

/** @param {number} bytes */
function random(bytes) {
  const text = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/**
 * Storage throws where it is forbidden or full.
 * @template T
 * @param {() => T} use
 * @returns {T|undefined}
 */
export function attempt(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}
