"""Somebody erases their own data by thumb, while the wall and the desk look on."""

from playwright.async_api import expect

from tests.browser.people import (
    DESK,
    PHONE,
    SCREEN,
    Facilitator,
    Participant,
    Wall,
    arrive,
    opened,
    unfold,
)
from tests.browser.test_access import axe_finds_nothing, sideways

SECRET = "Demander à Barnabé, 06 11 22 33 44"
KEPT = "Ouvrir nos studios aux écoles"


async def test_a_card_erased_on_a_phone_leaves_every_page_at_once(browser, server):
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    more = {"locale": "fr-FR", "bypass_csp": True}
    lea = await (await arrive(browser, Participant, PHONE, **more)).join(links.join, "Léa")
    desk = await (await arrive(browser, Facilitator, DESK, **more)).enter(links.desk, "")
    wall = await (await arrive(browser, Wall, SCREEN, **more)).show(links.screen)
    for title in ("Accueil", "Pourquoi nous sommes là", "Vos idées"):
        await desk.go()
        await desk.is_at(title)
    for text in (SECRET, KEPT):
        await lea.write(text)
        await lea.sees(text)
    await desk.go()
    await wall.sees(SECRET)
    await lea.page.get_by_role("link", name="Mon reçu").click()
    await expect(lea.page.locator("textarea[data-keep]")).to_contain_text("Barnabé")
    await lea.page.get_by_role("link", name="Retour au forum").first.click()
    await lea.is_live()

    await lea.page.locator("#my-name summary").click()
    await lea.page.get_by_role("link", name="Mes données").click()
    await axe_finds_nothing(lea.page)
    wide = await sideways(lea.page)
    await lea.page.get_by_label(SECRET).check()
    await expect(lea.page.get_by_label("ce que je coche")).to_be_checked()
    await lea.page.get_by_role("button", name="Effacer").click()
    asked = await lea.page.locator("input:invalid").count()  # the one thing that must be ticked is not
    await lea.page.get_by_label("Je sais que c’est définitif").check()
    await lea.page.get_by_role("button", name="Effacer").click()
    await expect(lea.page.locator(".flash.done")).to_contain_text("C’est effacé")

    await wall.sees("mots effacés")
    await expect(wall.page.get_by_text(SECRET)).to_have_count(0)
    await expect(wall.page.get_by_text(KEPT)).to_have_count(1)
    await expect(desk.page.get_by_text(SECRET)).to_have_count(0)
    await lea.page.get_by_role("link", name="Retour au forum").first.click()
    await lea.is_live()
    await expect(lea.page.get_by_text(SECRET)).to_have_count(0)
    kept = await lea.page.evaluate("() => JSON.stringify({...localStorage, ...sessionStorage})")
    assert "Barnabé" not in kept
    assert (wide, asked) == (0, 1)

    await desk.page.get_by_role("link", name="Garder plus longtemps").click()
    await axe_finds_nothing(desk.page)
    day = desk.page.locator("input[name=until]")
    await day.fill("2030-06-30")
    await desk.page.get_by_role("region", name="Jusqu’à quand ?").get_by_role("button").click()
    await expect(desk.page.get_by_role("status")).to_contain_text("Le nouveau jour est enregistré")
    await desk.page.get_by_role("link", name="Retour à la régie").first.click()
    await unfold(desk.page)
    await desk.sees("Gardé jusqu’au 30 juin 2030")
    for somebody in (lea, desk, wall):
        assert somebody.faults == []
        await somebody.context.close()
