"""C11 with real browsers and a real store: its folder is put back to an older copy while people write and vote."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

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
from tests.stores import own_store

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
    return sorted(idea.text for idea in state.ideas.values())


def ballots(state: State) -> dict[str, dict[str, int]]:
    [round_] = state.rounds.values()
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


async def test_all_that_was_saved_comes_back_once_from_the_phones_and_the_desk_says_what_is_missing(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        own_store(tmp_path) as store,
        open_journal(StoreAddress(store.url, tmp_path)) as journal,
        serving(tmp_path / "data", FORUM_REDIS_URL=store.url) as server,
    ):
        forum = await open_forum(journal, agendas()["forum-eclair"], lang="en", clock=clock)
        code = forum.code
        desks = await make_tickets(journal, code, 2, clock=clock, role=Role.FACILITATOR)
        people = await make_tickets(journal, code, 3, clock=clock)
        async with Client(f"{server.address}/f/{code}/desk", f"forum_{code}_desk={desks[0].secret}") as lead:
            assert (await lead.do("OpenStep", step="ideas")).accepted
            desk: Facilitator = await visit(
                browser, server, Facilitator, DESK, f"/f/{code}/desk", f"forum_{code}_desk={desks[1].secret}"
            )
            lea, omar, gone = [
                await visit(browser, server, Participant, PHONE, f"/f/{code}", f"forum_{code}={p.secret}")
                for p in people
            ]

            async def write(who: Participant, text: str) -> None:
                await who.write(text)
                await until(journal, code, lambda state: text in texts(state))

            for n, who in enumerate((lea, omar, gone, lea)):
                await write(who, f"Idea {n}")
            before = await state_of(journal, code)
            await store.restart()  # with everything: nothing is offered again
            await write(lea, "Idea 4")
            restarted = await state_of(journal, code)
            assert restarted.seq == before.seq + 1
            assert restarted.losses == ()

            store.keep()
            for n, who in enumerate((lea, omar, gone, omar, lea), 5):
                await write(who, f"Idea {n}")
            await gone.context.close()
            await store.put_back()
            state = await until(journal, code, lambda state: len(state.ideas) == 9 and state.losses)
            assert texts(state) == sorted(f"Idea {n}" for n in range(10) if n != 7)
            loss = desk.page.locator(".loss")
            await expect(loss).to_contain_text("The store lost its last 5 facts.")
            await expect(loss).to_contain_text("Restored by the phones: 4 of 5 contributions.")
            await expect(loss).to_contain_text("1 is missing.")
            await loss.locator("button").click()
            await expect(loss).to_have_count(0)

            cards = sorted(state.ideas.values(), key=lambda idea: idea.number)
            assert (await lead.do("RevealStep", step="ideas")).accepted
            assert (await lead.do("OpenStep", step="sort")).accepted
            for n, title in enumerate(THEMES):
                ideas = [card.id for card in cards[n::2]]
                assert (await lead.do("GroupIdeas", ideas=ideas, theme=f"theme0{n}", title=title)).accepted
            assert (await lead.do("OpenStep", step="theme-vote")).accepted
            store.keep()
            await lea.vote(THEMES[0], 1)
            await omar.vote(THEMES[0], 1)
            await omar.vote(THEMES[1], 1)
            cast = ballots(await until(journal, code, lambda state: len(ballots(state)) == 2))
            receipt = await lea.context.new_page()
            await receipt.goto(f"{server.address}/f/{code}/receipt")
            kept = await receipt.locator("#receipt-text").input_value()
            await store.put_back()
            state = await until(journal, code, lambda state: state.losses[1:] and ballots(state) == cast)
            await expect(loss).to_contain_text("Nothing is missing.")

            await receipt.goto(f"{server.address}/f/{code}/receipt/check")
            await receipt.fill("#receipt", kept)
            await receipt.get_by_role("button", name="Check", exact=True).click()
            await expect(receipt.locator(".verdict")).to_contain_text("and all hold.")
            await expect(receipt.locator(".entry", has_text="Your vote")).to_contain_text(
                "your phone sent it again, and it counts as no."
            )
            await expect(receipt.locator(".entry", has_text="The journal")).to_contain_text(
                "lost the end of this"
            )

            entries = await journal.read(code)
        facts = [records.decode(entry.body).fact for entry in entries]
        posted = Counter(fact.text for fact in facts if isinstance(fact, IdeaPosted))
        assert set(posted.values()) == {1}
        assert sum(isinstance(fact, TailLost) for fact in facts) == 2
        counts = [count(state, loss) for loss in state.losses]
        assert [(told.back, told.missing) for told in counts] == [(4, 1), (len(cast) + 1, 0)]
        for somebody in (desk, lea, omar):
            assert somebody.faults == []
            await somebody.context.close()
