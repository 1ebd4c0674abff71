"""Every limit of what is kept: people, links, gestures, days and bytes, at the last that fits and the first that does not."""

from collections.abc import Callable

import pytest
from immutables import Map

from forum.domain import records, space
from forum.domain.arrivals import RemovePeople, remove_people
from forum.domain.copies import TabCopied, mark
from forum.domain.flow import ExtendTimer, InsertStep, SetTimer, TurnPage
from forum.domain.keeping import ErasePerson, SetKeepUntil, due_notice, latest_day
from forum.domain.kernel import NOBODY, Asked, Command, Millis, PersonId, Rejection, StepId, Words
from forum.domain.led import LedBefore
from forum.domain.links import LinkMade, MakeLink
from forum.domain.people import Join, join
from forum.domain.roles import Role
from forum.domain.room import Refused, Seen
from forum.domain.settings import Settings
from forum.domain.state import change
from forum.domain.steps.board import HideIdea, PostIdea, RestoreIdea
from forum.domain.steps.sort import (
    MoveIdeas,
)
from tests.scenes import FACILITATOR, LEA, START, Scene, a_room

A_DAY = 24 * 3600 * 1000
TITLE = Words("Encore", "More")


def refused(said: object) -> tuple[str, str] | None:
    return (said.rule, said.code) if isinstance(said, Rejection) else None


def inserted(settings: Settings, **more: object) -> tuple[str, str] | None:
    return refused(a_room().ask(InsertStep(StepId("more"), settings, TITLE, **more)))


# people


def arriving(role: Role = Role.PARTICIPANT, **people: int) -> Rejection | tuple[str, str] | None:
    room = a_room()
    state = change(room.state, people=change(room.state.people, **people))
    return join(state, Join(role), Asked(PersonId("late"), Millis(room.at)))


def test_J2_a_room_takes_twenty_thousand_people_those_who_wait_too() -> None:
    assert refused(arriving(voices=19_990, waiting=9)) is None
    said = arriving(voices=19_990, waiting=10)

    assert (refused(said), said.params) == (("J2", "room_full"), {"limit": 20_000})


def test_J2_sixty_thousand_come_by_one_code() -> None:
    assert refused(arriving(arrivals=59_999)) is None
    assert refused(arriving(arrivals=60_000)) == ("J2", "too_many_came")


@pytest.mark.parametrize(("devices", "fits"), [(1999, True), (2000, False)])
def test_L3_a_link_is_opened_two_thousand_times(devices: int, fits: bool) -> None:
    room = a_room()
    room.ask(Join(Role.SCREEN, key="k1"), "wall-1")
    link = change(room.state.links.by_key["k1"], people=(PersonId("x"),) * devices)
    state = change(room.state, links=change(room.state.links, by_key=room.state.links.by_key.set("k1", link)))
    said = join(state, Join(Role.SCREEN, key="k1"), Asked(PersonId("late"), Millis(room.at)))

    assert refused(said) == (None if fits else ("L3", "link_full"))
    assert fits or said.params == {"limit": 2000}


def test_L1_a_forum_has_two_hundred_links() -> None:
    room = a_room().happened(*(LinkMade(f"k{n}", Role.SCREEN) for n in range(199)), by=FACILITATOR)

    assert refused(room.ask(MakeLink("the-200th", Role.SCREEN))) is None
    said = room.ask(MakeLink("the-201st", Role.SCREEN))
    assert (refused(said), said.params) == (("L1", "too_many_links"), {"limit": 200})


def test_J6_ten_people_go_in_one_gesture_and_nine_do_not() -> None:
    room = a_room().joined(*(f"new{n}" for n in range(10)))
    said = room.ask(RemovePeople(tuple(f"new{n}" for n in range(9))))

    assert (refused(said), said.params) == (("J6", "few_people"), {"limit": 10})
    assert refused(room.ask(RemovePeople(tuple(f"new{n}" for n in range(10))))) is None


def test_J6_a_thousand_people_go_by_one_fact() -> None:
    many = tuple(f"new{n:04}" for n in range(1001))
    room = a_room(people=many)
    facts = remove_people(room.state, RemovePeople(many), Asked(FACILITATOR, Millis(room.at)))

    assert [len(fact.people) for fact in facts] == [1000, 1]
    assert facts[0].people + facts[1].people == many


# what is remembered


def test_U1_twenty_gestures_can_be_undone() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    for _ in range(10):
        room.ask(HideIdea("idea001", "why"))
        room.ask(RestoreIdea("idea001"))
    first = room.state.deeds[0]
    assert len(room.state.deeds) == 20
    room.ask(HideIdea("idea001", "why"))

    assert len(room.state.deeds) == 20
    assert first not in room.state.deeds


def test_O1_a_tab_is_told_the_last_thirty_two_of_its_answers() -> None:
    room = a_room().opened("ideas")
    for n in range(1, 34):
        room.ask(PostIdea(f"idea{n:03}", "An idea", "ideas"), LEA, tab="a-tab-of-lea", op=n)

    def again(op: int) -> Seen:
        return room.ask(PostIdea("x", "y", "ideas"), LEA, tab="a-tab-of-lea", op=op)

    assert again(1).refused == Rejection("O1", "result_not_kept")
    assert again(2).refused is None


def test_O9_five_hundred_copied_tabs_are_told_of() -> None:
    room = a_room().opened("ideas")
    for n in range(499):
        room.ask(PostIdea(f"idea{n:03}", "An idea", "ideas"), LEA, tab=f"tab{n}", op=1, mark="0000one")
        room.happened(TabCopied(f"tab{n}"))
    for n in (499, 500):
        room.ask(PostIdea(f"idea{n:03}", "An idea", "ideas"), LEA, tab=f"tab{n}", op=1, mark="0000one")
        room.ask(PostIdea(f"idea{n:03}", "Another", "ideas"), LEA, tab=f"tab{n}", op=1, mark="0000two")

    assert len(room.state.tabs.copied) == 500


def test_O9_a_mark_is_sixteen_digits_four_of_which_say_whose_it_is() -> None:
    one, other = mark(b"key", b"one"), mark(b"key", b"other")

    assert len(one) == len(other) == 16
    assert one[:4] == other[:4]
    assert one[4:] != other[4:]
    assert mark(b"k" * 64 + b"more", b"one") == mark(b"k" * 64, b"one") != mark(b"k" * 63, b"one")


def test_O9_marks_of_one_server_are_told_by_four_digits() -> None:
    room = a_room().opened("ideas")
    for n, (first, other) in enumerate([("abcd1", "abcd2"), ("abcd1", "abce1")]):
        room.ask(PostIdea(f"idea{n}", "An idea", "ideas"), LEA, tab=f"tab{n}", op=1, mark=first)
        said = room.ask(PostIdea(f"other{n}", "Another", "ideas"), LEA, tab=f"tab{n}", op=1, mark=other)
        assert (said.refused is not None) == (n == 0)


def test_O10_the_desk_is_asked_about_the_last_sixty_things_that_were_done() -> None:
    room = a_room().happened(*(LedBefore("StopTimer", {}) for _ in range(61)), by=FACILITATOR)

    assert len(room.state.gone.led) == 60
    assert room.state.gone.led[-1].seq == room.state.seq


# the life of data


@pytest.mark.parametrize(
    ("until", "fits"),
    [("2025-01-16", False), ("2025-01-17", True), ("2035-01-14", True), ("2035-01-15", False)],
)
def test_K1_a_forum_is_kept_from_tomorrow_to_ten_years(until: str, fits: bool) -> None:
    said = a_room().ask(SetKeepUntil(until))

    assert refused(said) == (None if fits else ("K1", "keep_range"))
    assert fits or said.params == {"limit": "2035-01-14"}


def test_K1_what_holds_for_a_forum_from_its_beginning_is_no_longer_than_for_all() -> None:
    room = a_room()
    bound = change(room.state, keeping=change(room.state.keeping, most="2025-06-01"))
    loose = change(room.state, keeping=change(room.state.keeping, most="2099-06-01"))

    assert [latest_day(state, START) for state in (bound, loose)] == ["2025-06-01", "2035-01-14"]


@pytest.mark.parametrize(
    ("left", "told", "due"),
    [(31, 0, 0), (30, 0, 30), (8, 0, 30), (7, 0, 7), (30, 30, 0), (8, 30, 0), (7, 30, 7), (0, 7, 0), (0, 0, 7), (-1, 30, 7)],
)  # fmt: skip
def test_K1_the_end_of_a_forum_is_told_thirty_and_seven_days_before_once_each(
    left: int, told: int, due: int
) -> None:
    assert due_notice("2025-03-01", told, Millis(1_740_787_200_000 - left * A_DAY)) == due


@pytest.mark.parametrize(("chosen", "fits"), [(0, False), (1, True), (500, True), (501, False)])
def test_K2_one_to_five_hundred_words_are_chosen(chosen: int, fits: bool) -> None:
    said = a_room().ask(ErasePerson(texts="chosen", chosen=tuple(f"idea{n}" for n in range(chosen))), LEA)

    assert refused(said) == (None if fits else ("K2", "no_words"))


# space


def test_S1_a_person_writes_four_megabytes_a_day_and_a_sixteenth_of_a_small_forum() -> None:
    assert space.person_most(256 * 1024**2) == 4 * 1024**2
    assert space.person_most(64 * 1024**2) == 4 * 1024**2
    assert space.person_most(32 * 1024**2) == 2 * 1024**2


def test_S2_a_forum_takes_a_quarter_of_a_gigabyte_or_an_eighth_of_a_small_store() -> None:
    assert space.fitting(0) == 256 * 1024**2
    assert space.fitting(8 * 1024**3) == 256 * 1024**2
    assert space.fitting(1024**3) == 128 * 1024**2
    assert space.fitting(1024**3 + 7) == 128 * 1024**2
    assert space.person_most(32 * 1024**2 + 7) == 2 * 1024**2


def filled(room: Scene, used: int, most: int, ask: Callable[[Scene], Command], by: str = LEA) -> object:
    """What is said when so many bytes of a forum are used."""
    room.state = change(room.state, space=change(room.state.space, used=used, spent=Map()))
    return room.ask(ask(room), by, most=most)


@pytest.mark.parametrize(("used", "fits"), [(999_999, True), (1_000_000, False)])
def test_S2_writing_ends_with_the_last_byte(used: int, fits: bool) -> None:
    room = a_room().opened("ideas")
    said = filled(room, used, 1_000_000, lambda _: PostIdea("idea900", "A card", "ideas"))

    assert refused(said) == (None if fits else ("S2", "forum_full"))


@pytest.mark.parametrize(("spent", "fits"), [(62_499, True), (62_500, False)])
def test_S1_a_persons_writing_ends_with_their_last_byte(spent: int, fits: bool) -> None:
    room = a_room().opened("ideas")
    room.state = change(
        room.state,
        space=change(
            room.state.space, spent=room.state.space.spent.set(LEA, space.Spent(spent, Millis(room.at)))
        ),
    )

    said = room.ask(PostIdea("idea900", "A card", "ideas"), LEA, most=1_000_000)
    assert refused(said) == (None if fits else ("S1", "person_full"))


@pytest.mark.parametrize(
    ("command", "reserve"),
    [(HideIdea("idea001", "why"), 2_000_000), (ErasePerson(texts="all"), 2_000_000), (Join(), 1_250_000)],
)
def test_S2_beyond_the_writing_there_is_a_quarter_for_votes_and_as_much_again_for_erasing(
    command: Command, reserve: int
) -> None:
    room = a_room()
    by = LEA if isinstance(command, ErasePerson) else "newcomer" if isinstance(command, Join) else FACILITATOR

    assert filled(room, reserve - 1, 1_000_000, lambda _: command, by) != space.Full()
    there = filled(room, reserve, 1_000_000, lambda _: command, by)
    assert (there == space.Full()) == (by != FACILITATOR)


@pytest.mark.parametrize(
    ("used", "share"), [(799_999, 0), (800_000, 80), (999_999, 80), (1_000_000, 100), (1_200_000, 100)]
)
def test_S3_the_desk_is_told_from_four_fifths_and_from_all_on(used: int, share: int) -> None:
    told = space.remarks(
        change(a_room().state, space=change(a_room().state.space, used=used)),
        Asked(NOBODY, Millis(START), most=1_000_000),
    )

    assert [fact.share for fact in told] == ([share] if share else [])
    assert [fact.most for fact in told] == ([1_000_000] if share else [])


def test_S3_a_person_who_is_still_full_is_told_of_once_a_day_and_a_forum_once() -> None:
    room = a_room().happened(space.SpaceFilled(80, LEA, 100), space.SpaceFilled(80, NOBODY, 1_000_000))
    told = room.state.space.filled[LEA].at

    def said(after: int, used: int = 800_000, spent: int = 50_000) -> list[tuple[int, str]]:
        state = change(
            room.state,
            space=change(
                room.state.space,
                used=used,
                spent=room.state.space.spent.set(LEA, space.Spent(spent, told + after)),
            ),
        )
        facts = space.remarks(state, Asked(LEA, Millis(told + after), most=1_000_000))
        return [(fact.share, fact.person) for fact in facts]

    assert said(A_DAY) == []
    assert said(A_DAY + 1) == [(80, LEA)]
    assert said(A_DAY + 1, spent=0) == [], "who has room again is not told of"
    assert said(0, spent=62_500) == [(100, LEA)]
    assert said(61_000, used=0) == []
    forum = room.state.space.filled[NOBODY].at - told
    assert said(forum + 60_000, used=0) == []
    assert said(forum + 60_001, used=0) == [(0, NOBODY)]


def test_S1_writing_drains_away_evenly_in_a_day_and_not_backwards() -> None:
    room = a_room()
    room.state = change(
        room.state,
        space=change(
            room.state.space, spent=room.state.space.spent.set(LEA, space.Spent(4 * 1024**2, Millis(START)))
        ),
    )

    assert space.spent(room.state, LEA, START + A_DAY // 4) == 3 * 1024**2
    assert space.spent(room.state, LEA, START + A_DAY - 1) == 1
    assert space.spent(room.state, LEA, START + 2 * A_DAY) == 0
    assert space.spent(room.state, LEA, START - A_DAY) == 4 * 1024**2
    assert space.spent(room.state, PersonId("stranger"), START) == 0


def test_S1_what_somebody_writes_is_added_to_what_is_left_of_what_they_wrote() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    before = room.state.space.spent[LEA]
    room.with_ideas(1)
    record = room.journal[-1][2]
    drained = (record.at - before.at) * 4 * 1024**2 // A_DAY

    assert room.state.space.spent[LEA] == (max(0, before.size - drained) + record.size + 100, record.at)
    room.ahead -= 500_000  # a clock that was set back
    room.with_ideas(1)
    assert room.state.space.spent[LEA].at == record.at


def test_F7_more_time_is_added_to_what_is_left_and_to_what_was_planned() -> None:
    room = a_room()
    room.ask(SetTimer(60))
    first = room.state.timer
    room.ask(ExtendTimer(30))

    assert first.ends_at == START + 1000 * len(room.journal) - 1000 + 60_000
    assert (room.state.timer.ends_at, room.state.timer.seconds) == (first.ends_at + 30_000, 90)


def test_the_walls_pages_turn_on_and_back_from_any_page() -> None:
    """The wall alone knows how many there are: before the first comes the last."""
    room = a_room().opened("ideas")
    for asked in (2, 0, -1):
        room.ask(TurnPage(asked))
        assert room.state.page == asked


def test_a_fact_that_nobody_asked_for_takes_room_of_the_forum_and_of_nobody() -> None:
    room = a_room()
    before = room.state
    room.happened(Refused("X", "x"))

    assert room.state.space.used == before.space.used + len(records.encode(room.journal[-1][2])) + 100
    assert room.state.space.spent == before.space.spent


def test_G2_cards_that_lie_there_already_are_not_moved_again() -> None:
    room = a_room().opened("ideas").with_ideas(3).opened("sort").with_theme("theme1", 1)
    facts = room.ask(MoveIdeas(("idea001", "idea002", "idea002", "idea003"), "theme1"), LEA)

    assert [move.idea for fact in facts for move in fact.moves] == ["idea002", "idea003"]


def test_S1_the_first_that_somebody_writes_is_all_that_they_wrote() -> None:
    room = a_room().joined("new")
    record = room.journal[-1][2]

    assert room.state.space.spent["new"] == (record.size + 100, record.at)
