"""Paper: every page prints black on white, whatever the colours of the screen, and nothing that is worked with."""

import re
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Page, Route

from forum.fragments.pages import Pages, Token
from forum.fragments.surface import Audience, View
from forum.opening import agendas, open_forum
from forum.places import static_dir
from forum.web.joined import joined
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote
from tests.web.conftest import a_place

LEAST_CONTRAST = 7
ADDRESS = "http://paper.test"
NAMES = {LEA: "Léa", ANNE: "Anne", FACILITATOR: "Claire"}

# Of all text that is printed, the colour and the ground: a printer leaves grounds out that do not ask to be kept. Of what
# is worked with, and of what stands still while a page scrolls, whatever would be printed.
PRINTED = """() => {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    pixel.fillStyle = "#fff"; pixel.fillRect(0, 0, 1, 1);
    pixel.fillStyle = colour; pixel.fillRect(0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colour) => rgb(colour).map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const shown = (el) => el.getClientRects().length && getComputedStyle(el).visibility === "visible" && !el.closest(".sr, .visually-hidden, .skip");
  const ground = (el) => {
    for (let at = el; at; at = at.parentElement) {
      const { printColorAdjust, webkitPrintColorAdjust, backgroundColor } = getComputedStyle(at);
      if ((printColorAdjust ?? webkitPrintColorAdjust) === "exact" && !/, 0\\)$|transparent/.test(backgroundColor)) return backgroundColor;
    }
    return "#fff";
  };
  const say = (el) => `${el.localName}.${el.className?.baseVal ?? el.className} ${el.textContent.trim().slice(0, 30)}`;
  const words = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.data.trim()) words.add(texts.currentNode.parentElement);
  const pale = [...words].filter(shown).map((el) => {
    const [one, other] = [light(getComputedStyle(el).color), light(ground(el))].sort((a, b) => b - a);
    return [(one + 0.05) / (other + 0.05), say(el)];
  });
  const worked = [...document.querySelectorAll("button, .button, input:not([readonly]), select, textarea, dialog")].filter(shown);
  const still = [...document.querySelectorAll("body *")].filter((el) => shown(el) && /fixed|sticky/.test(getComputedStyle(el).position));
  return { words: pale.length, pale, over: [...worked, ...still].map(say),
    paper: rgb(getComputedStyle(document.body).backgroundColor).join() };
}"""


def scenes() -> Iterator[Scene]:
    yield a_room()
    yield a_room().opened("welcome")
    yield a_room().opened("ideas").with_ideas(3)
    board = a_room().opened("ideas").with_ideas(6).revealed("ideas").opened("sort")
    yield board.with_theme("aaaaaa", 1, 2).with_theme("bbbbbb", 3)
    yield a_vote().voted(LEA)
    decided = a_vote().closed("vote").revealed("vote")
    yield decided
    planned = decided.opened("plan").with_plan("Ouvrir un studio", "Louer une salle")
    yield planned
    yield planned.opened("pledge")


async def printed(page: Page, where: str) -> list[str]:
    """What is wrong with the page on paper, for who reads it in the dark."""
    await page.emulate_media(media="print", color_scheme="dark")
    found = await page.evaluate(PRINTED)
    await page.emulate_media(media="screen")
    assert found["words"] > 0, where
    return [
        *(f"{where}: {ratio:.1f} : 1 {which}" for ratio, which in found["pale"] if ratio < LEAST_CONTRAST),
        *(f"{where}: printed is {which}" for which in found["over"]),
        *([f"{where}: on {found['paper']}"] if found["paper"] != "255,255,255" else []),
    ]


async def test_every_moment_of_every_surface_prints_black_on_white_without_what_is_worked_with(
    page: Page,
) -> None:
    shown, wrong = "", []
    whole = dict(joined(lambda path: (static_dir() / path).read_bytes()))
    pages = Pages(static=lambda path: f"/static/{path}")

    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(f"{ADDRESS}/static/")
        if path == route.request.url:
            return await route.fulfill(body=shown, content_type="text/html")
        if path.endswith(".css"):
            body = whole.get(path) or (static_dir() / path).read_bytes()
            return await route.fulfill(body=body, content_type="text/css")
        return await route.abort()

    await page.route(f"{ADDRESS}/**", answer)
    for room in scenes():
        view, token = View(room.state, NAMES), Token(1, room.state.seq, "c")
        for surface, who in (("phone", LEA), ("desk", FACILITATOR), ("screen", FACILITATOR)):
            shown = pages.document(
                view, Audience(surface, "fr"), who, token=token, now=1, ticket="t", nonce="n"
            )
            await page.goto(ADDRESS)
            step = room.state.current or "before"
            wrong += await printed(page, f"{surface} at {step}")

    assert wrong == []


async def test_every_page_beside_the_forum_prints_black_on_white_too(page: Page, tmp_path: Path) -> None:
    wrong = []
    async with a_place(tmp_path) as place:
        agenda = agendas()["forum-eclair"]
        opened = await open_forum(place.service.journal, agenda, title="Vision", lang="fr", clock=place.clock)
        forum = f"{place.base}/f/{opened.code}"
        for path in ("/", "/help", "/check", "/nothing", f"/f/{opened.code}"):
            await page.goto(place.base + path)
            wrong += await printed(page, re.sub(opened.code, "CODE", path))
        await page.locator("form[action$='/join'] button").click()
        await page.goto(f"{forum}/desk#{opened.desk}")
        await page.wait_for_selector("html[data-link=live]")
        for path in (
            "/receipt",
            "/receipt/check",
            "/data",
            "/leave",
            "/mine",
            "/desk/data",
            "/desk/arrivals",
        ):
            await page.goto(forum + path)
            wrong += await printed(page, path)

    assert wrong == []
