"""A journal is proved, and whatever is altered in it is found and named by the number of its fact."""

import json
import random

import pytest

from forum.audit import Evidence, Raw, verify
from forum.audit.recount import Recount
from forum.domain.kernel import PersonId, Record
from forum.domain.loss import TailLost
from forum.domain.people import RemovePerson, SayDone
from forum.domain.room import Noted, Refused
from forum.domain.steps.ballot import MarkGiven, RoundCounted
from forum.domain.steps.board import IdeaPosted
from forum.domain.steps.cutting import ChoicesKept, KeepChoices
from tests.audit.evidences import body, chained, evidence_of, struck, written
from tests.histories import random_history
from tests.scenes import ANNE, LEA, a_vote


def a_voted_room():
    """Two voters, one of them blank, closed and revealed."""
    room = a_vote(points=3, cap=3).voted(LEA, theme1=2, theme2=1)
    room.ask(SayDone(), ANNE)
    return room.closed("vote").revealed("vote")


def broken(evidence: Evidence) -> list[tuple[str, int]]:
    return [(f.says, f.number) for f in verify(evidence).findings if not f.held]


def a_vote_of(person: str, points: int = 1, option: str = "theme1", round_: str = "vote.1") -> bytes:
    return body(Record(MarkGiven(round_, option, points), PersonId(person), 1_737_000_000_000))


def test_what_was_erased_in_any_forum_is_listed():
    listed = []
    for seed in range(25):
        found = verify(evidence_of(random_history(random.Random(seed), 300)))
        listed += [f.params["facts"] for f in found.findings if f.check == "struck"]

    assert any(listed)


def number_of(room, kind: type) -> int:
    """The last fact of a kind."""
    return next(n for n, _, record in reversed(room.journal) if isinstance(record.fact, kind))


@pytest.mark.parametrize("seed", range(25))
def test_the_journal_of_any_forum_is_proved_and_both_counts_agree(seed):
    found = verify(evidence_of(random_history(random.Random(seed), 300)))

    assert [f for f in found.findings if not f.held] == []
    assert found.held


def test_what_is_proved_is_said_with_its_sums():
    found = verify(evidence_of(a_voted_room()))
    [tally] = [f for f in found.findings if f.check == "tally"]

    assert found.held
    assert tally.params["sums"] == {
        "people": 2, "points": 3, "held": 6, "given": 3, "unused": 3, "blank": 1, "entered": 0,
    }  # fmt: skip


def test_V5_before_the_reveal_a_verification_tells_no_point():
    one = verify(evidence_of(a_vote(points=3, cap=3).voted(LEA, theme1=3)))
    other = verify(evidence_of(a_vote(points=3, cap=3).voted(LEA, theme2=3)))
    tally = [[f for f in found.findings if f.check == "tally"] for found in (one, other)]

    assert tally[0] == tally[1]
    assert tally[0][0].says == "unrevealed"


@pytest.mark.parametrize("number", [1, 17, 30])
def test_one_changed_byte_is_found_at_its_fact(number):
    evidence = evidence_of(a_voted_room())
    entries = list(evidence.entries)
    said = entries[number - 1].body
    at = said.index(b'"t":1') + 5  # a digit of the time, so that it can still be read
    entries[number - 1] = entries[number - 1]._replace(body=said[:at] + b"0" + said[at + 1 :])

    assert ("chain", number) in broken(evidence._replace(entries=entries))


def test_an_altered_op_is_found_at_its_fact():
    evidence = evidence_of(a_voted_room())
    entries = list(evidence.entries)
    entries[20] = entries[20]._replace(op="tab-somebody-else:1")

    assert ("chain", 21) in broken(evidence._replace(entries=entries))


def test_a_dropped_fact_is_found_at_its_place():
    evidence = evidence_of(a_voted_room())
    entries = [e for e in evidence.entries if e.number != 25]

    assert ("whole", 25) in broken(evidence._replace(entries=entries))


def test_a_dropped_fact_whose_followers_were_numbered_anew_breaks_the_chain():
    evidence = evidence_of(a_voted_room())
    kept = [e for e in evidence.entries if e.number != 25]
    entries = [e._replace(number=n) for n, e in enumerate(kept, 1)]
    found = broken(Evidence(evidence.code, len(entries), evidence.chain, entries))

    assert ("chain", 25) in found
    assert not [n for says, n in found if says == "chain" and n < 25]


def test_two_facts_that_changed_places_are_found():
    evidence = evidence_of(a_voted_room())
    entries = list(evidence.entries)
    entries[18], entries[19] = entries[19], entries[18]
    swapped = broken(evidence._replace(entries=entries))
    entries[18], entries[19] = (entries[n]._replace(number=n + 1) for n in (18, 19))
    numbered = broken(evidence._replace(entries=entries))

    assert ("whole", 19) in swapped
    assert ("chain", 19) in numbered


def test_a_journal_that_was_cut_short_is_found_at_its_head():
    evidence = evidence_of(a_voted_room())
    cut = evidence._replace(entries=evidence.entries[:-3])

    assert ("short", evidence.number) in broken(cut)
    assert ("head", evidence.number) in broken(cut)


def test_a_ballot_that_was_put_in_breaks_the_chain_there():
    evidence = evidence_of(a_voted_room())
    entries = list(evidence.entries)
    entries.insert(30, Raw(31, "tab-forged-aaaa:1", a_vote_of(ANNE), entries[29].chain))

    assert ("chain", 31) in broken(evidence._replace(entries=entries))


def test_a_ballot_put_in_by_somebody_who_wrote_the_chain_anew_is_found_by_the_rules():
    room = a_voted_room()
    close = next(
        n for n, _, r in room.journal if type(r.fact).__name__ == "StepClosed" and r.fact.step == "vote"
    )
    facts = written(room)

    def forged(at: int, said: bytes) -> list[tuple[str, int]]:
        found = broken(chained([*facts[:at], ("tab-forged-aaaa:1", said), *facts[at:]]))
        return [(says, number) for says, number in found if says != "recorded"]

    assert forged(close, a_vote_of(ANNE)) == [("after_close", close + 1)]
    assert forged(close - 1, a_vote_of("ghost")) == [("no_voter", close)]
    assert forged(close - 1, a_vote_of("fac")) == [("no_voter", close)]
    assert ("over_budget", close) in forged(close - 1, a_vote_of(LEA, 3, "theme3"))
    assert ("over_cap", close) in forged(close - 1, a_vote_of(ANNE, 4))
    assert ("no_option", close) in forged(close - 1, a_vote_of(ANNE, 1, "theme9"))
    assert ("no_round", close) in forged(close - 1, a_vote_of(ANNE, 1, "theme1", "vote.9"))


def test_a_contribution_that_stands_twice_is_found():
    room = a_voted_room()
    facts = written(room)
    again = broken(chained([*facts, facts[24]]))

    assert ("ops", len(facts) + 1) in again


def test_a_fact_that_cannot_be_read_is_found():
    facts = written(a_voted_room())
    facts[10] = (facts[10][0], b'{"t":1,"f":{"k":"NeverHeardOf"}}')

    assert ("explained", 11) in broken(chained(facts))


def test_the_two_counts_are_compared():
    room = a_voted_room()
    polls = Recount().feed((n, body(r)) for n, _, r in room.journal).polls

    counted = polls["vote.1"].count()
    assert (counted.numbers["theme1"], counted.ranks["theme1"]) == ({"points": 2, "supporters": 1}, 1)
    assert (counted.sums["given"], polls["vote.1"].blank) == (3, 1)


def test_V12_what_the_reveal_recorded_is_held_against_the_ballots():
    room = a_voted_room()
    facts = written(room)
    at = number_of(room, RoundCounted) - 1
    found = verify(evidence_of(room)).findings

    def altered(was: bytes, instead: bytes) -> list[str]:
        op, said = facts[at]
        assert was in said
        findings = verify(
            chained([*facts[:at], (op, said.replace(was, instead, 1)), *facts[at + 1 :]])
        ).findings
        return [f.params["found"] for f in findings if f.check == "recorded" and not f.held]

    assert [f.held for f in found if f.check == "recorded"] == [True]
    assert altered(b'"points":2', b'"points":1') == ["result"]
    assert altered(b'"blank":1', b'"blank":0') == ["sums"]
    assert altered(b'"ballots":"', b'"ballots":"f') == ["ballots"]


def test_a_vote_by_a_method_that_this_version_cannot_count_is_named():
    poll = {"k": "RoundOpened", "round": "r", "step": "s", "options": ["a", "b"], "method": "lots"}
    counted = Recount().feed([(1, json.dumps({"t": 1, "f": poll}).encode())])

    assert counted.broken == [(1, "no_method")]


def test_struck_words_are_listed_and_the_chain_still_holds():
    room = a_voted_room()
    number = number_of(room, IdeaPosted)
    record = room.journal[number - 1][2]
    husk = body(
        Record(IdeaPosted(record.fact.idea, record.fact.step, "", record.fact.author), record.by, record.at)
    )
    found = verify(struck(evidence_of(room), number, husk))
    [listed] = [f for f in found.findings if f.check == "struck"]

    assert found.held
    assert listed.params["facts"] == [number]


def test_a_vote_cannot_be_struck():
    room = a_voted_room()
    number = number_of(room, MarkGiven)
    evidence = struck(evidence_of(room), number, room_body(room, number))

    assert ("struck", number) in broken(evidence)


def test_a_hole_that_no_redaction_explains_is_found():
    room = a_voted_room()
    number = number_of(room, IdeaPosted)
    evidence = struck(evidence_of(room), number, room_body(room, number))
    other = evidence._replace(entries=[e for e in evidence.entries if e.number != number - 1])

    assert ("whole", number - 1) in broken(other)


def room_body(room, number: int) -> bytes:
    return body(room.journal[number - 1][2])


@pytest.mark.parametrize("seed", range(40))
def test_whatever_one_does_to_a_journal_is_found(seed):
    rng = random.Random(seed)
    evidence = evidence_of(random_history(rng, 120))
    entries = list(evidence.entries)
    at = rng.randrange(len(entries))
    one = entries[at]
    match rng.randrange(5):
        case 0:
            where = rng.randrange(len(one.body))
            entries[at] = one._replace(
                body=one.body[:where] + bytes([one.body[where] ^ 1]) + one.body[where + 1 :]
            )
        case 1:
            del entries[at]
        case 2:
            entries.insert(at, one)
        case 3:
            entries[at] = one._replace(chain="0123456789abcdef")
        case _:
            entries = entries[:at]

    assert broken(evidence._replace(entries=entries))


def test_numbers_that_a_phone_fills_after_a_loss_are_no_fault_and_a_gap_is():
    facts = written(a_voted_room())
    skip = b'{"t":1,"f":{"k":"Skipped","first":1},"w":"lea"}'
    filled = broken(chained([*facts, ("tab-after-a-loss-aa:3", skip)]))
    gap = broken(chained([*facts, ("tab-after-a-loss-aa:3", skip.replace(b'first":1', b'first":2'))]))

    assert "ops" not in {says for says, _ in filled}
    assert ("ops", len(facts) + 1) in gap


def a_jump(
    *, lost: bool = True, removed: bool = True, code: str = "removed", op: str = "tab-of-lea-aaaaaaa:5"
):
    """A tab of Léa's whose numbers 2 to 4 are empty, after a loss, and how the fifth was refused."""
    room = a_voted_room()
    if lost:
        room.happened(TailLost(2, room.state.seq, room.state.seq + 12, "0" * 16, 3))
    if removed:
        room.ask(RemovePerson(LEA))
    said = Record(Refused("J3", code), LEA, 1_737_000_000_000)
    first = Record(Noted(), LEA, 1_737_000_000_000)
    return chained([*written(room), ("tab-of-lea-aaaaaaa:1", body(first)), (op, body(said))])


def test_numbers_left_empty_by_a_phone_that_an_earlier_version_refused_are_told_as_that():
    found = verify(a_jump())
    [told] = [f for f in found.findings if f.check == "left_empty"]

    assert found.held
    assert told.params["facts"] == [len(a_jump().entries)]


@pytest.mark.parametrize(
    "otherwise",
    [{"lost": False}, {"removed": False}, {"code": "forbidden"}, {"op": "tab-of-lea-aaaaaaa:0"}],
    ids=str,
)
def test_numbers_left_empty_in_any_other_way_are_a_gap(otherwise):
    evidence = a_jump(**otherwise)

    assert ("ops", len(evidence.entries)) in broken(evidence)


def test_losses_of_the_store_that_the_journal_tells_of_are_listed():
    room = a_voted_room()
    room.happened(TailLost(2, room.state.seq, room.state.seq + 12, "0" * 16, 3))
    found = verify(evidence_of(room))
    [told] = [f for f in found.findings if f.check == "lost"]

    assert found.held
    assert told.params["facts"] == [f"{room.state.seq}–{room.state.seq + 11}"]
    assert [f for f in verify(evidence_of(a_voted_room())).findings if f.check == "lost"] == []


def test_V65_what_was_kept_is_held_against_the_result_and_a_lot_against_its_seed():
    room = a_vote(4, method="approval").voted(LEA, theme1=1, theme2=1).voted(ANNE, theme1=1, theme3=1)
    room.closed("vote").revealed("vote")
    room.ask(KeepChoices("vote", 2, "drawn"))
    facts = written(room)
    at = number_of(room, ChoicesKept) - 1
    kept = room.state.rounds.latest("vote").kept
    drawn, other = sorted(kept.tied, key=lambda option: option not in kept.options)

    def altered(was: str, instead: str) -> list[str]:
        op, said = facts[at]
        assert was.encode() in said
        there = (op, said.replace(was.encode(), instead.encode(), 1))
        findings = verify(chained([*facts[:at], there, *facts[at + 1 :]])).findings
        return [f.params["found"] for f in findings if f.check == "kept" and not f.held]

    assert [f.held for f in verify(evidence_of(room)).findings if f.check == "kept"] == [True]
    assert altered(f'"theme1","{drawn}"', f'"theme1","{other}"') == ["kept"]
    assert altered(f'"seed":{kept.seed}', f'"seed":{kept.seed + 1}') == ["seed"]
    assert altered('"tied":["theme2",', '"tied":["theme4",') == ["limit"]
    assert altered('"how":"drawn"', '"how":"widened"') == ["kept"]
