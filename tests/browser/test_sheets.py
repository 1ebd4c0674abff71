"""Sheets in real browsers: inserted at the desk, written on phones, changed by two desks at once, shown on the wall."""

from playwright.async_api import Browser, expect

from tests.browser.people import DESK, PHONE, SCREEN, Facilitator, Participant, Wall, arrive, opened


async def test_objectives_are_written_on_phones_and_two_desks_overwrite_nothing_of_each_other(
    browser: Browser, server
) -> None:
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    here, locale = f"{server.address}/f/", {"locale": "fr-FR"}
    desk = await arrive(browser, Facilitator, DESK, **locale)
    other = await arrive(browser, Facilitator, DESK, **locale)
    wall = await arrive(browser, Wall, SCREEN, **locale)
    lea = await arrive(browser, Participant, PHONE, **locale)
    plain = await arrive(browser, Participant, PHONE, java_script_enabled=False, **locale)
    for somebody in (desk, other):
        await somebody.enter(here + links.desk.partition("/f/")[2], "Anne")
    await wall.show(here + links.screen.partition("/f/")[2])
    for person, name in ((lea, "Léa"), (plain, "Jo")):
        await person.join(f"{server.address}/f/{links.join.rpartition('/')[2]}", name)

    await desk.inserts_sheets("objective", "Nos objectifs")
    await desk.opens("Nos objectifs")
    await lea.writes_sheet(title="Ouvrir un lieu commun", why="Chacun travaille seul", horizon="2027")
    for somebody in (lea, wall, desk, other):
        await somebody.sees("Ouvrir un lieu commun")
    await lea.sees("Enregistré")
    await plain.page.reload()
    await plain.changes_sheet("Ouvrir un lieu commun", indicator="Douze lieux partagés")
    await plain.sees("Douze lieux partagés")
    await wall.sees("Douze lieux partagés")

    await desk.types_into_sheet("Ouvrir un lieu commun", title="Ouvrir deux lieux")
    await other.types_into_sheet("Ouvrir un lieu commun", title="Ouvrir trois lieux", why="Tous le demandent")
    await other.saves_sheet("Ouvrir un lieu commun")
    await wall.sees("Ouvrir trois lieux")
    await desk.sees("Ouvrir trois lieux")
    await desk.saves_sheet("Ouvrir trois lieux")  # it was typed over what stood before
    await desk.sees("l’a changé entre-temps")
    await wall.sees("Ouvrir trois lieux")
    await desk.still_types("Ouvrir deux lieux")
    wide = await lea.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    await expect(lea.page.locator("body")).to_contain_text("Tous le demandent")

    assert wide <= 0
    assert [p.faults for p in (desk, other, wall, lea, plain)] == [[], [], [], [], []]
