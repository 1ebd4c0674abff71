"""Sheets of a schema (H1 to H5): what may be written, by whom, and what becomes of it. Shown on a schema of the tests."""

from collections.abc import Iterator

import pytest

from forum.domain.flow import CloseStep, InsertStep
from forum.domain.keeping import ErasePerson, Redacted
from forum.domain.kernel import PersonId, Rejection, StepId, Was, Words
from forum.domain.loss import TellLoss
from forum.domain.people import AddPerson
from forum.domain.settings import BallotSettings, SheetSettings
from forum.domain.sheets.schema import MOST_SHEETS
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet, SheetMade
from forum.domain.steps.board import HideIdea
from forum.domain.things import given, standing, words
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room
from tests.toysheet import AGENDA, RECIPE, known


@pytest.fixture(autouse=True)
def pytest_recipes() -> Iterator[None]:
    with known():
        yield


def a_kitchen(ideas: int = 2) -> Scene:
    return a_room(AGENDA).opened("ideas").with_ideas(ideas).opened("recipes")


def wrote(room: Scene, name: str = "soup01", by: str = LEA, **fields: object) -> object:
    return room.ask(MakeSheet(name, "recipe", StepId("recipes"), {"dish": "Soup", **fields}), by)


def edited(room: Scene, by: str, was: dict | None = None, *, seen: int = 0, **fields: object) -> object:
    return room.ask(EditSheet("soup01", "recipe", fields, was or {}), by, seen=seen)


def sheet(room: Scene, name: str = "soup01"):
    return room.state.sheets.by_id[name]


def code(verdict: object) -> str:
    assert isinstance(verdict, Rejection), verdict
    return f"{verdict.rule} {verdict.code}"


def test_H1_a_sheet_keeps_what_its_fields_hold_each_as_its_kind_has_it():
    room = a_kitchen()
    wrote(
        room, method="Cut\nCook", taste="salty", ready="31/03/2025", kilos=" 1,50 ", cook=LEA,
        **{"from": ("idea001", "idea001", ""), "origin": ""},
    )  # fmt: skip

    assert dict(sheet(room).fields) == {
        "dish": "Soup", "method": "Cut\nCook", "taste": "salty", "ready": "2025-03-31", "kilos": "1.5", "cook": LEA,
        "from": ("idea001",),
    }  # fmt: skip
    assert room.replayed() == room.state


@pytest.mark.parametrize(
    ("fields", "refused", "says"),
    [
        ({"spice": "Salt"}, "no_field", {}),
        ({"dish": ("Soup",)}, "no_field", {"label": "Dish"}),
        ({"dish": "s" * 41}, "field_too_long", {"label": "Dish", "count": 41, "limit": 40}),
        ({"taste": "bitter"}, "field_choice", {"label": "Taste"}),
        ({"taste": ("sweet",)}, "field_choice", {"label": "Taste"}),
        ({"ready": "soon"}, "field_date", {"label": "Ready on"}),
        ({"ready": "31/03/2055"}, "field_day", {"label": "Ready on", "first": "2025-01-16", "limit": "2035-01-14"}),
        ({"kilos": "21"}, "field_number", {"label": "Kilos", "first": 0, "limit": 20}),
        ({"kilos": "-0.01"}, "field_number", {"label": "Kilos", "first": 0, "limit": 20}),
        ({"kilos": "1.005"}, "field_number", {"label": "Kilos", "first": 0, "limit": 20}),
        ({"kilos": "1e1"}, "field_number", {"label": "Kilos", "first": 0, "limit": 20}),
        ({"kilos": "1" * 21}, "field_number", {"label": "Kilos", "first": 0, "limit": 20}),
        ({"kilos": "."}, "field_number", {"label": "Kilos", "first": 0, "limit": 20}),
        ({"cook": "Marie"}, "field_person", {"label": "Cook"}),
        ({"from": ("idea001", "idea002", "idea003")}, "field_link", {"label": "Taken from"}),
        ({"from": "idea009"}, "field_link", {"label": "Taken from"}),
    ],
)  # fmt: skip
def test_H1_what_a_field_cannot_hold_is_refused_by_its_name(fields, refused, says):
    room = a_kitchen(3)
    verdict = wrote(room, **fields)

    assert code(verdict) == f"H1 {refused}"
    assert verdict.params == says
    assert not room.state.sheets.by_id


@pytest.mark.parametrize(
    ("field", "value"), [("kilos", "20"), ("kilos", "0"), ("kilos", "0.25"), ("dish", "s" * 40)]
)
def test_H1_what_lies_just_within_is_taken(field, value):
    room = a_kitchen()
    wrote(room, **{field: value})

    assert sheet(room).fields.get(field) == value


def test_H1_a_text_is_as_long_as_the_edge_counted_it():
    room = a_kitchen()
    flags = MakeSheet("soup01", "recipe", StepId("recipes"), {"dish": "🇫🇷" * 40}, {"dish": 40})

    assert not isinstance(room.ask(flags, LEA), Rejection)
    assert code(edited(room, LEA, dish="🇫🇷" * 40 + "!")) == "H1 field_too_long"


def test_H1_what_is_hidden_is_no_more_linked_and_what_was_linked_stays():
    room = a_kitchen()
    wrote(room, **{"from": ("idea001",)})
    room.ask(HideIdea("idea001", "twice"))

    assert sheet(room).fields["from"] == ("idea001",)
    assert code(edited(room, LEA, **{"from": ("idea001", "idea002")})) == "H1 field_link"


def test_H1_a_sheet_of_another_kind_is_not_written_in_a_step():
    room = a_kitchen()

    assert (
        code(room.ask(MakeSheet("soup01", "objective", StepId("recipes"), {"title": "x"}), LEA))
        == "H1 not_written_here"
    )
    assert (
        code(room.ask(MakeSheet("soup01", "recipe", StepId("ideas"), {"dish": "x"}), LEA))
        == "H1 not_written_here"
    )
    wrote(room)
    assert code(room.ask(EditSheet("soup01", "objective", {"title": "x"}), LEA)) == "H1 not_written_here"
    assert code(wrote(room)) == "H1 id_taken"
    assert code(room.ask(EditSheet("other1", "recipe", {"dish": "x"}), LEA)) == "H1 no_sheet"


def test_H1_a_step_of_sheets_that_nobody_knows_is_not_put_into_the_agenda():
    room = a_room(AGENDA)
    unknown = [SheetSettings(what="spell"), BallotSettings(over="spell")]

    for settings in unknown:
        assert code(room.ask(InsertStep("newstep", settings, Words("S", "S")))) == "F6 bad_step"
    assert not isinstance(
        room.ask(InsertStep("newstep", SheetSettings(what="recipe"), Words("S", "S"))), Rejection
    )


def test_H1_a_step_holds_a_bounded_number_of_sheets():
    room = a_kitchen()
    room.happened(
        *(SheetMade(f"s{n:05}", "recipe", StepId("recipes"), {"dish": "x"}) for n in range(MOST_SHEETS)),
        by=ANNE,
    )

    assert code(wrote(room)) == "H1 too_many_sheets"
    room.ask(RemoveSheet("s00000"), ANNE)
    assert not isinstance(wrote(room), Rejection)


def test_H2_a_title_is_needed_and_nothing_else():
    room = a_kitchen()

    assert (
        code(room.ask(MakeSheet("soup01", "recipe", StepId("recipes"), {"taste": "sweet"}), LEA))
        == "H2 field_needed"
    )
    wrote(room)
    assert dict(sheet(room).fields) == {"dish": "Soup"}
    assert code(edited(room, LEA, dish="")) == "H2 field_needed"


def test_H3_sheets_are_written_while_their_step_is_open_and_by_the_desk_at_any_time():
    room = a_kitchen()
    wrote(room)
    room.ask(CloseStep(StepId("recipes")))

    assert code(wrote(room, "late01")) == "H3 sheets_closed"
    assert code(edited(room, LEA, taste="sweet")) == "H3 sheets_closed"
    assert code(room.ask(RemoveSheet("soup01"), LEA)) == "H3 sheets_closed"
    assert not isinstance(edited(room, FACILITATOR, taste="sweet"), Rejection)
    assert not isinstance(wrote(room, "late01", FACILITATOR), Rejection)


def test_H3_what_the_desk_fills_in_nobody_else_does_and_a_form_that_only_shows_it_is_taken():
    room = a_kitchen()

    assert code(wrote(room, stars="2")) == "H3 field_of_desk"
    wrote(room)
    assert code(edited(room, LEA, stars="2")) == "H3 field_of_desk"
    assert not isinstance(edited(room, FACILITATOR, stars="2"), Rejection)
    assert not isinstance(edited(room, LEA, stars="2", taste="sweet"), Rejection)


def test_H4_who_wrote_a_sheet_changes_it_and_takes_it_back_and_nobody_else_but_the_desk():
    room = a_kitchen()
    wrote(room)

    assert code(edited(room, ANNE, dish="Cake")) == "H4 not_your_sheet"
    assert code(room.ask(RemoveSheet("soup01"), ANNE)) == "H4 not_your_sheet"
    edited(room, LEA, dish="Cake")
    edited(room, FACILITATOR, taste="sweet")
    assert dict(sheet(room).fields) == {"dish": "Cake", "taste": "sweet"}
    room.ask(RemoveSheet("soup01"), LEA)
    assert sheet(room).removed
    assert code(edited(room, LEA, dish="Pie")) == "H1 no_sheet"


def test_H4_where_the_room_writes_together_everybody_changes_and_only_its_author_takes_back():
    with known(RECIPE._replace(shared=True)):
        room = a_kitchen()
        wrote(room)

        assert not isinstance(edited(room, ANNE, kilos="2"), Rejection)
        assert code(room.ask(RemoveSheet("soup01"), ANNE)) == "H4 not_your_sheet"


def test_H4_the_desk_writes_for_others_as_they_would():
    room = a_kitchen()
    room.ask(AddPerson("without1"))
    for command in (
        MakeSheet("soup01", "recipe", StepId("recipes"), {"dish": "Soup"}),
        EditSheet("soup01", "recipe", {"dish": "Pie"}),
    ):
        assert not isinstance(room.ask(command, on_behalf="without1"), Rejection)
    wrote(room, "cake01", LEA)

    assert sheet(room).by == "without1"
    assert room.journal[-2][2].entered_by == FACILITATOR
    assert (
        code(room.ask(EditSheet("cake01", "recipe", {"dish": "Pie"}), on_behalf="without1"))
        == "H4 not_your_sheet"
    )


def test_H5_who_changes_what_another_changed_meanwhile_is_told_by_whom():
    room = a_kitchen()
    wrote(room)
    seen = room.state.seq
    edited(room, FACILITATOR, dish="Broth")
    verdict = edited(room, LEA, {"dish": "Soup"}, dish="Stew")

    assert code(verdict) == "H5 changed"
    assert verdict.params == {"person": FACILITATOR}
    assert code(edited(room, LEA, dish="Stew", seen=seen)) == "H5 changed"
    assert sheet(room).fields["dish"] == "Broth"
    assert not isinstance(edited(room, LEA, {"dish": "Broth"}, dish="Stew"), Rejection)


def test_H5_other_fields_of_the_same_sheet_are_changed_at_once_and_what_was_only_left_overwrites_nothing():
    room = a_kitchen()
    wrote(room, taste="sweet")
    before = {"dish": "Soup", "taste": "sweet"}
    edited(room, FACILITATOR, before, dish="Broth", taste="sweet")
    edited(room, LEA, before, dish="Soup", taste="salty")

    assert dict(sheet(room).fields) == {"dish": "Broth", "taste": "salty"}


def test_H5_what_a_form_showed_in_its_readers_own_writing_is_what_stood():
    room = a_kitchen()
    wrote(room, kilos="1.5", ready="2025-03-31", **{"from": ("idea001",)})
    was = {"kilos": "1,5", "ready": "31/03/2025", "from": ("", "idea001")}

    assert not isinstance(edited(room, LEA, was, kilos="2,5", ready="01/04/2025", **{"from": ()}), Rejection)
    assert dict(sheet(room).fields) == {"dish": "Soup", "kilos": "2.5", "ready": "2025-04-01"}


def test_H5_what_both_changed_alike_is_no_conflict():
    room = a_kitchen()
    wrote(room)
    edited(room, FACILITATOR, dish="Broth")

    assert edited(room, LEA, {"dish": "Soup"}, dish="Broth") != ()
    assert sheet(room).wrote["dish"].by == FACILITATOR


def test_H5_an_edit_that_comes_again_undoes_nothing_that_its_author_wrote_since():
    room = a_kitchen()
    wrote(room)
    room.ask(TellLoss(2, room.state.seq, room.state.seq + 3, "abcdef", 1), "")
    edited(room, LEA, dish="Newer")
    was = Was("lea-tab:1", PersonId(LEA), 1, room.state.seq, "", StepId("recipes"))
    room.ask(EditSheet("soup01", "recipe", {"dish": "Older", "taste": "sweet"}), LEA, was=was)

    assert dict(sheet(room).fields) == {"dish": "Newer", "taste": "sweet"}


def test_U1_what_was_done_to_a_sheet_is_undone_and_named_in_its_own_words():
    room = a_kitchen()
    wrote(room)
    edited(room, FACILITATOR, taste="sweet")
    room.ask(RemoveSheet("soup01"))
    assert [(d.named, d.about) for d in room.state.deeds] == [
        ("wrote a recipe", "Soup"), ("changed a recipe", "Soup"), ("removed a recipe", "Soup"),
    ]  # fmt: skip
    for _ in range(2):
        room.ask(Undo(next(d for d in reversed(room.state.deeds) if not d.undone).seq))

    assert dict(sheet(room).fields) == {"dish": "Soup"}
    assert not sheet(room).removed
    room.ask(Undo(room.state.deeds[0].seq))
    assert sheet(room).removed


def test_U3_a_field_that_was_changed_since_is_not_undone_over_others():
    room = a_kitchen()
    wrote(room)
    edited(room, FACILITATOR, taste="sweet")
    deed = room.state.deeds[-1].seq
    edited(room, LEA, taste="salty")

    assert code(room.ask(Undo(deed))) == "U3 built_on"
    edited(room, LEA, dish="Pie")
    assert code(room.ask(Undo(deed))) == "U3 built_on"


def test_sheets_are_things_that_a_later_step_can_vote_on():
    room = a_kitchen()
    for name in ("soup01", "cake01", "pie001"):
        wrote(room, name)
    room.ask(RemoveSheet("cake01"), LEA)
    room.opened("vote").voted(ANNE, soup01=2).voted(LEA, pie001=3)

    assert given(room.state, "recipe", [StepId("recipes")]) == ("soup01", "pie001")
    assert room.state.rounds.latest(StepId("vote")).options == ("soup01", "pie001")
    assert words(room.state, "recipe", "soup01") == "Soup"
    assert standing(room.state, "recipe") == (("soup01", "Soup"), ("pie001", "Soup"))


def test_what_a_person_wrote_into_a_sheet_is_struck_and_the_rooms_words_ids_and_choices_stay():
    room = a_kitchen()
    wrote(room, method="My own way", taste="sweet", origin="Auvergne", **{"from": ("idea001",)})
    edited(room, FACILITATOR, method="Another way")
    edited(room, LEA, {"dish": "Soup"}, dish="My soup")
    room.ask(ErasePerson(texts="all"), LEA)
    room.erased(LEA)

    assert dict(sheet(room).fields) == {
        "method": "Another way", "taste": "sweet", "origin": "Auvergne", "from": ("idea001",),
    }  # fmt: skip
    kept = repr([record.fact for _, _, record in room.journal])
    assert "My own way" not in kept
    assert "My soup" not in kept
    assert "Soup" not in kept
    assert words(room.state, "recipe", "soup01") == ""


def test_only_the_sheets_that_were_chosen_are_struck():
    room = a_kitchen()
    wrote(room, "soup01", dish="The first soup")
    wrote(room, "soup02", dish="The second soup")
    room.erased(LEA, frozenset({"soup02"}))

    assert words(room.state, "recipe", "soup01") == "The first soup"
    assert words(room.state, "recipe", "soup02") == ""


def test_a_journal_whose_schema_has_changed_since_folds_and_keeps_what_no_field_holds_now():
    room = a_kitchen()
    room.happened(
        SheetMade("old001", "recipe", StepId("recipes"), {"dish": "Pie", "gone": "Old words"}), by=LEA
    )
    room.happened(SheetMade("old002", "spell", StepId("recipes"), {"text": "Abracadabra"}), by=LEA)
    edited_old = room.ask(EditSheet("old001", "recipe", {"taste": "sweet"}), LEA)

    assert not isinstance(edited_old, Rejection)
    assert sheet(room, "old001").fields["gone"] == "Old words"
    assert code(room.ask(EditSheet("old002", "spell", {"text": "x"}), LEA)) == "H1 not_written_here"
    room.erased(LEA)
    assert "Old words" not in repr(room.journal)
    assert "Abracadabra" not in repr(room.journal)


def test_K2_a_name_that_goes_is_drawn_anew_in_the_sheets_that_name_its_person_and_in_no_other():
    room = a_kitchen()
    wrote(room, "soup01", ANNE)
    room.ask(EditSheet("soup01", "recipe", {"cook": LEA}))
    wrote(room, "pie001", ANNE, cook=ANNE)
    wrote(room, "cake01", ANNE, method=LEA)
    touched = room.happened(Redacted(LEA, name_only=True)).state.touched

    assert {touch for touch in touched if touch.startswith("sheet:")} == {Touch.sheet("soup01")}
    assert Touch.you(ANNE) in touched  # in whose own part of it the name stands too
