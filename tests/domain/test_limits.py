"""Every limit of number: what just fits, and what just does not. The numbers are written out: a limit that moves is seen."""

import pytest

from forum.domain.flow import EditStep, ExtendTimer, InsertStep, SetTimer
from forum.domain.kernel import Rejection, StepId, Words
from forum.domain.plan.reading import live_axes
from forum.domain.plan.words import ActionMade, MakeAction, MakeAxesFromThemes, MakeAxis
from forum.domain.settings import BallotSettings, BoardSettings, Column, Settings, ShowSettings
from forum.domain.state import change
from forum.domain.steps.board import PostIdea
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.sort import GroupIdeas, MakeTheme, RemoveTheme
from forum.domain.steps.sort_facts import IdeasMoved, ThemeMade, ThemeRemoved
from tests.scenes import ANNE, FACILITATOR, LEA, a_room, a_vote

A_DAY = 24 * 3600 * 1000
TITLE = Words("Encore", "More")


def refused(said: object) -> tuple[str, str] | None:
    return (said.rule, said.code) if isinstance(said, Rejection) else None


def inserted(settings: Settings, **more: object) -> tuple[str, str] | None:
    return refused(a_room().ask(InsertStep(StepId("more"), settings, TITLE, **more)))


def test_F6_an_agenda_holds_eighty_steps() -> None:
    room = a_room({f"step{n}": ShowSettings() for n in range(79)})

    assert refused(room.ask(InsertStep(StepId("the-80th"), ShowSettings(), TITLE))) is None
    assert refused(room.ask(InsertStep(StepId("the-81st"), ShowSettings(), TITLE))) == (
        "F6",
        "too_many_steps",
    )


@pytest.mark.parametrize(("minutes", "fits"), [(0, False), (1, True), (600, True), (601, False)])
def test_F6_a_step_is_planned_for_one_minute_to_ten_hours(minutes: int, fits: bool) -> None:
    room = a_room()

    assert inserted(ShowSettings(), minutes=minutes) == (None if fits else ("F6", "bad_step"))
    assert refused(room.ask(EditStep(StepId("ideas"), minutes=minutes))) == (
        None if fits else ("F6", "bad_step")
    )
    assert room.state.step("ideas").minutes == (minutes if fits else 5)


@pytest.mark.parametrize(("seconds", "fits"), [(9, False), (10, True), (14_400, True), (14_401, False)])
def test_F7_a_timer_runs_from_ten_seconds_to_four_hours(seconds: int, fits: bool) -> None:
    for command in (SetTimer(seconds), ExtendTimer(seconds)):
        room = a_room()
        assert refused(room.ask(command)) == (None if fits else ("F7", "bad_time"))
        assert (room.state.timer is not None) == fits


@pytest.mark.parametrize(("chars", "fits"), [(9, False), (10, True), (500, True), (501, False)])
def test_F6_a_board_takes_cards_of_ten_to_five_hundred_characters(chars: int, fits: bool) -> None:
    assert inserted(BoardSettings(max_chars=chars)) == (None if fits else ("F6", "bad_step"))


@pytest.mark.parametrize(("columns", "fits"), [(6, True), (7, False)])
def test_F6_a_board_has_at_most_six_columns(columns: int, fits: bool) -> None:
    settings = BoardSettings(columns=tuple(Column(f"c{n}", TITLE) for n in range(columns)))

    assert inserted(settings) == (None if fits else ("F6", "bad_step"))


@pytest.mark.parametrize(
    ("settings", "fits"),
    [
        ({"points": 30, "cap": 30}, True),
        ({"points": 31}, False),
        ({"points": 7, "cap": 0}, True),
        ({"method": "approval"}, True),
        ({"method": "dreams"}, False),
        ({"points": 3, "cap": 4}, False),
        ({"points": 1, "cap": 1}, True),
        ({"points": 3, "cap": -1}, False),
        ({"points": -1}, False),
        ({"cap": 1}, False),
        ({"cap": 0}, True),
        ({"least": 0}, True),
        ({"least": -1}, False),
        ({"least": 1000}, True),
        ({"least": 1001}, False),
    ],
)
def test_F6_a_vote_has_as_many_dots_as_a_phone_can_show_and_waits_for_no_more_ballots_than_a_city(
    settings: dict[str, int], fits: bool
) -> None:
    assert inserted(BallotSettings(**settings)) == (None if fits else ("F6", "bad_step"))


@pytest.mark.parametrize(("cards", "fits"), [(19_999, True), (20_000, False)])
def test_B1_a_forum_takes_twenty_thousand_cards(cards: int, fits: bool) -> None:
    room = a_room().opened("ideas")
    room.state = change(room.state, ideas=change(room.state.ideas, numbers=cards))
    said = room.ask(PostIdea("idea900", "One more", "ideas"), LEA)

    assert refused(said) == (None if fits else ("B1", "too_many_ideas"))
    assert fits or said.params == {"limit": 20_000}


def test_B1_a_card_that_does_not_say_its_length_is_measured() -> None:
    room = a_room().opened("ideas")

    assert refused(room.ask(PostIdea("idea900", "x" * 140, "ideas"), LEA)) is None
    assert refused(room.ask(PostIdea("idea901", "x" * 141, "ideas"), LEA)) == ("B1", "too_long")
    assert refused(room.ask(PostIdea("idea902", "é" * 200, "ideas", length=100), LEA)) is None


def test_G2_a_hundred_cards_are_moved_at_a_time() -> None:
    room = a_room().opened("ideas").with_ideas(101).opened("sort")
    names = tuple(f"idea{n:03}" for n in range(1, 102))
    said = room.ask(GroupIdeas(names, "theme1", "All"), LEA)

    assert (refused(said), said.params) == (("G2", "too_many"), {"limit": 100})
    facts = room.ask(GroupIdeas(names[:100], "theme1", "All"), LEA)
    assert [len(fact.moves) for fact in facts if isinstance(fact, IdeasMoved)] == [40, 40, 20]


def test_G5_a_sort_has_sixty_themes_and_one_that_is_taken_apart_makes_room() -> None:
    room = a_room().opened("sort").happened(*(ThemeMade(f"t{n}", "sort", "T") for n in range(59)), by=LEA)

    assert refused(room.ask(MakeTheme("the-60th", "T"), LEA)) is None
    said = room.ask(MakeTheme("the-61st", "T"), LEA)
    assert (refused(said), said.params) == (("G5", "too_many_themes"), {"limit": 60})
    room.ask(RemoveTheme("t1"))
    assert refused(room.ask(MakeTheme("another", "T"), LEA)) is None


@pytest.mark.parametrize(("ever", "fits"), [(999, True), (1000, False)])
def test_G5_a_forum_has_a_thousand_themes_counting_those_that_are_gone(ever: int, fits: bool) -> None:
    room = a_room().opened("sort")
    for n in range(ever):
        room.happened(ThemeMade(f"t{n}", "sort", "T"), ThemeRemoved(f"t{n}"), by=LEA)

    assert refused(room.ask(MakeTheme("another", "T"), LEA)) == (None if fits else ("G5", "too_many_themes"))


def test_P1_a_plan_has_nine_axes_and_a_removed_one_makes_room() -> None:
    room = a_vote(options=4)
    for n in range(8):
        room.ask(MakeAxis(f"axis{n}", "Axis"))
    two = MakeAxesFromThemes(("theme1", "theme2"))
    said = room.ask(two)

    assert (refused(said), said.params) == (("P1", "too_many_axes"), {"limit": 9})
    assert refused(room.ask(MakeAxesFromThemes())) is None, "as many of all as there is room for"
    assert len(live_axes(room.state)) == 9
    said = room.ask(MakeAxis("axis9", "Axis"))
    assert (refused(said), said.params) == (("P1", "too_many_axes"), {"limit": 9})
    said = room.ask(MakeAxesFromThemes())
    assert (refused(said), said.params) == (("P1", "too_many_axes"), {"limit": 9})


def test_P1_a_plan_has_five_hundred_actions() -> None:
    room = a_room()
    room.ask(MakeAxis("axis1", "Axis"))
    room.happened(*(ActionMade(f"act{n}", "axis1", "Do") for n in range(499)), by=FACILITATOR)

    assert refused(room.ask(MakeAction("the-500th", "axis1", "Do"))) is None
    said = room.ask(MakeAction("the-501st", "axis1", "Do"))
    assert (refused(said), said.params) == (("P1", "too_many_actions"), {"limit": 500})


def test_E1_one_person_makes_ten_commitments_and_others_go_on() -> None:
    room = a_room().opened("pledge")
    for n in range(10):
        assert refused(room.ask(Pledge(f"mine{n}", "I call", "2025-01-20"), LEA)) is None
    said = room.ask(Pledge("the-11th", "I call", "2025-01-20"), LEA)

    assert (refused(said), said.params) == (("E1", "too_many_pledges"), {"limit": 10})
    assert refused(room.ask(Pledge("hers", "I call", "2025-01-20"), ANNE)) is None


@pytest.mark.parametrize(
    ("due", "fits"),
    [("2025-01-14", False), ("2025-01-15", True), ("2025-02-16", True), ("2025-02-17", False)],
)
def test_E1_a_first_step_comes_within_thirty_days_wherever_on_earth_it_is_told(due: str, fits: bool) -> None:
    said = a_room().opened("pledge").ask(Pledge("pledge1", "I call", due), LEA)

    assert refused(said) == (None if fits else ("E1", "date_range"))
    assert fits or said.params == {"limit": "2025-02-15"}
