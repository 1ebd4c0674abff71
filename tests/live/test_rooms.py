"""Live rooms on a real store: what is answered, when, and what browsers are shown."""

import asyncio

from forum.domain import records
from forum.domain.flow import CloseStep, InsertStep, OpenStep, RevealStep
from forum.domain.kernel import Rejection, StepId, Words
from forum.domain.people import RemovePerson
from forum.domain.roles import Role
from forum.domain.room import EMPTY, fold
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea, WithdrawIdea
from forum.domain.steps.sort import GroupIdeas
from forum.domain.steps.voting import MOST_CHOICES
from forum.live import Accepted, OutOfOrder, Refused, Resume
from tests.live.conftest import DESK, PAGES, PHONE, seated

LEA, ANNE, FAC = "lea", "anne", "fac"


async def opened(house, hub, step="ideas") -> str:
    code = await house.forum()
    await house.joined(hub, code, FAC, role=Role.FACILITATOR)
    await house.joined(hub, code, LEA, ANNE)
    await house.ask(hub, code, OpenStep(step), FAC)
    return code


def post(n: int, text: str = "") -> PostIdea:
    return PostIdea(f"idea{n:04}", text or f"Idée {n}", "ideas")


async def folded(house, code):
    state = EMPTY
    for entry in await house.journal.read(code):
        state = fold(state, entry.seq, entry.op, records.decode(entry.body))
    return state


def pages_of(view_of, audience):
    return {p.key: (p.place, p.order, p.html) for p in PAGES.page(view_of, audience)}


def own_of(view, person, audience=PHONE):
    return {p.key: (p.place, p.order, p.html) for p in PAGES.you(view, audience, person)}


async def test_an_accepted_op_is_in_the_journal_at_the_number_it_is_told(house):
    hub = await house.hub()
    code = await opened(house, hub)
    verdict = await house.ask(hub, code, post(1), LEA)
    entries = await house.journal.read(code)

    assert isinstance(verdict, Accepted)
    assert (verdict.head.seq, verdict.head.chain) == (entries[-1].seq, entries[-1].chain)


async def test_a_refused_op_is_told_why_and_its_number_is_used(house):
    hub = await house.hub()
    code = await opened(house, hub, "welcome")
    first = await house.ask(hub, code, post(1), LEA, "tab-of-lea-0001", 1)
    again = await house.ask(hub, code, post(1), LEA, "tab-of-lea-0001", 1)
    third = await house.ask(hub, code, post(1), LEA, "tab-of-lea-0001", 3)

    assert isinstance(first, Refused)
    assert first.rejection.code == "board_closed"
    assert again.rejection == first.rejection
    assert third == OutOfOrder(1)


async def test_what_the_edge_refused_uses_its_number_too(house):
    hub = await house.hub()
    code = await opened(house, hub)
    refusal = Rejection("W1", "bad_shape")
    first = await house.ask(hub, code, refusal, LEA, "tab-of-lea-0001", 1)
    second = await house.ask(hub, code, post(1), LEA, "tab-of-lea-0001", 2)

    assert first.rejection == refusal
    assert isinstance(second, Accepted)


async def test_a_hundred_at_once_are_all_there_once_and_in_one_order(house):
    hub = await house.hub()
    code = await opened(house, hub)
    verdicts = await asyncio.gather(*(house.ask(hub, code, post(n), LEA) for n in range(100)))
    state = await folded(house, code)

    assert all(isinstance(v, Accepted) for v in verdicts)
    assert len(state.ideas.by_id) == 100


async def test_a_phone_sees_the_page_that_the_journal_gives(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, ANNE) as phone, seated(hub, code, DESK, FAC) as desk:
        for n in range(5):
            await house.ask(hub, code, post(n), LEA)
        await house.ask(hub, code, RevealStep("ideas"), FAC)
        await house.ask(hub, code, post(7), LEA)
        await hub.settled(code)
        view = (await hub.shown(code)).view

        assert phone.page == pages_of(view, PHONE)
        assert desk.page == pages_of(view, DESK)
        assert any("Idée 7" in html for _, _, html in phone.page.values())


async def test_what_is_personal_reaches_its_person_only(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, LEA) as lea, seated(hub, code, PHONE, ANNE) as anne:
        await house.ask(hub, code, post(1, "Seulement pour Léa"), LEA)
        await hub.settled(code)

        assert any("Seulement pour Léa" in html for _, _, html in lea.mine.values())
        assert "Seulement pour Léa" not in str(anne.heard)


async def test_a_slow_phone_is_skipped_and_later_given_what_changed_since(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, RevealStep("ideas"), FAC)
    async with seated(hub, code, PHONE, LEA) as slow, seated(hub, code, PHONE, ANNE) as quick:
        slow.stuck, slow.waiting = True, 70_000
        for n in range(20):
            await house.ask(hub, code, post(n), LEA)
            if n == 10:
                await house.ask(hub, code, post(100), FAC)
        while quick.at < (await hub.shown(code)).head.seq:  # noqa: ASYNC110  ``settled`` waits for the slow one too
            await asyncio.sleep(0)
        waited = slow.waiting
        slow.stuck, slow.waiting = False, 0
        await house.ask(hub, code, post(200), LEA)
        await hub.settled(code)

        assert waited == 70_000, "nothing may be queued for a phone that cannot take it"
        assert slow.page == quick.page
        assert len([f for f in slow.heard if f["t"] == "chg"]) <= 2


async def test_a_page_resumes_where_it_was_and_gets_only_what_changed(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, RevealStep("ideas"), FAC)
    async with seated(hub, code, PHONE, ANNE) as before:
        await house.ask(hub, code, post(1), LEA)
        await hub.settled(code)
    for n in range(2, 6):
        await house.ask(hub, code, post(n), LEA)
    async with seated(hub, code, PHONE, ANNE, before.resume) as after:
        after_page = before.page | after.page

        assert after.heard[0]["mode"] == "changes"
        assert after_page == pages_of((await hub.shown(code)).view, PHONE)


async def test_a_page_of_another_history_gets_everything(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, ANNE) as before:
        pass
    for wrong in (before.resume._replace(chain="0" * 16), before.resume._replace(seq=before.at + 50), None):
        async with seated(hub, code, PHONE, ANNE, wrong) as after:
            assert after.heard[0]["mode"] == "full"
    async with seated(hub, code, PHONE, ANNE, before.resume) as current:
        assert current.heard[0]["mode"] == "current"


async def test_zero_is_a_position(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, ANNE, Resume(1, 0, "")) as phone:
        assert phone.page == pages_of((await hub.shown(code)).view, PHONE)


async def test_two_processes_on_one_store_show_one_board(house):
    one, other = await house.hub(), await house.hub()
    code = await opened(house, one)
    await house.ask(one, code, RevealStep("ideas"), FAC)
    async with seated(one, code, PHONE, LEA) as phone, seated(other, code, PHONE, ANNE) as far:
        await asyncio.gather(
            *(house.ask(one, code, post(n), LEA) for n in range(30)),
            *(house.ask(other, code, post(n), ANNE) for n in range(100, 130)),
        )
        for hub in (one, other):
            await hub.shown(code)
            await hub.settled(code)

        assert len((await folded(house, code)).ideas.by_id) == 60
        assert phone.page == far.page


async def test_four_connections_of_one_person_on_two_processes_never_break_the_budget(house):
    one, other = await house.hub(), await house.hub()
    code = await opened(house, one)
    await asyncio.gather(*(house.ask(one, code, post(n), LEA) for n in range(8)))
    await house.ask(one, code, RevealStep("ideas"), FAC)
    await house.ask(one, code, OpenStep("sort"), FAC)
    themes = [f"theme{n:02}" for n in range(8)]
    for n, theme in enumerate(themes):
        await house.ask(one, code, GroupIdeas((f"idea{n:04}",), theme, f"Thème {n}"), LEA)
    assert isinstance(await house.ask(one, code, OpenStep("theme-vote"), FAC), Accepted)
    verdicts = await asyncio.gather(
        *(
            house.ask(h, code, GiveMark("theme-vote", t, 1), LEA)
            for t in themes
            for h in (one, other, one, other)
        )
    )
    state = await folded(house, code)
    ballot = state.rounds.latest("theme-vote").ballots[LEA]

    assert sum(ballot.marks.values()) == 3
    assert {type(v) for v in verdicts} == {Accepted, Refused}
    assert isinstance(await house.ask(other, code, CloseStep("theme-vote"), FAC), Accepted)


async def test_a_removed_person_loses_their_seat(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, LEA) as phone, seated(hub, code, PHONE, ANNE) as other:
        await house.ask(hub, code, RemovePerson(LEA), FAC)
        await hub.settled(code)

        assert phone.closed == 4401
        assert other.closed == 0


async def test_everybody_is_sent_away_with_a_time_to_come_back_when_the_process_ends(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, LEA) as phone:
        await hub.close()

        assert phone.heard[-1]["t"] == "bye"
        assert phone.closed == 1012


async def test_every_browser_that_left_is_forgotten(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, LEA):
        assert hub.connected(code) == 1

    assert hub.connected(code) == 0


async def test_of_what_is_personal_only_what_changed_is_sent_again(house):
    hub = await house.hub()
    code = await opened(house, hub)
    async with seated(hub, code, PHONE, LEA) as lea:
        await house.ask(hub, code, post(1, "Une première"), LEA)
        await hub.settled(code)
        first = len(lea.heard)
        await house.ask(hub, code, post(2, "Une seconde"), LEA)
        await hub.settled(code)
        sent = [frame for frame in lea.heard[first:] if frame["t"] == "you"]
        view = (await hub.shown(code)).view

    assert [{key for key, *_ in frame["put"]} for frame in sent] == [{"my-idea-idea0002", "my-receipt"}]
    assert lea.mine == own_of(view, LEA)


async def test_what_is_no_longer_ones_own_is_named_as_gone(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, post(1), LEA)
    async with seated(hub, code, PHONE, LEA) as lea:
        await house.ask(hub, code, WithdrawIdea("idea0001"), LEA)
        await hub.settled(code)
        view = (await hub.shown(code)).view

    last = [frame for frame in lea.heard if frame["t"] == "you"][-1]
    assert "my-idea-idea0001" in last["del"]
    assert lea.mine == own_of(view, LEA)


async def test_a_change_of_scene_gives_everything_personal_anew(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, post(1), LEA)
    async with seated(hub, code, PHONE, LEA) as lea:
        await house.ask(hub, code, RevealStep("ideas"), FAC)
        await hub.settled(code)
        view = (await hub.shown(code)).view

    assert [frame.get("all") for frame in lea.heard if frame["t"] == "you"] == [True, True]
    assert lea.mine == own_of(view, LEA)


async def test_a_page_of_the_first_protocol_is_given_what_is_personal_as_a_whole(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, post(1), LEA)
    async with seated(hub, code, PHONE, LEA, whole=True) as lea:
        await house.ask(hub, code, post(2), LEA)
        await hub.settled(code)

    last = [frame for frame in lea.heard if frame["t"] == "you"][-1]
    assert {"my-idea-idea0001", "my-idea-idea0002", "my-name"} <= {key for key, *_ in last["put"]}


async def test_a_vote_over_as_many_choices_as_there_may_be_is_opened_closed_and_revealed(house):
    hub = await house.hub()
    code = await opened(house, hub)
    insert = InsertStep(StepId("vote0001"), BallotSettings(over="ideas"), Words("Quoi ?"))
    await asyncio.gather(*(house.ask(hub, code, post(n), LEA) for n in range(MOST_CHOICES)))
    done = [
        await house.ask(hub, code, command, FAC)
        for command in (
            insert,
            RevealStep("ideas"),
            OpenStep("vote0001"),
            CloseStep("vote0001"),
            RevealStep("vote0001", knowing=True),
        )
    ]

    assert [type(verdict) for verdict in done] == [Accepted] * 5
    assert len((await folded(house, code)).rounds.latest("vote0001").counted.result.lines) == MOST_CHOICES
