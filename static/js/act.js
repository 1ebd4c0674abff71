/**
 * What a person does: every `form[data-op]` becomes an op, shows that it is under way, and its verdict.
 *
 * Hides confirmation, marks (`data-pending`, `data-slow` after 2 s, `data-saved`), the waiting card of a new idea, and
 * where a refused text goes back to: its field, or a dialog when something else stands there. Judges nothing.
 * Until ops are known to get through, a form goes its own way: the browser posts it, after the same question, and
 * `forum:posted` tells. `forum:queued`, `forum:accepted` and `forum:returned` tell what became of an op: it waits to be sent, it
 * was taken, or its text has no field to go back to.
 */

import { empty, formOf, giveBack, read, readAt, seal, wasRead } from "./fields.js";
import { focused } from "./focus.js";
import { announce, ask, place, words } from "./words.js";

const SLOW_MS = 2000;
const SAVED_MS = 1500; // how long the mark settles
const READ_MS = 5000; // in which what is told beside a form is read
const CAUGHT_UP_MS = 3000; // after which a page shows what was acknowledged, or never will
const CARD_MS = 3000; // a waiting card that was acknowledged goes, whatever the page shows

/** @typedef {import("./outbox.js").Op & {text?: string}} Op */
/** @typedef {import("./mirror.js").Frame} Frame */
/** @typedef {import("./mirror.js").Position} Position */
/** @typedef {{form: HTMLFormElement|null, button: HTMLElement|null, card: HTMLElement|null, since: number, held?: string}} Doing
 *   held: why it waits, as its form says */

/** @type {{said: Element, text: string, until: number}|null} */
let told = null;
/** @type {HTMLFormElement|null} where a press was refused in which nothing is written, or led to what is; what it says goes at the next one */
let refused = null;

export class Acts {
  /** @type {Map<Op, Doing>} */
  #under = new Map();
  /** @type {WeakMap<HTMLFormElement, {value: number, until: number}>} what a form's counting buttons asked for last */
  #asked = new WeakMap();
  #agreed = false; // while a form goes its own way that was asked about

  /**
   * @param {(at: Position, kind: string, b: Record<string, unknown>, onBehalf: string, text: string) => Op|null} add
   *   at: what the page showed when what is asked was read
   * @param {() => boolean} works  whether the server has answered this page, so that ops get through
   */
  constructor(add, works) {
    this.add = add;
    this.works = works;
    document.addEventListener("submit", (event) => this.#submitted(event));
    // The server draws own cards too: waiting ones stand aside while it does.
    document.addEventListener("forum:applying", () => this.#under.forEach(({ card }) => card?.remove()));
    document.addEventListener("forum:applied", () => {
      this.#showCards();
      tellAgain();
    });
  }

  /**
   * Send a command that no form says (a gesture). False when the outbox is full.
   * @param {string} kind
   * @param {Record<string, unknown>} b
   * @param {Position} at  what the page showed when it began
   */
  send(kind, b, at) {
    const op = this.add(at, kind, b, "", "");
    if (op) this.#watch(op, null, null);
    else ask({ say: words("full"), yes: words("ok") });
    return !!op;
  }

  /**
   * Show ops that an earlier life of this tab left.
   * @param {Op[]} ops
   */
  resume(ops) {
    ops.forEach((op) => this.#watch(op, formOf(op.k, op.b) ?? null, null));
  }

  /** How many ops have been under way for longer than a person expects. */
  slow() {
    return [...this.#under.values()].filter(({ since }) => Date.now() - since > SLOW_MS).length;
  }

  /**
   * @param {Op} op
   * @param {Frame} verdict  ack, or nack for good
   */
  settled(op, verdict) {
    const doing = this.#under.get(op);
    const accepted = verdict.t === "ack";
    if (doing) this.#unmark(op, doing, accepted);
    if (accepted && doing?.form && !("keep" in doing.form.dataset)) announce(words("kept"));
    const counted = doing?.form && this.#asked.get(doing.form);
    if (counted) counted.until = accepted ? Date.now() + CAUGHT_UP_MS : 0;
    if (doing?.held && doing.form) tell(doing.form, this.#whyHeld(doing.form));
    const refocus = focused();
    if (accepted) document.dispatchEvent(new CustomEvent("forum:accepted", { detail: { op } }));
    refocus();
    if (accepted || op.k === "Skip" || (op.again && verdict.code === "result_not_kept")) return;
    const form = doing && isStill(doing, op) ? doing.form : formOf(op.k, op.b);
    const why = verdict.msg || words("refused");
    const say = op.again ? `${words("lost")} ${why}` : why;
    if (form && giveBack(form, op.b)) {
      tell(form, say);
      if (!form.dataset.entered) refused = form;
      if (verdict.code === "which_one" && !op.again) this.#letGo(form, null); // a page asks
      return;
    }
    const dialog = () => {
      document.dispatchEvent(new CustomEvent("forum:returned", { detail: { op } }));
      ask({ say: op.text ? `${say} ${words("returned")}` : say, text: op.text, yes: words("ok") });
    };
    if (op.again) setTimeout(() => isOnPage(op.text) || dialog(), SLOW_MS); // the page may say it lastingly
    else dialog();
  }

  /**
   * Say why an op waits: it is kept, and sent again by itself.
   * @param {Op} op
   * @param {Frame} verdict
   */
  held(op, verdict) {
    const doing = this.#under.get(op);
    if (!doing?.form || !isStill(doing, op)) return;
    doing.held = verdict.msg ?? "";
    tell(doing.form, doing.held);
  }

  /** Why what this form sent before waits, if it does. @param {HTMLFormElement} form */
  #whyHeld(form) {
    return [...this.#under.values()].find((doing) => doing.form === form && doing.held)?.held ?? "";
  }

  /** @param {SubmitEvent} event */
  async #submitted(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (!form.dataset.op) return posted(form);
    if (form.dataset.op === "SayDone" && leads(form)) return event.preventDefault();
    const button = event.submitter;
    const why = form.dataset.told ? place(form.dataset.told)?.textContent : "";
    const question = why === undefined ? "" : `${why} ${button?.dataset.confirm ?? form.dataset.confirm ?? ""}`.trim();
    if (this.#agreed || !(question || this.works())) return posted(form);
    event.preventDefault();
    // Read before it is asked about: while somebody thinks, the form may have become another.
    const kind = button?.dataset.op ?? form.dataset.op;
    const { b, onBehalf, text } = read(form, button);
    const [asked, at] = [plainly(form, button), readAt(form)];
    if (question && !(await ask({ say: question, no: words("no") }))) return;
    if (!this.works()) {
      if (plainly(form, button) !== asked) return;
      wasRead(form, at);
      return this.#letGo(form, button);
    }
    const counted = this.#count(form, button, b);
    if (this.#same(form, kind, b)) return; // pressed twice
    wasRead(form);
    if (refused && refused !== form) tell(refused, this.#whyHeld(refused));
    refused = null;
    tell(form, this.#whyHeld(form));
    const op = this.add(at, kind, b, onBehalf, text);
    if (!op) return tell(form, words("full"));
    if (counted) this.#asked.set(form, counted);
    this.#watch(op, form, button);
    const refocus = focused();
    if (!("keep" in form.dataset)) empty(form);
    document.dispatchEvent(new CustomEvent("forum:queued", { detail: { form, op } }));
    refocus();
  }

  /**
   * Let the browser post a form that was asked about. By its button, whose name, value and address belong to it;
   * not by requestSubmit, which iOS has since 16.
   * @param {HTMLFormElement} form
   * @param {HTMLElement|null} button
   */
  #letGo(form, button) {
    if (!button) return seal(form), posted(form), form.submit();
    this.#agreed = true;
    button.click();
    this.#agreed = false;
  }

  /**
   * A button that adds (`data-add`) counts from the last press, as long as the page does not show that yet.
   * @param {HTMLFormElement} form
   * @param {HTMLElement|null} button
   * @param {Record<string, unknown>} b  gets the number
   * @returns {{value: number, until: number}|null}
   */
  #count(form, button, b) {
    const add = Number(button?.dataset.add);
    if (!(button instanceof HTMLButtonElement) || !add) return null;
    const last = this.#asked.get(form);
    const under = [...this.#under.values()].some((doing) => doing.form === form);
    const from = last && (under || Date.now() < last.until) ? last.value : Number(button.value) - add;
    const value = Math.max(Number(button.dataset.least ?? 0), from + add);
    b[button.name] = value;
    return { value, until: 0 };
  }

  /**
   * Whether this is what the form asked last: going there and back, and there again, is three gestures.
   * @param {HTMLFormElement} form
   * @param {string} kind
   * @param {Record<string, unknown>} b
   */
  #same(form, kind, b) {
    const latest = [...this.#under].reverse().find(([, doing]) => doing.form === form)?.[0];
    return latest?.k === kind && JSON.stringify(latest.b) === JSON.stringify(b);
  }

  /**
   * @param {Op} op
   * @param {HTMLFormElement|null} form
   * @param {HTMLElement|null} button
   */
  #watch(op, form, button) {
    const doing = { form, button, card: op.k === "PostIdea" ? waitingCard(op) : null, since: Date.now() };
    this.#under.set(op, doing);
    form?.setAttribute("data-pending", String(op.b[button?.getAttribute("name") ?? ""] ?? button?.getAttribute("value") ?? ""));
    button?.setAttribute("data-pending", "");
    this.#showCards();
    setTimeout(() => {
      if (this.#under.has(op)) [form, doing.card].forEach((el) => el?.setAttribute("data-slow", ""));
    }, SLOW_MS);
  }

  /**
   * @param {Op} op
   * @param {Doing} doing
   * @param {boolean} accepted
   */
  #unmark(op, { form, button, card }, accepted) {
    const gone = () => {
      this.#under.delete(op);
      card?.remove();
    };
    if (card && accepted) {
      setTimeout(gone, CARD_MS);
      card.removeAttribute("data-pending");
      card.setAttribute("data-saved", "");
      this.#under.set(op, { form: null, button: null, card, since: Infinity });
    } else gone();
    const more = [...this.#under.values()].some((other) => other.form === form);
    for (const el of [form, button]) {
      if (!el || (el === form && more)) continue;
      el.removeAttribute("data-pending");
      el.removeAttribute("data-slow");
    }
    if (accepted && form && !op.again) settle(form); // what comes again was not pressed now
  }

  #showCards() {
    const home = place("my-ideas");
    for (const [op, { card }] of this.#under) {
      if (!card) continue;
      const shown = document.querySelector(`[id$="-${CSS.escape(String(op.b.id))}"]`);
      if (shown) card.remove();
      else if (!card.isConnected) home?.prepend(card);
    }
  }
}

/** Whoever is done over a text that is not sent is led to it, and told as the form says it. @param {HTMLFormElement} form */
function leads(form) {
  const fields = /** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll(".act textarea"));
  const field = [...fields].find((el) => el.value !== el.defaultValue && (el.value.trim() || !el.required));
  if (!field?.form) return false;
  const details = field.closest("details");
  if (details) details.open = true;
  field.focus();
  tell(field.form, form.querySelector(".unsent")?.textContent ?? "");
  [refused, told] = [field.form, null];
  return true;
}

/** What the browser itself would post, but for what an update may change unmeant. @param {HTMLFormElement} form @param {HTMLElement|null} button */
function plainly(form, button) {
  const said = [...new FormData(form)].filter(([name]) => name !== "ticket" && name !== "seen");
  return JSON.stringify([button?.dataset.op ?? form.dataset.op, ...said]);
}

/** @param {HTMLFormElement} form */
function posted(form) {
  document.dispatchEvent(new CustomEvent("forum:posted", { detail: { form } }));
}

/** Whether the form that said an op still says it: an update may have made it another. @param {Doing} doing @param {Op} op */
function isStill({ form, button }, op) {
  return !!form?.isConnected && [form, button].some((el) => el?.dataset.op === op.k);
}

/** Whether the page itself tells of something that was not taken, with its words. @param {string} [text] */
function isOnPage(text = "") {
  const told = [...document.querySelectorAll("[data-untaken]")].map((el) => el.textContent ?? "");
  return told.some((said) => text.split("\n\n").every((part) => said.includes(part)));
}

/** @param {HTMLFormElement} form */
function settle(form) {
  form.setAttribute("data-saved", "");
  setTimeout(() => form.removeAttribute("data-saved"), SAVED_MS);
  const details = form.closest("keep" in form.dataset ? "details:not(.layer)" : ".propose");
  if (!(details instanceof HTMLDetailsElement) || (details.matches(".propose") && read(form, null).text)) return; // the next one
  const within = details.contains(document.activeElement);
  details.open = false;
  if (within) details.querySelector("summary")?.focus();
}

/** @param {Op} op */
function waitingCard(op) {
  const template = place("tpl-pending-card");
  if (!(template instanceof HTMLTemplateElement)) return null;
  const card = template.content.firstElementChild?.cloneNode(true);
  if (!(card instanceof HTMLElement)) return null;
  const text = card.querySelector("[data-text]") ?? card;
  text.textContent = String(op.b.text ?? "");
  card.setAttribute("data-pending", "");
  return card;
}

/**
 * Speak to a person beside what they did.
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function tell(form, text) {
  const said = form.querySelector("[data-say]");
  if (said) said.textContent = text;
  else if (text) ask({ say: text, yes: words("ok") });
  told = said && text ? { said, text, until: Date.now() + READ_MS } : null;
}

/** What was told beside a form that an update takes away before it is read is told all the same. */
function tellAgain() {
  if (!told || told.said.getClientRects().length) return;
  const { text, until } = told;
  told = null;
  if (Date.now() < until) ask({ say: text, yes: words("ok") });
}
