"""A whole forum éclair in real browsers: a desk, a screen and four phones, from the home page to the exported plan.

One phone has no JavaScript; one goes offline for two steps and comes back. What is exported is compared with what
the people did.
"""

from playwright.async_api import Browser, expect

from forum.exports import read
from tests.browser.people import DESK, PHONE, SCREEN, Facilitator, Participant, Wall, arrive, open_forum

TITLES = {
    "fr": [
        "Vos idées",
        "Regrouper les idées",
        "Voter pour les thèmes",
        "Des thèmes aux actions",
        "S’engager",
        "Et maintenant",
    ],
    "en": [
        "Your ideas",
        "Group the ideas",
        "Vote on the themes",
        "From themes to actions",
        "Commit",
        "What happens next",
    ],
}


async def test_a_whole_forum_eclair_in_french(browser: Browser, server) -> None:
    await a_whole_forum(browser, server, "fr")


async def test_a_whole_forum_eclair_in_english(browser: Browser, server) -> None:
    await a_whole_forum(browser, server, "en")


async def a_whole_forum(browser: Browser, server, lang: str) -> None:
    locale = {"locale": f"{lang}-{'FR' if lang == 'fr' else 'GB'}"}
    links = await open_forum(browser, server.address, "forum-eclair", "Vision 2025", lang)
    links.join = f"{server.address}/f/{links.join.rpartition('/')[2]}"
    desk = await arrive(browser, Facilitator, DESK, **locale)
    wall = await arrive(browser, Wall, SCREEN, **locale)
    lea = await arrive(browser, Participant, PHONE, **locale)
    omar = await arrive(browser, Participant, PHONE, **locale)
    plain = await arrive(browser, Participant, PHONE, java_script_enabled=False, **locale)
    away = await arrive(browser, Participant, PHONE, **locale)
    here = f"{server.address}/f/"
    await desk.enter(here + links.desk.partition("/f/")[2], "Anne")
    await wall.show(here + links.screen.partition("/f/")[2])
    for person, name in ((lea, "Léa"), (omar, "Omar"), (plain, "Jo"), (away, "")):
        await person.join(links.join, name)
    for person in (lea, omar, away):
        await person.is_live()
    titles = iter(TITLES[lang])

    for _ in range(2):  # welcome, framing
        await desk.go()
    await desk.go()
    await desk.is_at(next(titles))
    await lea.write("Ouvrir un lieu commun")
    await lea.sees("Ouvrir un lieu commun")
    await lea.write("Partager un agenda")
    await omar.write("Créer un fonds d’amorçage")
    await plain.page.reload()
    await plain.write("Former les jeunes <b>au son</b>")
    await plain.sees("Former les jeunes <b>au son</b>")
    await away.write("Inviter les écoles")
    await expect(desk.page.locator("body")).to_contain_text("5")
    assert "Ouvrir un lieu commun" not in await wall.page.content()
    assert "Ouvrir un lieu commun" not in await desk.page.content()
    await lea.say_done()
    await away.sees("Inviter les écoles")

    await away.context.set_offline(True)  # for two steps
    await desk.go()  # reveal
    await wall.sees("Former les jeunes <b>au son</b>")
    await wall.sees("Créer un fonds d’amorçage")
    await desk.go()
    await desk.is_at(next(titles))
    await lea.sort(["Ouvrir un lieu commun", "Partager un agenda"], "Se retrouver souvent")
    await wall.sees("Se retrouver souvent")
    await omar.sort(["Créer un fonds d’amorçage", "Inviter les écoles"], "Financer et former")
    await wall.sees("Financer et former")

    await desk.go()
    await desk.is_at(next(titles))
    await away.context.set_offline(False)
    await away.is_live()
    await lea.vote("Se retrouver souvent", 1)
    await omar.vote("Se retrouver souvent", 1)
    await omar.vote("Financer et former", 1)
    await away.vote("Financer et former", 1)
    await plain.page.reload()
    await plain.vote("Se retrouver souvent", 1)
    assert "Financer et former" not in await wall.page.locator(".result, .tally").all_inner_texts()
    await desk.go()  # close
    await desk.go()  # reveal
    await wall.sees("Se retrouver souvent")

    await desk.go()
    await desk.is_at(next(titles))
    await desk.form("MakeAxesFromThemes").locator("button").first.click()
    await lea.sees("Se retrouver souvent")
    await lea.propose("Se retrouver souvent", "Louer une salle au centre")
    await omar.sees("Louer une salle au centre")
    await omar.offer("Louer une salle au centre", "pilot")
    await away.offer("Louer une salle au centre", "partner")
    await desk.accept_pilot("Louer une salle au centre")
    await wall.sees("Louer une salle au centre")

    await desk.go()
    await desk.is_at(next(titles))
    await lea.pledge("J’appelle la mairie", "Louer une salle au centre")
    await wall.sees("J’appelle la mairie")
    await plain.page.reload()
    await plain.pledge("J’écris aux écoles")
    await wall.sees("J’écris aux écoles")
    await desk.go()
    await desk.is_at(next(titles))

    exported = await desk.context.request.get(f"{desk.page.url}/export/forum.json")
    told = read(await exported.body())
    plan = (await (await desk.context.request.get(f"{desk.page.url}/export/plan.md")).body()).decode()

    assert [i.text for i in told.ideas] == [
        "Ouvrir un lieu commun",
        "Partager un agenda",
        "Créer un fonds d’amorçage",
        "Former les jeunes <b>au son</b>",
        "Inviter les écoles",
    ]
    themes = {t.id: t.title for t in told.themes}
    assert [themes.get(i.theme) for i in told.ideas] == [
        "Se retrouver souvent", "Se retrouver souvent", "Financer et former", None, "Financer et former",
    ]  # fmt: skip
    [vote] = told.votes
    assert [(line.title, line.points, line.supporters, line.rank) for line in vote.lines] == [
        ("Se retrouver souvent", 3, 3, 1),
        ("Financer et former", 2, 2, 2),
    ]
    assert [axis.title for axis in told.plan] == ["Se retrouver souvent", "Financer et former"]
    [action] = told.plan[0].actions
    assert (action.title, action.pilot) == ("Louer une salle au centre", "Omar")
    assert len(action.partners) == 1
    assert [(c.person, c.text) for c in told.commitments] == [
        ("Léa", "J’appelle la mairie"),
        ("Jo", "J’écris aux écoles"),
    ]
    assert "Louer une salle au centre" in plan
    assert ("Plan d’action" if lang == "fr" else "Action plan") in plan
    for somebody in (desk, wall, lea, omar, away):
        assert somebody.faults == []
        assert await somebody.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            "scrolls sideways"
        )
        await somebody.context.close()
    await plain.context.close()
