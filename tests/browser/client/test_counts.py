"""What is left in a field: counted as the server counts, in every engine; and what is too long is not sent, nor cut."""

import random
import re

import pytest
from playwright.async_api import Page, expect

from forum.places import static_dir
from forum.web.text import clean, graphemes
from tests.browser.client.conftest import SAY, write
from tests.browser.client.toyroom import Room
from tests.browsers.engines import engine, page_in
from tests.further import further

SEEDS = range(300)
CLUSTERS = (
    "a", "é", "e\u0301", "tie\u0302\u0301ng", "Z" + "\u0301\u0323" * 20, "👍", "👍🏽", "❤️", "❤️‍🔥", "🏳️‍🌈", "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🇫🇷", "🇻🇳",
    "🇫", "1️⃣", "क्ष", "क्षि", "क्\u200dष", "क्\u200cष", "स्त्री", "ক্ষ", "త్రి", "ക്ഷ", "தி", "กำ", "한", "\u1112\u1161\u11ab", "日本", "ｶﾞ", "مَرحبا",
    "می\u200cخواهم", "שָׁלוֹם", "\u0000", "\u0007", "\u200b", "\ufeff", "\u202e", "\ue000", "\t", " ", "  ", "\u00a0", "\n", "\r\n", "\n\n\n\n", " \n \n",
)  # fmt: skip


def counting() -> str:
    """The function by which a page counts, without what it shows."""
    source = (static_dir() / "js" / "count.js").read_text()
    return re.sub(r"^import .*\n|^export ", "", source, flags=re.MULTILINE)


def texts() -> list[str]:
    made = [*CLUSTERS]
    for seed in SEEDS:
        rng = random.Random(f"{seed}-count")
        made.append("".join(rng.choices(CLUSTERS, k=rng.randrange(1, 30))))
    return made


@pytest.mark.parametrize("name", ["Chromium", *further("Chrome 88", "Firefox ESR", "WebKitGTK", "WPE 2.38")])
async def test_W2_a_page_counts_as_the_server_does_in_every_engine(name: str) -> None:
    asked = [text.replace("\r\n", "\n") for text in texts()]  # as a field gives it
    async with page_in(engine(name)) as page:
        found = await page.run(f"{counting()}\nreturn given[0].map(characters);", asked)

    wrong = [
        (text, count, graphemes(clean(text, lines=True)))
        for text, count in zip(asked, found, strict=True)
        if count != graphemes(clean(text, lines=True))
    ]
    assert wrong == []


async def test_W2_what_is_too_long_stays_whole_in_its_field_and_the_page_says_by_how_much(
    live: Page, room: Room
) -> None:
    pasted = "👨‍👩‍👧‍👦" * 15 + "🇫🇷" * 8
    await live.fill("#text", pasted)
    await expect(live.locator("[data-left-of]")).to_have_text("3 too many")
    await live.press("#text", "Enter")
    await expect(live.locator(SAY)).to_have_text("Too long by 3.")
    await expect(live.locator("#text")).to_be_focused()
    await expect(live.locator("#text")).to_have_value(pasted)
    await expect(live.locator("#text")).to_have_attribute("aria-invalid", "true")
    assert room.arrived == []
    await write(live, "👨‍👩‍👧‍👦" * 20)
    await room.until(lambda: room.texts() == ["👨‍👩‍👧‍👦" * 20])
    await expect(live.locator("#text:not([aria-invalid])")).to_have_count(1)


async def test_W2_a_field_without_a_counter_gets_one_when_it_is_needed_and_no_update_takes_it_away(
    live: Page, room: Room
) -> None:
    form = '<form data-op="Rename"><input name="title" data-max="5"><textarea data-max="10"></textarea><b>{}</b></form>'
    counters = live.locator("#theme .left")
    await room.put("theme", form.format("one"))
    await live.fill("#theme input", "12345")
    await live.fill("#theme textarea", "1234567")
    await expect(counters).to_have_count(0)
    await live.fill("#theme input", "123456")
    await live.fill("#theme textarea", "12345678")
    await expect(counters).to_have_text(["1 too many", "2 left"])
    await room.put("theme", form.format("two"))
    await expect(live.locator("#theme b")).to_have_text("two")
    await expect(counters).to_have_text(["1 too many", "2 left"])
    await live.fill("#theme input", "1")
    await expect(counters).to_have_text(["", "2 left"])
