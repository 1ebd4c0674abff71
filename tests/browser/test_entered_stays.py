"""Random updates into every form there is: after each, all that a person typed, chose or ticked stands there, or is named.

The pages and the frames are the real ones, of rooms in which others go on by chance; no server sends them, so that a
hundred updates cost a second.
"""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route

from forum.fragments.pages import Pages, Token
from forum.fragments.surface import Audience, Put, View
from forum.language import LANGUAGES
from tests.further import further
from tests.histories import PEOPLE, one_more, random_history
from tests.scenes import FACILITATOR, Scene

STATIC = Path(__file__).parents[2] / "static"
ADDRESS = "http://forum.test/entered"
MOMENTS = 6  # of a forum; three show already what is kept and what is named
UPDATES = 12
SCRIPT = """import { startEntering } from "./entered.js";
import { startSelecting } from "./select.js";
import { ready } from "./morph.js";
import * as fragments from "./fragments.js";
ready.then(() => { startEntering("drafts/"); startSelecting(); window.fragments = fragments; });"""

FILL = """([seed, share]) => {
  let at = seed;
  const chance = () => ((at = (at * 1103515245 + 12345) % 2147483648) / 2147483648);
  const told = [];
  for (const form of document.querySelectorAll("form[data-entered]")) {
    let touched = false;
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.localName === "button" || field.readOnly || field.disabled) continue;
      if (field.localName === "fieldset" || chance() > share) continue;
      const box = /^(checkbox|radio)$/.test(field.type);
      if (field.localName === "select") {
        const options = [...field.options].filter((one) => !one.disabled);
        if (options.length < 2) continue;
        field.value = options[Math.floor(chance() * options.length)].value;
      } else if (box) {
        field.checked = true;
      } else if (/^(date|number)$/.test(field.type)) field.value = field.type === "date" ? "2031-02-03" : "17";
      else field.value = `typed ${told.length} at ${seed}`;
      touched = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || !field.matches("input, select, textarea")) continue;
      const box = /^(checkbox|radio)$/.test(field.type);
      const changed = box ? field.checked && !field.defaultChecked
        : field.localName === "select" ? false : field.value !== field.defaultValue;
      const text = field.localName === "select" ? field.selectedOptions[0]?.text : box ? field.labels[0]?.textContent : field.value;
      if (changed || (field.localName === "select" && touched)) {
        told.push({ form: form.dataset.entered, name: field.name, value: field.value, text: (text ?? "").trim().replace(/\\s+/g, " "), box, list: field.localName === "select" });
      }
    }
  }
  return told;
}"""

MISSED = """(told) => told.filter(({ form, name, value, text, box, list }) => {
  const home = [...document.querySelectorAll("form[data-entered]")].find((one) => one.dataset.entered === form);
  const fields = home ? [...home.elements].filter((one) => one.name === name && one.matches("input:not([type=hidden]), select, textarea")) : [];
  const kept = [...document.querySelectorAll("[data-of]")].find((one) => one.dataset.of === form);
  const named = (where) => (where ?? "").replace(/\\s+/g, " ").includes(text);
  if (!fields.length) return !(list || named(kept?.querySelector("textarea").value));
  if (!box) return fields[0].value !== value;
  const same = fields.find((one) => one.value === value);
  return same ? !same.checked : false;
})"""


def view_of(room: Scene) -> View:
    return View(room.state, {PEOPLE[0]: "Léa", PEOPLE[1]: "Anne"})


def drawn(pages: Pages, room: Scene, audience: Audience, who: str) -> dict[str, Put]:
    view = view_of(room)
    return {put.key: put for put in (*pages.page(view, audience), *pages.you(view, audience, who))}


def change(before: dict[str, Put], after: dict[str, Put]) -> tuple[list[list[str]], list[str]]:
    puts = [list(put) for key, put in after.items() if before.get(key) != put]
    return puts, [key for key in before if key not in after]


async def opened(page: Page, html: str) -> None:
    async def answer(route: Route) -> None:
        path = route.request.url.partition("/static/test/")[2]
        if not path:
            await route.fulfill(body=html, content_type="text/html")
        elif path in ("js/whole-live.js", "js/live.js"):
            await route.fulfill(body=SCRIPT, content_type="text/javascript")
        elif (STATIC / path).is_file():
            await route.fulfill(path=STATIC / path)
        else:
            await route.fulfill(status=404)

    await page.unroute_all()
    await page.route("**/*", answer)
    await page.goto(ADDRESS)
    await page.wait_for_function("() => window.fragments")
    await page.evaluate("localStorage.clear()")


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/test/{path}")


@pytest.mark.parametrize("surface", ["phone", "desk"])
@pytest.mark.parametrize(
    ("seed", "moments"), [(1, 3), *further(*((seed, MOMENTS) for seed in (1, 2, 3, 4, 5, 6, 7, 8)))]
)
async def test_all_that_is_entered_stays_through_every_update_or_is_named(
    page: Page, pages: Pages, surface: str, seed: int, moments: int
) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    rng = random.Random(f"entered {seed}")
    audience = Audience(surface, rng.choice(LANGUAGES))
    who = FACILITATOR if surface == "desk" else PEOPLE[0]
    room = random_history(rng, 0)
    for n in range(moments):
        for _ in range(28):
            one_more(rng, room)
        one_more(rng, room, eager=True)
        if who not in room.state.people.by_id or room.state.people.by_id[who].state != "in":
            continue
        html = pages.document(
            view_of(room), audience, who, token=Token(1, 7, "c"), now=1, ticket="t" * 22, nonce="n"
        )
        await opened(page, html)
        told: list[dict[str, Any]] = await page.evaluate(FILL, [seed + n, 0.6])
        before = drawn(pages, room, audience, who)
        for update in range(UPDATES):
            one_more(rng, room, eager=rng.random() < 0.03)
            after = drawn(pages, room, audience, who)
            puts, gone = change(before, after)
            before = after
            await page.evaluate("([puts, gone]) => { window.fragments.change(puts, gone); }", [puts, gone])
            missed = await page.evaluate(MISSED, told)
            step = room.state.now.kind if room.state.now else ""
            assert missed == [], f"seed {seed}, moment {n} ({step}), update {update}: {json.dumps(missed)}"
    assert faults == []
