/**
 * What a person at this page would remember: what they typed, chose and ticked, what their buttons meant when they
 * pressed, and what the page told them since. Listens only; the page does not know that it is watched.
 */
(() => {
  const { LEADS, READ_MS } = window.__hands_told;
  const { TEXTS, TICKS, ops, flat, isField, holds, drawn, isSeen, shows, stage } = window.__hands;
  const ENVELOPE = new Set(["ticket", "seen", "then", "for"]);
  const PASSING = new Set(["busy", "rate", "unavailable", "full", "out_of_order", "conflict"]);
  const KEPT_MS = 10_000;

  const TOGETHER_PX = 60; // by which what one writes in may be moved by an update before one loses it
  const TOLD_MS = 100; // from a refusal until it is said
  const SETTLED_MS = 300; // from a verdict until the page has told it

  const entered = new Map(); // by the field's key: {what, value, words, el, op, pick}
  const opened = new Set(); // keys of <details> that the person opened
  const under = new Map(); // by number: {k, texts, picks} of ops that have no verdict yet
  const looks = []; // of the leading buttons, as they were drawn: {t, buttons: [{rect, means}]}
  const wrong = [];
  let taken = []; // texts that were acknowledged
  const told = []; // commands that were answered, and how
  let scrolled = 0; // when the hand itself moved the page
  const before = JSON.parse(sessionStorage.hands ?? "{}"); // of a page that went before anybody asked it
  const led = before.led ?? []; // ops that lead and left this page
  const posted = before.posted ?? []; // what leads and the browser posted itself
  const keep = () => (sessionStorage.hands = JSON.stringify({ led, posted }));
  let press = null;
  let cid = "";

  const hidden = (form) =>
    [...form.elements]
      .filter((el) => el.type === "hidden" && el.name && !ENVELOPE.has(el.name) && el.dataset.newId === undefined)
      .map((el) => `${el.name}=${el.value}`)
      .join("&");
  const keyOf = (el) => {
    const one = TICKS.test(el.type) ? `=${el.value}` : "";
    const whose = el.form ? `${ops(el.form)}?${hidden(el.form)}` : "page";
    return `${whose} ${el.name}${one}`;
  };
  const fields = () => [...document.querySelectorAll("input, textarea, select")].filter(isField);
  const wordsOf = (el) => {
    if (el instanceof HTMLSelectElement) return flat(el.selectedOptions[0]?.text ?? "");
    return TICKS.test(el.type) ? flat(el.labels?.[0]?.textContent ?? "") : el.value;
  };
  const says = (el) => {
    const where = el.form ?? document.querySelector("[data-selection-bar]") ?? document.body;
    return !!el.validationMessage || [...where.querySelectorAll("[data-say], [data-gone]")].some((one) => one.textContent.trim());
  };
  const detailsKey = (el) => el.id || `${el.closest("[id]")?.id ?? ""}/${flat(el.querySelector("summary")?.textContent ?? "").slice(0, 40)}`;

  function means(button) {
    const form = button.form;
    const kind = button.dataset.op ?? ops(form);
    return LEADS.includes(kind) ? `${kind} ${hidden(form)} ${button.name}=${button.value}` : "";
  }

  function look() {
    const now = performance.now();
    const buttons = [...document.querySelectorAll("form[data-op] button, button[form]")]
      .filter((button) => button.form && button.type === "submit" && means(button) && isSeen(button))
      .map((button) => ({ rect: button.getBoundingClientRect(), means: means(button) }));
    looks.push({ t: now, buttons });
    while (looks.length > 1 && looks[1].t < now - KEPT_MS) looks.shift();
  }

  /** What lay under a point at some time: the meaning of a leading button, or "". */
  function lay(x, y, t) {
    const under = [...looks].reverse().find((one) => one.t <= t)?.buttons.find(({ rect }) => rect.left <= x && x <= rect.right && rect.top <= y && y <= rect.bottom);
    return under?.means ?? "";
  }

  addEventListener("pointerdown", (event) => {
    const button = event.target.closest?.("button");
    const [t, x, y] = [performance.now(), event.clientX, event.clientY];
    press = button?.form ? { t, button, means: means(button), before: lay(x, y, t - READ_MS) } : null;
    const left = event.target.closest?.("[data-leave-out]")?.closest("[data-of]")?.querySelector("textarea")?.value;
    if (event.target.closest?.("[data-selection-clear]")) forget((one) => one.pick);
    if (left) forget((one) => flat(left).includes(flat(one.what === "text" ? one.value : one.words)));
  }, true);

  let submitted = null;
  addEventListener("submit", (event) => {
    submitted = { form: event.target, means: event.submitter ? means(event.submitter) : "", press, read: stage() };
  }, true);

  function isPosted(form, by) {
    const kind = by?.dataset.op ?? ops(form);
    if (!LEADS.includes(kind)) return;
    posted.push({ ticket: form.elements.ticket?.value ?? "", k: kind, read: submitted?.form === form ? submitted.read : stage() });
    keep();
  }
  addEventListener("submit", (event) => event.defaultPrevented || isPosted(event.target, event.submitter));
  document.addEventListener("forum:posted", ({ detail: { form } }) => isPosted(form, null)); // of form.submit() nothing else tells

  function forget(which) {
    for (const [key, one] of entered) if (which(one, key)) entered.delete(key);
  }

  addEventListener("beforeinput", ({ target }) => {
    const before = target.value; // also of what was refused and given back
    forget((one) => one.what === "text" && one.value === before);
  }, true);

  for (const kind of ["input", "change"]) {
    addEventListener(kind, ({ isTrusted, target }) => {
      if (!isTrusted || !isField(target)) return;
      const [key, group] = [keyOf(target), `${ops(target.form)} ${target.name}`];
      forget((one) => one.el === target || (target.type === "radio" && one.group === group));
      if (holds(target) === drawn(target) || holds(target) === "") return void entered.delete(key);
      const what = TEXTS.test(target.type) ? "text" : TICKS.test(target.type) ? "tick" : "choice";
      const pick = what === "tick" && target.name === "ideas" && target.value; // of several forms
      entered.set(key, { what, value: holds(target), words: wordsOf(target), group, op: ops(target.form), el: target, pick });
    }, true);
  }

  addEventListener("click", ({ isTrusted, target }) => {
    const summary = target.closest?.("summary");
    if (!isTrusted || !summary) return;
    const details = summary.parentElement;
    setTimeout(() => (details.open ? opened.add(detailsKey(details)) : opened.delete(detailsKey(details))));
  }, true);

  const textsIn = (body) => (typeof body === "string" ? [body] : body && typeof body === "object" ? Object.values(body).flatMap(textsIn) : []);

  document.addEventListener("forum:queued", ({ detail: { form, op } }) => {
    const whose = `${ops(form)}?${hidden(form)} `;
    const said = textsIn(op.b).map(flat);
    const texts = [];
    for (const [key, one] of entered) {
      const here = key.startsWith(whose) || one.el?.form === form;
      const back = one.what === "text" && said.includes(flat(one.value)); // refused before, and sent once more
      if (one.pick || !(here || back)) continue;
      if (one.what === "text") texts.push(one.value);
      entered.delete(key);
    }
    const own = "keep" in form.dataset && form.closest("details");
    if (own) opened.delete(detailsKey(own));
    under.set(op.n, { k: op.k, form, texts, picks: op.b.ideas ?? [] });
    const by = submitted?.form === form ? submitted : null;
    if (!LEADS.includes(op.k)) return;
    led.push({ n: op.n, k: op.k, cid, read: by?.read ?? ["", ""] });
    keep();
    const { press: pressed, means: meant } = by ?? {};
    if (pressed && pressed.button.form === form && meant && pressed.before !== meant) {
      wrong.push(`${op.k} by a press on what had said "${pressed.before}" ${READ_MS} ms before, and now said "${meant}"`);
    }
  });

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => typeof data === "string" && heard(JSON.parse(data)));
    }
    send(data) {
      const said = typeof data === "string" ? JSON.parse(data) : {};
      if (said.t === "hello") cid = said.cid;
      super.send(data);
    }
  };

  function heard(frame) {
    if (Array.isArray(frame)) return frame.forEach(heard);
    if ((frame.t !== "ack" && frame.t !== "nack") || (frame.t === "nack" && PASSING.has(frame.code))) return;
    const op = under.get(frame.n);
    if (!op) return;
    under.delete(frame.n);
    told.push(frame.t === "ack" ? op.k : `${op.k} ${frame.code}`);
    if (frame.t === "ack") {
      taken.push(...op.texts);
      forget((one) => op.picks.includes(one.pick));
      return;
    }
    setTimeout(() => {
      const again = [...under.values()].some((one) => one.k === op.k); // pressed once more: it will be answered anew
      if (frame.code !== "already_so" && frame.msg && !again && !shows(frame.msg)) wrong.push(`${op.k} was refused (${frame.code}), and nothing says "${frame.msg}" (its form ${op.form.isConnected ? `is ${ops(op.form)} now` : "is gone"})`);
    }, TOLD_MS);
    setTimeout(() => {
      for (const text of op.texts) {
        if (shows(text)) entered.set(`refused ${text}`, { what: "text", value: text, words: "", op: op.k });
        else wrong.push(`"${text}" was refused (${op.k}, ${frame.code}) and is nowhere`);
      }
    }, SETTLED_MS);
  }

  for (const kind of ["pointerdown", "keydown", "wheel", "focusin"]) addEventListener(kind, () => (scrolled = performance.now()), true);

  let held = null;
  document.addEventListener("forum:applying", () => {
    const active = document.activeElement;
    held = active && active !== document.body ? { active, text: isField(active) && TEXTS.test(active.type) ? active.value : null, caret: attempt(() => active.selectionStart), top: active.getBoundingClientRect().top } : null;
  });
  document.addEventListener("forum:applied", ({ detail: keys }) => {
    look();
    const there = new Set([...document.querySelectorAll("details")].map(detailsKey));
    for (const key of opened) if (!there.has(key)) opened.delete(key); // it went, and with it what one looked at
    if (!held) return;
    const { active, text, caret, top } = held;
    const now = document.activeElement;
    const what = `${active.localName} ${active.name ?? ""} of ${ops(active.form)}`;
    if (!now || now === document.body) wrong.push(`focus fell to the page from ${what}`);
    if (text === null || now !== active) return;
    if (active.value !== text) wrong.push(`"${text}" in ${what} became "${active.value}" under the caret`);
    else if (attempt(() => active.selectionStart) !== caret) wrong.push(`the caret moved in ${what}`);
    if (scrollY > 0 && 0 <= top && top < innerHeight) isThere(active, what, top, performance.now(), keys ?? []);
  });
  addEventListener("DOMContentLoaded", look);

  /** What somebody writes in stays in its place before their eyes; browsers see to that with the next pictures. */
  function isThere(field, what, top, since, keys) {
    const [from, high] = [scrollY, document.documentElement.scrollHeight];
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (scrolled > since || !field.isConnected || document.activeElement !== field) return;
      const ends = scrollY <= 0 || scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
      if (ends) return; // there is no more page by which to stay
      const by = Math.round(field.getBoundingClientRect().top - top);
      if (Math.abs(by) > TOGETHER_PX) wrong.push(`${what} moved by ${by} px under the caret by ${keys.slice(0, 8)} (scrolled ${from} to ${scrollY}, page ${high} to ${document.documentElement.scrollHeight})`);
    }));
  }

  function attempt(what) {
    try {
      return what();
    } catch {
      return null;
    }
  }

  /** Whether a form says of something that it is gone from it. */
  const names = (op) => [...document.querySelectorAll("[data-say][data-gone]")].some((said) => ops(said.closest("form")) === op && said.textContent.trim());

  /** Whether what was entered stands where it was, or is named where the page keeps it. */
  function isKept({ what, value, words, op, pick }, el) {
    if (el && holds(el) === value) return true;
    if (what === "text") return shows(value);
    if (!el && value === false) return true; // of an empty box that went there is nothing to name
    if (el) return says(el);
    if (names(op)) return true;
    const home = document.getElementById("entered");
    return !op || pick || (!!home && shows(words || String(value), home)); // a card that went takes its tick along
  }

  function check() {
    const here = new Map(fields().map((el) => [keyOf(el), el]));
    for (const [key, one] of [...entered]) {
      const still = one.what !== "tick" && one.el?.isConnected && holds(one.el) === one.value;
      const el = here.get(key) ?? (still ? one.el : undefined); // whose form may say it otherwise by now
      if (isKept(one, el)) {
        if (el && holds(el) === one.value) one.words = wordsOf(el); // somebody may have renamed it
        continue;
      }
      wrong.push(`${one.what} "${one.value}" (${one.words}) entered in ${key} is ${el ? `"${holds(el)}" now` : "gone"}`);
      entered.delete(key);
    }
    for (const details of document.querySelectorAll("details")) {
      if (opened.has(detailsKey(details)) && !details.open) {
        wrong.push(`what was opened is closed: ${detailsKey(details)} (${document.activeElement?.outerHTML.slice(0, 80)})`);
        opened.delete(detailsKey(details));
      }
    }
    const out = { wrong: wrong.splice(0), led: led.splice(0).map((op) => ({ ...op, cid: op.cid || cid })), posted: posted.splice(0), taken, told: told.splice(0), entered: entered.size };
    taken = [];
    keep();
    return out;
  }

  Object.assign(window.__hands, { check, looked });
  function looked() {
    scrolled = performance.now();
    look();
  }
})();
