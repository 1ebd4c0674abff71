/**
 * What a person at this page would remember: what they typed, chose and ticked, what their buttons meant when they
 * pressed, and what the page told them since. Listens only; the page does not know that it is watched.
 */
(() => {
  const { LEADS, READ_MS } = window.__hands_told;
  const TYPED = /^(text|search|url|email|tel|number|date|time|textarea)$/;
  const TEXTS = /^(text|search|url|email|tel|textarea)$/; // of these a person would miss the words
  const TICKS = /^(checkbox|radio)$/;
  const ENVELOPE = new Set(["ticket", "seen", "then", "for"]);
  const PASSING = new Set(["busy", "rate", "unavailable", "full", "out_of_order", "conflict"]);
  const KEPT_MS = 10_000;

  const entered = new Map(); // by the field's key: {what, value, form}
  const opened = new Set(); // keys of <details> that the person opened
  const under = new Map(); // by number: {k, texts} of ops that have no verdict yet
  const looks = []; // of the leading buttons, as they were drawn: {t, buttons: [{rect, means}]}
  const wrong = [];
  let led = []; // ops that lead and left this page
  let press = null;
  let cid = "";

  const ops = (form) => form?.dataset?.op ?? "";
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
  const isField = (el) => el instanceof HTMLElement && el.matches("input:not([type=hidden]), textarea, select") && el.name;
  const fields = () => [...document.querySelectorAll("input, textarea, select")].filter(isField);
  const holds = (el) => (TICKS.test(el.type) ? el.checked : el.value);
  const drawn = (el) => {
    if (TICKS.test(el.type)) return el.defaultChecked;
    if (el instanceof HTMLSelectElement) return ([...el.options].find((o) => o.defaultSelected) ?? el.options[0])?.value;
    return el.defaultValue;
  };
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const shows = (text) =>
    flat(document.body.textContent).includes(flat(text)) ||
    [...document.querySelectorAll("input, textarea")].some((el) => TEXTS.test(el.type) && flat(el.value).includes(flat(text)));
  const isSeen = (el) => {
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && el.checkVisibility({ checkVisibilityCSS: true });
  };
  const told = (el) => {
    const where = el.closest("li, section, fieldset, form, .dock") ?? document.body;
    const says = [...where.querySelectorAll("[data-say], [role=alert], [role=status], [data-gone]")].some((s) => s.textContent.trim());
    return says || !!el.validationMessage;
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
    const then = [...looks].reverse().find((one) => one.t <= t);
    const under = then?.buttons.find(({ rect }) => rect.left <= x && x <= rect.right && rect.top <= y && y <= rect.bottom);
    return under?.means ?? "";
  }

  addEventListener("pointerdown", (event) => {
    const button = event.target.closest?.("button");
    const [t, x, y] = [performance.now(), event.clientX, event.clientY];
    press = button?.form ? { t, button, means: means(button), before: lay(x, y, t - READ_MS) } : null;
  }, true);

  let submitted = null;
  addEventListener("submit", (event) => {
    submitted = { form: event.target, means: event.submitter ? means(event.submitter) : "", press };
  }, true);

  for (const kind of ["input", "change"]) {
    addEventListener(kind, ({ isTrusted, target }) => {
      if (!isTrusted || !isField(target)) return;
      if (TICKS.test(target.type) && target.type === "radio") {
        for (const [key, one] of entered) if (one.group === `${ops(target.form)} ${target.name}`) entered.delete(key);
      }
      const key = keyOf(target);
      if (holds(target) === drawn(target) || holds(target) === "") entered.delete(key);
      else {
        const what = TEXTS.test(target.type) ? "text" : TICKS.test(target.type) ? "tick" : "choice";
        entered.set(key, { what, value: holds(target), group: `${ops(target.form)} ${target.name}`, op: ops(target.form) });
      }
    }, true);
  }

  addEventListener("click", ({ isTrusted, target }) => {
    const summary = target.closest?.("summary");
    if (!isTrusted || !summary) return;
    const details = summary.parentElement;
    setTimeout(() => (details.open ? opened.add(detailsKey(details)) : opened.delete(detailsKey(details))));
  }, true);

  document.addEventListener("forum:queued", ({ detail: { form, op } }) => {
    const whose = `${ops(form)}?${hidden(form)} `;
    const texts = [];
    for (const [key, one] of entered) {
      const ticked = one.what === "tick" && "selection" in form.dataset && !one.op;
      if (!key.startsWith(whose) && !ticked && one.op !== ops(form)) continue;
      if (one.what === "text") texts.push(one.value);
      if (!ticked) entered.delete(key);
    }
    const own = form.closest("details");
    if (own) opened.delete(detailsKey(own));
    under.set(op.n, { k: op.k, texts, selection: "selection" in form.dataset });
    const by = submitted?.form === form ? submitted : null;
    if (!LEADS.includes(op.k)) return;
    led.push({ n: op.n, k: op.k, b: op.b, cid });
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
    if (frame.t === "ack") {
      if (op.selection) for (const [key, one] of entered) if (one.what === "tick" && !one.op) entered.delete(key);
      return;
    }
    setTimeout(() => {
      for (const text of op.texts) if (!shows(text)) wrong.push(`"${text}" was refused (${op.k}, ${frame.code}) and is nowhere`);
    }, 300);
  }

  let held = null;
  document.addEventListener("forum:applying", () => {
    const active = document.activeElement;
    held = active && active !== document.body ? { active, text: isField(active) && TEXTS.test(active.type) ? active.value : null, caret: attempt(() => active.selectionStart) } : null;
  });
  document.addEventListener("forum:applied", () => {
    look();
    if (!held) return;
    const { active, text, caret } = held;
    const now = document.activeElement;
    const what = `${active.localName} ${active.name ?? ""} of ${ops(active.form)}`;
    if (!now || now === document.body) wrong.push(`focus fell to the page from ${what}`);
    if (text === null || now !== active) return;
    if (active.value !== text) wrong.push(`"${text}" in ${what} became "${active.value}" under the caret`);
    else if (attempt(() => active.selectionStart) !== caret) wrong.push(`the caret moved in ${what}`);
  });
  addEventListener("DOMContentLoaded", look);

  function attempt(what) {
    try {
      return what();
    } catch {
      return null;
    }
  }

  function check() {
    const here = new Map(fields().map((el) => [keyOf(el), el]));
    for (const [key, { what, value }] of [...entered]) {
      const el = here.get(key);
      if (el && holds(el) === value) continue;
      const fine = what === "text" ? shows(value) : !el || told(el);
      if (!fine) wrong.push(`${what} "${value}" entered in ${key} is ${el ? `"${holds(el)}" now` : "gone"}`);
      if (!fine || !el) entered.delete(key);
    }
    for (const details of document.querySelectorAll("details")) {
      if (opened.has(detailsKey(details)) && !details.open) {
        wrong.push(`what was opened is closed: ${detailsKey(details)} (${document.activeElement?.outerHTML.slice(0, 80)})`);
        opened.delete(detailsKey(details));
      }
    }
    const out = { wrong: wrong.splice(0), led: led.map((op) => ({ ...op, cid: op.cid || cid })), cid, entered: entered.size };
    led = [];
    return out;
  }

  /** What a hand could touch now: the visible controls of forms, numbered. */
  function controls() {
    const dialog = document.querySelector("dialog[open]");
    const all = [...(dialog ?? document).querySelectorAll("form[data-op] button, button[form], dialog button, input, textarea, select, summary")];
    window.__hands.found = all;
    return all.flatMap((el, n) => {
      if (el.disabled || el.type === "hidden" || el.readOnly || !isSeen(el)) return [];
      const form = el.form ?? null;
      const kind = el.localName === "button" ? "button" : el.localName === "summary" ? "summary" : TICKS.test(el.type) ? "tick" : el.localName === "select" ? "choice" : TYPED.test(el.type) ? "text" : "";
      if (!kind || (form && !ops(form) && !dialog && kind !== "tick")) return [];
      return [{ n, kind, op: el.dataset?.op ?? ops(form), name: el.name ?? "", type: el.type ?? "", dialog: !!dialog, main: !!el.closest(".now-main, .now-do"), value: String(el.value ?? ""), filled: isField(el) && holds(el) !== drawn(el) }];
    });
  }

  /** Bring a control into view and say where a hand finds it; null when something lies over it, or it is gone. */
  function reach(n) {
    const el = window.__hands.found?.[n];
    if (!el?.isConnected) return null;
    el.scrollIntoView({ block: "center", behavior: "instant" });
    look(); // a hand that scrolls looks where it is then
    const box = el.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width / 2, 200), box.top + box.height / 2];
    const top = document.elementFromPoint(x, y);
    return top && (top === el || el.contains(top) || top.closest("label")?.control === el) ? [x, y] : null;
  }

  window.__hands = { check, controls, reach, found: [] };
})();
