"""C11 with real browsers and a real store: its folder is put back to an older copy while people write and vote."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from forum.demo.client import Client
from forum.domain import records
from forum.domain.loss import TailLost, count
from forum.domain.roles import Role
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.domain.steps.board import IdeaPosted
from forum.journal import Journal, StoreAddress, Unavailable, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.browser.people import DESK, PHONE, Facilitator, Participant
from tests.servers import ServerProcess, serving
from tests.stores import OwnStore, own_store

SECONDS = 30.0
THEMES = ("Se retrouver", "Financer")


def clock() -> int:
    return time.time_ns() // 1_000_000


async def state_of(journal: Journal, code: str) -> State:
    """The forum as its journal tells it, once the store answers."""
    while True:
        with suppress(Unavailable):
            state = EMPTY
            for entry in await journal.read(code):
                state = fold(state, entry.seq, entry.op, records.decode(entry.body))
            return state
        await asyncio.sleep(0.02)


async def until(journal: Journal, code: str, holds) -> State:
    """Wait until the journal tells what ``holds`` looks for."""
    async with asyncio.timeout(SECONDS):
        while not holds(state := await state_of(journal, code)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return state


def texts(state: State) -> list[str]:
    return sorted(idea.text for idea in state.ideas.by_id.values())


def ballots(state: State) -> dict[str, dict[str, int]]:
    [round_] = state.rounds.by_id.values()
    return {person: dict(ballot.marks) for person, ballot in round_.ballots.items()}


async def visit(browser: Browser, server: ServerProcess, kind, look, path: str, cookie: str):
    """Somebody who has come in already."""
    context = await browser.new_context(**look, locale="en-GB")
    name, _, value = cookie.partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": server.address}])
    somebody = kind(context, await context.new_page())
    await somebody.page.goto(f"{server.address}{path}")
    await somebody.is_live()
    return somebody


@dataclass
class Hall:
    """A forum on a store that can be put back, and who is there."""

    store: OwnStore
    journal: Journal
    address: str
    code: str
    lead: Client
    desk: Facilitator
    lea: Participant
    omar: Participant
    gone: Participant  # whose phone is not there any more

    async def until(self, holds: Callable[[State], object]) -> State:
        return await until(self.journal, self.code, holds)

    async def write(self, who: Participant, text: str) -> None:
        await who.write(text)
        await self.until(lambda state: text in texts(state))

    async def do(self, command: str, **body: Any) -> None:
        assert (await self.lead.do(command, **body)).accepted


@asynccontextmanager
async def a_hall(browser: Browser, folder: Path) -> AsyncIterator[Hall]:
    async with (
        own_store(folder) as store,
        open_journal(StoreAddress(store.url, folder)) as journal,
        serving(folder / "data", FORUM_REDIS_URL=store.url) as server,
    ):
        code = (await open_forum(journal, agendas()["forum-eclair"], lang="en", clock=clock)).code
        desks = await make_tickets(journal, code, 2, clock=clock, role=Role.FACILITATOR)
        people = await make_tickets(journal, code, 3, clock=clock)
        cookies = [f"forum_{code}_desk={ticket.secret}" for ticket in desks]
        async with Client(f"{server.address}/f/{code}/desk", cookies[0]) as lead:
            assert (await lead.do("OpenStep", step="ideas")).accepted
            desk = await visit(browser, server, Facilitator, DESK, f"/f/{code}/desk", cookies[1])
            lea, omar, gone = [
                await visit(browser, server, Participant, PHONE, f"/f/{code}", f"forum_{code}={p.secret}")
                for p in people
            ]
            yield Hall(store, journal, server.address, code, lead, desk, lea, omar, gone)


async def nothing_is_offered_after_a_restart(hall: Hall) -> None:
    """The store comes back with everything."""
    for n, who in enumerate((hall.lea, hall.omar, hall.gone, hall.lea)):
        await hall.write(who, f"Idea {n}")
    before = await state_of(hall.journal, hall.code)
    await hall.store.restart()
    await hall.write(hall.lea, "Idea 4")
    restarted = await state_of(hall.journal, hall.code)

    assert restarted.seq == before.seq + 1
    assert restarted.gone.losses == ()


async def cards_come_back_but_those_of_who_is_gone(hall: Hall) -> State:
    """An older copy is put back, and one phone is not there any more; the desk says so, and takes note."""
    hall.store.keep()
    for n, who in enumerate((hall.lea, hall.omar, hall.gone, hall.omar, hall.lea), 5):
        await hall.write(who, f"Idea {n}")
    await hall.gone.context.close()
    await hall.store.put_back()
    state = await hall.until(lambda state: len(state.ideas.by_id) == 9 and state.gone.losses)
    assert texts(state) == sorted(f"Idea {n}" for n in range(10) if n != 7)

    loss = hall.desk.page.locator(".loss")
    await expect(loss).to_contain_text("The store lost its last 5 facts.")
    await expect(loss).to_contain_text("Restored by the phones: 4 of 5 contributions.")
    await expect(loss).to_contain_text("1 is missing.")
    await loss.locator("button").click()
    await expect(loss).to_have_count(0)
    return state


async def votes_come_back(hall: Hall, before: State) -> tuple[State, str]:
    """An older copy is put back once more, from before the vote; the receipt of one voter is from before the loss."""
    cards = sorted(before.ideas.by_id.values(), key=lambda idea: idea.number)
    await hall.do("RevealStep", step="ideas")
    await hall.do("OpenStep", step="sort")
    for n, title in enumerate(THEMES):
        ideas = [card.id for card in cards[n::2]]
        await hall.do("GroupIdeas", ideas=ideas, theme=f"theme0{n}", title=title)
    await hall.do("OpenStep", step="theme-vote")
    hall.store.keep()
    await hall.lea.vote(THEMES[0], 1)
    await hall.omar.vote(THEMES[0], 1)
    await hall.omar.vote(THEMES[1], 1)
    cast = ballots(await hall.until(lambda state: len(ballots(state)) == 2))
    receipt = await hall.lea.context.new_page()
    await receipt.goto(f"{hall.address}/f/{hall.code}/receipt")
    kept = await receipt.locator("#receipt-text").input_value()
    await hall.store.put_back()
    state = await hall.until(lambda state: state.gone.losses[1:] and ballots(state) == cast)

    await expect(hall.desk.page.locator(".loss")).to_contain_text("Nothing is missing.")
    return state, kept


async def a_receipt_still_holds(hall: Hall, kept: str) -> None:
    receipt = await hall.lea.context.new_page()
    await receipt.goto(f"{hall.address}/f/{hall.code}/receipt/check")
    await receipt.fill("#receipt", kept)
    await receipt.get_by_role("button", name="Check", exact=True).click()

    await expect(receipt.locator(".verdict")).to_contain_text("and all hold.")
    vote, journal = (receipt.locator(".entry", has_text=words) for words in ("Your vote", "The journal"))
    await expect(vote).to_contain_text("your phone sent it again, and it counts as no.")
    await expect(journal).to_contain_text("lost the end of this")


async def test_all_that_was_saved_comes_back_once_from_the_phones_and_the_desk_says_what_is_missing(
    browser: Browser, tmp_path: Path
) -> None:
    async with a_hall(browser, tmp_path) as hall:
        await nothing_is_offered_after_a_restart(hall)
        state = await cards_come_back_but_those_of_who_is_gone(hall)
        state, kept = await votes_come_back(hall, state)
        await a_receipt_still_holds(hall, kept)
        entries = await hall.journal.read(hall.code)
    facts = [records.decode(entry.body).fact for entry in entries]
    posted = Counter(fact.text for fact in facts if isinstance(fact, IdeaPosted))
    counts = [count(state, loss) for loss in state.gone.losses]

    assert set(posted.values()) == {1}
    assert sum(isinstance(fact, TailLost) for fact in facts) == 2
    assert [(told.back, told.missing) for told in counts] == [(4, 1), (len(ballots(state)) + 1, 0)]
    for somebody in (hall.desk, hall.lea, hall.omar):
        assert somebody.faults == []
        await somebody.context.close()
