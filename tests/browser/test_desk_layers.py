"""The desk in three layers: few controls at first, everything one press away, nothing that scrolls sideways."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from forum.domain.steps.kinds import KINDS
from forum.opening import agendas, steps
from tests.browser.people import unfold
from tests.browser.test_docks import Hall, hall
from tests.further import further

__all__ = ["hall"]

MOST = 20  # controls in the first view
SEEN = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter((el) => {
  const box = el.getBoundingClientRect();
  return el.checkVisibility({ checkOpacity: true }) && box.width && box.height && box.bottom > 0 && box.top < innerHeight && !el.disabled && !el.closest(".skip, .sr");
}).map((el) => (el.textContent || el.name).trim())"""
CUT = """() => [...document.querySelectorAll(".head *, .now *, .counts *, .timer *")].filter((el) =>
  getComputedStyle(el).textOverflow === "ellipsis" || el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).overflowX !== "visible"
).filter((el) => !el.closest(".sr, details:not([open])")).map((el) => el.className || el.textContent)"""
AGENDA = steps(agendas()["forum-eclair"])
STEPS = {step.kind: step.id for step in reversed(AGENDA)}
"""Of each kind, the first step of the agenda that everybody starts with."""
SIZES = ((1024, 768), (768, 1024), (390, 844), (720, 450))


async def filled(hall: Hall, kind: str) -> None:
    """A step of this kind, with what people make in it and before, while the time runs."""
    await hall.on(STEPS[kind])
    settings = next(step.settings for step in AGENDA if step.kind == kind)
    if settings.plans or settings.on_plan:
        await hall.does("MakeAxis", axis="axis0001", title="Un axe de plus")
        for n in range(6):
            await hall.does("MakeAction", action=f"action{n:04}", axis="axis0001", title=f"Une action no {n}")
    await hall.does("SetTimer", seconds=600)


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("sort", (1440, 900)),
        ("sheet", (1440, 900)),
        *further(
            *((kind, (1440, 900)) for kind in KINDS if kind not in ("sort", "sheet")),
            *(("sheet", size) for size in SIZES),
            *(("sort", size) for size in SIZES),
        ),
    ],
)
async def test_the_first_view_of_the_desk_has_few_controls_and_the_others_are_one_press_away(
    browser: Browser, hall: Hall, kind: str, size: tuple[int, int]
) -> None:
    await filled(hall, kind)
    desk = await hall.page(browser, "desk", size)
    seen: list[Any] = await desk.evaluate(SEEN)

    assert len(seen) <= MOST, seen
    assert await desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await desk.evaluate(CUT) == []
    await unfold(desk)
    for folded in ("form[data-op=SetEntry]", ".export-list", "form[data-op=InsertStep]"):
        await expect(desk.locator(folded).first).to_be_attached()
    await expect(desk.locator("form[data-op=SetEntry]")).to_be_visible()
    await desk.locator("form[data-op=SetEntry] button[value=approval]").click()
    await expect(desk.locator("button[value=approval][aria-pressed=true]")).to_be_visible()


async def test_why_a_press_did_nothing_stands_clear_of_its_button(browser: Browser, hall: Hall) -> None:
    await hall.on("theme-vote")
    await hall.does("CloseStep", step="theme-vote")
    await hall.does("RevealStep", step="theme-vote", knowing=True)
    desk = await hall.page(browser, "desk", (1280, 800))
    gap = await desk.evaluate(
        """() => {
          const form = document.querySelector(".now-main"), say = form.querySelector(".say");
          say.textContent = "…";
          return say.getBoundingClientRect().top - form.querySelector("button").getBoundingClientRect().bottom;
        }"""
    )

    assert gap >= 8  # px, as wide as the ring of what has the focus


async def test_the_title_of_the_next_step_begins_a_line_of_the_button_where_it_is_not_whole_in_the_first(
    browser: Browser, hall: Hall
) -> None:
    desk = await hall.page(browser, "desk", (1440, 900))
    title = desk.locator(".now-main .now-to")
    lines = """(el) => {
      const label = el.parentElement.getBoundingClientRect(), said = el.getBoundingClientRect();
      return { below: said.top - label.top > 8, high: label.height / parseFloat(getComputedStyle(el).lineHeight) };
    }"""

    assert not (await title.evaluate(lines))["below"]
    await desk.set_viewport_size({"width": 1280, "height": 800})
    await title.evaluate("(el) => { el.textContent = 'Voter pour les thèmes'; }")
    found = await title.evaluate(lines)
    assert found["below"], found
    assert found["high"] < 2.5, found


async def test_where_the_system_chooses_the_colours_the_present_step_and_who_may_come_in_are_still_told_apart(
    browser: Browser, hall: Hall
) -> None:
    desk = await hall.page(browser, "desk", (1440, 900))
    await desk.emulate_media(forced_colors="active")
    await unfold(desk)

    async def looks(which: str, of: str) -> str:
        found: str = await desk.locator(which).first.evaluate(f"(el) => getComputedStyle(el).{of}")
        return found

    side, back = "borderInlineStartColor", "backgroundColor"
    assert await looks(".step.current", side) != await looks(".step:not(.current)", side)
    pressed, other = ".switch [aria-pressed=true]", ".switch [aria-pressed=false]"
    assert await looks(pressed, back) != await looks(other, back)


async def test_the_tools_of_a_card_show_at_the_card_one_is_on_by_mouse_or_by_keyboard(
    browser: Browser, hall: Hall
) -> None:
    await hall.on("sort")
    desk = await hall.page(browser, "desk", (1440, 900))
    card = desk.locator(".pick").first
    tools = card.locator("summary")

    await expect(tools).to_have_css("opacity", "0")
    await card.hover()
    await expect(tools).to_have_css("opacity", "1")
    await desk.mouse.move(0, 0)
    await expect(tools).to_have_css("opacity", "0")
    await tools.focus()
    await expect(tools).to_have_css("opacity", "1")
    await card.locator(".idea-text").click()  # a press anywhere on it chooses it
    await expect(card.locator("input[type=checkbox]")).to_be_checked()
    await expect(desk.locator(".selection")).to_be_visible()


async def test_the_desk_shows_the_wall_in_small_and_its_page_and_nothing_in_it_can_be_reached(
    browser: Browser, hall: Hall
) -> None:
    await hall.on("sort")
    desk = await hall.page(browser, "desk", (1440, 900))
    small = desk.frame_locator(".wall-small iframe")

    await expect(small.locator(".stage .idea-text").first).to_have_text(
        "Une carte de deux lignes ou presque, no 0"
    )
    await hall.does("OpenStep", step="theme-vote")
    await expect(small.locator("h1")).to_contain_text("Votez")
    assert await small.locator("a, button, input, summary, [tabindex]").count() == 0
    assert await desk.locator(".wall-small iframe").evaluate("(el) => el.inert && el.tabIndex === -1")
    assert await desk.evaluate(f"({SEEN})().length") <= MOST
