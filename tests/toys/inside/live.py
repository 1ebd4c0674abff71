"""Seats whose person goes from table to table: another page at once, whole, and nothing of the one before, on every path."""

import random
from contextlib import AsyncExitStack

import pytest

from forum.domain.flow import InsertStep, OpenStep
from forum.domain.kernel import StepId, Words
from forum.domain.people import NameMyself, SayDone
from forum.domain.roles import Role
from forum.live import Accepted, Resume
from tests.live.conftest import DESK, PAGES, PHONE, House, seated
from tests.toys.tables import SitDown, TakeNoteBack, WriteNote, tables_of
from tests.toys.tables_settings import TablesSettings

FAC = "fac"
PEOPLE = ("lea", "anne", "ines", "omar")
TABLES = StepId("tables001")


class Tables:
    """A forum whose tables are open, as people use it."""

    def __init__(self, house: House, hub, code: str) -> None:
        self.house, self.hub, self.code = house, hub, code
        self._notes = 0

    async def ask(self, command, by: str):
        verdict = await self.house.ask(self.hub, self.code, command, by)
        await self.hub.settled(self.code)
        return verdict

    async def sit(self, table: int, *people: str) -> None:
        for person in people:
            assert isinstance(await self.ask(SitDown(TABLES, table), person), Accepted)

    async def note(self, by: str, text: str) -> str:
        self._notes += 1
        name = f"note{self._notes:04}"
        assert isinstance(await self.ask(WriteNote(name, TABLES, text), by), Accepted)
        return name

    async def page(self, person: str, audience=PHONE):
        view = (await self.hub.shown(self.code)).view
        return {p.key: p[1:] for p in PAGES.page(view, PAGES.grouped(view, audience, person))}

    async def own(self, person: str, audience=PHONE):
        view = (await self.hub.shown(self.code)).view
        return {p.key: p[1:] for p in PAGES.you(view, audience, person)}

    async def check(self, browser, person: str, audience=PHONE) -> None:
        assert browser.page == await self.page(person, audience)
        assert browser.mine == await self.own(person, audience)


@pytest.fixture
async def tables(house) -> Tables:
    hub = await house.hub()
    code = await house.forum()
    await house.joined(hub, code, FAC, role=Role.FACILITATOR)
    await house.joined(hub, code, *PEOPLE)
    await house.ask(hub, code, InsertStep(TABLES, TablesSettings(), Words("Tables", "Tables")), FAC)
    await house.ask(hub, code, OpenStep(TABLES), FAC)
    return Tables(house, hub, code)


def said(browser) -> str:
    """Every word that a browser was ever sent."""
    return "\n".join(str(frame) for frame in browser.heard)


async def test_who_sits_down_is_given_the_whole_page_of_the_table_once(tables):
    await tables.sit(1, "lea")
    await tables.note("lea", "Un marché couvert")
    async with seated(tables.hub, tables.code, PHONE, "anne") as anne:
        before = len(anne.heard)
        await tables.sit(1, "anne")
        came = [frame["t"] for frame in anne.heard[before:]]

        assert came == ["full", "you"]
        assert "Un marché couvert" in said(anne)
        await tables.check(anne, "anne")


async def test_a_note_reaches_its_table_by_one_change_and_no_other_table_ever(tables):
    await tables.sit(1, "lea", "anne")
    await tables.sit(2, "ines")
    async with AsyncExitStack() as stack:
        lea, anne, ines, omar, desk = [
            await stack.enter_async_context(seated(tables.hub, tables.code, audience, person))
            for person, audience in [*((p, PHONE) for p in PEOPLE), (FAC, DESK)]
        ]
        before = len(anne.heard)
        await tables.note("lea", "Un marché couvert")

        assert [frame["t"] for frame in anne.heard[before:]] == ["chg"]
        assert all("Un marché couvert" in said(browser) for browser in (lea, anne, desk))
        assert all("Un marché couvert" not in said(browser) for browser in (ines, omar))
        for browser, person in zip((lea, anne, ines, omar), PEOPLE, strict=True):
            assert browser.at == desk.at
            await tables.check(browser, person)


async def test_nothing_of_the_table_before_stays_on_the_page(tables):
    await tables.sit(1, "lea", "anne")
    await tables.note("anne", "Un marché couvert")
    async with seated(tables.hub, tables.code, PHONE, "lea") as lea:
        await tables.sit(2, "lea")
        await tables.note("anne", "Une salle de danse")

        assert not any("marché" in html for _, _, html in (*lea.page.values(), *lea.mine.values()))
        assert "Une salle de danse" not in said(lea)
        await tables.check(lea, "lea")


async def test_a_page_that_slept_while_its_person_changed_table_is_given_the_other_one_whole(tables):
    await tables.sit(1, "lea", "anne")
    await tables.note("anne", "Un marché couvert")
    async with seated(tables.hub, tables.code, PHONE, "lea") as lea:
        asleep = lea.resume
    await tables.sit(2, "lea")
    await tables.note("anne", "Une salle de danse")
    async with seated(tables.hub, tables.code, PHONE, "lea", asleep) as lea:
        assert [frame["t"] for frame in lea.heard] == ["welcome", "full", "you"]
        assert lea.heard[0]["mode"] == "full"
        assert "danse" not in said(lea)
        await tables.check(lea, "lea")
    there = lea.resume
    await tables.note("anne", "Trois bancs")
    async with seated(tables.hub, tables.code, PHONE, "lea", there) as lea:
        assert lea.heard[0]["mode"] == "changes"  # and who stayed goes on from where they were
        assert "bancs" not in said(lea)


async def test_who_comes_back_to_the_same_table_meanwhile_is_given_it_whole_all_the_same(tables):
    await tables.sit(1, "lea", "anne")
    async with seated(tables.hub, tables.code, PHONE, "lea") as lea:
        asleep = lea.resume
    await tables.sit(2, "lea")
    await tables.sit(1, "lea")
    async with seated(tables.hub, tables.code, PHONE, "lea", asleep) as lea:
        assert lea.heard[0]["mode"] == "full"
        await tables.check(lea, "lea")


async def test_a_page_that_asks_for_what_it_lacks_since_another_table_is_given_the_whole(tables):
    await tables.sit(1, "lea", "anne")
    since = (await tables.hub.shown(tables.code)).head.seq
    await tables.sit(2, "lea")
    async with seated(tables.hub, tables.code, PHONE, "lea") as lea:
        before = len(lea.heard)
        tables.hub.need(tables.code, lea.seat, since)
        await tables.hub.settled(tables.code)

        assert [frame["t"] for frame in lea.heard[before:]] == ["full"]
        await tables.check(lea, "lea")


async def test_a_network_that_stands_still_while_its_person_changes_table_lets_nothing_else_through(tables):
    await tables.sit(1, "lea", "anne")
    async with seated(tables.hub, tables.code, PHONE, "lea") as lea:
        lea.stuck = True
        await tables.note("anne", "Un marché couvert")
        await tables.sit(2, "lea")
        lea.stuck, lea.waiting = False, 0
        await tables.note("lea", "Une salle de danse")

        assert "marché" not in said(lea)
        await tables.check(lea, "lea")


async def test_another_step_takes_everybody_into_one_audience_and_back(tables):
    await tables.sit(1, "lea")
    await tables.sit(2, "anne")
    await tables.note("lea", "Un marché couvert")
    async with (
        seated(tables.hub, tables.code, PHONE, "lea") as lea,
        seated(tables.hub, tables.code, PHONE, "anne") as anne,
    ):
        await tables.ask(OpenStep(StepId("ideas")), FAC)
        assert lea.page == anne.page == await tables.page("omar")
        assert lea.seat.audience == anne.seat.audience == PHONE
        await tables.ask(OpenStep(TABLES), FAC)
        await tables.check(lea, "lea")
        await tables.check(anne, "anne")
        assert lea.page != anne.page
        assert "marché" not in said(anne)


async def test_two_tabs_of_one_person_both_change(tables):
    await tables.sit(1, "lea")
    async with (
        seated(tables.hub, tables.code, PHONE, "lea") as one,
        seated(tables.hub, tables.code, PHONE, "lea") as other,
    ):
        await tables.sit(2, "lea")
        assert one.seat.audience == other.seat.audience == PHONE._replace(group="tables001-2")
        await tables.check(one, "lea")
        await tables.check(other, "lea")
        assert tables.hub.connected(tables.code) == 2


async def test_another_process_is_told_of_the_move_by_the_journal_alone(tables):
    other = await tables.house.hub()
    await tables.sit(1, "lea", "anne")
    async with seated(other, tables.code, PHONE, "lea") as lea:
        await tables.note("anne", "Un marché couvert")
        await tables.sit(2, "lea")
        await tables.note("anne", "Une salle de danse")
        await other.shown(tables.code)
        await other.settled(tables.code)

        assert "danse" not in said(lea)
        await tables.check(lea, "lea")


@pytest.mark.parametrize("seed", range(4))
async def test_whoever_goes_about_is_always_shown_their_table_and_never_anything_twice(tables, seed):
    rng, kept = random.Random(seed), []
    async with AsyncExitStack() as stack:
        browsers = {
            p: await stack.enter_async_context(seated(tables.hub, tables.code, PHONE, p)) for p in PEOPLE
        }
        for n in range(60):
            person = rng.choice(PEOPLE)
            command = rng.choice([
                SitDown(TABLES, rng.randint(0, 2)), WriteNote(f"note{n:04}", TABLES, f"Mot {n}"),
                WriteNote(f"more{n:04}", TABLES, f"Autre {n}"), SayDone(), NameMyself(),
                TakeNoteBack(rng.choice(kept or ["none"])),
            ])  # fmt: skip
            kept += [command.note] if isinstance(command, WriteNote) else []
            await tables.house.ask(tables.hub, tables.code, command, person)
            browsers[rng.choice(PEOPLE)].stuck = rng.random() < 0.2
            if rng.random() < 0.3:
                for browser in browsers.values():
                    browser.stuck, browser.waiting = False, 0
                await tables.hub.settled(tables.code)
                view = (await tables.hub.shown(tables.code)).view
                for one, browser in browsers.items():
                    assert browser.page == await tables.page(one)
                    assert browser.mine == await tables.own(one)
                notes = tables_of(view.state).notes.values()
                assert len(notes) == len({note.id for note in notes})
        for browser in browsers.values():  # a page is only ever taken further
            reached = [frame["to"] for frame in browser.heard if "to" in frame]
            assert reached == sorted(reached)


async def test_a_position_that_nobody_has_is_no_way_to_another_tables_page(tables):
    await tables.sit(1, "lea", "anne")
    await tables.note("anne", "Un marché couvert")
    head = (await tables.hub.shown(tables.code)).head
    for resume in (
        Resume(1, head.seq, head.chain),
        Resume(1, head.seq - 1, "no chain"),
        Resume(1, 10**6, ""),
    ):
        async with seated(
            tables.hub, tables.code, PHONE._replace(group="tables001-1"), "ines", resume
        ) as ines:
            assert "marché" not in said(ines)
