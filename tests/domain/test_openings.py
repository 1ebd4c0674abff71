"""Steps and votes at their borders: before and after each opening, close and reveal, once and again."""

import pytest

from forum.domain.flow import (
    CloseStep,
    EditForum,
    EditStep,
    ExtendTimer,
    ForumOpened,
    FreezeStep,
    InsertStep,
    MoveStep,
    OpenStep,
    RemoveStep,
    ReopenStep,
    RevealStep,
    SetTimer,
    SkipStep,
    StepEdited,
    StepFrozen,
    TurnPage,
)
from forum.domain.kernel import Was, Words
from forum.domain.people import (
    DoneSaid,
    NameMyself,
    SayDone,
    TakeDoneBack,
)
from forum.domain.plan.words import MakeAction, MakeAxis
from forum.domain.settings import (
    BallotSettings,
    BoardSettings,
    Column,
    SheetSettings,
    ShowSettings,
)
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.steps.sort import MakeTheme
from forum.domain.steps.voting import changed, few
from forum.domain.touch import Touch
from tests.domain.judged import refused
from tests.scenes import ANNE, FACILITATOR, LEA, START, Scene, a_room, a_vote

TAB = "a-tab-of-lea-0001"
TITLE = Words("Encore", "More")


# steps


def test_F2_what_a_step_keeps_of_its_openings() -> None:
    room = a_room().opened("ideas")
    opened = room.state.at
    room.ask(FreezeStep("ideas"))
    frozen = room.state.at
    room.ask(CloseStep("ideas"))
    closed = room.state.step("ideas")
    room.ask(ReopenStep("ideas"))
    again = room.state.at
    reopened = room.state.step("ideas")
    room.ask(CloseStep("ideas"))
    ended = room.state.step("ideas")

    assert (closed.opened_at, closed.closed_at, closed.resumed_at, closed.spent) == (
        opened,
        frozen,
        0,
        frozen - opened,
    )
    assert (reopened.opened_at, reopened.closed_at, reopened.resumed_at, reopened.phase) == (
        opened,
        0,
        again,
        "open",
    )
    assert (ended.closed_at, ended.spent) == (room.state.at, frozen - opened + room.state.at - again)


def test_F2_a_step_that_is_frozen_is_closed_when_another_opens_and_one_left_out_stays_so() -> None:
    room = a_room().opened("welcome")
    room.ask(FreezeStep("welcome"))
    room.opened("ideas")
    room.ask(SkipStep("ideas"))
    room.opened("sort")

    assert [room.state.step(s).phase for s in ("welcome", "ideas", "sort")] == ["closed", "skipped", "open"]


def test_F6_where_steps_stand_after_they_are_put_and_moved() -> None:
    room = a_room({"a": ShowSettings(), "b": ShowSettings(), "c": ShowSettings()})

    def order() -> str:
        return "".join(s.id for s in room.state.steps)

    for command, expected in (
        (InsertStep("d", ShowSettings(), TITLE, before="a"), "dabc"), (InsertStep("e", ShowSettings(), TITLE), "dabce"),
        (MoveStep("e", "a"), "deabc"), (MoveStep("d"), "eabcd"), (MoveStep("a", "d"), "ebcad"), (RemoveStep("c"), "ebad"),
    ):  # fmt: skip
        assert refused(room.ask(command)) == ""
        assert order() == expected


def test_F6_what_is_not_given_stays_in_a_step_and_in_the_forum() -> None:
    room = a_room()
    room.ask(EditStep("ideas", title=Words("Autre", "Other"), phones_down=True))
    room.ask(EditStep("ideas", minutes=12))
    step = room.state.step("ideas")
    room.ask(EditForum(title="New"))
    room.ask(EditForum(question="Why?"))

    assert (step.title.fr, step.instruction.fr, step.minutes, step.phones_down) == (
        "Autre",
        "Consigne",
        12,
        True,
    )
    assert (room.state.title, room.state.question) == ("New", "Why?")
    room.ask(EditStep("ideas", phones_down=False, instruction=Words("Écrire", "Write")))
    assert (room.state.step("ideas").phones_down, room.state.step("ideas").instruction.en) == (False, "Write")


def test_F6_an_edit_of_an_older_version_says_only_how_few_ballots_are_too_few() -> None:
    room = a_room()
    title = Words("Vote", "Vote")
    room.happened(StepEdited("vote", title, title, 7, least=4), StepEdited("ideas", title, title, 7, least=4))

    assert room.state.step("vote").settings == BallotSettings(least=4)
    assert room.state.step("ideas").settings == BoardSettings()
    room.happened(StepEdited("vote", title, title, 7, settings=BallotSettings(of=("sort",))))
    assert (room.state.step("vote").settings.of, room.state.step("vote").of) == (("sort",), None)
    room.opened("ideas").with_ideas(2).opened("sort").with_theme("t1", 1).with_theme("t2", 2).opened(
        "vote"
    ).closed("vote")
    room.happened(StepEdited("vote", title, title, 7, settings=BallotSettings(of=("ideas",))))
    assert room.state.step("vote").of == ("ideas",)
    room.happened(StepEdited("vote", title, title, 7, settings=BallotSettings()))
    assert room.state.step("vote").of == ("ideas",)


def test_F7_a_timer_ends_with_its_step_and_with_the_reveal_and_not_with_another_gesture() -> None:
    for ends, stays in (
        (OpenStep("sort"), False),
        (FreezeStep("ideas"), False),
        (CloseStep("ideas"), False),
        (RevealStep("ideas"), False),
        (TurnPage(1), True),
    ):
        room = a_room().opened("ideas")
        room.ask(SetTimer(60))
        room.ask(ends)
        assert (room.state.timer is not None) == stays, ends


def test_F7_more_time_without_a_timer_is_a_timer() -> None:
    room = a_room()
    room.ask(ExtendTimer(30))

    assert (room.state.timer.seconds, room.state.timer.ends_at) == (30, room.state.at + 30_000)


def test_the_screen_goes_back_to_the_first_page_when_a_step_opens_and_when_it_is_revealed() -> None:
    room = a_room().opened("ideas")
    for command in (RevealStep("ideas"), OpenStep("sort")):
        room.ask(TurnPage(3))
        room.ask(command)
        assert room.state.page == 0


def test_a_forum_begins_with_what_it_is_told() -> None:
    room = Scene().happened(
        ForumOpened("ABC234", "Vision", "en", "Where?", "an-agenda", "2025-06-01", "2026-01-01")
    )
    state = room.state

    assert (state.code, state.title, state.lang, state.question, state.agenda) == (
        "ABC234",
        "Vision",
        "en",
        "Where?",
        "an-agenda",
    )
    assert (state.keeping.until, state.keeping.most, state.opened_at, state.scene) == (
        "2025-06-01",
        "2026-01-01",
        START + 1000,
        1,
    )


def test_words_fall_back_on_the_other_language() -> None:
    assert [Words("un", "one").get(lang) for lang in ("fr", "en")] == ["un", "one"]
    assert [Words("un").get(lang) for lang in ("fr", "en")] == ["un", "un"]
    assert [Words(en="one").get(lang) for lang in ("fr", "en")] == ["one", "one"]


def test_B1_a_card_keeps_its_column_where_there_are_any_and_says_whether_the_desk_wrote_it() -> None:
    columns = (Column("left", TITLE), Column("right", TITLE))
    room = a_room({"plain": BoardSettings(), "two": BoardSettings(columns=columns)}).opened("plain")
    room.ask(PostIdea("idea001", "x", "plain", "left"), LEA)
    room.ask(PostIdea("idea002", "x", "plain"), FACILITATOR)
    room.ask(PostIdea("idea003", "x", "plain", source="paper"), FACILITATOR)
    room.opened("two").ask(PostIdea("idea004", "x", "two", "right"), LEA)
    room.ask(PostIdea("idea005", "x", "two"), LEA)

    assert [
        (c.column, c.source) for c in room.state.ideas.by_id.values() if c.author == LEA and c.id == "idea001"
    ] == [("", "phone")]
    assert [(room.state.ideas.by_id[i].column, room.state.ideas.by_id[i].source) for i in ("idea002", "idea003", "idea004")] == [
        ("", "desk"), ("", "paper"), ("right", "phone"),
    ]  # fmt: skip
    assert "idea005" not in room.state.ideas.by_id


# votes


def test_V7_a_vote_opens_over_two_things_and_not_over_one() -> None:
    for things, opens in ((1, False), (2, True)):
        room = a_room().opened("ideas").with_ideas(2).opened("sort")
        for n in range(1, things + 1):
            room.with_theme(f"theme{n}", n)
        assert refused(room.ask(OpenStep("vote"))) == ("" if opens else "V7 too_few_themes")


@pytest.mark.parametrize("over", ["ideas", "actions"])
def test_V7_a_vote_is_over_what_it_says(over: str) -> None:
    steps = {"ideas": BoardSettings(), "plan": SheetSettings(), "vote": BallotSettings(over=over)}
    room = a_room(steps).opened("ideas").with_ideas(3).opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    for n in range(2):
        room.ask(MakeAction(f"act{n}", "axis1", f"Do {n}"))
    room.opened("vote")

    assert room.state.rounds.latest("vote").options == (
        ("idea001", "idea002", "idea003") if over == "ideas" else ("act0", "act1")
    )


def test_V3_V4_a_vote_has_the_points_that_were_set_else_those_of_its_options() -> None:
    for settings, expected in (({}, (3, 1)), ({"points": 7}, (7, 3)), ({"points": 7, "cap": 2}, (7, 2))):
        round_ = a_vote(options=4, **settings).state.rounds.latest("vote")
        assert tuple(round_.parameters.values()) == expected


def test_V1_who_votes_after_the_close_or_before_the_opening_is_told_when() -> None:
    room = a_vote()
    room.happened(StepFrozen("vote"))
    frozen = room.ask(GiveMark("vote", "theme1", 1), LEA)

    assert (refused(frozen), frozen.params) == ("V1 vote_closed", {"time": room.state.step("vote").closed_at})
    room = a_vote().closed("vote").opened("plan")
    late = room.ask(GiveMark("vote", "theme1", 1), LEA)
    assert (refused(late), late.params) == (
        "V1 vote_closed",
        {"time": room.state.rounds.latest("vote").closed_at},
    )


def test_V3_the_points_left_are_told_before_and_after_the_first() -> None:
    room = a_vote(points=3, cap=3)
    room.voted(LEA, theme1=2)
    over = room.ask(GiveMark("vote", "theme2", 2), LEA)
    fits = room.ask(GiveMark("vote", "theme2", 1), LEA)
    more = room.ask(GiveMark("vote", "theme1", 3), LEA)

    assert (refused(over), over.params) == ("V3 budget", {"left": 1})
    assert (refused(fits), refused(more), more.params) == ("", "V3 budget", {"left": 0})
    assert refused(room.ask(GiveMark("vote", "theme1", 0), LEA)) == ""
    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {"theme2": 1}
    assert room.ask(GiveMark("vote", "theme1", 0), LEA)
    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {"theme2": 1}


def test_V7_a_list_is_compared_only_where_people_have_voted_and_nothing_was_shown() -> None:
    def differs(room: Scene) -> tuple[object, ...] | None:
        found = changed(room.state, room.state.step("vote"))
        return tuple(found) if found else None

    room = a_vote(options=3).voted(LEA, theme1=1)
    assert differs(room) is None
    room.closed("vote")
    assert differs(room) is None
    room.ask(MakeTheme("theme9", "Late"))
    assert differs(room) == (("theme9",), (), False)
    assert refused(room.ask(ReopenStep("vote"))) == "V7 list_changed"
    room.revealed("vote")
    assert differs(room) is None
    nobody = a_vote(options=3).closed("vote")
    nobody.ask(MakeTheme("theme9", "Late"))
    assert differs(nobody) is None
    assert refused(nobody.ask(ReopenStep("vote"))) == ""
    assert nobody.state.rounds.latest("vote").options == ("theme1", "theme2", "theme3")


def test_V7_rounds_are_numbered_and_keep_when_they_were_opened_closed_and_shown() -> None:
    room = a_vote(options=2).voted(LEA, theme1=1)
    opened = room.state.rounds.latest("vote").opened_at
    room.closed("vote")
    closed = room.state.at
    room.revealed("vote")
    first = room.state.rounds.latest("vote")
    room.ask(ReopenStep("vote"))
    second = room.state.rounds.latest("vote")

    assert (first.number, first.opened_at, first.closed_at, first.revealed_at) == (
        1,
        opened,
        closed,
        closed + 1000,
    )
    assert (second.id, second.number, second.closed_at, second.revealed_at, len(second.ballots)) == (
        "vote.2",
        2,
        0,
        0,
        0,
    )
    assert room.state.rounds.by_id["vote.1"] == first


def test_V10_a_ballot_that_comes_again_after_the_close_draws_every_page_anew_where_it_changes_what_is_held_back() -> (
    None
):
    room = a_vote(options=2).voted(LEA, theme1=1).closed("vote")
    choices = room.state.rounds.latest("vote").choices
    claim = Was("lost:1", ANNE, 1, 99, "", "vote", "vote.1", choices)
    room.ask(GiveMark("vote", "theme1", 1), ANNE, was=claim)
    more = room.touched[-1]
    again = Was("lost:2", ANNE, 1, 99, "", "vote", "vote.1", choices)
    room.ask(GiveMark("vote", "theme2", 1), ANNE, was=again)

    assert few(room.state, room.state.step("vote")) == (2, 5, False)
    assert Touch.SCENE in more
    assert Touch.SCENE not in room.touched[-1]


def test_V8_who_is_done_twice_or_has_voted_casts_no_second_ballot() -> None:
    room = a_vote(options=2).voted(LEA, theme1=1)
    done = [type(fact).__name__ for fact in room.ask(SayDone(), LEA)]
    blank = [type(fact).__name__ for fact in room.ask(SayDone(), ANNE)]
    room.ask(TakeDoneBack(), ANNE)
    again = [type(fact).__name__ for fact in room.ask(SayDone(), ANNE)]

    assert (done, blank, again) == (["DoneSaid"], ["BlankCast", "DoneSaid"], ["DoneSaid"])
    assert room.state.people.done["vote"] == 2
    assert refused(room.ask(SayDone(), ANNE)) == "J5 already_so"
    room.ask(NameMyself(), ANNE)
    assert room.state.people.by_id[ANNE].done == ("vote",)


def test_V11_what_a_vote_promised_is_changed_before_it_begins_and_nothing_of_it_while_it_is_open() -> None:
    room = a_room().opened("ideas").with_ideas(2).opened("sort").with_theme("t1", 1).with_theme("t2", 2)
    assert refused(room.ask(EditStep("vote", chosen={"ballot": {"least": 3}}))) == ""
    room.opened("vote")

    assert refused(room.ask(EditStep("vote", chosen={"ballot": {"least": 4}}))) == "F10 begun"
    assert refused(room.ask(EditStep("vote", chosen={"ballot": {"least": 3}}, minutes=9))) == ""
    assert refused(room.ask(EditStep("vote", of=("sort",)))) == ""
    assert room.state.step("vote").settings.least == 3


def test_F3_a_frozen_board_is_frozen_and_a_frozen_vote_is_closed() -> None:
    board, vote = a_room().opened("ideas"), a_vote(options=2)
    board.ask(FreezeStep("ideas"))
    vote.ask(FreezeStep("vote"))

    assert (board.state.step("ideas").phase, vote.state.step("vote").phase) == ("frozen", "closed")
    assert vote.state.rounds.latest("vote").closed_at == vote.state.at


def test_V10_a_vote_that_has_not_begun_holds_nothing_back() -> None:
    room = a_room()

    assert few(room.state, room.state.step("vote")) is None
    assert changed(room.state, room.state.step("vote")) is None


def test_J5_a_done_of_somebody_whom_no_fact_made_known_counts_for_nobody() -> None:
    room = a_room().opened("ideas").happened(DoneSaid("stranger", "ideas"))

    assert room.state.people.done.get("ideas", 0) == 0
    assert "stranger" not in room.state.people.by_id
