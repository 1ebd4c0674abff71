/**
 * What a hand finds on a page: its controls, where they lie, and what can be read. Looks only. Works in a page without
 * script too, in which it is put before each look.
 */
(() => {
  const TYPED = /^(text|search|url|email|tel|number|date|time|textarea)$/;
  const TEXTS = /^(text|search|url|email|tel|textarea)$/; // of these a person would miss the words
  const TICKS = /^(checkbox|radio)$/;
  const PRESSED = "form[data-op] button, button[form], dialog button, [data-leave-out], [data-selection-clear]";

  const ops = (form) => form?.dataset?.op ?? "";
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const isField = (el) => el instanceof HTMLElement && el.matches("input:not([type=hidden]), textarea, select") && el.name;
  const holds = (el) => (TICKS.test(el.type) ? el.checked : el.value);
  const isSeen = (el) => {
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && el.checkVisibility({ checkVisibilityCSS: true });
  };

  function drawn(el) {
    if (TICKS.test(el.type)) return el.defaultChecked;
    if (el instanceof HTMLSelectElement) return ([...el.options].find((o) => o.defaultSelected) ?? el.options[0])?.value;
    return el.defaultValue;
  }

  /** Whether a text can be read somewhere, or once what is folded is open; what is hidden holds nothing. */
  function shows(text, within = document.body) {
    const sought = flat(text);
    const has = (el) => flat(el.textContent).includes(sought);
    const stands = (el) => el.getClientRects().length > 0;
    const fields = [...within.querySelectorAll("input, textarea")].filter((el) => TEXTS.test(el.type));
    if (fields.some((el) => flat(el.value).includes(sought) && stands(el))) return true;
    return has(within) && [within, ...within.querySelectorAll("*")].some((el) => has(el) && stands(el) && ![...el.children].some(has));
  }

  /** What the desk says is happening: the step's title and its phase. */
  function stage() {
    const phase = document.querySelector("#now .now-state")?.className.match(/state-(\w+)/)?.[1] ?? "";
    return [flat(document.querySelector("#now-title")?.textContent ?? ""), phase];
  }

  /** What a hand could touch now: the visible controls of forms, numbered. */
  function controls() {
    const dialog = document.querySelector("dialog[open]");
    const all = [...(dialog ?? document).querySelectorAll(`${PRESSED}, input, textarea, select, summary`)];
    window.__hands.found = all;
    return all.flatMap((el, n) => {
      if (el.disabled || el.type === "hidden" || el.readOnly || !isSeen(el)) return [];
      const form = el.form ?? null;
      const kind = el.localName === "button" ? "button" : el.localName === "summary" ? "summary" : TICKS.test(el.type) ? "tick" : el.localName === "select" ? "choice" : TYPED.test(el.type) ? "text" : "";
      if (!kind || (form && !ops(form) && !dialog && kind !== "tick")) return [];
      return [{ n, kind, op: el.dataset?.op ?? ops(form), name: el.name ?? "", type: el.type ?? "", dialog: !!dialog, main: !!el.closest(".now-main, .now-do"), value: String(el.value ?? ""), least: el.min ?? "", filled: isField(el) && holds(el) !== drawn(el) }];
    });
  }

  /** Bring a control into view and say where a hand finds it; null when something lies over it, or it is gone. */
  function reach(n) {
    const el = window.__hands.found?.[n];
    if (!el?.isConnected) return null;
    el.scrollIntoView({ block: "center", behavior: "instant" });
    window.__hands.looked?.(); // a hand that scrolls looks where it is then
    const box = el.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width / 2, 200), box.top + box.height / 2];
    const top = document.elementFromPoint(x, y);
    return top && (top === el || el.contains(top) || top.closest("label")?.control === el) ? [x, y] : null;
  }

  /** What is sent by a button, or by Enter in a field: its command, its texts, what the desk shows beside it. */
  function said(n) {
    const el = window.__hands.found[n];
    const { form } = el;
    const by = el.localName === "button" ? el : form && [...form.elements].find((one) => one.type === "submit");
    if (by?.type !== "submit" || form.target || el.localName === "textarea") return { goes: false };
    const goes = form.noValidate || by.formNoValidate || form.checkValidity();
    const texts = [...form.elements].filter((one) => TEXTS.test(one.type) && isField(one)).map((one) => one.value.trim());
    return { goes, op: by.dataset.op ?? ops(form), ticket: form.elements.ticket?.value ?? "", texts: texts.filter(Boolean), stage: stage() };
  }

  window.__hands = { TEXTS, TICKS, ops, flat, isField, holds, drawn, isSeen, shows, stage, controls, reach, said, found: [] };
})();
