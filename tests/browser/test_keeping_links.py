"""Links and codes that one keeps: copied, scanned, and read for how long they open, by thumb, by night, in both languages."""

import pytest
from playwright.async_api import expect

from tests.browser.people import PHONE, opened
from tests.browser.test_access import axe_finds_nothing, sideways
from tests.further import further


@pytest.mark.parametrize(("lang", "scheme"), [("fr", "light"), *further(("en", "dark"))])
async def test_links_that_are_shown_once_can_each_be_copied_and_scanned_and_say_how_long_they_open(
    browser, server, lang, scheme
):
    context = await browser.new_context(**PHONE, locale=f"{lang}-FR", color_scheme=scheme, bypass_csp=True)
    page = await context.new_page()
    await page.goto(f"{server.address}/open?at=check&agenda=forum-eclair&title=Vision")
    await page.locator("form[action$='/forums'] button").click()
    said = {"fr": "Copié", "en": "Copied"}[lang]
    for name in ("desk", "screen", "staff", "join"):
        card = page.locator(".link-card", has=page.locator(f"#{name}"))
        await card.get_by_role("button").first.click()
        await expect(card.locator("[data-said]")).to_have_text(said)
        assert await page.evaluate(
            "document.activeElement.tagName !== 'BODY' && getSelection().toString() !== ''"
        )
        await card.locator("summary").click()
        box = await card.locator("svg.qr").bounding_box()
        assert box is not None
        assert 150 < box["width"] < 360
    await expect(page.get_by_text(said, exact=True)).to_have_count(
        1
    )  # of the last one copied, and of no other
    await expect(page.locator("main")).to_contain_text({"fr": "aussi longtemps", "en": "as long as"}[lang])
    await axe_finds_nothing(page)
    assert await sideways(page) == 0


@pytest.mark.parametrize("script", [True, *further(False)])
async def test_where_one_comes_back_by_ones_own_code_all_is_said_and_reached_by_thumb(
    browser, server, script
):
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    context = await browser.new_context(
        **PHONE, locale="fr-FR", color_scheme="dark", bypass_csp=True, java_script_enabled=script
    )
    page = await context.new_page()
    await page.goto(f"{links.join}/mine")
    await expect(page.locator("h1")).to_have_text("Revenir en tant que vous-même")
    await expect(page.locator("main")).to_contain_text("aussi longtemps que le forum est conservé")
    await page.fill("#secret", "abcd efgh jkmn pqrs")
    await page.locator("form[action$='/mine/enter'] button").click()

    await expect(page.locator(".flash")).to_contain_text("Comparez-le")
    for what in ("#secret", "form[action$='/mine/enter'] button"):
        box = await page.locator(what).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    if script:
        await axe_finds_nothing(page)
        assert await sideways(page) == 0
