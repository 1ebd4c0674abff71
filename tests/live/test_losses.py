"""C11 on a real store whose folder is put back to an older copy: who notices, what is told, who is welcomed again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from secrets import token_urlsafe

import pytest

from forum.domain import records
from forum.domain.flow import FreezeStep
from forum.domain.kernel import Asked, Millis, PersonId, TabId, Was
from forum.domain.loss import Count, Skip, TailLost, count
from forum.domain.people import NameMyself
from forum.journal import StoreAddress, Unavailable, open_journal
from forum.live import Accepted, Away, Hub, Refused, Resume
from tests.live.conftest import DESK, PAGES, PHONE, SECONDS, TAB, Clock, House, seated, until
from tests.live.test_rooms import ANNE, FAC, LEA, folded, opened, post
from tests.stores import OwnStore, own_store

OTHER = "tab-of-anne-0001"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[OwnStore]:
    async with own_store(tmp_path) as store:
        yield store


@pytest.fixture
async def house(tmp_path: Path, store: OwnStore) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        address = StoreAddress(store.url, tmp_path)
        journal = await stack.enter_async_context(open_journal(address))
        yield House(journal, stack, address, Clock())


async def ask(house: House, hub, code, command, by, tab, op, *, again=False, was=None, **page):
    """Ask until the store is there, as a browser does; ``page``: where it stood."""
    asked = Asked(PersonId(by), Millis(house.clock()), TabId(tab), op, again=again, was=was, **page)
    async with asyncio.timeout(SECONDS):
        while True:
            verdict = await hub.submit(code, command, asked)
            if not isinstance(verdict, Away):
                return verdict


async def shown(hub, code):
    """The forum as a hub shows it, once the store answers."""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                return await hub.shown(code)
            except Unavailable:
                await asyncio.sleep(0.01)


async def losses_told(house, code) -> list[TailLost]:
    facts = [records.decode(e.body).fact for e in await house.journal.read(code)]
    return [f for f in facts if isinstance(f, TailLost)]


async def told(hub, code):
    """The losses the forum knows of, once there is one."""
    async with asyncio.timeout(SECONDS):
        while not (losses := (await shown(hub, code)).view.state.gone.losses):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return losses


def lasts(browser) -> list[int]:
    return [frame["last_n"] for frame in browser.heard if frame["t"] == "welcome"]


async def test_what_two_processes_saw_and_the_store_lost_is_told_once_and_what_comes_back_is_counted(
    house, store
):
    one, other = await house.hub(), await house.hub()
    code = await opened(house, one)
    await ask(house, one, code, post(1), LEA, TAB, 1)
    kept = (await house.journal.head(code)).seq
    store.keep()
    for n in (2, 3):
        await ask(house, one, code, post(n), LEA, TAB, n)
    for n in (1, 2):
        await ask(house, other, code, post(10 + n), ANNE, OTHER, n)
    await one.settled(code)
    await store.put_back()
    for hub in (one, other):
        await told(hub, code)
    for n in (2, 3):
        assert isinstance(await ask(house, other, code, post(n), LEA, TAB, n, again=True), Accepted)
    state = (await shown(one, code)).view.state

    [fact] = await losses_told(house, code)
    assert (fact.after, fact.upto, fact.ops) == (kept, kept + 4, 4)
    [loss] = state.gone.losses
    assert count(state, loss) == Count(4, 2, 0, 0, 2)
    assert sorted(state.ideas.by_id) == ["idea0001", "idea0002", "idea0003"]
    assert state == await folded(house, code)


async def test_every_browser_is_welcomed_again_with_its_last_number_and_the_desk_reads_what_happened(
    house, store
):
    hub = await house.hub()
    code = await opened(house, hub)
    async with (
        seated(hub, code, PHONE, LEA, tab=TAB) as lea,
        seated(hub, code, PHONE, ANNE, tab=OTHER) as anne,
        seated(hub, code, DESK, FAC) as desk,
    ):
        await ask(house, hub, code, post(1), LEA, TAB, 1)
        store.keep()
        await ask(house, hub, code, post(2), LEA, TAB, 2)
        await ask(house, hub, code, post(3), ANNE, OTHER, 1)
        await hub.settled(code)
        assert "loss" not in desk.page
        await store.put_back()
        await until(lambda: len(lasts(lea)) == 2 and "loss" in desk.page)
        await ask(house, hub, code, post(2), LEA, TAB, 2, again=True)
        await hub.settled(code)

        assert (lasts(lea), lasts(anne)) == ([0, 1], [0, 0])
        assert "Le stockage a perdu ses 2 derniers faits" in desk.page["loss"][2]
        assert "Contributions revenues des téléphones\u202f: 1 sur 2." in desk.page["loss"][2]
        assert "1 manque" in desk.page["loss"][2]
        assert "loss" not in lea.page


async def test_a_store_that_comes_back_with_everything_has_lost_nothing(house, store):
    hub = await house.hub()
    code = await opened(house, hub)
    await ask(house, hub, code, post(1), LEA, TAB, 1)
    gen = (await house.journal.head(code)).gen
    async with seated(hub, code, PHONE, LEA, tab=TAB) as lea:
        await store.restart()
        assert isinstance(await ask(house, hub, code, post(2), LEA, TAB, 2), Accepted)
        await hub.settled(code)

        assert lasts(lea) == [1]
    assert (await house.journal.head(code)).gen == gen + 1
    assert await losses_told(house, code) == []


async def test_a_process_that_never_saw_what_was_lost_follows_and_says_nothing(house, store):
    one = await house.hub()
    code = await opened(house, one)
    store.keep()
    await ask(house, one, code, post(1), LEA, TAB, 1)
    await one.__aexit__(None, None, None)
    await store.put_back()
    fresh = await house.hub()
    async with seated(fresh, code, PHONE, LEA, Resume(1, 999, "abcdef"), tab=TAB):
        await ask(house, fresh, code, post(1), LEA, TAB, 1, again=True)  # anybody may say so
        await ask(
            house, fresh, code, post(2), LEA, TAB, 2, again=True, was=Was(f"{TAB}:2", LEA, 1, 999, "abc")
        )

    assert await losses_told(house, code) == []
    assert (await shown(fresh, code)).view.state.gone.came_back == (1, 0)


@pytest.mark.parametrize("lives", [0, 7])  # of the store, between the copy and its return
async def test_a_desk_that_was_further_tells_what_no_process_could_know(house, store, lives):
    one = await house.hub()
    code = await opened(house, one)
    store.keep()
    await ask(house, one, code, post(1), LEA, TAB, 1)
    head = (await shown(one, code)).head
    await one.__aexit__(None, None, None)
    await store.put_back()
    fresh = await house.hub()
    await ask(house, fresh, code, post(1), LEA, TAB, 1, again=True, was=Was(f"{TAB}:1", LEA, 1, head.seq))
    await ask(house, fresh, code, post(2), LEA, TAB, 2)
    for _ in range(2):  # it comes back once more, and says the same
        async with seated(fresh, code, DESK, FAC, Resume(head.gen + lives, head.seq, head.chain)):
            [loss] = await told(fresh, code)

    assert loss.upto == head.seq
    assert count((await shown(fresh, code)).view.state, loss) == Count(None, 1, 0, 0, None)
    assert len(await losses_told(house, code)) == 1


async def test_what_was_lost_twice_is_told_each_time(house, store):
    hub = await house.hub()
    code = await opened(house, hub)
    for n in (1, 2):
        store.keep()
        await ask(house, hub, code, post(n), LEA, f"{TAB}-{n}", 1)
        await hub.settled(code)
        await store.put_back()
        assert len(await told(hub, code)) >= 1
        async with asyncio.timeout(SECONDS):
            while len((await shown(hub, code)).view.state.gone.losses) < n:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    state = (await shown(hub, code)).view.state
    assert [(x.facts, x.ops) for x in state.gone.losses] == [(1, 1), (1, 1)]
    assert state.gone.losses[1].gen > state.gone.losses[0].gen


async def test_a_loss_whose_telling_is_lost_is_told_again_and_says_what_was_not_there(house, store):
    hub = await house.hub()
    code = await opened(house, hub)
    store.keep()
    for n in (1, 2, 3):
        await ask(house, hub, code, post(n), LEA, TAB, n)
    await hub.settled(code)
    await store.put_back()
    await told(hub, code)
    await ask(house, hub, code, post(1), LEA, TAB, 1)  # it comes back, and is lost again with what told of it
    await hub.settled(code)
    await store.put_back()
    async with asyncio.timeout(SECONDS):
        while len((await shown(hub, code)).view.state.gone.losses) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    before = (await shown(hub, code)).view.state
    for n in (1, 2):
        await ask(house, hub, code, post(n), LEA, TAB, n)
    after = (await shown(hub, code)).view.state

    assert [count(before, loss) for loss in before.gone.losses] == [
        Count(2, 0, 0, 0, 2),
        Count(1, 0, 0, 0, 1),
    ]
    assert [count(after, loss) for loss in after.gone.losses] == [Count(2, 1, 0, 0, 1), Count(1, 1, 0, 0, 0)]
    assert after == await folded(house, code)


async def test_an_op_whose_answer_never_came_counts_as_come_back_where_a_process_had_seen_it(house, store):
    hub = await house.hub()
    code = await opened(house, hub)
    store.keep()
    await ask(house, hub, code, post(1), LEA, TAB, 1)
    await store.put_back()
    await told(hub, code)
    await ask(house, hub, code, post(1), LEA, TAB, 1)  # its page does not know that it was saved
    await ask(house, hub, code, post(2), LEA, TAB, 2)

    state = (await shown(hub, code)).view.state
    assert count(state, state.gone.losses[0]) == Count(1, 1, 0, 0, 0)


async def test_a_skip_fills_the_numbers_that_nothing_fills_any_more(house, store):
    hub = await house.hub()
    code = await opened(house, hub)
    store.keep()
    for n in (1, 2, 3):
        await ask(house, hub, code, post(n), LEA, TAB, n)
    await store.put_back()
    await told(hub, code)
    skipped = await ask(house, hub, code, Skip(1), LEA, TAB, 2)
    third = await ask(house, hub, code, post(3), LEA, TAB, 3, again=True)

    assert isinstance(skipped, Accepted)
    assert isinstance(third, Accepted)
    assert not isinstance(third, Refused)
    state = (await shown(hub, code)).view.state
    assert count(state, state.gone.losses[0]).missing == 2


async def deaf_hub(house: House) -> Hub:
    """A process that hears no bell, so that it is behind until it reads on by itself."""
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(open_journal(house.address))
        hub = await stack.enter_async_context(
            Hub(journal, PAGES, clock=house.clock, new_salt=lambda: token_urlsafe(16))
        )
        journal.bells.listen(lambda *_heard, **_how: None, lambda: None)
        house.also(stack.pop_all())
    return hub


async def test_a_process_that_is_behind_takes_a_page_ahead_of_it_for_no_loss(house: House) -> None:
    one = await house.hub()
    code = await opened(house, one)
    behind = await deaf_hub(house)
    await behind.shown(code)

    told = await ask(house, one, code, post(1), LEA, TAB, 1)
    behind.witness(code, Resume(told.head.gen, told.head.seq, told.head.chain))
    await behind.settled(code)

    assert await losses_told(house, code) == []


async def test_a_press_on_a_process_that_is_behind_is_done_and_not_only_shown(house: House) -> None:
    one = await house.hub()
    code = await opened(house, one)
    behind = await deaf_hub(house)
    await behind.shown(code)
    told = await ask(house, one, code, post(1), LEA, TAB, 1)
    here = {"seen": told.head.seq, "gen": told.head.gen, "chain": told.head.chain}

    pressed = await ask(house, behind, code, FreezeStep("ideas"), FAC, OTHER, 1, **here)

    assert isinstance(pressed, Accepted)
    assert (await shown(behind, code)).view.state.now.phase == "frozen"


async def test_a_proof_that_is_ahead_of_what_is_shown_yet_is_no_news_of_a_loss(house: House) -> None:
    """While names are read, what is shown stays behind what was saved and acknowledged."""
    hub = await house.hub()
    code = await opened(house, hub)
    for n in range(1, 9):
        named = ask(house, hub, code, NameMyself(), ANNE, OTHER, n)
        _, said = await asyncio.gather(named, ask(house, hub, code, post(n), LEA, TAB, n))
        hub.witness(code, Resume(said.head.gen, said.head.seq, said.head.chain))
    await hub.settled(code)

    assert await losses_told(house, code) == []
