/**
 * The page comes alive: reads the shell's marks on <body>, opens the connection, hands frames on.
 *
 * Words. Sentences come from the shell, as attributes of #link-state (or <body>); WITH {placeholders}:
 *
 *   data-words-live       Connected.
 *   data-words-waiting    Connecting…
 *   data-words-sending    Sending: {count} waiting. You can go on.
 *   data-words-stale      Reconnecting… What you see may be a little old. What you write is kept here.
 *   data-words-unsaved    (on the wall only: other pages say it in #unsaved)
 *   data-words-offline    No network. What you send is kept here and leaves by itself.
 *   data-words-memory     This browser keeps nothing: leave this page open until everything is sent.
 *   data-words-full       Too much is waiting to be sent. Your text stays in its field: send it when the network is back.
 *   data-words-kept       Saved                                         (spoken, of what was written)
 *   data-words-refused    This could not be saved. Your text is back in its field.
 *   data-words-returned   This could not be saved. Here is your text, to copy it:
 *   data-words-changed    This button has just changed or moved. Press again if you mean it.
 *   data-words-gone       “{what}” is no longer there. Choose again. Until then nothing is sent.   (chosen in a list)
 *   data-words-gone-option {what} (no longer there)
 *   data-words-unticked   No longer there, and no longer ticked: {what}
 *   data-words-kept-here  What you had written has no form here any more. It is kept, to be copied.
 *   data-words-left       {n} left           data-words-over    {n} too many
 *   data-words-long       Too long: {n} too many. Shorten it, then send it again.
 *   data-words-lost       The store had lost what you had sent, and it cannot be taken again.   (before a refusal)
 *   data-words-before     {count} things were sent from this browser under an access that was lost … Are they yours?
 *   data-words-before-yes Yes, send them      data-words-before-no   No, they are not mine
 *   data-words-ended      Your access has ended. The page reloads.                             (4401)
 *   data-words-forbidden  You may not open this page. Ask the facilitator.                     (4403)
 *   data-words-missing    This forum does not exist any more. Check the code with the facilitator. (4404)
 *   data-words-closed     This forum is closed. Thank you for taking part.                     (4410)
 *   data-words-old        This page has been renewed: it reloads.                              (4426)
 *   data-words-yes        Yes        data-words-no   Cancel        data-words-ok   Understood
 *   data-words-time-low   {time} left.                                  (spoken, at a fifth of the time)
 *   data-words-time-over  Time is up.
 *
 * Elsewhere: on a counter data-words "{n} left" and data-words-over "{n} too many"; on the landing page's [data-say]
 * data-words-entering "Opening…", data-words-failed "This link could not be used. Paste it again, or ask for a new
 * one.", data-words-offline "The server does not answer. Check the network, then try again."
 */

import { Acts } from "./act.js";
import { startCounting } from "./count.js";
import { draftsOf, forgetTab, stay } from "./device.js";
import { startEarlier } from "./earlier.js";
import { startEntering } from "./entered.js";
import { startSealing } from "./fields.js";
import { startHearing } from "./heard.js";
import { startHolding } from "./hold.js";
import { startHours } from "./hours.js";
import { inherit } from "./inherit.js";
import { Mirror } from "./mirror.js";
import { ready } from "./morph.js";
import { Outbox, shelved, worth } from "./outbox.js";
import { poll, postLine } from "./poll.js";
import { startJudging } from "./press.js";
import { startSelecting } from "./select.js";
import { Link, STALE_MS } from "./socket.js";
import { attempt, claim, hold, keepBeating, lives, newCid, shelf } from "./tabs.js";
import { setClock, startTimers } from "./timer.js";
import { startTyping } from "./typing.js";
import { mark, place, words } from "./words.js";

const VERSION = place("tpl-earlier") ? 4 : 3; // where nothing leads to what comes before, a long list is taken as a whole
const WIDTH = 8; // ops under way, as the protocol allows
const GRACE_MS = 1500; // a reconnection shorter than this is not worth a word
const ORPHANS_MS = 20_000;
const RELOAD_MS = 1500;
const RELOAD_AGAIN_MS = 60_000;
/** @type {Record<number, string>} */
const ENDINGS = { 4401: "ended", 4403: "forbidden", 4404: "missing", 4410: "closed", 4426: "old" };
const RELOADS = new Set([4401, 4426]);

/** @typedef {import("./mirror.js").Frame} Frame */

const { code = "", base = "", surface = "", lang = "", person = "", gen, seq, chain = "", now } = document.body.dataset;
const ours = `forum/${code}/${surface}/`;
const isOurs = (/** @type {string} */ cid) => shelved(ours, cid)?.person === person;

stay(code, surface, person, leave);

let well = Date.now(); // the last moment at which the server was heard in time
/** @type {(() => void)|null} while sockets are blocked: what stops polling */
let polling = null;
let reached = false; // whether the last poll was answered
let adopting = false;
let unsaved = place("unsaved")?.hidden === false; // nothing new is being saved, says the server
let works = false; // whether ops get through: the server has answered this page, and has not ended it

const mirror = new Mirror({ g: Number(gen), s: Number(seq), c: chain }, { need, again, reveal: surface === "screen" });
const shown = () => ({ g: mirror.at.g, ...mirror.shown }); // the one place that says what was read
const acts = new Acts(({ g, s, c }, k, b, onBehalf, text) => outbox.add(k, b, { seen: s, g, c, for: onBehalf, text }), () => works);
const outbox = new Outbox(ours, claim(ours, isOurs), person, {
  settled: (op, verdict) => acts.settled(op, verdict),
  shared: () => lives(ours, outbox.cid),
  lost: freshCid,
  held: (op, verdict) => acts.held(op, verdict),
  again: (ops) => acts.resume(ops),
});
const socketLine = {
  width: WIDTH,
  /** @param {import("./outbox.js").Op} op */
  send: ({ n, k, b, seen, g, c, for: onBehalf, again, proof }) =>
    void link.send({ t: "op", n, k, b, seen, g, c, for: onBehalf, again, proof }),
};
const httpLine = postLine(base, () => outbox.cid, answered, (code) => link.end(code));
/** @type {Link} */
let link;

mark("waiting", "");
setClock(Number(now));
startTimers();
startHearing();
if (surface !== "screen") {
  startJudging(); // nobody touches the screen
  startHolding();
}
startHours();
startSealing(shown);
startEntering(draftsOf(code, surface, person));
startTyping();
startCounting();
startSelecting();
startEarlier(base, lang, () => mirror.at);
acts.resume(outbox.ops);
keepBeating(ours, () => outbox.cid, freshCid);
if (surface === "desk") import("./desk.js").catch(() => import("./desk.js?again")).then((desk) => desk.start((kind, b, at) => acts.send(kind, b, at), shown));
ready.then(() => {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const address = `${scheme}://${location.host}${base}/live?lang=${lang}`;
  link = new Link(address, { hello, frame, down, watch, replaced: freshCid, blocked: startPolling, ended });
  setInterval(adopt, ORPHANS_MS);
  inherit(ours, base, person, (left) => acts.resume(outbox.inherit(left)));
});

/** @returns {Frame} */
function hello() {
  return { t: "hello", v: VERSION, cid: outbox.cid, resume: { ...mirror.at }, n: outbox.n };
}

/** @param {Frame} frame */
function frame(frame) {
  if (frame.t === "ack" || frame.t === "nack") return verdict(frame);
  if (frame.now) setClock(frame.now);
  if (frame.t === "welcome") welcome(frame);
  else mirror.receive(frame);
  outbox.top = mirror.at.s;
  if (frame.t === "hb" || frame.t === "welcome") saving(frame);
  if (frame.t === "hb") link.send({ t: "hb", s: mirror.at.s });
}

/** What a heartbeat says of the store, or a welcome: a page may have been drawn while it was away. @param {Frame} frame */
function saving(frame) {
  if (unsaved === !!frame.unsaved) return;
  unsaved = !!frame.unsaved;
  document.documentElement.toggleAttribute("data-unsaved", unsaved);
  const note = place("unsaved");
  if (note) note.hidden = !unsaved;
  if (!unsaved) note?.querySelector("[data-as-of]")?.remove(); // the page has gone on
  document.dispatchEvent(new Event("forum:saving"));
}

/** @param {Frame} frame */
function welcome(frame) {
  polling?.();
  polling = null;
  alive();
  mirror.receive(frame);
  const { cid } = outbox;
  outbox.known(frame.last_n, frame.g);
  if (cid === outbox.cid) outbox.through(socketLine);
  adopt();
}

/** From now on forms are ops; what the shell says of a page that stands still goes. */
function alive() {
  works = true;
  place("stands-still")?.remove();
}

/** @param {Frame} frame */
function verdict(frame) {
  if (isElsewhere(frame)) again();
  else outbox.verdict(frame);
}

/** Whether a verdict is of another life of the store than the page: it is not believed, the op is sent again. @param {Frame} verdict */
function isElsewhere({ g, retry }) {
  return !!g && g !== mirror.at.g && !retry;
}

function down() {
  if (!polling) outbox.through(null);
}

function again() {
  link.renew();
}

/** @param {number} s */
function need(s) {
  if (!polling) link.send({ t: "need", s });
  else if (s === 0) mirror.at.s = 0; // a poll says by itself where it stands
}

/** Go on under a number of our own: another page has this one, or the journal does not know how we got there. */
function freshCid() {
  down(); // this connection speaks under the old number
  const shared = lives(ours, outbox.cid);
  outbox.renumber(hold(ours, newCid()), shared);
  if (polling) { // one that is under way asks about the old number
    polling();
    startPolling();
  }
  link.anew(); // what the old connection still says is about other numbers
}

function startPolling() {
  listen();
  outbox.through(httpLine);
}

function listen() {
  reached = false;
  let settled = 0; // when it was asked: a later answer of ours may be newer than what this one tells
  const where = () => {
    settled = outbox.settled;
    return { at: mirror.at, cid: outbox.cid, v: VERSION };
  };
  polling = poll(base, lang, where, {
    frames: (frames) => frames.forEach((frame) => polled(frame, settled)),
    heard: () => {
      reached = true;
      alive();
      link.heard();
      adopt();
    },
    unheard: () => {
      reached = false;
    },
    back: again,
    ended: (code) => link.end(code),
  });
}

/** @param {Frame} verdict  of an op that went by HTTP */
function answered(verdict) {
  if (!polling) return;
  if (!isElsewhere(verdict)) return outbox.verdict(verdict);
  outbox.verdict({ t: "nack", n: verdict.n, code: "unavailable" });
  polling();
  listen(); // which asks at once where the journal stands
}

/**
 * @param {Frame} frame
 * @param {number} settled  the highest number that had been answered when the poll began
 */
function polled(frame, settled) {
  if (frame.now) setClock(frame.now);
  mirror.receive(frame, true);
  if (frame.t === "hb") saving(frame);
  outbox.top = mirror.at.s;
  if (frame.t !== "welcome" || (frame.last_n >= settled && frame.last_n <= outbox.sent)) return;
  outbox.known(frame.last_n, frame.g);
  outbox.through(httpLine);
}

/**
 * Say how the connection is, for eyes and ears.
 * @param {boolean} fresh
 * @param {number} quiet  ms
 */
function watch(fresh, quiet) {
  const unsafe = shelf.keeps || !outbox.ops.length ? "" : ` ${words("memory")}`;
  if (fresh || (polling && reached && quiet < STALE_MS)) {
    well = Date.now();
    if (unsaved) mark("waiting", words("unsaved") + unsafe);
    else if (acts.slow()) mark("waiting", words("sending", { count: outbox.ops.length }) + unsafe);
    else mark("live", words("live") + unsafe);
  } else if (!navigator.onLine) {
    mark("off", words("offline") + unsafe);
  } else if (quiet >= STALE_MS) {
    mark("stale", words("stale") + unsafe);
  } else if (Date.now() - well > GRACE_MS) {
    mark("waiting", words("waiting") + unsafe);
  }
}

/** Somebody left here in another window, or somebody else came in: nothing of this page is theirs to see. */
function leave() {
  document.body.hidden = true;
  forgetTab(ours);
  location.replace(base);
}

/** @param {number} code */
function ended(code) {
  polling?.();
  works = false;
  outbox.through(null);
  mark("off", words(ENDINGS[code] ?? "ended"));
  const last = Number(attempt(() => sessionStorage.getItem(`${ours}reloaded`)));
  if (!RELOADS.has(code) || Date.now() - last < RELOAD_AGAIN_MS) return;
  attempt(() => sessionStorage.setItem(`${ours}reloaded`, `${Date.now()}`));
  setTimeout(() => location.reload(), RELOAD_MS);
}

/** Send what dead tabs left, one tab after another, each under its own cid; see what the store has lost of theirs. */
function adopt() {
  if (adopting) return;
  for (const key of shelf.keys(ours)) {
    const cid = key.slice(ours.length);
    if (cid.includes("/") || cid === outbox.cid || lives(ours, cid)) continue;
    const left = shelved(ours, cid);
    if (!left || !(left.ops.length || worth(left.kept, mirror.at.s).length)) shelf.remove(key);
    else if (left.person === person && (left.ops.length || left.g !== mirror.at.g)) return send(cid);
  }
}

/** @param {string} cid */
function send(cid) {
  adopting = true;
  const orphan = new Outbox(ours, cid, person, {
    settled: (op, verdict) => {
      acts.settled(op, verdict);
      if (orphan.ops.length) return;
      orphan.checked(mirror.at.g);
      done();
      adopt();
    },
    shared: () => lives(ours, orphan.cid), // its own page has woken, or another adopts it: that one sends
    lost: () => (lives(ours, orphan.cid) ? done() : orphan.renumber(newCid())),
  });
  const stop = keepBeating(ours, () => orphan.cid);
  const done = () => {
    orphan.through(null);
    stop();
    adopting = false;
  };
  if (!orphan.ops.length) orphan.probe();
  orphan.through(postLine(base, () => orphan.cid, (verdict) => orphan.verdict(verdict), done));
}
