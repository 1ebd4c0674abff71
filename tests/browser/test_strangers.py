"""The desk takes a link and a flood of strangers back, with script and without; and whose turn it is not waits."""

import httpx2
import pytest
from playwright.async_api import expect

from tests.browser.people import DESK, PHONE, Facilitator, Participant, Somebody, arrive, opened, unfold
from tests.browser.test_access import axe_finds_nothing, sideways
from tests.further import further

MANY = 11


async def new_link(desk: Somebody, name: str) -> str:
    """A link made at a desk, as its page shows it once."""
    await desk.page.locator(".links > summary").click()
    async with desk.page.context.expect_page() as beside:
        await desk.page.get_by_role("button", name=name).click()
    made = await beside.value
    link = await made.get_by_role("textbox", name="Le lien entier").input_value()
    await made.close()
    return link


@pytest.mark.parametrize("script", [True, *further(False)])
async def test_taking_a_link_back_asks_about_those_made_with_it(browser, server, script):
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    more = {"locale": "fr-FR", "bypass_csp": True}
    lead = await (await arrive(browser, Facilitator, DESK, **more)).enter(links.desk, "Nadia")
    second = await new_link(lead, "Nouveau lien : régie".replace(" :", "\u00a0:"))
    co = await (await arrive(browser, Facilitator, DESK, **more)).enter(second, "Karim")
    third = await new_link(co, "Nouveau lien : régie".replace(" :", "\u00a0:"))
    if not script:
        state = await lead.context.storage_state()
        lead = await arrive(
            browser, Facilitator, DESK, **more, java_script_enabled=False, storage_state=state
        )
    await lead.page.goto(links.desk.partition("#")[0])
    await unfold(lead.page)
    if not script:  # with it what was opened for the new link stays so
        await lead.page.locator(".links > summary").click()
    line = lead.page.locator(".links:not(.sessions) .link-line", has_text="celui créé avec lui")
    await line.locator("summary").click()
    if script:
        await axe_finds_nothing(lead.page)
    await line.get_by_role("button", name="Couper ce lien et celui créé avec lui").click()

    await expect(line).to_have_count(0)
    await expect(lead.page.locator(".links:not(.sessions) .link-line")).to_have_count(3)
    await expect(co.page.locator("html")).not_to_have_attribute("data-link", "live")
    stranger = await browser.new_page(locale="fr-FR")
    await stranger.goto(third)
    await expect(stranger.locator("[data-say]")).to_contain_text("a été repris")


@pytest.mark.parametrize("script", [True, *further(False)])
async def test_those_who_came_from_one_place_are_removed_and_let_in_again(browser, server, script):
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    more = {"locale": "fr-FR", "bypass_csp": True}
    desk = await (await arrive(browser, Facilitator, DESK, **more)).enter(links.desk, "Nadia")
    phone = await (await arrive(browser, Participant, PHONE, locale="fr-FR")).join(links.join, "Camille")
    for n in range(MANY - 1):
        origin = links.join.partition("/f/")[0]
        async with httpx2.AsyncClient(headers={"origin": origin}) as stranger:
            said = await stranger.post(f"{links.join}/join", data={"name": f"Inconnu {n}"})
            assert said.status_code == 303, said.text
    if not script:
        state = await desk.context.storage_state()
        desk = await arrive(
            browser, Facilitator, DESK, **more, java_script_enabled=False, storage_state=state
        )
        await desk.page.goto(links.desk.partition("#")[0])
    await desk.page.get_by_role("link", name="Dernières arrivées").click()
    await desk.sees(f"{MANY} personnes d’un même endroit")
    await desk.page.locator(".act > summary").click()
    if script:
        await axe_finds_nothing(desk.page)
        assert await sideways(desk.page) == 0
    await desk.page.get_by_role("button", name="Retirer ceux de cet endroit").click()
    await desk.sees("personnes n’ont plus accès")
    await expect(phone.page.locator("html")).not_to_have_attribute("data-link", "live")
    await desk.page.get_by_role("button", name="Les réadmettre").click()
    await desk.sees("personnes sont réadmises")
    await phone.page.reload()

    await phone.is_live()
