"""What is refused, by which rule and in which words, each beside what is taken. Nothing changes but the number that is used."""

from collections.abc import Callable

import pytest

from forum.domain.arrivals import ReadmitPeople
from forum.domain.flow import (
    CloseStep,
    EditStep,
    FreezeStep,
    InsertStep,
    MoveStep,
    OpenStep,
    RemoveStep,
    ReopenStep,
    RevealStep,
    SkipStep,
    StopTimer,
)
from forum.domain.keeping import ErasePerson, SetKeepUntil
from forum.domain.kernel import Command, ReasonId, Words
from forum.domain.links import RevokeKey
from forum.domain.loss import ConfirmLoss
from forum.domain.people import (
    AddPerson,
    ApprovePerson,
    RemovePerson,
    SayDone,
    SetEntry,
    TakeDoneBack,
)
from forum.domain.plan.words import (
    ChoosePilot,
    EditAction,
    EditAxis,
    MakeAction,
    MakeAxesFromThemes,
    MakeAxis,
    MoveAxis,
    RemoveAction,
    RemoveAxis,
    StepBack,
    Volunteer,
)
from forum.domain.room import REFUSALS, RULES, Refused
from forum.domain.settings import BoardSettings, Column, ShowSettings
from forum.domain.steps.ballot import AllocatePoints
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea, RestoreIdea, WithdrawIdea
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.domain.steps.reasons import GiveReason, HideReason, RestoreReason
from forum.domain.steps.sort import (
    GroupIdeas,
    MakeTheme,
    MergeThemes,
    MoveIdeas,
    RemoveTheme,
    RenameTheme,
    SplitTheme,
)
from tests.domain.judged import refused
from tests.domain.seen import a_reason, reason_in
from tests.scenes import ANNE, ECLAIR, FACILITATOR, LEA, Scene, a_room, a_vote

TITLE = Words("Encore", "More")
Case = tuple[Callable[[], Scene], Command, str]


def a_board() -> Scene:
    """Léa's cards: one that stands, one withdrawn, one hidden; Anne's: one."""
    columns = (Column("left", TITLE), Column("right", TITLE))
    room = a_room({**ECLAIR, "columns": BoardSettings(columns=columns)}).opened("ideas").with_ideas(3)
    room.with_ideas(1, by=ANNE).ask(WithdrawIdea("idea002"), LEA)
    room.ask(HideIdea("idea003", "why"))
    return room


def a_sort() -> Scene:
    """Theme1 with two cards, theme2 with one, theme3 taken apart; a card lies nowhere, one is hidden."""
    room = (
        a_room()
        .opened("ideas")
        .with_ideas(5)
        .opened("sort")
        .with_theme("theme1", 1, 2)
        .with_theme("theme2", 3)
    )
    room.ask(MakeTheme("theme3", "Gone"), LEA)
    room.ask(RemoveTheme("theme3"))
    room.ask(HideIdea("idea005", "why"))
    return room


def a_plan() -> Scene:
    """An axis with an action by Léa, an axis and an action that were removed."""
    room = a_vote().closed("vote").opened("plan")
    for axis in ("axis1", "axis2", "axis3"):
        room.ask(MakeAxis(axis, axis.title()))
    room.ask(MakeAction("act001", "axis1", "Hold a calendar"), LEA)
    room.ask(MakeAction("act002", "axis1", "Gone"), LEA)
    room.ask(RemoveAction("act002"))
    room.ask(RemoveAxis("axis2"))
    return room


def promises() -> Scene:
    """Léa made two commitments and took one back."""
    room = a_plan().opened("pledge")
    room.ask(Pledge("mine1", "I call", "2025-01-20"), LEA)
    room.ask(Pledge("mine2", "I write", "2025-01-20"), LEA)
    room.ask(WithdrawPledge("mine2"), LEA)
    return room


def nothing_open() -> Scene:
    return a_room()


def closed() -> Scene:
    return a_room().opened("ideas").closed("ideas")


def people() -> Scene:
    """Marcel without a phone; Eve waits; Rémi was removed."""
    room = a_room().joined("remi").opened("ideas")
    room.ask(AddPerson("marcel"))
    room.ask(SetEntry("approval"))
    room.joined("eve")
    room.ask(RemovePerson("remi"))
    return room


def against() -> Scene:
    """Léa is against one of two and for the other."""
    return a_vote(2, method="gradients").voted(LEA, theme1=1, theme2=8)


BY_LEA: list[Case] = [
    # reasons
    (against, GiveReason("vote", "theme1", "Too dear"), ""),
    (against, GiveReason("vote", "theme1", ""), ""),
    (against, GiveReason("vote", "theme2", "Too dear"), "V28 not_against"),
    (against, GiveReason("vote", "theme9", "Too dear"), "V7 no_option"),
    (a_vote, GiveReason("vote", "theme1", "Too dear"), "V28 not_against"),
    (a_reason, GiveReason("vote", "theme1", "Too late"), "V1 vote_closed"),
    (nothing_open, GiveReason("vote", "theme1", "Too early"), "F1 no_step"),
    # cards
    (a_board, PostIdea("idea001", "Twin", "ideas"), "B1 id_taken"),
    (a_board, PostIdea("idea002", "Twin of a withdrawn one", "ideas"), "B1 id_taken"),
    (a_board, PostIdea("idea900", "Where?", "nowhere"), "F1 no_step"),
    (a_board, PostIdea("idea900", "On what is no board", "sort"), "F1 no_step"),
    (a_board, PostIdea("idea900", "On another board", "columns"), "B1 board_closed"),
    (nothing_open, PostIdea("idea900", "Early", "ideas"), "B1 board_closed"),
    (closed, PostIdea("idea900", "Late", "ideas"), "B1 board_closed"),
    (a_board, EditIdea("nowhere", "x"), "B3 no_idea"),
    (a_board, EditIdea("idea002", "Back again"), "B3 no_idea"),
    (a_board, EditIdea("idea004", "Hers"), "B3 not_yours"),
    (a_board, EditIdea("idea001", "x" * 141), "B1 too_long"),
    (a_board, EditIdea("idea001", "x", length=141), "B1 too_long"),
    (a_board, EditIdea("idea001", "x" * 140), ""),
    (a_board, EditIdea("idea003", "Hidden, and still one's own"), ""),
    (a_board, WithdrawIdea("idea002"), "B3 no_idea"),
    (a_board, WithdrawIdea("idea004"), "B3 not_yours"),
    (a_board, WithdrawIdea("nowhere"), "B3 no_idea"),
    (a_board, WithdrawIdea("idea003"), ""),
    # themes
    (a_sort, GroupIdeas(("idea004",), "theme9", ""), "G5 title_needed"),
    (a_sort, GroupIdeas((), "theme9", "Title"), "G2 nothing_chosen"),
    (a_sort, GroupIdeas(("idea005",), "theme9", "Title"), "G2 no_idea"),
    (a_sort, GroupIdeas(("idea004",), "theme3", "A theme that is gone"), "G5 no_theme"),
    (a_sort, GroupIdeas(("idea004",), "theme2"), ""),
    (a_sort, MoveIdeas(("nowhere",), "theme1"), "G2 no_idea"),
    (a_sort, MoveIdeas(("idea005",), "theme1"), "G2 no_idea"),
    (a_sort, MoveIdeas((), "theme1"), "G2 nothing_chosen"),
    (a_sort, MoveIdeas(("idea001",), "nowhere"), "G5 no_theme"),
    (a_sort, MoveIdeas(("idea001",), "theme3"), "G5 no_theme"),
    (a_sort, MakeTheme("theme1", "Twin"), "G5 id_taken"),
    (a_sort, MakeTheme("theme3", "Twin of one that is gone"), "G5 id_taken"),
    (a_sort, MakeTheme("theme9", ""), "G5 title_needed"),
    (a_sort, RenameTheme("nowhere", "x"), "G5 no_theme"),
    (a_sort, RenameTheme("theme3", "x"), "G5 no_theme"),
    (a_sort, RenameTheme("theme1", ""), "G5 title_needed"),
    (a_sort, MergeThemes("theme1", "theme1"), "G5 same_theme"),
    (a_sort, MergeThemes("theme3", "theme1"), "G5 no_theme"),
    (a_sort, MergeThemes("theme1", "theme3"), "G5 no_theme"),
    (a_sort, MergeThemes("theme1", "nowhere"), "G5 no_theme"),
    (a_sort, MergeThemes("theme1", "theme2"), ""),
    (a_sort, SplitTheme("theme1", ("idea001",), "theme9", "Apart"), "J3 forbidden"),
    (a_sort, RemoveTheme("theme1"), "J3 forbidden"),
    (a_board, MakeTheme("theme9", "No sort is open"), "G1 sort_closed"),
    # the plan
    (a_plan, MakeAction("act001", "axis1", "Twin"), "P1 id_taken"),
    (a_plan, MakeAction("act002", "axis1", "Twin of a removed one"), "P1 id_taken"),
    (a_plan, MakeAction("act009", "axis1", ""), "P1 title_missing"),
    (a_plan, MakeAction("act009", "axis2", "Under an axis that is gone"), "P1 no_axis"),
    (a_plan, MakeAction("act009", "nowhere", "Do"), "P1 no_axis"),
    (a_plan, MakeAction("act009", "axis1", "Do", ("idea001", "nowhere")), "P1 no_idea"),
    (a_plan, MakeAction("act009", "axis1", "Do", ("idea001",)), ""),
    (a_plan, EditAction("nowhere", title="x"), "P1 no_action"),
    (a_plan, EditAction("act002", title="x"), "P1 no_action"),
    (a_plan, EditAction("act001", title=""), "P1 title_missing"),
    (a_plan, EditAction("act001", axis="axis2"), "P1 no_axis"),
    (a_plan, EditAction("act001", axis="axis3"), ""),
    (a_plan, EditAction("act001", due="soon"), "P5 bad_date"),
    (a_plan, EditAction("act001", first_step_due="soon"), "P5 bad_date"),
    (a_plan, EditAction("act001", description=""), ""),
    (a_plan, Volunteer("act002", "pilot"), "P1 no_action"),
    (a_plan, Volunteer("nowhere", "pilot"), "P1 no_action"),
    (a_plan, StepBack("act002"), "P1 no_action"),
    (a_board, Volunteer("act001", "pilot"), "P1 sheet_closed"),
    (a_board, EditAction("act001", title="x"), "P1 sheet_closed"),
    (a_plan, RemoveAction("act001"), "J3 forbidden"),
    # commitments
    (promises, Pledge("mine1", "Twin", "2025-01-20"), "E1 id_taken"),
    (promises, Pledge("mine2", "Twin of one taken back", "2025-01-20"), "E1 id_taken"),
    (promises, Pledge("mine9", "", "2025-01-20"), "E1 text_needed"),
    (promises, Pledge("mine9", "I call", ""), "E1 bad_date"),
    (promises, Pledge("mine9", "I call", "soon"), "E1 bad_date"),
    (promises, Pledge("mine9", "I call", "2025-01-20", "nowhere"), "E1 no_action"),
    (promises, Pledge("mine9", "I call", "2025-01-20", "act002"), "E1 no_action"),
    (promises, Pledge("mine9", "I call", "2025-01-20", "act001"), ""),
    (promises, WithdrawPledge("mine2"), "E2 no_commitment"),
    (promises, WithdrawPledge("nowhere"), "E2 no_commitment"),
    (a_plan, Pledge("mine9", "I call", "2025-01-20"), "E1 pledge_closed"),
    # votes
    (a_vote, AllocatePoints("nowhere", "theme1", 1), "F1 no_step"),
    (a_vote, AllocatePoints("ideas", "theme1", 1), "F1 no_step"),
    (a_vote, AllocatePoints("vote", "nowhere", 1), "V7 no_option"),
    (a_vote, AllocatePoints("vote", "theme1", -1), "V4 cap"),
    (a_vote, AllocatePoints("vote", "theme1", 0), ""),
    (a_vote, AllocatePoints("vote", "theme1", 1), ""),
    (a_vote, AllocatePoints("vote", "theme1", 2), "V4 cap"),
    # oneself
    (nothing_open, SayDone(), "J5 nothing_open"),
    (closed, SayDone(), "J5 nothing_open"),
    (closed, TakeDoneBack(), "J5 nothing_open"),
    (a_board, TakeDoneBack(), "J5 already_so"),
    (a_board, ErasePerson(texts="none", chosen=("idea001",)), "K2 ticked"),
    (a_board, ErasePerson(name=False), "K2 nothing_goes"),
    (a_board, ErasePerson(texts="all", name=False), ""),
    (a_board, ErasePerson(ANNE), "K2 forbidden"),
    (a_board, ErasePerson("stranger"), "K2 no_person"),
]  # fmt: skip

BY_WHO_LEADS: list[Case] = [
    # the flow
    (closed, OpenStep("nowhere"), "F1 no_step"),
    (closed, OpenStep("ideas"), ""),
    (a_board, OpenStep("ideas"), "F1 already_so"),
    (a_vote, OpenStep("plan"), "F4 vote_open"),
    (a_board, FreezeStep("sort"), "F1 not_current"),
    (a_board, FreezeStep("nowhere"), "F1 no_step"),
    (closed, FreezeStep("ideas"), "F3 already_so"),
    (a_board, ReopenStep("ideas"), "F2 already_so"),
    (a_board, ReopenStep("sort"), "F1 not_current"),
    (a_board, RevealStep("sort"), "F1 not_current"),
    (a_sort, RevealStep("sort"), "F5 nothing_to_reveal"),
    (a_vote, RevealStep("vote"), "F5 not_closed"),
    (closed, CloseStep("ideas"), "F3 already_so"),
    (a_board, CloseStep("sort"), "F1 not_current"),
    (a_board, CloseStep("nowhere"), "F1 no_step"),
    (a_vote, SkipStep("vote"), "F4 vote_open"),
    (a_board, SkipStep("nowhere"), "F1 no_step"),
    (a_board, SkipStep("ideas"), ""),
    (a_vote, SkipStep("plan"), ""),
    (a_board, InsertStep("sort", ShowSettings(), TITLE), "F1 already_so"),
    (a_board, InsertStep("more", ShowSettings(), TITLE, before="nowhere"), "F1 no_step"),
    (a_board, InsertStep("more", ShowSettings(), TITLE, before="sort"), ""),
    (a_board, RemoveStep("nowhere"), "F1 no_step"),
    (a_board, RemoveStep("ideas"), "F6 step_used"),
    (a_board, MoveStep("nowhere"), "F1 no_step"),
    (a_board, MoveStep("sort", "nowhere"), "F1 no_step"),
    (a_board, MoveStep("sort", "sort"), "F2 already_so"),
    (a_board, MoveStep("sort", "welcome"), ""),
    (a_board, MoveStep("sort"), ""),
    (a_board, EditStep("nowhere", minutes=5), "F1 no_step"),
    (a_board, EditStep("ideas", chosen={"board": {"least": 3}}), "F10 no_choice"),
    (a_board, StopTimer(), "F7 already_so"),
    # cards
    (a_board, EditIdea("idea001", "The desk knows better"), "B3 not_yours"),
    (a_board, HideIdea("idea001", ""), "B4 reason_needed"),
    (a_board, HideIdea("idea003", "again"), "B4 no_idea"),
    (a_board, HideIdea("idea002", "withdrawn"), "B4 no_idea"),
    (a_board, HideIdea("nowhere", "why"), "B4 no_idea"),
    (a_board, RestoreIdea("idea001"), "B4 no_idea"),
    (a_board, RestoreIdea("idea002"), "B4 no_idea"),
    (a_board, RestoreIdea("nowhere"), "B4 no_idea"),
    (a_board, MoveIdeas(("idea001",), None), "G1 sort_closed"),
    # reasons
    (a_reason, HideReason(ReasonId("why0"), "why"), "V28 no_such_reason"),
    (a_reason, HideReason(reason_in(a_reason()), ""), "V28 why_hidden"),
    (a_reason, RestoreReason(reason_in(a_reason())), "V28 no_such_reason"),
    (a_reason, RestoreReason(ReasonId("why0")), "V28 no_such_reason"),
    # themes
    (a_vote, RenameTheme("theme1", "Otherwise"), "F4 vote_open"),
    (a_vote, MakeTheme("theme9", "Encore"), "F4 vote_open"),
    (a_sort, RemoveTheme("theme3"), "G5 no_theme"),
    (a_sort, RemoveTheme("nowhere"), "G5 no_theme"),
    (a_sort, SplitTheme("theme3", ("idea001",), "theme9", "Apart"), "G5 no_theme"),
    (a_sort, SplitTheme("theme1", ("idea001", "idea003"), "theme9", "Apart"), "G2 no_idea"),
    (a_sort, SplitTheme("theme1", ("idea001",), "theme2", "Apart"), "G5 id_taken"),
    (a_sort, SplitTheme("theme1", ("idea001",), "theme9", ""), "G5 title_needed"),
    (a_sort, SplitTheme("theme1", (), "theme9", "Apart"), "G2 nothing_chosen"),
    (a_sort, SplitTheme("theme1", ("idea001",), "theme9", "Apart"), ""),
    # the plan
    (a_plan, MakeAxis("axis1", "Twin"), "P1 id_taken"),
    (a_plan, MakeAxis("axis2", "Twin of a removed one"), "P1 id_taken"),
    (a_plan, MakeAxis("axis9", ""), "P1 title_missing"),
    (a_plan, MakeAxis("axis9", "Of what?", ("theme1", "nowhere")), "P1 no_theme"),
    (a_plan, MakeAxis("axis9", "Of themes", ("theme1",)), ""),
    (nothing_open, MakeAxesFromThemes(), "P1 no_themes"),
    (a_plan, MakeAxesFromThemes(chose=True), "P1 none_chosen"),
    (a_plan, MakeAxesFromThemes(("nowhere",)), "P1 already_so"),
    (a_plan, EditAxis("axis2", "x"), "P1 no_axis"),
    (a_plan, EditAxis("nowhere", "x"), "P1 no_axis"),
    (a_plan, EditAxis("axis1", ""), "P1 title_missing"),
    (a_plan, MoveAxis("axis2"), "P1 no_axis"),
    (a_plan, RemoveAxis("axis2"), "P1 no_axis"),
    (a_plan, RemoveAxis("axis1"), "P1 axis_used"),
    (a_plan, RemoveAxis("axis3"), ""),
    (a_plan, RemoveAction("act002"), "P1 no_action"),
    (a_plan, ChoosePilot("act002", LEA), "P1 no_action"),
    (a_plan, ChoosePilot("act001", "stranger"), "P2 no_person"),
    (a_plan, ChoosePilot("act001", LEA), ""),
    # people
    (people, ApprovePerson("stranger"), "J2 no_person"),
    (people, ApprovePerson(LEA), "J2 already_so"),
    (people, ApprovePerson("eve"), ""),
    (people, ApprovePerson("remi"), ""),
    (people, RemovePerson("stranger"), "J3 no_person"),
    (people, RemovePerson(FACILITATOR), "J3 no_person"),
    (people, RemovePerson("remi"), "J3 already_so"),
    (people, RemovePerson("eve"), ""),
    (people, SetEntry("approval"), "J2 already_so"),
    (people, SetEntry("open"), ""),
    (people, ReadmitPeople(1), "J6 no_removal"),
    (people, RevokeKey(""), "L2 no_link"),
    (people, ConfirmLoss(2), "O6 no_loss"),
    (people, SetKeepUntil("soon"), "K1 bad_date"),
    (people, SetKeepUntil(""), "K1 bad_date"),
    (people, ErasePerson(LEA, "all"), "K4 words_of_others"),
    (people, ErasePerson(LEA), ""),
]  # fmt: skip


def named(of: object) -> str:
    """How a case is called: by what is asked, and by the refusal."""
    return type(of).__name__ if isinstance(of, Command) else "" if callable(of) else str(of)


@pytest.mark.parametrize(("scene", "command", "expected"), BY_LEA, ids=named)
def test_what_a_participant_is_refused_changes_nothing_and_cites_its_rule(
    scene: Callable[[], Scene], command: Command, expected: str
) -> None:
    _asked(scene(), command, LEA, expected)


@pytest.mark.parametrize(("scene", "command", "expected"), BY_WHO_LEADS, ids=named)
def test_what_who_leads_is_refused_changes_nothing_and_cites_its_rule(
    scene: Callable[[], Scene], command: Command, expected: str
) -> None:
    _asked(scene(), command, FACILITATOR, expected)


def _asked(room: Scene, command: Command, by: str, expected: str) -> None:
    before = len(room.journal)
    said = room.ask(command, by)
    facts = [record.fact for _, _, record in room.journal[before:]]

    assert refused(said) == expected
    if expected:
        assert [type(fact) for fact in facts] == [Refused]
        assert room.touched[-1] == frozenset()
        assert said.rule in RULES or said.code in REFUSALS
    else:
        assert facts == list(said)


def test_a_thing_that_is_named_like_another_is_no_second_one() -> None:
    room = promises().opened("ideas")
    before = (
        dict(room.state.ideas.by_id),
        dict(room.state.plan.actions),
        dict(room.state.commitments.by_id),
        dict(room.state.themes.by_id),
    )
    room.ask(PostIdea("idea001", "Twin", "ideas"), ANNE)
    room.ask(MakeAction("act001", "axis1", "Twin"), FACILITATOR)
    room.opened("pledge").ask(Pledge("mine1", "Twin", "2025-01-20"), ANNE)
    room.opened("sort").ask(MakeTheme("theme1", "Twin"), ANNE)

    after = (
        dict(room.state.ideas.by_id),
        dict(room.state.plan.actions),
        dict(room.state.commitments.by_id),
        dict(room.state.themes.by_id),
    )
    assert after == before
