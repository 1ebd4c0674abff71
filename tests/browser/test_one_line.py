"""A ballot on a real phone: one line a choice, most of it in the first view, and the instruction out of the way once it is known."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from forum.demo.client import Client
from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.further import further
from tests.servers import ServerProcess

TITLES = (
    "Vélo", "Mutualiser", "Jardins", "Moins de bruit", "Une monnaie locale", "Rénover l’école", "Des repas partagés",
    "Transports gratuits le soir", "Bibliothèque ouverte le dimanche",
    "Accueillir les nouveaux habitants par un parrainage",
    "Former les jeunes aux métiers de demain avec les artisans",
    "Ouvrir un atelier de réparation partagé dans chaque quartier de la ville",
    "Créer un fonds commun pour financer les projets des associations locales et leurs salariés, avec un comité",
)  # fmt: skip
MOST, SMALL, DOUBLED = (390, 844), (360, 740), (180, 370)
FIT = """() => {  // how many of the mean height: everybody has an order of their own
  const dock = document.querySelector(".dock").getBoundingClientRect();
  const end = getComputedStyle(document.querySelector(".dock")).position === "sticky" ? dock.top : innerHeight;
  const lines = [...document.querySelectorAll(".option")].map((el) => el.getBoundingClientRect());
  const [top, bottom] = [lines[0].top, lines.at(-1).bottom];
  return (end - top) * lines.length / (bottom - top);
}"""
LINES = """() => [...document.querySelectorAll(".option")].map((line) => {
  const text = line.querySelector(".option-text").getBoundingClientRect();
  return [...line.querySelectorAll("button[name=mark]")].map((el) => el.getBoundingClientRect()).filter((box) => box.width)
    .map((box) => ({ beside: box.top < text.bottom && box.bottom > text.top, width: box.width, height: box.height }));
})"""
CAPPED: dict[str, Any] = {"method": "dots", "dots_points": 7, "dots_cap": 3}


async def a_ballot(
    server: ServerProcess, browser: Browser, size: tuple[int, int], chosen: dict[str, Any]
) -> Page:
    """Somebody's phone in a vote over thirteen themes with short and long titles."""
    clock = lambda: 1_800_000_000_000  # noqa: E731
    async with open_journal(StoreAddress(None, server.data)) as journal:
        code = (await open_forum(journal, agendas()["forum-eclair"], clock=clock)).code
        [voice, author] = await make_tickets(journal, code, 2, clock=clock)
        [lead] = await make_tickets(journal, code, 1, clock=clock, role=Role.FACILITATOR)
    address = f"{server.address}/f/{code}"
    async with (
        Client(f"{address}/desk", f"forum_{code}_desk={lead.secret}") as desk,
        Client(address, f"forum_{code}={author.secret}") as writes,
    ):
        does: list[tuple[Client, str, dict[str, Any]]] = [(desk, "OpenStep", {"step": "ideas"})]
        for n, title in enumerate(TITLES):
            does.append((writes, "PostIdea", {"id": f"card{n:04}", "text": title, "step": "ideas"}))
        does += [(desk, "RevealStep", {"step": "ideas"}), (desk, "OpenStep", {"step": "sort"})]
        for n, title in enumerate(TITLES):
            does.append(
                (desk, "GroupIdeas", {"ideas": [f"card{n:04}"], "theme": f"theme{n:03}", "title": title})
            )
        does.append((desk, "EditStep", {"step": "theme-vote", "chosen": {"ballot": chosen}}))
        does.append((desk, "OpenStep", {"step": "theme-vote"}))
        for client, command, body in does:
            said = await client.do(command, **body)
            assert said.accepted, (command, said.say)
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="fr-FR", has_touch=True
    )
    await context.add_cookies([{"name": f"forum_{code}", "value": voice.secret, "url": server.address}])
    page = await context.new_page()
    await page.goto(address)
    await expect(page.locator("html[data-link=live]")).to_have_count(1)
    return page


@pytest.mark.parametrize(
    ("size", "chosen"),
    [
        (MOST, {"method": "dots"}),
        *further(*((size, chosen) for size in (MOST, SMALL) for chosen in (CAPPED, {"method": "approval"}))),
    ],
)
async def test_each_choice_stands_on_one_line_with_its_control_and_the_instruction_stays_while_it_is_read(
    server: ServerProcess, browser: Browser, size: tuple[int, int], chosen: dict[str, Any]
) -> None:
    page = await a_ballot(server, browser, size, chosen)
    seen, lines = await page.evaluate(FIT), await page.evaluate(LINES)
    done, first = page.locator(".done .button"), page.locator(".option").first
    stood = await first.bounding_box()
    before = await done.evaluate("el => getComputedStyle(el).backgroundColor")

    assert len(lines) == len(TITLES)
    assert {(c["beside"], c["width"] >= 48, c["height"] >= 48) for line in lines for c in line} == {
        (True,) * 3
    }
    if size == MOST:
        assert seen >= 7, f"{seen:.2f} of {len(TITLES)} in the first view"

    for n in range(3):
        control = page.locator(".option").nth(n).locator("button[name=mark]").last
        for _ in range(chosen.get("dots_cap", 1)):
            if not await page.locator(".none-left").count():
                kept = await page.locator(".balance").inner_text()
                await control.tap()
                await expect(page.locator(".balance")).not_to_have_text(kept)
    await expect(page.locator(".ballot-how .secret")).to_be_visible()
    assert await first.bounding_box() == stood  # a hurried second tap meets what it was meant for
    await expect(done).not_to_have_css("background-color", before)
    assert await page.evaluate(FIT) >= min(seen, 7)
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

    await page.reload()
    await expect(page.locator(".ballot-how summary")).to_be_visible()
    await expect(page.locator(".ballot-how .secret")).to_be_hidden()


@pytest.mark.parametrize("chosen", further({"method": "dots"}, CAPPED, {"method": "approval"}))
async def test_F11_at_200_percent_a_ballot_is_whole_and_can_be_given(
    server: ServerProcess, browser: Browser, chosen: dict[str, Any]
) -> None:
    page = await a_ballot(server, browser, DOUBLED, chosen)
    await page.locator(".option button[name=mark]:visible").first.tap()

    await expect(page.locator(".stepper.given")).to_have_count(1)
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
