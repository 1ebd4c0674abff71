"""The desk in three layers: few controls at first, everything one press away, nothing that scrolls sideways."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import unfold
from tests.browser.test_docks import Hall, hall
from tests.further import further

__all__ = ["hall"]

MOST = 20  # controls in the first view, but for those of each card, theme or axis that one works on
SEEN = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter((el) => {
  const box = el.getBoundingClientRect();
  return el.checkVisibility() && box.width && box.height && box.bottom > 0 && box.top < innerHeight && !el.disabled && !el.closest(".skip, .stage");
}).map((el) => (el.textContent || el.name).trim())"""


@pytest.mark.parametrize(
    ("step", "size"),
    [
        ("actions", (1440, 900)),
        *further(
            *((step, (1440, 900)) for step in ("ideas", "sort", "theme-vote", "pledges")),
            *(("actions", size) for size in ((1024, 768), (820, 1180), (390, 844), (720, 450))),
        ),
    ],
)
async def test_the_first_view_of_the_desk_has_few_controls_and_the_others_are_one_press_away(
    browser: Browser, hall: Hall, step: str, size: tuple[int, int]
) -> None:
    await hall.on(step)
    desk = await hall.page(browser, "desk", size)
    seen = await desk.evaluate(SEEN)

    assert len(seen) <= MOST, seen
    assert await desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await unfold(desk)
    for folded in ("form[data-op=SetEntry]", ".export-list", "form[data-op=InsertStep]"):
        await expect(desk.locator(folded).first).to_be_attached()
    await expect(desk.locator("form[data-op=SetEntry]")).to_be_visible()
    await desk.locator("form[data-op=SetEntry] button[value=approval]").click()
    await expect(desk.locator("button[value=approval][aria-pressed=true]")).to_be_visible()
