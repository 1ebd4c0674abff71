"""Two sessions of one forum in real browsers: planned at the desk, ended, rested between, begun, and the end taken back."""

from playwright.async_api import Browser, expect

from tests.browser.people import DESK, PHONE, SCREEN, Facilitator, Participant, Wall, arrive, opened


async def test_a_forum_goes_on_in_a_second_session_after_a_rest_that_every_surface_tells(
    browser: Browser, server
) -> None:
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    here, locale = f"{server.address}/f/", {"locale": "fr-FR"}
    desk = await arrive(browser, Facilitator, DESK, **locale)
    wall = await arrive(browser, Wall, SCREEN, **locale)
    lea = await arrive(browser, Participant, PHONE, **locale)
    plain = await arrive(browser, Participant, PHONE, java_script_enabled=False, **locale)
    await desk.enter(here + links.desk.partition("/f/")[2], "Anne")
    await wall.show(here + links.screen.partition("/f/")[2])
    for person, name in ((lea, "Léa"), (plain, "Jo")):
        await person.join(f"{server.address}/f/{links.join.rpartition('/')[2]}", name)
    for _ in range(3):
        await desk.go()
    await lea.write("Ouvrir un lieu commun")
    await lea.sees("Ouvrir un lieu commun")

    await desk.plans_session("forum-eclair", "Deuxième jour", "2026-02-11", "La halle")
    await desk.ends_session()  # too early
    await lea.sees("Le forum est en pause")
    await desk.takes_the_end_back()
    await lea.sees("Ouvrir un lieu commun")
    await desk.ends_session()
    for somebody in (lea, wall):
        await somebody.sees("Le forum est en pause")
        await somebody.sees("Deuxième jour")
        await somebody.sees("11 février 2026")
    await plain.page.reload()
    await plain.sees("La halle")

    await desk.go()  # begin the session
    await lea.sees("Êtes-vous là aujourd’hui")
    await lea.form("NotePresence").locator("button").click()
    await lea.sees("Il est noté que vous êtes là")
    await plain.page.reload()
    await plain.form("NotePresence").locator("button").click()
    await plain.sees("Il est noté que vous êtes là")
    for _ in range(3):
        await desk.go()
    await lea.write("Ouvrir une seconde halle")
    await lea.sees("Ouvrir une seconde halle")
    await expect(lea.page.locator("body")).not_to_contain_text("Ouvrir un lieu commun")
    wide = await lea.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")

    assert wide <= 0
    assert [p.faults for p in (desk, wall, lea, plain)] == [[], [], [], []]
