"""Reasons of those who are against: whose, until when, what is shown of them, and how they go (V28); what divides (V29)."""

import pytest

from forum.domain.erasing import husks
from forum.domain.flow import CloseStep, OpenStep, RevealStep
from forum.domain.kernel import PersonId, Rejection
from forum.domain.steps.ballot import GiveMark, MarkGiven
from forum.domain.steps.reason_facts import ReasonGiven, all_of
from forum.domain.steps.reasons import GiveReason, HideReason, RestoreReason, shown, told
from forum.domain.steps.rounds import Round
from forum.domain.steps.voting import divided
from forum.domain.terms import BallotStruck, left_of_ballots
from forum.domain.things import own_words
from forum.domain.undo import Undo
from forum.domain.voices import HandVoice
from tests.domain.judged import refused
from tests.scenes import ANNE, LEA, Scene, a_vote

DEAR = "It is too dear for a small association"


def a_reason(text: str = DEAR, by: str = LEA) -> Scene:
    """Léa vetoes the first of two proposals, and says why; the vote is open."""
    room = a_vote(2, method="gradients").voted(by, theme1=1, theme2=8)
    assert not isinstance(room.ask(GiveReason("vote", "theme1", text), by), Rejection)
    return room


def the_round(room: Scene) -> Round:
    round_ = room.state.rounds.latest("vote")
    assert round_ is not None
    return round_


def texts(room: Scene) -> list[str]:
    return [one.text for one in shown(the_round(room))]


def shown_now(room: Scene) -> Scene:
    return room.closed("vote").revealed("vote")


def test_V28_nothing_is_told_of_a_reason_before_the_reveal_and_then_its_words_without_whose_they_are() -> (
    None
):
    room = a_reason()
    before = (told(the_round(room)), told(the_round(room.closed("vote"))))
    [one] = told(the_round(room.revealed("vote")))

    assert before == ((), ())
    assert (one.key, one.mark, one.text, one.hidden) == ("theme1", 1, DEAR, "")
    assert LEA not in repr(one)


def test_V28_an_id_tells_neither_who_gave_a_reason_nor_which_came_first() -> None:
    room = a_reason()
    room.voted(ANNE, theme1=2)
    room.ask(GiveReason("vote", "theme1", "Not yet"), ANNE)
    names = [one.id for one in told(the_round(shown_now(room)))]

    assert len(set(names)) == 2
    assert not any(person in name for person in (LEA, ANNE) for name in names)
    assert all(len(name) == len(names[0]) for name in names)


def test_V28_no_id_can_be_made_again_of_what_everybody_knows_people_numbers_and_moments() -> None:
    """Else a desk, which has everybody's id, would try them one after another, and know whose each reason is."""
    names = []
    for salt in ("a", "b"):
        room = a_vote(2, method="gradients")
        fact = MarkGiven(the_round(room).id, "theme1", 1)
        room.happened(fact, by=LEA, salt=salt)
        room.ask(GiveReason("vote", "theme1", DEAR), LEA)
        names += [held.reason.id for held in all_of(the_round(room))]

    assert len(set(names)) == 2


def test_V28_the_last_words_stand_a_repeat_changes_nothing_and_nothing_takes_a_reason_back() -> None:
    room = a_reason()
    again = room.ask(GiveReason("vote", "theme1", DEAR), LEA)
    [first] = all_of(the_round(room))
    room.ask(GiveReason("vote", "theme1", "Too dear for two years"), LEA)
    [second] = all_of(the_round(room))
    room.ask(GiveReason("vote", "theme1", ""), LEA)

    assert [type(fact).__name__ for fact in again] == ["Noted"]
    assert (first.reason.id, second.reason.text) == (second.reason.id, "Too dear for two years")
    assert list(all_of(the_round(room))) == []
    assert [type(f).__name__ for f in room.ask(GiveReason("vote", "theme1", ""), LEA)] == ["Noted"]


@pytest.mark.parametrize(("mark", "stands"), [(2, True), (4, True), (5, False), (8, False), (0, False)])
def test_V28_a_reason_stands_as_long_as_its_mark_is_against(mark: int, stands: bool) -> None:
    room = a_reason()
    said = room.ask(GiveMark("vote", "theme1", mark), LEA)

    assert [type(fact) for fact in said] == [MarkGiven], "nobody can count whether there was a reason"
    assert texts(shown_now(room)) == ([DEAR] if stands else [])


def test_V28_nobody_says_why_of_what_they_are_not_against_and_not_after_the_close() -> None:
    room = a_reason()
    for_it, of_another = (
        room.ask(GiveReason("vote", "theme2", "?"), LEA), room.ask(GiveReason("vote", "theme1", "?"), ANNE),
    )  # fmt: skip
    late = room.closed("vote").ask(GiveReason("vote", "theme1", "Late"), LEA)

    assert [said.code for said in (for_it, of_another, late) if isinstance(said, Rejection)] == [
        "not_against",
        "not_against",
        "vote_closed",
    ]


def test_V28_a_vote_by_a_method_that_asks_nobody_takes_no_reason() -> None:
    room = a_vote(2, method="dots").voted(LEA, theme1=1)

    assert room.ask(GiveReason("vote", "theme1", "?"), LEA) == Rejection("V28", "not_against")


def test_V28_a_reason_goes_on_with_its_ballot_when_a_vote_is_opened_again() -> None:
    room = a_reason().closed("vote")
    room.ask(OpenStep("vote"))

    assert the_round(room).number == 2
    assert texts(shown_now(room)) == [DEAR]


def test_V28_the_desk_hides_a_reason_saying_why_restores_it_and_both_can_be_undone() -> None:
    room = shown_now(a_reason())
    [one] = told(the_round(room))
    room.ask(HideReason(one.id, "Names a person"))
    hidden = (texts(room), [r.hidden for r in told(the_round(room))])
    room.ask(Undo(room.state.deeds[-1].seq))
    back = texts(room)
    room.ask(HideReason(one.id, "Names a person"))
    room.ask(RestoreReason(one.id))

    assert hidden == ([], ["Names a person"])
    assert (back, texts(room)) == ([DEAR], [DEAR])


def test_V28_before_the_reveal_the_desk_cannot_hide_what_it_does_not_know() -> None:
    room = a_reason()
    [held] = all_of(the_round(room))

    assert room.ask(HideReason(held.reason.id, "why")) == Rejection("V28", "no_such_reason")


def test_V28_what_another_phone_gives_with_the_same_voice_replaces_the_reasons_too() -> None:
    room = a_reason()
    assert not isinstance(room.ask(HandVoice(LEA, PersonId("lea-two"))), Rejection)
    kept = list(all_of(the_round(room)))
    room.voted("lea-two", theme1=8)

    assert [held.reason.text for held in kept] == [DEAR]
    assert texts(shown_now(room)) == []


def test_K2_its_author_has_a_reason_erased_and_it_says_so_where_it_stood() -> None:
    room = shown_now(a_reason())
    [one] = told(the_round(room))
    mine = own_words(room.state, LEA)
    room.ask(HideReason(one.id, f"It says {DEAR}"))
    room.ask(RestoreReason(one.id))
    room.erased(LEA, frozenset({one.id}))

    assert (one.id, DEAR) in mine
    assert [r.text for r in told(the_round(room))] == [""]
    assert (one.id, DEAR) not in own_words(room.state, LEA)
    assert DEAR not in repr([record for _, _, record in room.journal])
    assert divided(the_round(room)) == ()


def test_K2_two_who_say_the_same_have_each_their_own_erased() -> None:
    room = a_reason("Too dear")
    room.voted(ANNE, theme1=2)
    room.ask(GiveReason("vote", "theme1", "Too dear"), ANNE)
    facts = [(seq, record) for seq, _, record in room.journal]
    left = husks(facts, ANNE, None)
    struck = [facts[seq - 1][1].by for seq, r in left.items() if isinstance(r.fact, ReasonGiven)]

    assert struck == [ANNE]


def test_K5_reasons_go_with_the_ballots_whose_they_are() -> None:
    room = shown_now(a_reason())
    facts = [(seq, record) for seq, _, record in room.journal]
    left = left_of_ballots(facts, {the_round(room).id: room.state.current})
    given = [seq for seq, record in facts if isinstance(record.fact, ReasonGiven)]

    assert given
    assert all(isinstance(left[seq].fact, BallotStruck) for seq in given)


# what divides


def a_room_of(levels: list[int], method: str = "gradients") -> Scene:
    room = a_vote(2, method=method).joined(*(f"voter{n}" for n in range(len(levels))))
    for n, level in enumerate(levels):
        if level:
            room.ask(GiveMark("vote", "theme1", 9 - level if method == "gradients" else 1), f"voter{n}")
        else:
            room.ask(GiveMark("vote", "theme2", 8 if method == "gradients" else 1), f"voter{n}")
    return room.closed("vote")


@pytest.mark.parametrize(
    ("levels", "divides"),
    [
        ([1, 1, 1, 8, 8], True),
        ([1, 1, 1, 4, 8], False),  # one in five is against
        ([1, 1, 1, 1, 6, 6, 4, 4], True),  # a quarter, exactly
        ([1, 1, 1, 1, 1, 1, 1], False),
        ([1, 1, 8, 8], False),  # four are too few to be told apart
        ([1, 1, 8, 8, 0, 0], False),  # so are four who said something of it
    ],
)
def test_V29_a_proposal_divides_where_a_quarter_is_for_it_and_a_quarter_against(
    levels: list[int], divides: bool
) -> None:
    room = a_room_of(levels)
    before = divided(the_round(room))

    assert before == ()
    assert divided(the_round(room.revealed("vote"))) == (("theme1",) if divides else ())


def test_V29_a_choice_that_about_half_approve_divides_and_never_of_fewer_than_five() -> None:
    half, few, most = (
        a_room_of(x, "approval").revealed("vote") for x in ([1, 1, 1, 0, 0], [1, 1, 0, 0], [1] * 5)
    )

    assert divided(the_round(half)) == ("theme1", "theme2")
    assert divided(the_round(few)) == divided(the_round(most)) == ()


def test_V29_where_points_run_out_a_choice_without_any_is_not_one_that_somebody_is_against() -> None:
    assert divided(the_round(a_room_of([1, 1, 1, 0, 0], "dots").revealed("vote"))) == ()


def test_V28_of_fewer_than_five_ballots_reasons_are_shown_only_with_a_result_that_is_shown_on_purpose() -> (
    None
):
    room = a_reason()
    room.ask(CloseStep("vote"))

    assert refused(room.ask(RevealStep("vote"))) == "V10 few_ballots"
    assert texts(room) == []
    room.ask(RevealStep("vote", knowing=True))
    assert texts(room) == [DEAR]
