"""Every method on random ballots: what the domain counts, what the recount counts from bytes, and what the tests know."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from forum.audit.recount import Poll, Recount
from forum.domain import methods
from forum.domain.flow import CloseStep, OpenStep, RevealStep
from forum.domain.methods import METHODS
from forum.domain.people import AddPerson, SayDone
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.rounds import Round
from forum.domain.steps.voting import checksum, count, result
from tests.audit.evidences import written
from tests.methods.known import KNOWN, a_vote_by, ranks
from tests.methods.toy import GRADES, grades
from tests.scenes import FACILITATOR, Scene

FORUMS = 25  # a method
PEOPLE = tuple(f"person{n}" for n in range(8))
NOBODY_S = "marcel"  # phone: the desk enters for him


@pytest.fixture(autouse=True)
def _known() -> Iterator[None]:
    with grades():
        yield


def random_votes(rng: random.Random, method: str) -> Scene:
    """A vote in several rounds: marks given, changed and taken back, blank ballots, some for somebody without a phone."""
    room = a_vote_by(method, rng.randint(2, 6)).joined(*PEOPLE)
    room.ask(AddPerson(NOBODY_S))
    for _ in range(rng.randint(4, 90)):
        round_, chance, who = room.state.rounds.latest("vote"), rng.random(), rng.choice(PEOPLE)
        keys = sorted(methods.of(method).keys(round_))
        given = round_.ballots.get(who)
        mark = GiveMark("vote", rng.choice(keys), KNOWN[method].draw(rng, round_.parameters))
        if chance < 0.70:
            room.ask(mark, who)
        elif chance < 0.78 and given and given.marks:
            room.ask(GiveMark("vote", rng.choice(sorted(given.marks)), 0), who)
        elif chance < 0.86:
            room.ask(SayDone(), who)
        elif chance < 0.94:
            room.ask(mark, FACILITATOR, on_behalf=NOBODY_S)
        else:
            room.ask(CloseStep("vote"))
            if rng.random() < 0.6:
                room.ask(RevealStep("vote", knowing=True))
            room.ask(OpenStep("vote"))
    return room.closed("vote").revealed("vote")


def by_bytes(room: Scene) -> dict[str, Poll]:
    return Recount().feed(enumerate((body for _, body in written(room)), 1)).polls


def assert_alike(round_: Round, poll: Poll) -> None:
    told, second = count(round_), poll.count()
    ballots = [ballot.marks for ballot in round_.ballots.values()]
    known = KNOWN[round_.method].scores(round_.options, ballots)

    assert {line.option: line.numbers for line in told.lines} == second.numbers
    assert {line.option: line.rank for line in told.lines} == second.ranks == ranks(known)
    assert {line.option: line.score for line in told.lines} == {o: score[0] for o, score in known.items()}
    alike = Counter(second.ranks.values())
    assert {line.option: line.tied for line in told.lines} == {
        o: alike[r] > 1 for o, r in second.ranks.items()
    }
    assert (told.sums, told.blank, told.voters) == (second.sums, poll.blank, len(poll.given))
    assert (told.assisted, checksum(round_)) == (len(poll.entered), poll.checksum)
    assert second.faults == {}
    assert all(KNOWN[round_.method].may_be(round_.parameters, marks) for marks in ballots)


@pytest.mark.parametrize("method", [*METHODS, GRADES.name])
def test_two_counts_that_share_nothing_agree_on_random_ballots(method: str) -> None:
    seen = Counter[str]()
    for seed in range(FORUMS):
        print(f"seed {method} {seed}")
        room = random_votes(random.Random(f"{method} {seed}"), method)
        polls = by_bytes(room)
        assert set(polls) == set(room.state.rounds.by_id)
        for name, round_ in room.state.rounds.by_id.items():
            assert_alike(round_, polls[name])
            if round_.revealed_at:
                assert result(round_) == count(round_)
            seen["rounds"] += 1
            seen["ties"] += any(line.tied for line in count(round_).lines)
            seen["blank"] += any(not ballot.marks for ballot in round_.ballots.values())
            seen["entered"] += any(ballot.entered_by for ballot in round_.ballots.values())
            seen["ranked"] += len({line.rank for line in count(round_).lines}) > 1
            seen["unvoted"] += not round_.ballots
        taken = {(r.by, r.fact.key) for _, _, r in room.journal if getattr(r.fact, "mark", None) == 0}
        seen["taken back"] += bool(taken)

    assert min(seen[what] for what in ("ties", "blank", "entered", "ranked", "unvoted", "taken back")) > 0
    assert seen["rounds"] > 2 * FORUMS
