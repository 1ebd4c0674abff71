"""A shared device: somebody leaves, and the next person finds nothing of them, with and without scripts."""

import time

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive
from tests.browser.test_access import axe_finds_nothing, sideways
from tests.further import further
from tests.servers import ServerProcess

SECRET = "Demander à Barnabé"
DRAFT = "Un brouillon pour moi seule"
WAITING = "Jamais partie"
LEAVE = {"fr": "Quitter ce forum sur cet appareil", "en": "Leave this forum on this device"}
CALM = {"locale": "fr-FR", "reduced_motion": "reduce", "bypass_csp": True}


async def board(
    browser: Browser, server: ServerProcess, tickets: int = 0
) -> tuple[str, Facilitator, list[str]]:
    """A forum whose board is open: its address, its desk, and tickets' secrets."""
    async with open_journal(StoreAddress(None, server.data)) as journal:
        clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
        opened = await open_forum(journal, agendas()["forum-eclair"], title="Vision", lang="fr", clock=clock)
        made = await make_tickets(journal, opened.code, tickets, clock=clock) if tickets else []
    address = f"{server.address}/f/{opened.code}"
    desk = await arrive(browser, Facilitator, DESK, **CALM)
    await desk.enter(f"{address}/desk#{opened.desk}", "")
    for title in ("Accueil", "Pourquoi nous sommes là", "Vos idées"):
        await desk.go()
        await desk.is_at(title)
    return address, desk, [ticket.secret for ticket in made]


async def kept(page: Page) -> dict[str, str]:
    """Everything that this browser keeps of this site."""
    return await page.evaluate("() => ({...localStorage, ...sessionStorage})")


async def written(phone: Participant) -> None:
    """One card saved, the receipt looked at, and a draft begun."""
    await phone.write(SECRET)
    await expect(phone.page.locator(".idea.mine:not([data-pending])", has_text=SECRET)).to_have_count(1)
    await phone.page.get_by_role("link", name="Mon reçu").click()
    await expect(phone.page.locator("textarea[data-keep]")).to_contain_text("Barnabé")
    await phone.page.get_by_role("link", name="Retour au forum").first.click()
    await phone.is_live()
    await phone.page.locator("textarea[name=text]").first.fill(DRAFT)


async def nothing_of(page: Page, *words: str) -> None:
    """No page shows these words, in no field either, and nothing keeps them."""
    seen = await page.content()
    values = await page.evaluate(
        "() => [...document.querySelectorAll('textarea, input')].map((f) => f.value).join()"
    )
    for word in words:
        assert word not in seen
        assert word not in values
        assert word not in str(await kept(page))


async def test_who_leaves_is_shown_what_is_not_saved_and_the_next_person_finds_nothing(browser, server):
    address, desk, _ = await board(browser, server)
    lea = await (await arrive(browser, Participant, PHONE, **CALM)).join(address, "Léa")
    await lea.is_live()
    await written(lea)
    page = lea.page
    other = Participant(lea.context, await lea.context.new_page())  # the same forum in a second window
    await other.page.goto(address)
    await other.is_live()

    await page.locator("#my-name summary").click()
    await page.get_by_role("link", name=LEAVE["fr"]).click()
    await expect(page.get_by_role("heading", name="Pas encore enregistré")).to_be_visible()
    await expect(page.locator("#unsent-texts")).to_have_value(DRAFT)
    await axe_finds_nothing(page)
    wide = await sideways(page)
    await page.get_by_role("button", name="Quitter sur cet appareil").click()
    asked = await page.locator("input:invalid").count()  # what would be lost is not lost by one tap
    await page.get_by_label("Supprimer ce qui n’est pas enregistré").check()
    await page.get_by_role("button", name="Quitter sur cet appareil").click()
    await expect(page.get_by_role("heading", name="Cet appareil a quitté le forum")).to_be_visible()
    await expect(page.locator("[data-cleared]")).to_be_visible()
    await axe_finds_nothing(page)
    await expect(other.page.locator("form[action$='/join']")).to_be_visible()  # by itself
    left = await kept(page) | await kept(other.page)

    await page.get_by_role("link", name="entrer").click()
    await lea.join(address, "Max")
    await lea.is_live()
    await nothing_of(page, "Léa", SECRET, DRAFT)
    await page.goto(f"{address}/receipt")
    await nothing_of(page, "Léa", SECRET, DRAFT)
    await page.goto(f"{server.address}/check")
    await nothing_of(page, SECRET)
    await desk.sees("2")
    assert (left, wide, asked) == ({}, 0, 1)
    assert lea.faults == other.faults == desk.faults == []


async def test_what_was_sent_without_a_network_is_shown_before_leaving_and_leaves_after_going_back(
    browser, server
):
    address, desk, _ = await board(browser, server)
    lea = await (await arrive(browser, Participant, PHONE, **CALM)).join(address, "Léa")
    await lea.is_live()
    await lea.page.route("**/commands/*", lambda route: route.abort())
    await lea.page.route_web_socket("**/live*", lambda socket: socket.close())
    await lea.page.reload()
    await lea.is_live()  # it asks for what is new: before it was answered, a form goes its own way
    await lea.write(WAITING)
    await lea.page.goto(f"{address}/leave")
    await expect(lea.page.locator("#unsent-texts")).to_have_value(WAITING)
    await expect(lea.page.locator("[data-unsent-others]")).to_be_hidden()

    await lea.page.unroute_all()
    fresh = await lea.context.new_page()  # the same browser with its network back
    await lea.page.close()
    again = Participant(lea.context, fresh)
    await fresh.goto(address)
    await again.is_live()
    await expect(fresh.locator(".idea.mine:not([data-pending])", has_text=WAITING)).to_have_count(1)
    await fresh.goto(f"{address}/leave")
    await expect(fresh.locator("[data-unsent]")).to_be_hidden()
    await expect(fresh.locator("input[required]")).to_be_disabled()
    assert desk.faults == again.faults == []


async def test_without_scripts_leaving_ends_the_access_and_the_next_person_is_new(browser, server):
    address, desk, _ = await board(browser, server)
    lea = await (await arrive(browser, Participant, PHONE, locale="en-GB", java_script_enabled=False)).join(
        address, "Léa"
    )
    await lea.write(SECRET)
    await lea.sees(SECRET)
    await lea.page.locator("#my-name summary").click()
    await lea.page.get_by_role("link", name="My data").click()
    await lea.page.get_by_role("link", name=LEAVE["en"]).click()
    await expect(lea.page.locator("[data-unsent]")).to_be_hidden()
    await lea.page.get_by_role("button", name="Leave on this device").click()
    await lea.sees("This device has left the forum")
    await lea.sees("Scripts are off")
    await expect(lea.page.locator("[data-cleared]")).to_be_hidden()
    await lea.page.goto(address)
    await expect(lea.page.locator("form[action$='/join']")).to_be_visible()
    await lea.join(address, "Max")
    content = await lea.page.content()

    assert "Max" in content
    assert not any(word in content for word in ("Léa", SECRET))
    await desk.go()  # shows the cards
    await desk.sees(SECRET)  # it stays, and it counts


async def ticket_in(context: BrowserContext, page: Page, address: str, secret: str) -> None:
    await page.goto("about:blank")
    await page.goto(f"{address}/ticket#{secret}")
    await page.get_by_role("button", name="Entrer").click()
    await expect(page.locator("html[data-link=live]")).to_have_count(1)


async def test_who_comes_in_over_somebody_sees_nothing_of_theirs_and_they_find_it_again(browser, server):
    """Nobody left: the next person just used their own ticket."""
    address, desk, (one, two) = await board(browser, server, tickets=2)
    lea = await arrive(browser, Participant, PHONE, **CALM)
    await ticket_in(lea.context, lea.page, address, one)
    await written(lea)
    second = await lea.context.new_page()
    await ticket_in(lea.context, second, address, two)
    for path in ("", "/receipt", "/receipt/check", "/data"):
        await second.goto(f"{address}{path}")
        seen = await second.content()
        values = await second.evaluate(
            "() => [...document.querySelectorAll('textarea, input')].map((f) => f.value).join()"
        )
        assert not any(word in seen + values for word in (SECRET, DRAFT)), path
    await second.goto(f"{server.address}/check")
    await second.get_by_role("button", name="gardé dans ce navigateur").click()  # their own
    offered = await second.locator("#receipt").input_value()
    await expect(lea.page.locator("textarea[name=text]").first).not_to_have_value(
        DRAFT
    )  # the first window is theirs now
    await expect(lea.page.get_by_text(SECRET)).to_have_count(0)

    await ticket_in(lea.context, second, address, one)
    await expect(second.locator("textarea[name=text]").first).to_have_value(DRAFT)
    await expect(second.locator(".idea.mine", has_text=SECRET)).to_have_count(1)
    assert "Barnabé" not in offered
    assert lea.faults == desk.faults == []


@pytest.mark.parametrize("lang", ["fr", *further("en")])
async def test_the_page_on_which_one_leaves_is_calm_and_clear(browser, server, lang, tmp_path):
    address, _, _ = await board(browser, server)
    look = PHONE | {"viewport": {"width": 390, "height": 844}}
    lea = await (await arrive(browser, Participant, look, **CALM | {"locale": lang})).join(address, "Léa")
    await lea.page.goto(f"{address}/leave")
    await expect(lea.page.get_by_role("heading", name=LEAVE[lang])).to_be_visible()
    button = await lea.page.locator("form[action$='/leave'] button").bounding_box()

    assert button is not None
    assert button["y"] + button["height"] < 844  # all of it at one look
    assert await sideways(lea.page) == 0
