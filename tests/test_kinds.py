"""Every kind of step is registered everywhere; one that is not is named, with the place where its line is missing."""

from dataclasses import replace
from typing import Annotated, ClassVar

import pytest

from forum.domain.kernel import Command, Fact, Holds, Part
from forum.domain.limits import Text
from forum.domain.settings import KindSettings
from forum.domain.steps.kind import Kind
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace
from tests.kinds import Registers, lacking, names

WHOLE = Registers()


@pytest.mark.parametrize("name", sorted(names(WHOLE)))
def test_a_kind_is_registered_wherever_a_kind_must_be(name: str) -> None:
    assert lacking(name, WHOLE) == []


class HalfSettings(KindSettings, frozen=True, tag="half", tag_field="kind"):
    """A toy that is not finished."""

    makes: ClassVar[str] = "half"
    size: int


class SaySomething(Command, frozen=True):
    words: Annotated[str, Text(80)]


class SomethingSaid(Fact, frozen=True):
    words: str


def _nothing(state, command, asked):
    return ()


PART = Part(
    judges={SaySomething: _nothing},
    folds={SomethingSaid: _nothing},
    rules={"H1": "Half of something is said."},
    refusals={"half": "Say the other half, too."},
)
HALF = Kind(HalfSettings, "Halves", PART)  # type: ignore[arg-type]
EVERYTHING = {
    "is no part of Settings (forum/domain/settings.py)": {"settings": (HalfSettings,)},
    "is not in PHONE (forum/fragments/kinds/__init__.py)": {"phone": {"half": PhoneFace()}},
    "is not in SCREEN (forum/fragments/kinds/__init__.py)": {"screen": {"half": ScreenFace()}},
    "is not in DESK (forum/fragments/kinds/__init__.py)": {"desk": {"half": DeskFace()}},
    "is not in PARTS (forum/demo/play.py)": {"parts": {"half": None}},
    "is not in SECONDS_OF (forum/demo/play.py)": {"seconds": {"half": 1.0}},
    "is not in WANTED (tests/doings.py)": {"wanted": {"half": None}},
    "is not in any agenda (forum/agendas)": {"agendas": frozenset({"half"})},
    "makes half, which is not in THINGS (forum/domain/things.py)": {"things": {"half": None}},
    "lets nobody ask for SaySomething: not in MAY (forum/domain/roles.py)": {"roles": {"SaySomething": None}},
    "does not say how SaySomething is asked: not in BODIES (tests/attack/allowed.py)": {
        "bodies": {"SaySomething": {}}
    },
}
"""What a toy of which only the value is there lacks, and the line that mends it."""
IN_FRENCH = {
    "has a title that is not said in French (forum/locale)",
    "says only in English: Half of something is said.",
    "says only in English: Say the other half, too.",
}
OF_ITSELF = {
    "has settings without a default for each field: it cannot be inserted at the desk",
    "keeps SomethingSaid.words for ever: not in the words of its PART",
    "does not say what SaySomething is about, for who saw it: not in the sees of its PART",
}


def half(**more: object) -> Registers:
    return replace(WHOLE, kinds={"half": HALF}, **more)


def test_a_toy_of_which_only_the_value_is_there_is_told_every_line_that_is_missing() -> None:
    assert set(lacking("half", half())) == {f"half {what}" for what in {*EVERYTHING, *IN_FRENCH, *OF_ITSELF}}


@pytest.mark.parametrize("what", EVERYTHING)
def test_a_line_that_is_added_is_missing_no_longer_and_the_others_still_are(what: str) -> None:
    before, after = set(lacking("half", half())), set(lacking("half", half(**EVERYTHING[what])))

    assert before - after == {f"half {what}"}
    assert after <= before


def test_a_kind_without_a_value_is_named_all_the_same() -> None:
    assert lacking("half", replace(WHOLE, settings=(HalfSettings,)))[0] == (
        "half is not in KINDS (forum/domain/steps/kinds.py)"
    )


def test_words_that_an_erasure_strikes_are_nothing_that_is_missing() -> None:
    words = {SomethingSaid: Holds(lambda fact: "", ("words",), own=True)}
    kind = HALF._replace(part=PART._replace(words=words))

    assert not [what for what in lacking("half", replace(WHOLE, kinds={"half": kind})) if "for ever" in what]


def test_a_face_whose_template_is_not_there_is_named() -> None:
    desk = {"half": DeskFace(counted_in="desk/counts-half.html")}

    assert "half counts in desk/counts-half.html, which is no template" in lacking("half", half(desk=desk))
