// The browser's own outbox and mirror, on inputs that a test wrote down; prints what came of each as JSON.
// Run by test_client_twin beside copies of the scripts; fragments.js is replaced by one that only remembers.

import { readFileSync } from "node:fs";
import { Mirror } from "./mirror.js";
import { Outbox } from "./outbox.js";
import { page } from "./fragments.js";

let now = 0;
let chances = [];
let timers = [];
let nextTimer = 1;
const store = new Map();

Date.now = () => now;
Math.random = () => (chances.push(chances.shift()), chances.at(-1));
globalThis.setTimeout = (run, ms) => (timers.push({ id: nextTimer, at: now + ms, run }), nextTimer++);
globalThis.clearTimeout = (id) => (timers = timers.filter((timer) => timer.id !== id));
globalThis.localStorage = {
  getItem: (key) => store.get(key) ?? null,
  setItem: (key, text) => void store.set(key, text),
  removeItem: (key) => void store.delete(key),
};

function wait(ms) {
  const until = now + ms;
  for (;;) {
    const due = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at || a.id - b.id)[0];
    if (!due) break;
    now = Math.max(now, due.at);
    timers = timers.filter((timer) => timer !== due);
    due.run();
  }
  now = until;
}

function outboxes({ random, steps }) {
  chances = [...random];
  let said = [];
  let cids = 1;
  let shared = false;
  const on = {
    settled: (op, verdict) => said.push(["settled", op.n, verdict.t, verdict.code ?? ""]),
    shared: () => shared,
    lost: () => ((shared = false), said.push(["lost"]), (cids += 1), outbox.renumber(`cid${cids}`, cids % 2 === 0)),
  };
  let outbox = new Outbox("p/", "cid1", "lea", on);
  const line = { width: 3, send: (op) => said.push(["send", op.n, op.k, op.b]) };
  const acts = {
    add: (k, b, rest) => outbox.add(k, b, rest),
    through: (is) => outbox.through(is ? line : null),
    known: (last, g) => outbox.known(last, g),
    verdict: (verdict) => outbox.verdict(verdict),
    inherit: (left) => outbox.inherit(left),
    wait,
    share: () => (shared = true),
    reload: () => (outbox.through(null), (outbox = new Outbox("p/", outbox.cid, "lea", on))),
  };
  return steps.map(([name, ...args]) => {
    said = [];
    acts[name](...args);
    const kept = outbox.kept.map((op) => op.n);
    return [said, outbox.cid, outbox.n, outbox.sent, outbox.ops.map((op) => [op.n, op.k, op.proof ?? null]), kept];
  });
}

function mirrors({ steps }) {
  let said = [];
  page.all = {};
  page.mine = {};
  page.begins = {};
  const how = { need: (s) => said.push(["need", s]), again: () => said.push(["again"]), reveal: false };
  const mirror = new Mirror({ g: 1, s: 0, c: "" }, how);
  return steps.map(([name, what]) => {
    said = [];
    if (name === "wait") wait(what);
    else mirror.receive(what);
    return [said, { ...mirror.at }, { ...page.all }, { ...page.mine }, { ...page.begins }];
  });
}

const scripts = JSON.parse(readFileSync(0, "utf8"));
const run = { outbox: outboxes, mirror: mirrors };
const came = scripts.map((script) => {
  now = 1_000_000;
  timers = [];
  store.clear();
  return run[script.what](script);
});
console.log(JSON.stringify(came));
