"""G1 to G4 at their borders: who may sort where and when, what was changed meanwhile, and what comes again of it."""

import pytest

from forum.domain.flow import CloseStep, FreezeStep, ReopenStep, StepOpened
from forum.domain.kernel import PersonId, Was
from forum.domain.loss import TellLoss, teller
from forum.domain.room import Noted
from forum.domain.settings import BallotSettings, BoardSettings, SheetSettings, ShowSettings, SortSettings
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea, RestoreIdea, WithdrawIdea
from forum.domain.steps.sort import (
    GroupIdeas,
    MakeTheme,
    MergeThemes,
    MoveIdeas,
    RemoveTheme,
    RenameTheme,
    SplitTheme,
)
from forum.domain.touch import Touch
from tests.domain.judged import refused
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, placing, theme_of


def sorting(**settings: object) -> Scene:
    steps = {"ideas": BoardSettings(), "sort": SortSettings(**settings), "break": ShowSettings(), "vote": BallotSettings(),
             "plan": SheetSettings()}  # fmt: skip
    return a_room(steps).opened("ideas").with_ideas(6).opened("sort")


def lost(room: Scene) -> Scene:
    """The store lost what came after now; it is told."""
    tab, op = teller(room.state, 2)
    room.ask(TellLoss(2, room.state.seq, room.state.seq + 50, "abc", 9), "", tab=tab, op=op)
    return room


def was(seq: int, by: str = LEA, step: str = "sort") -> Was:
    return Was(f"lost-{by}:{seq}", PersonId(by), 1, seq, "", step)


# G1: who may sort, where and when


def test_G1_where_the_desk_sorts_nobody_else_does() -> None:
    room = sorting(who="desk")
    group = GroupIdeas(("idea001",), "theme1", "A")

    assert refused(room.ask(group, LEA)) == "G1 sort_closed"
    assert refused(room.ask(group, LEA, was=was(50))) == "G1 sort_closed"
    assert refused(room.ask(group)) == ""


def test_G1_a_frozen_sort_takes_no_gesture_but_that_of_who_leads() -> None:
    room = sorting().with_theme("theme1", 1)
    for end in (FreezeStep("sort"), CloseStep("sort")):
        room.ask(end)
        assert refused(room.ask(MoveIdeas(("idea002",), "theme1"), LEA)) == "G1 sort_closed"
        assert refused(room.ask(MakeTheme(f"by-{end.__class__.__name__}", "A"))) == ""
        room.ask(ReopenStep("sort"))
    assert refused(room.ask(MoveIdeas(("idea002",), "theme1"), LEA)) == ""


def test_G1_who_leads_makes_a_theme_in_the_sort_at_hand_else_in_the_last_that_was_opened() -> None:
    steps = {
        "ideas": BoardSettings(),
        "one": SortSettings(),
        "two": SortSettings(),
        "break": ShowSettings(),
        "never": SortSettings(),
    }
    room = a_room(steps)
    assert refused(room.ask(MakeTheme("too-early", "A"))) == "G1 sort_closed"
    room.opened("one").opened("two").opened("break").ask(MakeTheme("theme1", "A"))
    room.opened("one").closed("one").ask(MakeTheme("theme2", "B"))

    assert [room.state.themes.by_id[t].step for t in ("theme1", "theme2")] == ["two", "one"]
    assert refused(room.opened("break").ask(MakeTheme("theme3", "C"), LEA)) == "G1 sort_closed"


def test_G1_a_gesture_that_comes_again_belongs_to_the_sort_that_took_it() -> None:
    room = lost(sorting().opened("break"))

    assert refused(room.ask(MakeTheme("theme1", "A"), LEA, was=was(60))) == ""
    assert room.state.themes.by_id["theme1"].step == "sort"
    assert refused(room.ask(MakeTheme("theme2", "B"), LEA, was=was(61, step="break"))) == "G1 sort_closed"
    assert refused(room.ask(MakeTheme("theme3", "C"), was=was(62, FACILITATOR, "break"))) == ""


def test_G1_who_leads_corrected_a_sort_at_any_time_and_only_one_that_had_begun() -> None:
    room = a_room().opened("ideas").with_ideas(1)

    assert (
        refused(lost(room).ask(MakeTheme("theme1", "A"), was=was(60, FACILITATOR, "ideas")))
        == "G1 sort_closed"
    )
    twice = (
        a_room({"ideas": BoardSettings(), "one": SortSettings(), "two": SortSettings()})
        .opened("one")
        .opened("two")
        .opened("ideas")
    )
    twice.ask(MakeTheme("theme1", "A"), was=was(60, FACILITATOR, "ideas"))
    assert twice.state.themes.by_id["theme1"].step == "two"


# G4: what another changed meanwhile


@pytest.mark.parametrize(("by", "seen", "told"), [(ANNE, -1, True), (ANNE, 0, False), (LEA, -1, False)])
def test_G4_what_another_moved_after_i_looked_is_told_and_what_i_moved_is_not(
    by: str, seen: int, told: bool
) -> None:
    room = sorting().with_theme("theme1", 1)
    room.ask(MoveIdeas(("idea002",), "theme1"), by)
    said = room.ask(MoveIdeas(("idea002",), None), LEA, seen=room.state.seq + seen)

    assert refused(said) == ("G4 changed" if told else "")
    assert not told or said.params == {"person": by}


@pytest.mark.parametrize(("by", "seen", "told"), [(ANNE, -1, True), (ANNE, 0, False), (LEA, -1, False)])
def test_G4_what_another_renamed_after_i_looked_is_told_and_what_i_renamed_is_not(
    by: str, seen: int, told: bool
) -> None:
    room = sorting().with_theme("theme1", 1)
    room.ask(RenameTheme("theme1", "Otherwise"), by)
    said = room.ask(RenameTheme("theme1", "Mine"), LEA, seen=room.state.seq + seen)

    assert refused(said) == ("G4 changed" if told else "")
    assert not told or said.params == {"person": by}


def test_G4_who_does_not_say_what_they_saw_is_told_of_no_change() -> None:
    room = sorting().with_theme("theme1", 1, by=ANNE)

    assert refused(room.ask(RenameTheme("theme1", "Mine"), LEA)) == ""
    assert refused(room.ask(MoveIdeas(("idea001",), None), LEA)) == ""


def test_G4_the_title_that_stands_already_is_no_change() -> None:
    room = sorting().with_theme("theme1", 1, title="A")

    assert room.ask(RenameTheme("theme1", "A"), LEA) == (Noted(),)
    assert room.ask(MoveIdeas(("idea001",), "theme1"), LEA) == (Noted(),)


# O11: of what comes again, the later stands


def test_O11_of_several_cards_those_that_were_moved_since_stay_and_the_others_go() -> None:
    room = lost(sorting().with_theme("theme1", 1).with_theme("theme2", 2))
    room.ask(MoveIdeas(("idea003",), "theme2"), LEA)
    room.ask(MoveIdeas(("idea003", "idea004"), "theme1"), LEA, was=was(90))

    assert [theme_of(room, f"idea00{n}") for n in (3, 4)] == ["theme2", "theme1"]


def test_O11_what_another_moved_since_the_loss_is_told_and_what_they_moved_before_it_is_not() -> None:
    room = sorting().with_theme("theme1", 1)
    room.ask(MoveIdeas(("idea002",), "theme1"), ANNE)
    lost(room)
    room.ask(MoveIdeas(("idea003",), "theme1"), ANNE)

    assert refused(room.ask(MoveIdeas(("idea002",), None), LEA, was=was(90))) == ""
    assert refused(room.ask(MoveIdeas(("idea003",), None), LEA, was=was(91))) == "G4 changed"


def test_O11_of_two_moves_that_both_come_again_the_later_in_the_lost_history_stands() -> None:
    for order in ((90, 91), (91, 90)):
        room = lost(sorting().with_theme("theme1", 1).with_theme("theme2", 2))
        for seq in order:
            room.ask(
                MoveIdeas(("idea003",), f"theme{seq - 89}"),
                LEA if seq == 90 else ANNE,
                was=was(seq, LEA if seq == 90 else ANNE),
            )
        assert theme_of(room, "idea003") == "theme2"
        assert placing(room, "idea003").was == 91


def test_O11_a_title_that_comes_again_gives_way_to_a_later_one_of_the_lost_history_and_of_its_author() -> (
    None
):
    room = lost(sorting().with_theme("theme1", 1, title="A"))
    room.ask(RenameTheme("theme1", "The 91st"), LEA, was=was(91))
    older = room.ask(RenameTheme("theme1", "The 90th"), ANNE, was=was(90, ANNE))
    newer = room.ask(RenameTheme("theme1", "The 92nd"), ANNE, was=was(92, ANNE))
    room.ask(RenameTheme("theme1", "Of today"), ANNE)
    again = room.ask(RenameTheme("theme1", "The 93rd"), ANNE, was=was(93, ANNE))
    another = room.ask(RenameTheme("theme1", "The 94th"), LEA, was=was(94))

    assert (older, refused(newer), again) == ((Noted(),), "", (Noted(),))
    assert refused(another) == "G4 changed"
    assert room.state.themes.by_id["theme1"].title == "Of today"


def test_O11_a_theme_that_was_made_anew_since_keeps_its_title_and_one_from_before_takes_it() -> None:
    room = lost(sorting().with_theme("theme1", 1, title="Before"))
    room.ask(MakeTheme("theme2", "Since"), LEA)

    assert room.ask(RenameTheme("theme2", "Older"), LEA, was=was(90)) == (Noted(),)
    assert refused(room.ask(RenameTheme("theme1", "Older"), LEA, was=was(91))) == ""
    assert [room.state.themes.by_id[t].title for t in ("theme1", "theme2")] == ["Older", "Since"]


def test_O11_a_theme_that_comes_again_and_is_there_is_noted() -> None:
    room = lost(sorting().with_theme("theme1", 1))

    assert room.ask(MakeTheme("theme1", "A"), LEA, was=was(90)) == (Noted(),)
    assert refused(room.ask(MakeTheme("theme1", "A"), LEA)) == "G5 id_taken"


def test_O11_words_that_come_again_give_way_to_newer_ones() -> None:
    room = a_room().opened("ideas").with_ideas(3)
    lost(room)
    room.ask(EditIdea("idea001", "Of today"), LEA)
    room.ask(EditIdea("idea002", "The 91st"), LEA, was=was(91, step="ideas"))
    said = [
        room.ask(EditIdea("idea001", "The 92nd"), LEA, was=was(92, step="ideas")),
        room.ask(EditIdea("idea002", "The 90th"), LEA, was=was(90, step="ideas")),
        room.ask(EditIdea("idea002", "The 93rd"), LEA, was=was(93, step="ideas")),
        room.ask(EditIdea("idea003", "The 94th"), LEA, was=was(94, step="ideas")),
    ]

    assert [one == (Noted(),) for one in said] == [True, True, False, False]
    assert [room.state.ideas.by_id[f"idea00{n}"].text for n in (1, 2, 3)] == [
        "Of today",
        "The 93rd",
        "The 94th",
    ]
    assert [room.state.ideas.by_id[f"idea00{n}"].worded_was for n in (1, 2, 3)] == [0, 93, 94]


def test_O7_a_card_keeps_which_facts_worded_and_settled_it() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    seqs = [room.state.seq]
    for command, by in (
        (HideIdea("idea001", "why"), FACILITATOR),
        (RestoreIdea("idea001"), FACILITATOR),
        (WithdrawIdea("idea001"), LEA),
    ):
        room.ask(command, by)
        seqs.append(room.state.ideas.by_id["idea001"].settled)
    card = room.state.ideas.by_id["idea001"]

    assert seqs == [seqs[0], seqs[0] + 1, seqs[0] + 2, seqs[0] + 3]
    assert (card.worded, card.worded_was, card.reason, card.rev) == (seqs[0], 0, "", room.state.seq)


# what pages are told


def test_a_gesture_tells_every_card_and_theme_that_it_touched() -> None:
    room = sorting().with_theme("theme1", 1, 2).with_theme("theme2", 3)
    room.with_ideas(0).ask(MoveIdeas(("idea001", "idea003", "idea004"), "theme2"), LEA)

    assert room.touched[-1] == {
        Touch.idea("idea001"), Touch.idea("idea004"), Touch.you(LEA), Touch.theme("theme1"), Touch.theme("theme2"),
        Touch.COUNT, Touch.DEEDS,
    }  # fmt: skip
    room.ask(RenameTheme("theme2", "Otherwise"), LEA)
    cards = {Touch.idea(f"idea00{n}") for n in (1, 3, 4)}
    assert room.touched[-1] == {Touch.THEMES, Touch.theme("theme2"), Touch.DEEDS, *cards}


def test_a_card_of_anothers_that_is_moved_is_told_to_its_author() -> None:
    room = a_room().opened("ideas").with_ideas(1, by=LEA).with_ideas(1, by=ANNE).opened("sort")
    room.ask(GroupIdeas(("idea001", "idea002"), "theme1", "A"), LEA)

    assert {Touch.you(LEA), Touch.you(ANNE)} <= room.touched[-1]
    assert [placing(room, f"idea00{n}").by for n in (1, 2)] == [LEA, LEA]
    assert placing(room, "idea001").rev == room.state.seq
    assert placing(room, "idea001").was == 0


def test_a_hidden_card_tells_its_theme_and_one_that_lies_nowhere_tells_none() -> None:
    room = sorting().with_theme("theme1", 1)
    room.ask(HideIdea("idea001", "why"))
    there = room.touched[-1]
    room.ask(HideIdea("idea002", "why"))

    card = {Touch.COUNT, Touch.LATE, Touch.you(LEA), Touch.DEEDS, Touch.HEARD_AT_DESK}
    assert there == {Touch.idea("idea001"), Touch.theme("theme1"), *card}
    assert room.touched[-1] == {Touch.idea("idea002"), *card}


def test_V1_what_is_on_everybodys_ballot_is_drawn_anew_when_it_changes() -> None:
    steps = {
        "ideas": BoardSettings(),
        "more": BoardSettings(visibility="all"),
        "vote": BallotSettings(over="ideas", of=("ideas",)),
    }
    room = (
        a_room(steps).opened("more").with_ideas(1, step="more").opened("ideas").with_ideas(2).opened("vote")
    )
    room.ask(HideIdea("idea001", "not on the ballot"))
    beside = room.touched[-1]
    room.ask(HideIdea("idea002", "on the ballot"))

    assert Touch.SCENE not in beside
    assert Touch.SCENE in room.touched[-1]
    assert room.state.scene == room.state.seq


# G5


def test_G5_merging_keeps_the_order_and_splitting_moves_only_what_was_chosen() -> None:
    room = sorting().with_theme("theme1", 1, 2).with_theme("theme2", 3, 4)
    facts = room.ask(MergeThemes("theme2", "theme1"), LEA)
    moves = [(m.idea, m.was, m.now) for m in facts[0].moves]
    room.ask(SplitTheme("theme1", ("idea002", "idea003"), "theme3", "Apart"))

    assert moves == [("idea003", "theme2", "theme1"), ("idea004", "theme2", "theme1")]
    assert room.state.themes.by_id["theme1"].ideas == ("idea001", "idea004")
    assert room.state.themes.by_id["theme3"].ideas == ("idea002", "idea003")
    assert room.state.themes.by_id["theme3"].number == 3


def test_G5_an_empty_theme_is_taken_apart_or_merged_in_one_fact() -> None:
    room = sorting().with_theme("theme1", 1)
    for name in ("theme2", "theme3"):
        room.ask(MakeTheme(name, name), LEA)

    assert [type(f).__name__ for f in room.ask(RemoveTheme("theme2"))] == ["ThemeRemoved"]
    assert [type(f).__name__ for f in room.ask(MergeThemes("theme3", "theme1"))] == ["ThemeRemoved"]


def test_F8_a_sort_of_an_old_journal_shares_its_themes_with_every_other() -> None:
    room = (
        a_room({"ideas": BoardSettings(), "one": SortSettings(), "two": SortSettings()})
        .opened("ideas")
        .with_ideas(1)
    )
    room.happened(StepOpened("one")).ask(PostIdea("x", "y", "nowhere"), LEA)
    room.ask(GroupIdeas(("idea001",), "theme1", "A"), LEA)

    assert room.state.themes.by_id["theme1"].sort == ""
    room.happened(StepOpened("two"))
    assert refused(room.ask(RenameTheme("theme1", "B"), LEA)) == ""
    assert room.state.step("never") is None
