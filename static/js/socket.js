/**
 * A WebSocket that is always either alive or being replaced.
 *
 * Never trusts an old socket after a sleep: on wake, return of the network or a jump of the clock it opens a new one.
 * Hides connecting, time-outs, back-off, close codes. Knows nothing of what frames mean but `welcome` and `bye`.
 */

const CONNECT_MS = 8000;
export const STALE_MS = 15_000;
const DEAD_MS = 25_000;
const WATCH_MS = 1000;
const JUMP_MS = 5000;
const WAKE_JITTER_MS = 750;
const BACK_OFF_MS = 500;
const BACK_OFF_MOST_MS = 8000;
const STEADY_MS = 5000; // a connection that lived this long forgives the failures before it
const BLOCKED_AFTER = 2; // tries that never opened
const BLOCKED_LATER = 6; // the same, where sockets once worked
const BLOCKED_MS = 60_000;

const REPLACED = 4409;
const TOO_FAST = 4429;
const TERMINAL = new Set([4401, 4403, 4404, 4410, 4426]);

/** @typedef {import("./mirror.js").Frame} Frame */
/**
 * @typedef {object} On
 * @property {() => Frame} hello  the first frame of every connection
 * @property {(frame: Frame) => void} frame
 * @property {() => void} down  the connection is gone; a new one is on its way
 * @property {(fresh: boolean, quietMs: number) => void} watch  once a second: whether connected, since when nothing came
 * @property {() => void} replaced  another page uses our cid
 * @property {() => void} blocked  sockets do not get through here
 * @property {(code: number) => void} ended  for good: a terminal close code
 */

export class Link {
  /** @type {WebSocket|null} */
  #socket = null;
  #welcomed = 0; // when
  #heard = Date.now();
  #fails = 0;
  #ever = false;
  #blocked = false;
  #over = false;
  #after = -1; // ms asked for by bye
  #next = 0;
  #limit = 0;
  #watched = Date.now();

  /**
   * @param {string} url
   * @param {On} on
   */
  constructor(url, on) {
    this.url = url;
    this.on = on;
    document.addEventListener("visibilitychange", () => document.hidden || this.renew());
    addEventListener("pageshow", (event) => event.persisted && this.renew());
    addEventListener("online", () => this.renew());
    addEventListener("offline", () => this.#watch());
    setInterval(() => this.#watch(), WATCH_MS);
    this.#dial();
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} false when there is no connection to send it on
   */
  send(frame) {
    if (!this.#welcomed || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Open a new connection soon, whatever the present one says of itself. */
  renew() {
    this.#dialIn(Math.random() * WAKE_JITTER_MS);
  }

  /** Leave the present connection at once, whatever it would still say, and come back on another. */
  anew() {
    this.#drop();
    this.renew();
  }

  /** The server was heard by another way. */
  heard() {
    this.#heard = Date.now();
  }

  /** Stop for good. @param {number} code */
  end(code) {
    if (this.#over) return;
    this.#over = true;
    this.#drop();
    this.on.ended(code);
  }

  /** @param {number} ms */
  #dialIn(ms) {
    if (this.#over) return;
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#dial(), ms);
  }

  #dial() {
    this.#drop();
    const socket = (this.#socket = opened(this.url));
    if (!socket) return this.#closed(0);
    this.#limit = setTimeout(() => this.#closed(0), CONNECT_MS);
    socket.onopen = () => socket.send(JSON.stringify(this.on.hello()));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => this.#closed(event.code);
  }

  /** @param {Frame} frame */
  #take(frame) {
    this.#heard = Date.now();
    if (frame.t === "bye") this.#after = frame.after_ms ?? -1;
    if (frame.t === "welcome") {
      clearTimeout(this.#limit);
      this.#welcomed = Date.now();
      this.#ever = true;
      this.#blocked = false;
    }
    this.on.frame(frame);
    if (frame.t === "welcome") this.#watch();
  }

  /** @param {number} code */
  #closed(code) {
    const lived = this.#welcomed ? Date.now() - this.#welcomed : -1;
    const was = this.#drop();
    if (!was && code) return; // of a socket that was left before
    this.on.down();
    if (TERMINAL.has(code)) return this.end(code);
    if (code === REPLACED) this.on.replaced();
    if (lived > STEADY_MS) this.#fails = 0;
    this.#fails += 1;
    if (lived < 0 && !this.#blocked && this.#fails >= (this.#ever ? BLOCKED_LATER : BLOCKED_AFTER)) {
      this.#blocked = true;
      this.on.blocked();
    }
    const most = Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** (this.#fails - 1 + (code === TOO_FAST ? 3 : 0)));
    this.#dialIn(this.#after >= 0 ? this.#after : this.#blocked ? BLOCKED_MS : Math.random() * most);
    this.#after = -1;
  }

  /** Abandon the socket: a zombie may never answer its close. */
  #drop() {
    const socket = this.#socket;
    clearTimeout(this.#limit);
    this.#socket = null;
    this.#welcomed = 0;
    if (!socket) return false;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    return true;
  }

  #watch() {
    const now = Date.now();
    const jumped = now - this.#watched > JUMP_MS + WATCH_MS && !document.hidden;
    const quiet = now - this.#heard;
    this.#watched = now;
    if (this.#over) return;
    if (jumped) this.renew();
    else if (this.#welcomed && quiet > DEAD_MS) this.#closed(0);
    this.on.watch(this.#welcomed > 0 && quiet < STALE_MS, quiet);
  }
}

/**
 * A new socket; null where there are none, or where something forbids them at once.
 * @param {string} url
 */
function opened(url) {
  try {
    return new WebSocket(url);
  } catch {
    return null;
  }
}
