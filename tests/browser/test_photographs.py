"""Photographs of the walls, added from the phone that opens the desk: chosen, captioned, removed, put back, erased."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.people import PHONE, Facilitator, arrive, opened
from tests.browser.test_access import axe_finds_nothing, sideways
from tests.photographs.pictures import a_photograph, a_telling_one

WIDTHS = (360, 1440)


async def looked_at(page: Page, name: str) -> int:
    """How far the page reaches beyond its sides; with ``FORUM_LOOKS`` it is kept as a picture too."""
    beyond = 0
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        beyond = max(beyond, await sideways(page))
        if folder := os.environ.get("FORUM_LOOKS"):
            await page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    return beyond


async def test_X2_a_facilitator_adds_photographs_by_thumb_and_takes_one_out_again(browser, server):
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    desk = await (await arrive(browser, Facilitator, PHONE, locale="fr-FR", bypass_csp=True)).enter_plainly(
        links.desk
    )
    page = desk.page
    await page.goto(f"{page.url.split('#')[0].rstrip('/')}/documents")
    await page.get_by_role("link", name="Photographies des murs").click()
    await axe_finds_nothing(page)
    beyond = [await looked_at(page, "none")]
    files = [
        {"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": body}
        for n, body in enumerate((a_telling_one(), a_photograph(1600, 700), b"%PDF-1.7"))
    ]
    await page.locator("input[type=file]").set_input_files(files)
    await page.get_by_label("Légende, si vous voulez").fill("Le mur après la révélation")
    await page.get_by_role("button", name="Ajouter").click()
    await expect(page.get_by_role("alert")).to_contain_text("IMG_2.jpg")
    pictures = page.locator(".photograph img")
    await expect(pictures).to_have_count(2)
    for n in range(2):
        await pictures.nth(n).scroll_into_view_if_needed()
        await page.wait_for_function("n => document.images[n].naturalWidth > 0", arg=n)
    await axe_finds_nothing(page)
    beyond.append(await looked_at(page, "two"))

    first = page.locator(".photograph").first
    await first.get_by_role("button", name="Retirer").click()
    await expect(page.get_by_role("status")).to_contain_text("Vous pouvez la remettre")
    beyond.append(await looked_at(page, "removed"))
    await first.get_by_role("button", name="La remettre").click()
    await expect(page.get_by_role("status")).to_contain_text("de nouveau là")
    await first.locator("summary").click()
    await first.get_by_role("button", name="Effacer pour de bon").click()
    await expect(pictures).to_have_count(1)
    await axe_finds_nothing(page)

    assert beyond == [0, 0, 0]
