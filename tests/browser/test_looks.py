"""What every screen looks like at every moment: nothing cut, no field into which a phone zooms, marks without a style sheet.

One forum is played from its welcome to its end, and its pages are measured on the way, in a browser with scroll bars as
most desks have them.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.async_api import Browser, Page, async_playwright

from forum.places import static_dir, templates_dir
from tests import chromium
from tests.browser.people import PHONE
from tests.pictures.theatre import Theatre, moments, theatre

DESKS = (1000, 1280, 1366, 1440, 1600, 1920)
WALLS = (1280, 1920)
TABLET: dict[str, Any] = {"viewport": {"width": 768, "height": 1024}, "has_touch": True, "is_mobile": True}
LEAST_FONT_PX = 16  # below, iOS zooms into the field and leaves the page moved
pytestmark = [pytest.mark.further, pytest.mark.timeout(300)]  # some 25 seconds on two free cores
UNSTYLED = {("welcome", "open"), ("ideas", "busy"), ("theme-vote", "busy"), ("theme-vote", "over")}
STYLED = UNSTYLED | {("ideas", "over"), ("sort", "busy"), ("actions", "busy"), ("pledges", "busy")}

# Boxes whose content is wider or higher than they are, and boxes outside the page. What a wall cuts off between whole
# cards, what ends in an ellipsis, and fields, which scroll, are meant so.
CUT = """() => {
  const kinds = {}; // of each kind of panel some are opened: a board has a hundred cards that fold alike
  for (const details of document.querySelectorAll("details")) {
    kinds[details.className] = (kinds[details.className] ?? 0) + 1;
    details.open = kinds[details.className] <= 3;
  }
  const found = [], width = document.documentElement.clientWidth;
  const meant = (el, style) => style.textOverflow === "ellipsis" || !["", "none"].includes(style.webkitLineClamp) ||
    style.clipPath === "inset(50%)" || el.closest(".sr, .visually-hidden, svg, input, textarea, select, details:not([open]) > :not(summary)");
  for (const el of document.querySelectorAll("body *")) {
    const style = getComputedStyle(el), box = el.getBoundingClientRect();
    if (style.visibility !== "visible" || !box.width || !box.height || style.display === "inline" || meant(el, style)) continue;
    const say = (why) => found.push(`${why}: ${el.tagName} #${el.id} .${el.className} ${el.textContent.trim().slice(0, 30)}`);
    if (el.scrollWidth > el.clientWidth + 1) say(`${el.scrollWidth} px in ${el.clientWidth}`);
    if (box.left < -1 || box.right > width + 1) say(`from ${box.left} to ${box.right} of ${width}`);
    if (style.overflowY === "hidden" && el.scrollHeight > el.clientHeight + 1) say(`${el.scrollHeight} px high in ${el.clientHeight}`);
  }
  return found;
}"""
SMALL = """() => [...document.querySelectorAll("input, textarea, select")]
  .filter((el) => !["hidden", "checkbox", "radio"].includes(el.type))
  .map((el) => [parseFloat(getComputedStyle(el).fontSize), `#${el.id} [name=${el.name}]`])"""
MARKS = """() => [...document.querySelectorAll("svg")].map((svg) => {
  const { width, height } = svg.getBoundingClientRect();
  const parts = [...svg.querySelectorAll("circle, rect, path")].map((part) => {
    const { fill, stroke } = getComputedStyle(part);
    return { of: part.getAttribute("class") ?? "", fill, stroke, width: part.getBoundingClientRect().width };
  });
  return { of: svg.getAttribute("class"), width, height, parts };
})"""

STRIPS = """() => [...document.querySelectorAll("*")]
  .filter((el) => el === document.documentElement || /auto|scroll/.test(getComputedStyle(el).overflowY))
  .map((el) => [getComputedStyle(el).colorScheme, ...getComputedStyle(el).scrollbarColor.split(/ (?=rgb)/)])"""
SELECTABLE = """() => Object.fromEntries(["[data-drag]", "[data-drag] .idea-text", "[data-drag] input[name=reason]", "h2"]
  .map((which) => [which, getComputedStyle(document.querySelector(which)).userSelect]))"""

BESIDE = (
    "",
    "/plan",
    "/receipt",
    "/receipt/check",
    "/data",
    "/leave",
    "/mine",
    "/ticket",
    "/desk/data",
    "/desk/arrivals",
)


@dataclass
class Seen:
    """What was measured."""

    cut: list[str] = field(default_factory=list)
    fields: list[tuple[float, str]] = field(default_factory=list)  # px, which
    marks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by class
    asked: list[str] = field(default_factory=list)  # addresses that phones loaded
    strips: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # by night: scheme, strip, its ground; of what scrolls
    selectable: dict[str, str] = field(default_factory=dict)  # by a finger, where cards are dragged
    pages: int = 0


async def came(browser: Browser, where: Theatre, surface: str, *, styled: bool = True, **look: Any) -> Page:
    """A browser of its own that came to a surface."""
    context = await browser.new_context(locale="fr-FR", reduced_motion="reduce", **look)
    page = await context.new_page()
    if not styled:
        await page.route("**/*.css", lambda route: route.abort())
    await page.goto(where.link(surface))
    if surface == "phone":
        await page.locator("form[action$='/join'] button").click()
    await page.wait_for_selector("html[data-link=live]")
    return page


async def measured(seen: Seen, page: Page, name: str) -> None:
    """Note the fields of a page that fingers write in."""
    seen.fields += [(px, f"{name}: {which}") for px, which in await page.evaluate(SMALL)]
    seen.pages += 1


async def live_again(*pages: Page) -> None:
    """Load pages anew, and wait until they are connected."""
    for page in pages:
        await page.reload()
        await page.wait_for_selector("html[data-link=live]")


async def resized(seen: Seen, desk: Page, wall: Page, at: str) -> None:
    """Note what is cut off at any width that a desk or a wall may have."""
    for page, width, height in (
        *((desk, w, 900) for w in DESKS),
        *((wall, w, w * 9 // 16) for w in WALLS),
    ):
        await page.set_viewport_size({"width": width, "height": height})
        seen.cut += [f"{at}, {width} px: {what}" for what in await page.evaluate(CUT)]


@pytest.fixture(scope="module")
async def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    seen = Seen()
    async with (
        async_playwright() as playwright,
        theatre(tmp_path_factory.mktemp("looks"), people=6, seed=1, lang="fr") as where,
    ):
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(),
            args=list(chromium.FLAGS),
            ignore_default_args=["--hide-scrollbars"],
        )
        desk, wall = [
            await came(browser, where, one, viewport={"width": 1440, "height": 900})
            for one in ("desk", "screen")
        ]
        phone = await came(browser, where, "phone", **PHONE)
        phone.on("request", lambda request: seen.asked.append(request.url))
        tablet = await came(browser, where, "desk", **TABLET)
        plain = [
            await came(browser, where, one, styled=False, **PHONE) for one in ("phone", "desk", "screen")
        ]
        async for step, moment in moments(where, seed=1, lang="fr"):
            at = f"{step.id}, {moment}"
            if (step.id, moment) not in STYLED:
                continue
            await live_again(desk, wall, phone, tablet)
            await resized(seen, desk, wall, at)
            await measured(seen, phone, f"phone at {at}")
            await measured(seen, tablet, f"desk at {at}")
            if step.kind == "sort":
                seen.selectable = await tablet.evaluate(SELECTABLE)
                await desk.emulate_media(color_scheme="dark")
                seen.strips = await desk.evaluate(STRIPS)
                await desk.emulate_media(color_scheme="light")
            for page in plain if (step.id, moment) in UNSTYLED else ():
                await live_again(page)
                for mark in await page.evaluate(MARKS):
                    seen.marks.setdefault(mark["of"], []).append(mark)
        marks = Environment(loader=FileSystemLoader(templates_dir())).get_template("parts/marks.html").module
        await plain[0].set_content(
            f"<main>{marks.dots(2, 3)}</main>"
        )  # the demo's vote gives one point a choice
        for mark in await plain[0].evaluate(MARKS):
            seen.marks.setdefault(mark["of"], []).append(mark)
        for path in BESIDE:
            for page in (phone, tablet):
                await page.goto(where.link("phone") + path)
                await measured(seen, page, path)
        for path in ("/", "/help", "/check"):
            await phone.goto(where.address + path)
            await measured(seen, phone, path)
        await browser.close()
    return seen


async def test_every_panel_of_the_desk_and_of_the_wall_is_whole_at_every_width_and_moment(seen: Seen) -> None:
    assert "\n".join(seen.cut) == ""


async def test_no_phone_zooms_into_a_field(seen: Seen) -> None:
    assert len(seen.fields) > seen.pages
    assert [which for px, which in seen.fields if px < LEAST_FONT_PX] == []


async def test_without_a_style_sheet_marks_keep_their_sizes_and_say_what_they_say(seen: Seen) -> None:
    dots, bars, piles, squares = (seen.marks[name] for name in ("dots", "bar", "pile-cards", "qr"))

    assert {mark["height"] <= 16 for mark in (*dots, *bars)} == {True}
    for mark in dots:
        assert mark["width"] <= 15 * len(mark["parts"])
        assert {part["of"] for part in mark["parts"]} <= {"on", ""}
    for mark in bars:
        track, part = mark["parts"]
        assert track["fill"] != part["fill"]
        assert part["width"] <= track["width"] + 1
    assert any(mark["parts"][1]["width"] < mark["parts"][0]["width"] / 2 for mark in bars), (
        "an empty bar looked full"
    )
    for mark in piles:
        fills = {part["of"]: part["fill"] for part in mark["parts"]}
        assert fills["place"] == fills["back-line"] == "none"
        assert fills["back-card"] not in ("none", "rgb(0, 0, 0)")
    for mark in squares:
        assert 200 <= mark["width"] == mark["height"] <= 300


async def test_by_night_every_scroll_strip_is_of_the_pages_colours(seen: Seen) -> None:
    assert len(seen.strips) > 3
    assert {tuple(strip) for strip in seen.strips} == {("dark", "rgb(119, 128, 154)", "rgb(18, 21, 28)")}


async def test_a_finger_that_drags_a_card_selects_nothing_and_all_else_can_be_selected(seen: Seen) -> None:
    assert seen.selectable == {
        "[data-drag]": "none",
        "[data-drag] .idea-text": "none",
        "[data-drag] input[name=reason]": "text",
        "h2": "auto",
    }


def test_every_mark_that_a_template_draws_is_looked_at_without_a_sheet() -> None:
    drawn = [
        re.findall(r'<svg class="([\w-]+)"', file.read_text()) for file in templates_dir().rglob("*.html")
    ]

    assert {name for found in drawn for name in found} == {
        "dots",
        "bar",
        "pile-cards",
    }  # and "qr", which is no template


async def test_a_phone_that_puts_the_page_on_its_home_screen_has_a_picture_for_it_and_others_do_not_load_it(
    seen: Seen,
) -> None:
    picture = (static_dir() / "touch-icon.png").read_bytes()
    base = (templates_dir() / "base.html").read_text()

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [180, 180]
    assert picture[25] == 2, "opaque: what shines through is black on an iPhone"
    assert 'rel="apple-touch-icon" href="{{ static(\'touch-icon.png\') }}"' in base
    assert seen.asked
    assert not any("touch-icon" in address for address in seen.asked)
