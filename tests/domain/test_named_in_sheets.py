"""H6: who is named in a sheet by whom, and takes their name out."""

from collections.abc import Iterator

import pytest

from forum.domain.flow import CloseStep
from forum.domain.kernel import Rejection, StepId
from forum.domain.people import AddPerson
from forum.domain.sheets.reading import naming, people_in
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet, SheetEdited, TakeNameOut
from forum.domain.touch import Touch
from tests.domain.judged import refused
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room
from tests.toysheet import AGENDA, known


@pytest.fixture(autouse=True)
def pytest_recipes() -> Iterator[None]:
    with known():
        yield


def a_kitchen() -> Scene:
    return a_room(AGENDA).opened("ideas").opened("recipes")


def wrote(room: Scene, by: str, cook: str, **more: object) -> object:
    return room.ask(
        MakeSheet("soup01", "recipe", StepId("recipes"), {"dish": "Soup", "cook": cook}), by, **more
    )


def edited(room: Scene, by: str, **fields: str) -> object:
    return room.ask(EditSheet("soup01", "recipe", fields), by)


def cook(room: Scene) -> object:
    return room.state.sheets.by_id["soup01"].fields.get("cook")


def test_H6_people_name_themselves_and_nobody_else() -> None:
    room = a_kitchen()
    other = wrote(room, LEA, ANNE)

    assert isinstance(other, Rejection)
    assert (other.rule, other.code, other.params) == ("H6", "name_of_another", {"label": "Cook"})
    assert refused(wrote(room, LEA, LEA)) == ""
    assert refused(edited(room, LEA, cook=ANNE)) == "H6 name_of_another"
    assert refused(edited(room, LEA, cook="")) == ""
    assert refused(edited(room, LEA, cook=LEA)) == ""
    assert cook(room) == LEA


def test_H6_the_desk_names_others_and_what_it_named_no_author_changes() -> None:
    room = a_kitchen()
    wrote(room, LEA, "")

    assert refused(edited(room, FACILITATOR, cook=ANNE)) == ""
    assert refused(edited(room, LEA, cook="")) == "H6 name_of_another"
    assert refused(edited(room, LEA, cook=LEA)) == "H6 name_of_another"
    assert refused(edited(room, LEA, cook=ANNE, dish="Stew")) == ""
    assert cook(room) == ANNE


def test_H6_for_somebody_without_a_phone_the_desk_names_whom_they_say() -> None:
    room = a_kitchen()
    room.ask(AddPerson("marcel"))

    assert refused(wrote(room, FACILITATOR, ANNE, on_behalf="marcel")) == ""
    assert people_in(room.state.sheets.by_id["soup01"]) == (ANNE,)


def test_H6_who_is_named_takes_their_name_out_in_one_press_even_after_the_close() -> None:
    room = a_kitchen()
    wrote(room, FACILITATOR, ANNE)
    room.ask(CloseStep(StepId("recipes")))
    taken = room.ask(TakeNameOut("soup01"), ANNE)

    assert taken == (SheetEdited("soup01", "recipe", {"cook": ANNE}, {"cook": ""}),)
    assert (cook(room), naming(room.state, ANNE)) == (None, ())
    assert refused(room.ask(TakeNameOut("soup01"), ANNE)) == "H6 not_named"


def test_H6_a_name_is_taken_out_by_its_person_only_and_of_a_sheet_that_stands() -> None:
    room = a_kitchen()
    wrote(room, FACILITATOR, ANNE)

    assert refused(room.ask(TakeNameOut("soup01"), LEA)) == "H6 not_named"
    assert refused(room.ask(TakeNameOut("pie001"), ANNE)) == "H1 no_sheet"
    room.ask(RemoveSheet("soup01"), FACILITATOR)
    assert refused(room.ask(TakeNameOut("soup01"), ANNE)) == "H1 no_sheet"
    assert cook(room) == ANNE


def test_H6_the_page_of_who_is_named_is_touched_when_it_begins_and_when_it_ends() -> None:
    room = a_kitchen()
    wrote(room, FACILITATOR, ANNE)
    assert Touch.you(ANNE) in room.state.touched
    edited(room, FACILITATOR, cook=LEA)
    assert {Touch.you(ANNE), Touch.you(LEA)} <= room.state.touched
    edited(room, FACILITATOR, dish="Stew")
    assert Touch.you(ANNE) not in room.state.touched
