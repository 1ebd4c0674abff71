"""The first choices of a vote are kept, and a tie at the limit is parted by nothing but what the desk chooses; V65, V66."""

import random
from hashlib import sha256
from itertools import permutations

import pytest

from forum.domain.flow import CloseStep, OpenStep, RemoveStep, ReopenStep, RevealStep
from forum.domain.kernel import Rejection, Words
from forum.domain.people import SayDone
from forum.domain.settings import BallotSettings
from forum.domain.steps import cut
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.cut import Settled, settled
from forum.domain.steps.cutting import InsertRounds, KeepChoices
from forum.domain.steps.rounds import Line, Result
from forum.domain.steps.voting import options, result
from forum.domain.undo import Undo
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_vote

A, B, C, D = (f"theme{n}" for n in range(1, 5))


def a_tie() -> Scene:
    """Approvals: A 3, B and C 2, D 0."""
    room = a_vote(4, method="approval").joined("noe")
    for who, approved in ((LEA, (A, B)), (ANNE, (A, B, C)), ("noe", (A, C))):
        room.voted(who, **dict.fromkeys(approved, 1))
    return room.closed("vote").revealed("vote")


def keep(room: Scene, number: int, how: str = "", by: str = FACILITATOR, step: str = "vote") -> object:
    return room.ask(KeepChoices(step, number, how), by)  # type: ignore[arg-type]


def kept(room: Scene, step: str = "vote") -> Settled | None:
    return settled(room.state, room.state.rounds.latest(step))


def runoff_of(room: Scene) -> str:
    found = kept(room)
    assert found is not None
    return found.runoff


def decided(room: Scene, step: str, **votes: tuple[str, ...]) -> Scene:
    room.opened(step)
    for who, approved in votes.items():
        for option in approved:
            room.ask(GiveMark(step, option, 1), who)
    return room.closed(step).revealed(step)


@pytest.mark.parametrize(
    ("number", "sure", "tied"),
    [(1, (A,), ()), (3, (A, B, C), ()), (4, (A, B, C, D), ()), (9, (A, B, C, D), ())],
)
def test_V65_a_cut_between_two_ranks_is_clean(number: int, sure: tuple[str, ...], tied: tuple[str, ...]):
    room = a_tie()
    keep(room, number)
    found = kept(room)

    assert found is not None
    assert (found.options, found.tied, found.how, found.waits) == (sure, tied, "clean", False)


def test_V65_a_cut_inside_a_tie_says_who_is_tied_and_waits_for_the_desk():
    room = a_tie()
    before = kept(room)
    keep(room, 2)
    found = kept(room)

    assert before is None
    assert found is not None
    assert (found.options, found.tied, found.places, found.waits) == ((A,), (B, C), 1, True)


def test_V65_widening_keeps_all_who_are_tied():
    room = a_tie()
    keep(room, 2, "widened")
    found = kept(room)

    assert found is not None
    assert (found.options, found.tied, found.waits) == ((A, B, C), (B, C), False)


def test_V65_a_lot_is_drawn_with_a_seed_that_is_recorded_and_drawing_again_draws_the_same():
    room = a_tie()
    keep(room, 2, "drawn")
    first = kept(room)
    keep(room, 0)
    nothing = kept(room)
    keep(room, 2, "drawn")

    assert first is not None
    assert nothing is None
    assert first.seed > 0
    assert len(first.options) == 2
    assert set(first.options) - {A} < {B, C}
    assert kept(room) == first
    assert room.replayed().rounds == room.state.rounds


def test_V65_who_is_drawn_follows_from_the_seed_alone_whatever_the_order_and_each_about_as_often():
    often = dict.fromkeys("abcd", 0)
    for seed in range(400):
        found = {cut.drawn(order, 2, seed) for order in permutations("abcd")}
        assert len(found) == 1, seed
        for one in found.pop():
            often[one] += 1

    assert sum(often.values()) == 800
    assert all(150 < times < 250 for times in often.values()), often


def test_V65_a_run_off_is_a_vote_among_the_tied_alone_and_its_result_decides_the_rest():
    room = a_tie()
    keep(room, 2, "runoff")
    step = runoff_of(room)
    before = kept(room)
    offered = options(room.state, room.state.step(step))
    decided(room, step, lea=(C,), anne=(C, B), noe=(C,))
    found = kept(room)

    assert offered == (B, C)
    assert before is not None
    assert (before.options, before.waits) == ((A,), True)
    assert found is not None
    assert (found.options, found.waits) == ((A, C), False)
    ids = [s.id for s in room.state.steps]
    assert ids.index(step) == ids.index("vote") + 1
    assert (
        result(room.state.rounds.latest("vote")).lines[0].option == A
    )  # and the first result stands as it was


def test_V65_a_run_off_that_ties_again_is_cut_in_its_turn_for_as_many_places_as_are_left():
    room = a_tie()
    keep(room, 2, "runoff")
    step = runoff_of(room)
    decided(room, step, lea=(B,), anne=(C,))
    tied = kept(room)
    refused = keep(room, 2, "widened", step=step)
    keep(room, 1, "drawn", step=step)
    found = kept(room)

    assert tied is not None
    assert tied.waits
    assert isinstance(refused, Rejection)
    assert refused.code == "runoff_places"
    assert found is not None
    assert not found.waits
    assert len(found.options) == 2


def test_V65_the_desk_alone_keeps_choices_and_only_of_a_result_that_was_shown():
    room = a_vote(4, method="approval").voted(LEA, theme1=1)
    refused = [keep(room, 1), keep(room.closed("vote"), 1)]
    room.revealed("vote")
    refused.append(keep(room, 1, by=LEA))

    assert [no.code for no in refused if isinstance(no, Rejection)] == ["not_shown", "not_shown", "forbidden"]
    assert not isinstance(keep(room, 1), Rejection)


def test_V65_where_nobody_gave_anything_nothing_is_kept_but_a_run_off_without_votes_still_ties():
    blank = a_vote(3, method="approval")
    blank.ask(SayDone(), LEA)
    blank.closed("vote").revealed("vote")
    refused = keep(blank, 1)
    room = a_tie()
    keep(room, 2, "runoff")
    step = runoff_of(room)
    decided(room, step)

    assert isinstance(refused, Rejection)
    assert refused.code == "nothing_given"
    assert not isinstance(keep(room, 1, "drawn", step=step), Rejection)


def test_V65_a_cut_is_made_again_and_undone_while_nothing_goes_by_it():
    room = a_tie()
    keep(room, 1)
    keep(room, 2, "runoff")
    step, asked = runoff_of(room), room.state.deeds[-1].seq
    keep(room, 3)
    without = room.state.step(step)
    room.ask(Undo(room.state.deeds[-1].seq))
    again = room.state.step(step), kept(room)
    room.ask(Undo(asked))

    assert without is None
    assert again[0] is not None
    assert again[1].runoff == step
    assert room.state.step(step) is None
    assert kept(room).options == (A,)


def test_V66_a_second_round_is_over_what_the_first_has_kept_and_keeps_that_as_it_is():
    room = a_tie()
    room.ask(
        InsertRounds("second", "themes", "approval", "majority", Words("Un", "One"), Words("Deux", "Two"))
    )
    second = room.state.step("secondb")
    nothing = options(room.state, second)
    room.opened("second")
    for who in (LEA, ANNE):
        room.ask(GiveMark("second", B, 1), who)
    room.closed("second").revealed("second")
    refused = room.ask(OpenStep("secondb"))
    keep(room, 2, "widened", step="second")
    keep(room, 1, step="second")
    keep(room, 4, step="second")
    room.opened("secondb")
    round_ = room.state.rounds.latest("secondb")
    stays = keep(room, 2, step="second")

    assert second.settings.of == ("second",)
    assert nothing == ()
    assert isinstance(refused, Rejection)
    assert refused.code == "nothing_kept"
    assert round_.options[0] == B
    assert set(round_.options) == {A, B, C, D}
    assert round_.number == 1
    assert isinstance(stays, Rejection)
    assert stays.code == "kept_used"


def test_V66_a_vote_among_the_kept_takes_from_votes_alone():
    room = a_tie()
    edited = room.ask(InsertRounds("second", "themes", "dots", "approval", Words("Un"), Words("Deux")))
    unknown = room.ask(InsertRounds("other1", "themes", "dots", "sorcery", Words("Un"), Words("Deux")))

    assert not isinstance(edited, Rejection)
    assert isinstance(unknown, Rejection)
    assert BallotSettings(among="kept").from_kept
    assert not BallotSettings().from_kept


def test_V65_undoing_is_refused_once_the_run_off_has_begun():
    room = a_tie()
    keep(room, 2, "runoff")
    deed = room.state.deeds[-1].seq
    room.opened(runoff_of(room))
    refused = room.ask(Undo(deed))

    assert isinstance(refused, Rejection)
    assert refused.code == "built_on"


def test_V65_a_run_off_that_was_taken_out_of_the_agenda_leaves_the_tie_to_the_desk():
    room = a_tie()
    keep(room, 2, "runoff")
    room.ask(RemoveStep(runoff_of(room)))
    waits = kept(room).waits
    keep(room, 2, "widened")

    assert waits
    assert kept(room).options == (A, B, C)


def test_V65_a_new_round_has_no_cut_and_the_old_one_keeps_its_own():
    room = a_tie()
    keep(room, 1)
    room.ask(ReopenStep("vote", "same"))
    room.ask(CloseStep("vote"))
    room.ask(RevealStep("vote", knowing=True))
    first, second = (room.state.rounds.by_id[r] for r in room.state.rounds.of_step["vote"])

    assert first.kept is not None
    assert second.kept is None


def brute(ranks: list[int], number: int) -> tuple[int, int]:
    """How many are surely kept, and how many are tied at the limit: by taking them one rank after the other."""
    taken = 0
    for rank in sorted(set(ranks)):
        equals = ranks.count(rank)
        if taken + equals > number:
            return taken, equals if taken < number else 0
        taken += equals
    return taken, 0


def test_V65_whatever_the_ties_a_cut_keeps_whole_ranks_and_names_the_one_at_the_limit():
    seed = random.randrange(10**6)
    rng = random.Random(seed)
    for _ in range(300):
        scores = [rng.randint(0, 3) for _ in range(rng.randint(1, 12))]
        ranks = [1 + sum(other > mine for other in scores) for mine in scores]
        names = [sha256(f"{seed} {n}".encode()).hexdigest()[:6] for n in range(len(scores))]
        lines = tuple(
            Line(o, r, ranks.count(r) > 1, {"n": 1}) for r, o in sorted(zip(ranks, names, strict=True))
        )
        number = rng.randint(1, 13)
        found = cut.cut(Result(lines, 1, 0, 0, {}), number)

        assert (len(found.sure), len(found.tied)) == brute(ranks, number), (seed, ranks, number)
        assert found.places == (number - len(found.sure) if found.tied else 0)
        by_name = dict(zip(names, ranks, strict=True))
        assert len({by_name[o] for o in found.tied}) <= 1
        assert all(by_name[o] < min(by_name[t] for t in found.tied) for o in found.sure if found.tied)
