"""Sorting and undoing: G1–G5, U1–U3."""

from forum.domain.steps.board import HideIdea
from forum.domain.steps.sort import GroupIdeas, MergeThemes, MoveIdeas, RemoveTheme, RenameTheme, SplitTheme
from forum.domain.steps.sorting import sorted_ideas
from forum.domain.undo import Undo
from tests.domain.judged import refusal
from tests.scenes import ANNE, FACILITATOR, LEA, a_room, a_vote, placing, theme_of


def sorting(ideas: int = 6):
    return a_room().opened("ideas").with_ideas(ideas).revealed("ideas").opened("sort")


def last_deed(room):
    return room.state.deeds[-1]


def test_G1_cards_are_sorted_only_while_sorting_is_open_but_the_facilitator_may_correct_later():
    early = a_room().opened("ideas").with_ideas(2).ask(MoveIdeas(("idea001",), None), LEA)
    room = sorting().with_theme("theme1", 1, 2).opened("plan")

    assert refusal(early) == "sort_closed"
    assert refusal(room.ask(MoveIdeas(("idea003",), "theme1"), LEA)) == "sort_closed"
    assert refusal(room.ask(MoveIdeas(("idea003",), "theme1"), FACILITATOR)) is None


def test_G1_not_even_the_facilitator_moves_cards_during_a_vote_on_them():
    assert refusal(a_vote().ask(MoveIdeas(("idea001",), "theme2"))) == "vote_open"


def test_G2_a_card_moves_between_themes_and_is_in_one_only():
    room = sorting().with_theme("theme1", 1, 2).with_theme("theme2", 3)
    room.ask(MoveIdeas(("idea001",), "theme2"), LEA)

    assert room.state.themes.by_id["theme1"].ideas == ("idea002",)
    assert room.state.themes.by_id["theme2"].ideas == ("idea003", "idea001")
    assert theme_of(room, "idea001") == "theme2"


def test_G2_grouping_without_cards_or_with_a_missing_card_moves_nothing():
    room = sorting()

    assert refusal(room.ask(GroupIdeas((), "theme1", "Title"), LEA)) == "nothing_chosen"
    assert refusal(room.ask(GroupIdeas(("idea001", "gone00"), "theme1", "Title"), LEA)) == "no_idea"
    assert refusal(room.ask(GroupIdeas(("idea001",) * 101, "theme1", "Title"), LEA)) == "too_many"
    assert len(room.state.themes.by_id) == 0


def test_G3_only_a_gesture_moves_cards_and_it_is_kept_with_who_did_it():
    room = sorting()
    unsorted = theme_of(room, "idea001")
    room.with_theme("theme1", 1, 2, by=LEA)
    room.ask(MoveIdeas(("idea002",), None), ANNE)
    room.opened("plan").opened("sort")

    assert unsorted is None
    assert [(deed.what, deed.by) for deed in room.state.deeds] == [("IdeasMoved", LEA), ("IdeasMoved", ANNE)]
    assert placing(room, "idea002").by == ANNE
    assert room.state.themes.by_id["theme1"].ideas == ("idea001",)


def test_G3_a_move_taken_back_leaves_the_card_where_it_was():
    room = sorting().with_theme("theme1", 1).with_theme("theme2", 2)
    room.ask(MoveIdeas(("idea001",), "theme2"), LEA)
    moved = theme_of(room, "idea001")
    room.ask(Undo(last_deed(room).seq), LEA)

    assert moved == "theme2"
    assert theme_of(room, "idea001") == "theme1"


def test_G4_moving_what_another_moved_since_i_looked_is_refused_and_names_them():
    room = sorting().with_theme("theme1", 1).with_theme("theme2", 2)
    looked = room.state.seq
    room.ask(MoveIdeas(("idea003",), "theme1"), ANNE, seen=looked)
    late = room.ask(MoveIdeas(("idea003",), "theme2"), LEA, seen=looked)

    assert (refusal(late), late.params) == ("changed", {"person": ANNE})
    assert theme_of(room, "idea003") == "theme1"
    assert refusal(room.ask(MoveIdeas(("idea003",), "theme2"), LEA, seen=room.state.seq)) is None


def test_G4_renaming_what_another_renamed_meanwhile_is_refused():
    room = sorting().with_theme("theme1", 1, by=LEA)
    looked = room.state.seq
    room.ask(RenameTheme("theme1", "Anne’s title"), ANNE, seen=looked)

    assert refusal(room.ask(RenameTheme("theme1", "Léa’s title"), LEA, seen=looked)) == "changed"
    assert room.state.themes.by_id["theme1"].title == "Anne’s title"


def test_G5_merging_and_taking_apart_lose_no_card():
    room = sorting().with_theme("theme1", 1, 2).with_theme("theme2", 3)
    room.ask(MergeThemes("theme2", "theme1"))
    merged = room.state
    room.ask(SplitTheme("theme1", ("idea003",), "theme3", "Apart"))
    room.ask(RemoveTheme("theme1"))

    assert merged.themes.by_id["theme1"].ideas == ("idea001", "idea002", "idea003")
    assert merged.themes.by_id["theme2"].removed
    assert room.state.themes.by_id["theme3"].ideas == ("idea003",)
    assert theme_of(room, "idea001") is None
    assert len(sorted_ideas(room.state, room.state.step("sort"))) == 6


def test_U1_undoing_a_merge_brings_both_themes_back_as_they_were():
    room = sorting().with_theme("theme1", 1, 2).with_theme("theme2", 3, 4)
    before = {t: sorted(room.state.themes.by_id[t].ideas) for t in room.state.themes.order}
    room.ask(MergeThemes("theme2", "theme1"))
    room.ask(Undo(last_deed(room).seq))

    assert {t: sorted(room.state.themes.by_id[t].ideas) for t in room.state.themes.order} == before
    assert not room.state.themes.by_id["theme2"].removed
    assert last_deed(room).undone


def test_U1_an_undone_gesture_is_not_undone_twice():
    room = sorting().with_theme("theme1", 1)
    deed = last_deed(room).seq
    room.ask(Undo(deed))

    assert refusal(room.ask(Undo(deed))) == "no_deed"


def test_U2_one_undoes_ones_own_gestures_and_the_facilitator_anybodys():
    room = sorting().with_theme("theme1", 1, by=LEA)
    deed = last_deed(room).seq

    assert refusal(room.ask(Undo(deed), ANNE)) == "not_your_deed"
    assert refusal(room.ask(Undo(deed), FACILITATOR)) is None


def test_U3_what_others_built_on_meanwhile_is_not_undone():
    room = sorting().with_theme("theme1", 1, by=LEA)
    deed = last_deed(room).seq
    room.ask(MoveIdeas(("idea002",), "theme1"), ANNE)

    assert refusal(room.ask(Undo(deed), LEA)) == "built_on"


def test_U1_hiding_a_card_can_be_undone():
    room = sorting()
    room.ask(HideIdea("idea001", "Names a person"))
    room.ask(Undo(last_deed(room).seq))

    assert room.state.ideas.by_id["idea001"].state == "active"


def test_G1_opening_a_sort_reveals_the_cards_it_is_about():
    room = a_room().opened("ideas").with_ideas(2)
    before = room.state.step("ideas").revealed
    room.opened("sort")

    assert not before
    assert room.state.step("ideas").revealed


def test_G5_a_theme_of_many_cards_is_merged_in_small_facts_and_undone_as_one_gesture():
    room = sorting(150)
    room.with_theme("theme1", *range(1, 91)).with_theme("theme2", *range(91, 151))
    facts = room.ask(MergeThemes("theme1", "theme2"))
    merged = len(room.state.themes.by_id["theme2"].ideas)
    room.ask(Undo(last_deed(room).seq))

    assert max(len(getattr(f, "moves", ())) for f in facts) <= 40
    assert merged == 150
    assert (len(room.state.themes.by_id["theme1"].ideas), len(room.state.themes.by_id["theme2"].ideas)) == (
        90,
        60,
    )
