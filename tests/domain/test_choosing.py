"""F10: what the desk chooses of a step, by the schema of its kind."""

import pytest

from forum.domain import choosing
from forum.domain.flow import EditStep, InsertStep
from forum.domain.kernel import Rejection, StepId, Words
from forum.domain.settings import BallotSettings, BoardSettings, KindSettings, ShowSettings, SortSettings
from forum.domain.steps.kinds import KINDS
from tests.scenes import Scene, a_room

WORDS = Words("Encore", "Again")
REFUSED = Rejection("F10", "no_choice")


def inserted(settings: KindSettings, **given: object) -> tuple[Scene, object]:
    """A step put into a room's agenda with these choices, and what came of asking."""
    room = a_room()
    kind = str(settings.__struct_config__.tag)
    return room, room.ask(InsertStep(StepId("more"), settings, WORDS, chosen={kind: given}))


def edited(room: Scene, step: str, **given: object) -> object:
    kind = room.state.step(StepId(step)).kind
    return room.ask(EditStep(StepId(step), chosen={kind: given}))


def settings_of(room: Scene, step: str) -> KindSettings:
    return room.state.step(StepId(step)).settings


def test_F10_a_step_is_inserted_with_what_was_chosen_for_its_kind_and_nothing_of_another_kind():
    room = a_room()
    chosen = {
        "board": {"visibility": "all", "max_chars": 200},
        "ballot": {"dots_points": 7},
        "nothing": {"x": 1},
    }
    room.ask(InsertStep(StepId("more"), BoardSettings(), WORDS, chosen=chosen))

    assert settings_of(room, "more") == BoardSettings("all", 200)


def test_F10_what_a_plain_form_says_as_text_is_taken_for_what_it_means():
    assert settings_of(inserted(ShowSettings(), pause="true")[0], "more") == ShowSettings(pause=True)
    assert settings_of(inserted(ShowSettings(pause=True), pause="false")[0], "more") == ShowSettings()
    assert settings_of(inserted(BoardSettings(), max_chars="80")[0], "more") == BoardSettings(max_chars=80)


def test_F10_what_is_not_said_or_left_empty_stays_as_it_was():
    room, _ = inserted(BoardSettings("all", 200), max_chars="")

    assert settings_of(room, "more") == BoardSettings("all", 200)
    edited(room, "more", max_chars=90)
    assert settings_of(room, "more") == BoardSettings("all", 90)


@pytest.mark.parametrize(
    ("settings", "given", "refusal"),
    [
        (BoardSettings(), {"columns": "a"}, REFUSED),  # nothing that the desk is offered
        (BoardSettings(), {"kind": "ballot"}, REFUSED),
        (BoardSettings(), {"colour": "red"}, REFUSED),
        (BoardSettings(), {"visibility": "some"}, REFUSED),
        (BoardSettings(), {"max_chars": "many"}, REFUSED),
        (BoardSettings(), {"max_chars": 9}, Rejection("F6", "bad_step")),
        (BoardSettings(), {"max_chars": 501}, Rejection("F6", "bad_step")),
        (BallotSettings(), {"method": "never heard of"}, REFUSED),
        (BallotSettings(), {"dots_points": 31}, Rejection("F6", "bad_step")),
        (BallotSettings(), {"dots_points": 3, "dots_cap": 4}, Rejection("F6", "bad_step")),
        (BallotSettings(), {"least": 1001}, Rejection("F6", "bad_step")),
    ],
)
def test_F10_what_cannot_be_chosen_is_refused_and_changes_nothing(settings, given, refusal):
    room, said = inserted(settings, **given)

    assert said == refusal
    assert room.state.step(StepId("more")) is None


@pytest.mark.parametrize("chars", [10, 500])
def test_F10_a_number_at_its_bound_can_be_chosen(chars):
    assert settings_of(inserted(BoardSettings(), max_chars=chars)[0], "more") == BoardSettings(
        max_chars=chars
    )


def test_F10_what_people_were_promised_is_fixed_once_a_step_has_begun_and_the_rest_is_not():
    room = a_room().opened("ideas").opened("welcome")

    assert edited(room, "ideas", visibility="all") == Rejection("F10", "begun")
    assert settings_of(room, "ideas") == BoardSettings()
    edited(room, "ideas", visibility="hidden", max_chars=200)
    assert settings_of(room, "ideas") == BoardSettings(max_chars=200)
    edited(room, "sort", who="desk")  # not begun yet
    edited(room, "vote", over="ideas", dots_points=5, dots_cap=5)
    assert settings_of(room, "sort").who == "desk"
    assert (settings_of(room, "vote").over, settings_of(room, "vote").own) == (
        "ideas",
        {"dots_points": 5, "dots_cap": 5},
    )


def test_F10_a_vote_that_is_about_something_else_now_takes_what_fits_and_not_what_was_ticked():
    room = a_room()
    room.ask(EditStep(StepId("vote"), of=(StepId("sort"),)))
    room.ask(EditStep(StepId("vote"), of=(StepId("sort"),), chosen={"ballot": {"over": "ideas"}}))

    assert settings_of(room, "vote") == BallotSettings(over="ideas")


def test_F10_what_is_no_longer_offered_stays_where_it_is_and_cannot_be_chosen_anew():
    old = BallotSettings(method="of an older version")

    assert choosing.chosen(old, {"method": "of an older version", "least": 3}, begun=False) == BallotSettings(
        method="of an older version", least=3
    )
    assert choosing.chosen(BallotSettings(), {"method": "of an older version"}, begun=False) == REFUSED


def test_every_kind_says_in_words_what_may_be_chosen_of_it():
    assert [field.name for field in choosing.offered(BoardSettings)] == ["visibility", "max_chars", "answers"]
    assert [field.name for field in choosing.offered(SortSettings)] == ["who"]
    for kind in KINDS.values():
        for field in choosing.offered(kind.settings):
            assert field.label
            assert field.numbers or all(word for _, word in field.options)
