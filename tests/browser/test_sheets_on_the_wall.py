"""Sheets on the wall in a real browser: each stands on some page in whole, on every size of wall, however much it says."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, Page, Route

from forum.domain.flow import TurnPage
from forum.domain.kernel import SheetId, StepId
from forum.domain.limits import Text
from forum.domain.settings import SheetSettings
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.schema import Field, Schema
from forum.domain.sheets.writing import MakeSheet
from forum.fragments.pages import Pages, Token
from forum.fragments.screen import pages as how_many
from forum.fragments.surface import Audience, View
from forum.places import static_dir
from tests.further import further
from tests.scenes import FACILITATOR, Scene, a_room
from tests.toysheet import MENU, known

WALLS = ((1280, 720), (1920, 1080))
PLACE = "http://wall.test/"
SENTENCE = "Ouvrir un lieu commun où les associations du quartier se retrouvent et préparent ensemble leurs projets. "
LONG: Schema = MENU._replace(
    name="long",
    fields=tuple(Field(f"f{n}", f"Field {n}", Text(600), needed=not n) for n in range(6)),
)
CUT = """() => {
  const found = [], stage = document.querySelector(".stage.sheets").getBoundingClientRect();
  for (const el of document.querySelectorAll(".sheet, .sheet *")) {
    const style = getComputedStyle(el), box = el.getBoundingClientRect();
    if (style.textOverflow === "ellipsis" || !["", "none"].includes(style.webkitLineClamp)) found.push(`clamped ${el.className}`);
    if (box.bottom > stage.bottom + 1 || box.right > stage.right + 1)
      found.push(`${el.tagName} .${el.className}: ${box.right}, ${box.bottom} of ${stage.right}, ${stage.bottom}`);
  }
  for (const el of document.querySelectorAll(".sheet"))
    if (el.scrollHeight > el.clientHeight + 1 || el.scrollWidth > el.clientWidth + 1)
      found.push(`${el.scrollWidth}×${el.scrollHeight} in ${el.clientWidth}×${el.clientHeight}`);
  return found;
}"""
SHOWN = """() => [...document.querySelectorAll(".sheet")].map((el) => [
  Number(el.querySelector(".action-number").textContent), [...el.querySelectorAll("dt")].map((dt) => dt.textContent)])"""


@pytest.fixture(autouse=True)
def pytest_long() -> Iterator[None]:
    with known(LONG):
        yield


def longest(schema: Schema, short: bool) -> dict[str, object]:
    """Every field that the wall shows, with as many letters as it holds, or with few."""
    texts = {f.name: f.holds.most for f in schema.fields if f.wall and isinstance(f.holds, Text)}
    full = {name: (SENTENCE * 20)[: 60 if short else most].strip() for name, most in texts.items()}
    return full | ({"horizon": "2027"} if schema.field("horizon") else {})


def written(schema: str, sheets: int, short: bool = False) -> Scene:
    room = a_room({"sheets": SheetSettings(what=schema)}).opened("sheets")
    for n in range(sheets):
        sheet = MakeSheet(SheetId(f"sheet{n:03}"), schema, StepId("sheets"), longest(SCHEMAS[schema], short))  # type: ignore[arg-type]
        room.ask(sheet, FACILITATOR)
    return room


async def drawn(page: Page, room: Scene) -> None:
    """The wall as it is sent, with its style sheets."""
    pages = Pages(static=lambda path: f"{PLACE}static/{path}")
    html = pages.document(
        View(room.state, {}), Audience("screen", "fr"), FACILITATOR, token=Token(1, room.state.seq, "c0ffee"), now=1,
        ticket="t" * 22, nonce="n", unsaved=False, flash="",
    )  # fmt: skip

    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE)
        if not path:
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif path.endswith((".css", ".woff2")):
            await route.fulfill(path=static_dir() / path.removeprefix("static/"))
        else:
            await route.abort()

    await page.unroute_all()
    await page.route("**/*", answer)
    await page.goto(PLACE)
    await page.evaluate("() => document.fonts.ready.then(() => null)")


@pytest.mark.parametrize(
    ("schema", "sheets"), [("objective", 3), ("long", 2), *further(("objective", 1), ("objective", 40))]
)
async def test_every_sheet_stands_on_some_page_of_the_wall_in_whole(
    browser: Browser, schema: str, sheets: int
) -> None:
    room = written(schema, sheets)
    labels = [
        field.name for field in SCHEMAS[schema].fields[1:] if field.name in longest(SCHEMAS[schema], False)
    ]
    page = await (await browser.new_context(locale="fr-FR", reduced_motion="reduce")).new_page()
    for wide, high in WALLS:
        await page.set_viewport_size({"width": wide, "height": high})
        said: dict[int, list[str]] = {}
        for n in range(how_many(View(room.state, {}))):
            room.ask(TurnPage(n))
            await drawn(page, room)
            assert await page.evaluate(CUT) == [], (wide, n)
            for number, fields in await page.evaluate(SHOWN):
                said.setdefault(number, []).extend(fields)
        assert sorted(said) == list(range(1, sheets + 1))
        assert all(len(fields) == len(set(fields)) == len(labels) for fields in said.values())
    await page.context.close()


def test_as_many_sheets_share_a_page_as_their_texts_allow() -> None:
    assert [how_many(View(written("objective", n, short=True).state, {})) for n in (0, 1, 6, 7)] == [
        1,
        1,
        1,
        2,
    ]
    assert how_many(View(written("objective", 6).state, {})) == 2
    assert how_many(View(written("long", 2).state, {})) > 2
