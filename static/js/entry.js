/**
 * The landing of a secret link: hands the part after # to the server by POST and goes where it says.
 * The secret leaves the address bar before anything else, and stays nowhere. Loaded alone, on that page only.
 *
 * `<body data-enter=URL>`; `[data-say]` speaks (its data-words-entering, -failed, -offline); `form[data-enter-form]` is
 * the way by hand; `data-enter-waits` on it: the secret is filled in, the person presses when ready.
 */

const secret = location.hash.slice(1);
const form = document.querySelector("form[data-enter-form]");
const said = document.querySelector("[data-say]");

if (secret) {
  history.replaceState(null, "", location.pathname + location.search);
  const field = form?.querySelector("[name=secret]");
  if (form instanceof HTMLFormElement && field instanceof HTMLInputElement && "enterWaits" in form.dataset) {
    field.value = secret;
    form.dataset.filled = "";
  } else {
    enter();
  }
}

async function enter() {
  say("entering");
  const field = form?.querySelector("[name=ticket]");
  const ticket = field instanceof HTMLInputElement ? field.value : ""; // one person, however often the page is tried
  try {
    const answer = await fetch(document.body.dataset.enter ?? "enter", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ secret, ticket }),
    });
    const { ok, location: next, msg } = await answer.json().catch(() => ({}));
    if (ok && next) location.replace(next);
    else say("failed", msg);
  } catch {
    say("offline");
  }
}

/**
 * @param {string} name
 * @param {string} [sentence]  the server's own, where it gave one
 */
function say(name, sentence) {
  if (said) said.textContent = sentence || said.getAttribute(`data-words-${name}`) || "";
}
