"""O6, O10 to O13 with real browsers and a real store: the folder is put back to before one, two or three steps.

Every card and every vote whose phone is there is counted, nothing leads without a press, and the desk's numbers are exact.
"""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from forum.domain import records
from forum.domain.led import LedBefore
from forum.domain.loss import count
from forum.domain.roles import Role
from forum.domain.room import Noted, Refused
from forum.domain.state import State
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive
from tests.browser.test_repair import clock, state_of, texts, until, visit
from tests.further import further
from tests.servers import serving
from tests.stores import own_store

VOTE = "theme-vote"
BOUNDARIES = {1: "sort", 2: VOTE, 3: VOTE}


async def led_by_itself(journal, code: str, presses: int) -> list[str]:
    """The facts of this history by which somebody led without a press; ``presses``: how many there were."""
    ops: dict[str, list[str]] = {}
    for entry in await journal.read(code):
        record = records.decode(entry.body)
        if record.led and not isinstance(record.fact, LedBefore | Noted | Refused):
            ops.setdefault(entry.op, []).append(type(record.fact).__name__)
    return [f"{op} {facts}" for op, facts in list(ops.items())[presses:]]


def votes(state: State) -> dict[str, dict[str, int]]:
    round_ = state.rounds.latest(VOTE)
    return {p: dict(b.marks) for p, b in round_.ballots.items() if b.marks} if round_ else {}


async def goes_on(
    desk: Facilitator, lea: Participant, omar: Participant, journal, code: str, boundaries: int
):
    """The desk leads the room over so many boundaries between steps; phones contribute to each."""
    for who, n in ((lea, 1), (omar, 2), (lea, 3), (omar, 4)):
        await who.write(f"Idea {n}")
        await until(journal, code, lambda s, n=n: f"Idea {n}" in texts(s))
    await desk.go()  # reveal the cards
    await desk.go()  # to the sort
    await until(journal, code, lambda s: s.current == "sort")
    if boundaries == 1:
        return
    for who, n in ((lea, 1), (omar, 2)):
        await who.sort([f"Idea {n}"], f"Theme {n}")
        await until(journal, code, lambda s, n=n: len(s.themes.by_id) == n)
    await desk.go()
    await until(journal, code, lambda s: s.current == VOTE)
    await lea.vote("Theme 1", 1)
    await omar.vote("Theme 2", 1)
    await until(journal, code, lambda s: len(votes(s)) == 2)
    if boundaries == 3:
        await desk.go()  # close the vote
        await desk.go()  # show the result
        await until(journal, code, lambda s: s.rounds.latest(VOTE).revealed_at)


async def do_all_again(desk: Facilitator, *, few: bool) -> int:
    """Press for everything that had been done, one after another; how often. Of few ballots it is asked first (V10)."""
    line = desk.page.locator(".loss .deed").first
    listed = desk.page.locator(".loss .deed")
    left = presses = await listed.count()
    while left:
        if few and left == 1:
            await expect(line).to_contain_text("Only 2 ballots.")
        await line.locator("form[data-op=DoAgain] button").click()
        if few and left == 1:
            await expect(desk.page.locator("dialog[open]")).to_contain_text("so few ballots")
            await desk.page.locator("dialog[open] button").last.click()
        left -= 1
        await expect(listed).to_have_count(left)
    return presses


async def says_what_waits(desk: Facilitator, lea: Participant, contributions: int, waiting: int) -> None:
    """The desk's numbers, and whoever sent what waits, before anybody has pressed."""
    loss = desk.page.locator(".loss")
    said = f"Restored by the phones: {contributions - waiting} of {contributions} contributions."
    await expect(loss).to_contain_text(said)
    if waiting:
        await expect(loss).to_contain_text("2 wait for something that is not there again yet")
        await expect(loss).not_to_contain_text("Nothing is missing.")
        await expect(lea.page.locator("#my-notices")).to_contain_text("thing you sent waits")


def is_as_it_was(state: State, gone: State) -> None:
    """The themes, votes and step of a history that is gone are there again."""
    themes = [{t.title: t.ideas for t in one.themes.by_id.values()} for one in (state, gone)]
    assert themes[0] == themes[1]
    assert votes(state) == votes(gone)
    assert (state.now.phase, state.now.revealed) == (gone.now.phase, gone.now.revealed)


@pytest.mark.parametrize(
    ("boundaries", "desks"),
    [
        (1, "one"),
        (2, "asleep"),
        *further((3, "two"), (2, "one"), (3, "one"), (1, "two"), (2, "two"), (1, "asleep"), (3, "asleep")),
    ],
)
async def test_after_a_loss_the_phones_come_first_and_the_desk_presses(
    browser: Browser, tmp_path: Path, boundaries: int, desks: str
) -> None:
    async with (
        own_store(tmp_path) as store,
        open_journal(StoreAddress(store.url, tmp_path)) as journal,
        serving(tmp_path / "data", FORUM_REDIS_URL=store.url) as server,
    ):
        forum = await open_forum(journal, agendas()["forum-eclair"], lang="en", clock=clock)
        code = forum.code
        leaders = await make_tickets(journal, code, 2, clock=clock, role=Role.FACILITATOR)
        people = await make_tickets(journal, code, 2, clock=clock)
        cookies = [f"forum_{code}_desk={ticket.secret}" for ticket in leaders]
        desk: Facilitator = await visit(browser, server, Facilitator, DESK, f"/f/{code}/desk", cookies[0])
        lea, omar = [
            await visit(browser, server, Participant, PHONE, f"/f/{code}", f"forum_{code}={p.secret}")
            for p in people
        ]
        for step in ("welcome", "framing", "ideas"):
            await desk.go()
            await until(journal, code, lambda s, step=step: s.current == step)
        opened = len({e.op for e in await journal.read(code) if records.decode(e.body).led})
        store.keep()
        second = None
        if desks != "one":  # a second desk leads, and is or is not there when the store comes back
            second = await visit(browser, server, Facilitator, DESK, f"/f/{code}/desk", cookies[1])
        leader = second if desks == "asleep" else desk
        await goes_on(leader, lea, omar, journal, code, boundaries)
        gone = await state_of(journal, code)
        if desks == "asleep":
            await second.context.set_offline(True)
        await store.put_back()

        state = await until(journal, code, lambda s: len(s.ideas.by_id) == 4 and s.gone.losses)
        assert texts(state) == [f"Idea {n}" for n in (1, 2, 3, 4)]
        loss = desk.page.locator(".loss")
        waiting = 2 if boundaries > 1 else 0
        await until(journal, code, lambda s: len(s.gone.held) == waiting)
        assert (state.current, state.now.phase) == ("ideas", "open")
        if desks == "asleep":  # wakes up half way: what it had done is shown, and not done
            await expect(loss).to_contain_text("once a desk that did it is connected")
            await second.context.set_offline(False)
        presses = {1: 2, 2: 3, 3: 5}[boundaries]
        await expect(loss.locator(".deed")).to_have_count(presses)
        await expect(loss.locator(".deed").first).to_contain_text("had revealed a step")
        assert await led_by_itself(journal, code, opened) == []
        contributions = 4 if boundaries == 1 else 8
        await says_what_waits(desk, lea, contributions, waiting)

        assert await do_all_again(desk, few=boundaries == 3) == presses
        state = await until(journal, code, lambda s: s.current == BOUNDARIES[boundaries] and not s.gone.held)
        assert await led_by_itself(journal, code, opened + presses) == []
        is_as_it_was(state, gone)
        assert count(state, state.gone.losses[-1])[:4] == (contributions, contributions, 0, 0)
        await expect(loss).to_contain_text("Nothing is missing.")
        for somebody in filter(None, (desk, second, lea, omar)):
            assert somebody.faults == []
            await somebody.context.close()


@pytest.mark.parametrize("mine", [True, *further(False)])
async def test_O13_who_comes_in_again_after_a_copy_from_before_they_joined_is_told_and_sends_what_is_theirs(
    browser: Browser, tmp_path: Path, mine: bool
) -> None:
    async with (
        own_store(tmp_path) as store,
        open_journal(StoreAddress(store.url, tmp_path)) as journal,
        serving(tmp_path / "data", FORUM_REDIS_URL=store.url) as server,
    ):
        forum = await open_forum(journal, agendas()["forum-eclair"], lang="en", clock=clock)
        code = forum.code
        [leader] = await make_tickets(journal, code, 1, clock=clock, role=Role.FACILITATOR)
        desk = await visit(
            browser, server, Facilitator, DESK, f"/f/{code}/desk", f"forum_{code}_desk={leader.secret}"
        )
        for step in ("welcome", "framing", "ideas"):
            await desk.go()
            await until(journal, code, lambda s, step=step: s.current == step)
        store.keep()
        lea = await arrive(browser, Participant, PHONE, locale="en-GB")
        await lea.join(f"{server.address}/f/{code}", "Léa")
        await lea.is_live()
        for n in (1, 2):
            await lea.write(f"Idea {n}")
            await until(journal, code, lambda s, n=n: f"Idea {n}" in texts(s))
        await store.put_back()

        await expect(lea.page.locator("form[action$='/join']")).to_be_visible()
        await expect(lea.page.locator("[data-kept]")).to_contain_text("still kept in this browser")
        await lea.page.locator("form[action$='/join'] button").click()
        asked = lea.page.locator("dialog[open]")
        await expect(asked).to_contain_text("2 things were sent or written in this browser")
        await asked.locator("button", has_text="Yes" if mine else "No").click()
        if mine:
            state = await until(journal, code, lambda s: len(s.ideas.by_id) == 2)
            assert texts(state) == ["Idea 1", "Idea 2"]
            await expect(desk.page.locator(".loss")).to_contain_text("Nothing is missing.")
        await lea.page.reload()
        await lea.is_live()
        await lea.write("Idea 3")
        state = await until(journal, code, lambda s: "Idea 3" in texts(s))
        await expect(asked).to_have_count(0)
        assert len(state.ideas.by_id) == (3 if mine else 1)
        assert count(state, state.gone.losses[-1]).missing == (0 if mine else 2)
        assert lea.faults == []
        for somebody in (desk, lea):
            await somebody.context.close()


async def test_O13_two_windows_that_come_in_again_send_it_once(browser: Browser, tmp_path: Path) -> None:
    async with (
        own_store(tmp_path) as store,
        open_journal(StoreAddress(store.url, tmp_path)) as journal,
        serving(tmp_path / "data", FORUM_REDIS_URL=store.url) as server,
    ):
        forum = await open_forum(journal, agendas()["forum-eclair"], lang="en", clock=clock)
        code = forum.code
        [leader] = await make_tickets(journal, code, 1, clock=clock, role=Role.FACILITATOR)
        desk = await visit(
            browser, server, Facilitator, DESK, f"/f/{code}/desk", f"forum_{code}_desk={leader.secret}"
        )
        for step in ("welcome", "framing", "ideas"):
            await desk.go()
            await until(journal, code, lambda s, step=step: s.current == step)
        store.keep()
        lea = await arrive(browser, Participant, PHONE, locale="en-GB")
        await lea.join(f"{server.address}/f/{code}")
        await lea.is_live()
        await lea.write("Idea 1")
        await until(journal, code, lambda s: "Idea 1" in texts(s))
        await store.put_back()
        await lea.page.locator("form[action$='/join'] button").click()
        first = lea.page.locator("dialog[open]")
        await expect(first).to_be_visible()
        other = await lea.context.new_page()
        await other.goto(f"{server.address}/f/{code}")
        second = other.locator("dialog[open]")
        await expect(second).to_be_visible()
        for asked in (first, second):
            await asked.locator("button", has_text="Yes").click()
        await until(journal, code, lambda s: texts(s) == ["Idea 1"])
        await other.locator("form[data-op=PostIdea] textarea").fill("Idea 2")
        await other.locator("form[data-op=PostIdea] button").click()
        state = await until(journal, code, lambda s: "Idea 2" in texts(s))

        assert texts(state) == ["Idea 1", "Idea 2"]
        assert count(state, state.gone.losses[-1])[:4] == (1, 1, 0, 0)
        for somebody in (desk, lea):
            await somebody.context.close()
