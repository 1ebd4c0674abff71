"""A whole forum éclair in real browsers: a desk, a screen and four phones, from the home page to the exported plan.

One phone has no JavaScript; one goes offline for two steps and comes back. What is exported is compared with what
the people did.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
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


@pytest.mark.further
async def test_a_whole_forum_eclair_in_english(browser: Browser, server) -> None:
    await a_whole_forum(browser, server, "en")


@dataclass
class Hall:
    """Who is there, and the titles of the steps that are still to come."""

    desk: Facilitator
    wall: Wall
    lea: Participant
    omar: Participant
    plain: Participant  # without JavaScript
    away: Participant  # offline for two steps
    titles: Iterator[str]

    async def next_step(self) -> None:
        await self.desk.go()
        await self.desk.is_at(next(self.titles))


async def a_whole_forum(browser: Browser, server, lang: str) -> None:
    hall = await everybody_comes(browser, server, lang)
    await ideas_are_written(hall)
    await ideas_are_sorted_while_one_is_away(hall)
    await themes_are_voted_on(hall)
    await actions_find_a_pilot(hall)
    await commitments_are_made(hall)
    await what_is_exported_is_what_they_did(hall, lang)
    await nobody_saw_a_fault(hall)


async def everybody_comes(browser: Browser, server, lang: str) -> Hall:
    locale = {"locale": f"{lang}-{'FR' if lang == 'fr' else 'GB'}"}
    links = await open_forum(browser, server.address, "forum-eclair", "Vision 2025", lang)
    links.join = f"{server.address}/f/{links.join.rpartition('/')[2]}"
    hall = Hall(
        desk=await arrive(browser, Facilitator, DESK, **locale),
        wall=await arrive(browser, Wall, SCREEN, **locale),
        lea=await arrive(browser, Participant, PHONE, **locale),
        omar=await arrive(browser, Participant, PHONE, **locale),
        plain=await arrive(browser, Participant, PHONE, java_script_enabled=False, **locale),
        away=await arrive(browser, Participant, PHONE, **locale),
        titles=iter(TITLES[lang]),
    )
    here = f"{server.address}/f/"
    await hall.desk.enter(here + links.desk.partition("/f/")[2], "Anne")
    await hall.wall.show(here + links.screen.partition("/f/")[2])
    for person, name in ((hall.lea, "Léa"), (hall.omar, "Omar"), (hall.plain, "Jo"), (hall.away, "")):
        await person.join(links.join, name)
    for person in (hall.lea, hall.omar, hall.away):
        await person.is_live()
    return hall


async def ideas_are_written(hall: Hall) -> None:
    """Nobody sees an idea of another before they are revealed, neither the wall nor the desk."""
    for _ in range(2):  # welcome, framing
        await hall.desk.go()
    await hall.next_step()
    await hall.lea.write("Ouvrir un lieu commun")
    await hall.lea.sees("Ouvrir un lieu commun")
    await hall.lea.write("Partager un agenda")
    await hall.omar.write("Créer un fonds d’amorçage")
    await hall.plain.page.reload()
    await hall.plain.write("Former les jeunes <b>au son</b>")
    await hall.plain.sees("Former les jeunes <b>au son</b>")
    await hall.away.write("Inviter les écoles")
    await expect(hall.desk.page.locator("body")).to_contain_text("5")
    assert "Ouvrir un lieu commun" not in await hall.wall.page.content()
    assert "Ouvrir un lieu commun" not in await hall.desk.page.content()
    await hall.lea.say_done()
    await hall.away.sees("Inviter les écoles")


async def ideas_are_sorted_while_one_is_away(hall: Hall) -> None:
    """One phone is offline from before the reveal on."""
    await hall.away.context.set_offline(True)  # for two steps
    await hall.desk.go()  # reveal
    await hall.wall.sees("Former les jeunes <b>au son</b>")
    await hall.wall.sees("Créer un fonds d’amorçage")
    await hall.next_step()
    await hall.lea.sort(["Ouvrir un lieu commun", "Partager un agenda"], "Se retrouver souvent")
    await hall.wall.sees("Se retrouver souvent")
    await hall.omar.sort(["Créer un fonds d’amorçage", "Inviter les écoles"], "Financer et former")
    await hall.wall.sees("Financer et former")


async def themes_are_voted_on(hall: Hall) -> None:
    """The phone that was away is back, and votes with the others."""
    await hall.next_step()
    await hall.away.context.set_offline(False)
    await hall.away.is_live()
    await hall.lea.vote("Se retrouver souvent", 1)
    await hall.omar.vote("Se retrouver souvent", 1)
    await hall.omar.vote("Financer et former", 1)
    await hall.away.vote("Financer et former", 1)
    await hall.plain.page.reload()
    await hall.plain.vote("Se retrouver souvent", 1)
    assert "Financer et former" not in await hall.wall.page.locator(".result, .tally").all_inner_texts()
    await hall.desk.go()  # close
    await hall.desk.go()  # reveal
    await hall.wall.sees("Se retrouver souvent")


async def says_what_is_not_sent(lea: Participant) -> None:
    """What was proposed has folded its form; whoever is done over a text that is not sent is told so."""
    page = lea.page
    await expect(page.locator("li.action").first).to_be_visible()
    await expect(page.locator(".propose[open]")).to_have_count(0)
    await lea.say_done()
    await expect(page.locator(".done-said")).to_be_visible()
    await expect(page.locator(".unsent")).to_be_hidden()
    await page.locator(".propose > summary").first.click()
    await page.locator(".propose textarea").first.fill("Planter")
    await expect(page.locator(".unsent")).to_be_visible()
    await page.locator(".propose textarea").first.fill("")
    await expect(page.locator(".unsent")).to_be_hidden()
    await page.locator("form[data-op=TakeDoneBack] button").click()
    await expect(page.locator(".done .plain")).to_be_visible()
    await page.locator(".propose textarea").first.fill("Planter")
    await expect(page.locator(".done .plain")).to_be_hidden()
    await page.locator(".propose > summary").first.click()
    await lea.say_done()  # leads to the text
    await expect(page.locator(".propose textarea").first).to_be_focused()
    await expect(page.locator(".propose .say").first).to_contain_text("n’est pas envoyé")
    await page.locator(".propose textarea").first.fill("")
    await expect(page.locator(".done .plain")).to_be_visible()


async def actions_find_a_pilot(hall: Hall) -> None:
    """Themes become axes; what is proposed finds who does it."""
    await hall.next_step()
    await hall.desk.form("MakeAxesFromThemes").locator("button").first.click()
    await hall.lea.sees("Se retrouver souvent")
    await hall.lea.propose("Se retrouver souvent", "Louer une salle au centre")
    await says_what_is_not_sent(hall.lea)
    await hall.omar.sees("Louer une salle au centre")
    await hall.omar.offer("Louer une salle au centre", "pilot")
    await hall.away.offer("Louer une salle au centre", "partner")
    await hall.desk.accept_pilot("Louer une salle au centre")
    await hall.wall.sees("Louer une salle au centre")


async def commitments_are_made(hall: Hall) -> None:
    """First steps are promised in public."""
    await hall.next_step()
    await hall.lea.form("Pledge").wait_for()
    assert await hall.lea.squeezed() == []
    await hall.lea.pledge("J’appelle la mairie", "Louer une salle au centre", "everybody")
    await hall.wall.sees("J’appelle la mairie")
    await hall.plain.page.reload()
    await hall.plain.pledge("J’écris aux écoles")
    await hall.wall.sees("J’écris aux écoles")
    await hall.next_step()


async def what_is_exported_is_what_they_did(hall: Hall, lang: str) -> None:
    exported = await hall.desk.context.request.get(f"{hall.desk.page.url}/export/forum.json")
    told = read(await exported.body())
    plan = (
        await (await hall.desk.context.request.get(f"{hall.desk.page.url}/export/plan.md")).body()
    ).decode()

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
        ("", "J’écris aux écoles"),  # theirs is read by the room (E3)
    ]
    assert "Louer une salle au centre" in plan
    assert ("Plan d’action" if lang == "fr" else "Action plan") in plan


async def nobody_saw_a_fault(hall: Hall) -> None:
    for somebody in (hall.desk, hall.wall, hall.lea, hall.omar, hall.away):
        assert somebody.faults == []
        assert await somebody.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            "scrolls sideways"
        )
        await somebody.context.close()
    await hall.plain.context.close()
