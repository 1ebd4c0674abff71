/**
 * The way around when a network lets no WebSocket through: ops by POST, changes by long poll, the same frames.
 * Also the way by which the outbox of a dead tab is sent under its own cid. Hides fetch and its time-outs.
 */

const WAIT_S = 10; // the page counts as stale after 15 s without a word
const SPARE_MS = 8000; // over the wait, before a request counts as dead
const BACK_OFF_MS = 500;
const BACK_OFF_MOST_MS = 8000;
const ENDED = new Map([[401, 4401], [410, 4401], [403, 4403], [404, 4404], [426, 4426]]);

/** @typedef {import("./mirror.js").Frame} Frame */
/** @typedef {import("./mirror.js").Position} Position */

/**
 * A line for an outbox, one op at a time, by POST.
 * @param {string} base
 * @param {() => string} cid
 * @param {(verdict: Frame) => void} answer  also for what did not arrive: as nack `unavailable`
 * @param {(code: number) => void} ended  close code of the protocol
 * @returns {import("./outbox.js").Line}
 */
export function postLine(base, cid, answer, ended) {
  return {
    width: 1,
    async send({ n, k, b, seen, g, c, for: onBehalf, again, proof }) {
      const mine = cid();
      const body = JSON.stringify({ cid: mine, n, b, seen, g, c, for: onBehalf, again, proof });
      const headers = { "Content-Type": "application/json" };
      const { status, json } = await ask(`${base}/commands/${k}`, SPARE_MS, { method: "POST", headers, body });
      const end = ENDED.get(status);
      if (cid() !== mine) return; // it is about another's numbers
      if (json?.t === "ack" || json?.t === "nack") answer({ ...json, n });
      else if (end) ended(end);
      else answer({ t: "nack", n, code: "unavailable" });
    },
  };
}

/**
 * Long poll until stopped.
 * @param {string} base
 * @param {string} lang
 * @param {() => {at: Position, cid: string, v: number}} where  v: of the protocol
 * @param {{frames: (frames: Frame[]) => void, heard: () => void, unheard: () => void, back: () => void, ended: (code: number) => void}} on
 *   heard: the server answered; unheard: it did not; back: it did after it had not
 * @returns {() => void} stops
 */
export function poll(base, lang, where, on) {
  const stop = new AbortController();
  run();
  return () => stop.abort();

  async function run() {
    let tries = 0;
    let wait = 0; // the first answer shows at once whether this way works
    while (!stop.signal.aborted) {
      const { at, cid, v } = where();
      const query = new URLSearchParams({ s: `${at.s}`, g: `${at.g}`, c: at.c, cid, lang, wait: `${wait}`, v: `${v}` });
      const { status, json } = await ask(`${base}/changes?${query}`, wait * 1000 + SPARE_MS, { signal: stop.signal });
      if (stop.signal.aborted) return;
      const end = ENDED.get(status);
      if (end) return on.ended(end);
      if (!Array.isArray(json?.frames)) {
        on.unheard();
        await pause(Math.random() * Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** tries++));
        continue;
      }
      on.heard();
      on.frames(json.frames);
      if (tries) on.back();
      tries = 0;
      wait = WAIT_S;
    }
  }
}

/**
 * @param {string} address
 * @param {number} limit  ms
 * @param {RequestInit} options
 * @returns {Promise<{status: number, json: any}>} status 0: no answer
 */
async function ask(address, limit, options) {
  const limited = new AbortController();
  const timer = setTimeout(() => limited.abort(), limit);
  const abort = () => limited.abort();
  options.signal?.addEventListener("abort", abort);
  try {
    const headers = { ...options.headers, Accept: "application/json" };
    const answer = await fetch(address, { ...options, headers, signal: limited.signal, cache: "no-store" });
    return { status: answer.status, json: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, json: null };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
