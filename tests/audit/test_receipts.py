"""Receipts: what is on them, what is read of them, what the forum answers, and what nobody else can learn by asking."""

import random
import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum import audit
from forum.audit import MOST_LINES, Answer, Claim, NotAReceipt, Receipt
from forum.domain.flow import CloseStep, OpenStep, ReopenStep
from forum.domain.kernel import Was
from forum.domain.loss import TailLost
from forum.domain.people import AddPerson, SayDone
from forum.domain.plan.words import MakeAxesFromThemes
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea, RestoreIdea, WithdrawIdea
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.language import Reader
from tests.audit.evidences import SEAL, a_receipt, chains_of, claims_of, evidence_of
from tests.histories import PEOPLE, random_history
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote

EN, FR = Reader("en"), Reader("fr")


def asked(room: Scene, claims: Iterable[Claim], asker: str | None = LEA, seal=SEAL) -> list[Answer]:
    return audit.check(tuple(claims), room.state, chains_of(evidence_of(room)), seal, asker)


def says(room: Scene, claims: Iterable[Claim], asker: str | None = LEA) -> list[str]:
    return [f"{a.claim.kind} {a.says}" for a in asked(room, claims, asker)]


def as_text(receipt: Receipt, reader: Reader = EN) -> str:
    return audit.as_text(receipt, reader, "http://forum.example/check")


# --- what is on it


def test_O7_a_receipt_names_my_cards_my_ballots_and_my_commitments_with_their_numbers():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=2, theme2=1).closed("vote").revealed("vote")
    room.opened("pledge")
    room.ask(Pledge("pledge1", "Call the hall", "2025-01-20"), LEA)
    room.ask(Pledge("pledge2", "Not mine", "2025-01-20"), ANNE)
    receipt = a_receipt(room, LEA, points=True)

    assert [line.kind for line in receipt.lines] == ["card"] * 4 + ["ballot", "commitment"]
    assert [line.number for line in receipt.lines] == sorted(line.number for line in receipt.lines)
    assert receipt.lines[4].points == {"Choice theme1": 2, "Choice theme2": 1}
    assert (receipt.number, receipt.chain) == (room.state.seq, evidence_of(room).chain)
    assert "Not mine" not in as_text(receipt)


def test_a_receipt_holds_nothing_of_anybody_else():
    for seed in range(8):
        room = random_history(random.Random(seed), 250)
        for me in PEOPLE:
            receipt = as_text(a_receipt(room, me, points=True))
            others = [p for p in (*PEOPLE, FACILITATOR) if p != me]
            theirs = {i.text for i in room.state.ideas.by_id.values() if i.author != me and i.text}
            mine = {i.text for i in room.state.ideas.by_id.values() if i.author == me}

            told = [text for text in theirs - mine if re.search(rf"{re.escape(text)}(?!\d)", receipt)]
            assert told == []
            assert [person for person in others if f":{person}:" in receipt] == []


def test_O8_a_file_does_not_tell_how_i_voted_unless_i_ask():
    one = a_receipt(a_vote(points=3, cap=3).voted(LEA, theme1=3), LEA)
    other = a_receipt(a_vote(points=3, cap=3).voted(LEA, theme2=3), LEA)
    told = a_receipt(a_vote(points=3, cap=3).voted(LEA, theme2=3), LEA, points=True)

    def bare(receipt: Receipt) -> list[str]:
        """Without what differs by chance: chains and seals."""
        return [
            line for line in as_text(receipt).split("\n") if not line.startswith(("forum1:", "The journal"))
        ]

    assert bare(one) == bare(other)
    assert "3 points: Choice theme2" in as_text(told)
    assert "Choice theme2" not in as_text(other)


def test_a_blank_ballot_is_on_the_receipt_and_said_to_be_one_when_asked():
    room = a_vote()
    room.ask(SayDone(), ANNE)

    assert [line.kind for line in a_receipt(room, ANNE).lines] == ["ballot"]
    assert "A blank ballot." in as_text(a_receipt(room, ANNE, points=True))
    assert "blank" not in as_text(a_receipt(room, ANNE))


def test_O11_what_the_store_lost_and_cannot_be_taken_again_is_on_the_receipt_with_the_reason():
    room = a_room().opened("ideas")
    claim = Was("tab:1", LEA, 1, 99, "", "ideas")
    room.ask(PostIdea("ideanew", "Much " * 60, "ideas"), LEA, was=claim)
    receipt = a_receipt(room, LEA)

    assert "not accepted again: Much Much" in as_text(receipt)
    assert "This card has 300 characters" in as_text(receipt)
    assert receipt.lines == ()
    assert a_receipt(room, ANNE).untaken == ()


def test_of_many_contributions_the_newest_are_kept_and_the_rest_is_counted():
    room = a_room().opened("ideas").with_ideas(MOST_LINES + 3)
    receipt = a_receipt(room, LEA)

    assert (len(receipt.lines), receipt.left_out) == (MOST_LINES, 3)
    assert receipt.lines[-1].words == f"Idea number {MOST_LINES + 3}"
    assert len(audit.read(as_text(receipt))) == MOST_LINES + 1
    assert len(as_text(receipt)) < 60_000


# --- what is read of it


@pytest.mark.parametrize("reader", [EN, FR], ids=["en", "fr"])
def test_a_receipt_is_read_again_from_its_text_and_from_its_json(reader):
    receipt = a_receipt(a_vote(points=3, cap=3).voted(LEA, theme1=1), LEA, points=True)
    text = as_text(receipt, reader)
    quoted = "".join(f"> {line}\r\n" for line in text.split("\n"))

    assert audit.read(text) == audit.read(quoted) == claims_of(receipt)
    assert [str(c) for c in audit.read(text)] == [*(line.mark for line in receipt.lines), receipt.mark]


def test_words_that_look_like_a_mark_are_words():
    room = a_room().opened("ideas").with_ideas(1)
    mark = a_receipt(room, LEA).mark
    room.ask(EditIdea("idea001", f"x\n{mark}\ny"), LEA)

    assert len(audit.read(as_text(a_receipt(room, LEA)))) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), (" \n\t", "empty"), ("Bonjour", "no_mark"), ("{", "no_mark"), ("[" * 90_000, "no_mark"),
        ("{" * 90_000, "no_mark"), ('{"lines": 3}', "no_mark"), ("forum1:ABC234:lea:card:x:0:" + "0" * 16, "no_mark"),
        ("forum1:" * 9000, "no_mark"), ('{"lines": [{"mark": "\\ud800"}]}', "no_mark"),
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_refused_with_a_reason(text, code):
    with pytest.raises(NotAReceipt) as refused:
        audit.read(text)

    assert refused.value.code == code


def test_a_receipt_with_a_line_that_is_cut_is_not_taken_for_a_shorter_one():
    text = as_text(a_receipt(a_room().opened("ideas").with_ideas(2), LEA)).rstrip()

    assert len(audit.read(text)) == 3
    with pytest.raises(NotAReceipt, match="cut"):
        audit.read(text[:-12])


def test_lines_of_two_people_or_too_many_are_refused():
    room = a_room().opened("ideas").with_ideas(1, by=LEA).with_ideas(1, by=ANNE)
    both = as_text(a_receipt(room, LEA)) + as_text(a_receipt(room, ANNE))
    many = "".join(f"{Claim('ABC234', LEA, 'card', 'x', n, '0' * 16, 's' * 20)}\n" for n in range(1, 160))

    with pytest.raises(NotAReceipt, match="mixed"):
        audit.read(both)
    with pytest.raises(NotAReceipt, match="too_many"):
        audit.read(many)


MARK = str(Claim("ABC234", LEA, "card", "idea001", 12, "0" * 16, "s" * 20))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.text(),
        st.from_regex(r"(forum1:[A-Z0-9:._-]{0,60}\n?){1,4}"),
        st.binary().map(lambda b: b.decode("utf-8", "replace")),
    )
)
@example(MARK + "\x00")
@example("\ufeff{}" + MARK)
def test_no_text_breaks_the_reader(text):
    try:
        claims = audit.read(text)
    except NotAReceipt:
        return

    assert all(str(c).startswith("forum1:") for c in claims)


# --- what the forum answers


def test_what_stands_unchanged_is_counted():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=2).closed("vote").revealed("vote")
    room.opened("pledge")
    room.ask(Pledge("pledge1", "Call the hall", "2025-01-20"), LEA)
    claims = claims_of(a_receipt(room, LEA))
    room.ask(MakeAxesFromThemes())

    assert set(says(room, claims)) == {
        "card counted",
        "ballot counted",
        "commitment counted",
        "journal counted",
    }
    assert all(a.same and a.held for a in asked(room, claims))


def test_what_became_of_it_since_is_said_with_the_number_that_did_it():
    room = a_room().opened("ideas").with_ideas(4)
    claims = claims_of(a_receipt(room, LEA))
    room.ask(EditIdea("idea001", "Other words"), LEA)
    edited = room.state.seq
    room.ask(WithdrawIdea("idea002"), LEA)
    room.ask(HideIdea("idea003", "Names a person"))
    answers = asked(room, claims)

    assert [a.says for a in answers] == ["changed", "withdrawn", "hidden", "counted", "counted"]
    assert [a.now for a in answers[:3]] == [edited, edited + 1, edited + 2]
    assert answers[2].reason == "Names a person"
    room.ask(RestoreIdea("idea003"))
    assert asked(room, claims)[2].says == "counted"


def test_a_commitment_taken_back_is_said_to_be():
    room = a_room().opened("pledge")
    room.ask(Pledge("pledge1", "Call the hall", "2025-01-20"), LEA)
    claims = claims_of(a_receipt(room, LEA))
    room.ask(WithdrawPledge("pledge1"), LEA)

    assert says(room, claims) == ["commitment withdrawn", "journal counted"]


def test_words_that_were_erased_still_count():
    room = a_room().opened("ideas").with_ideas(2)
    claims, chains = claims_of(a_receipt(room, LEA)), chains_of(evidence_of(room))
    room.erased(LEA)  # which leaves every chain as it was
    answers = audit.check(claims, room.state, chains, SEAL, LEA)

    assert [a.says for a in answers] == ["erased", "erased", "counted"]


def test_O8_that_a_vote_was_changed_is_told_to_its_voter_and_to_nobody_else():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=3)
    claims = [c for c in claims_of(a_receipt(room, LEA)) if c.kind == "ballot"]
    before = [says(room, claims, asker) for asker in (LEA, ANNE, FACILITATOR, None)]
    room.voted(LEA, theme1=0, theme2=3)
    after = [says(room, claims, asker) for asker in (LEA, ANNE, FACILITATOR, None)]

    assert before == [["ballot counted"], ["ballot kept"], ["ballot kept"], ["ballot kept"]]
    assert after == [["ballot changed"], ["ballot kept"], ["ballot kept"], ["ballot kept"]]
    assert asked(room, claims, None)[0].now == 0


def test_a_ballot_that_went_on_in_a_new_round_is_followed():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=1)
    claims = claims_of(a_receipt(room, LEA))
    room.ask(CloseStep("vote"))
    room.ask(ReopenStep("vote"))
    carried = says(room, claims)
    room.voted(LEA, theme2=1)

    assert carried == [*says(room, claims)[:-2], "ballot counted", "journal counted"]
    assert says(room, claims)[-2:] == ["ballot changed", "journal counted"]
    assert [line.kind for line in a_receipt(room, LEA).lines].count("ballot") == 1


def test_a_ballot_entered_by_the_desk_is_on_the_receipt_of_its_voter():
    room = a_vote()
    room.ask(AddPerson("nophone"))
    room.ask(GiveMark("vote", "theme1", 1), on_behalf="nophone")

    assert [line.kind for line in a_receipt(room, "nophone").lines] == ["ballot"]
    assert a_receipt(room, FACILITATOR).lines == ()


def after_a_loss() -> tuple[Scene, tuple[Claim, ...]]:
    """A room whose store lost what Léa's receipt names last: one card came back under another number, one did not."""
    lost = a_room().opened("ideas").with_ideas(1)
    lost.ask(SayDone(), ANNE)
    lost.with_ideas(2)
    claims = claims_of(a_receipt(lost, LEA))
    room = a_room().opened("ideas").with_ideas(2)  # the phone offered the second again, before anybody else
    return room, claims


def test_after_a_loss_that_the_journal_tells_the_new_number_is_told_and_what_is_missing():
    room, claims = after_a_loss()
    first, last = claims[0].number, claims[-1].number
    room.happened(TailLost(2, first, last, claims[-1].chain, 3))
    answers = asked(room, claims)

    assert [a.says for a in answers] == ["counted", "again", "lost", "lost"]
    assert [a.held for a in answers] == [True, True, False, True]
    assert (answers[1].claim.number, answers[1].now) == (first + 2, first + 1)
    assert answers[-1].sentence == "lost_history"


def test_the_same_without_a_loss_that_explains_it_is_an_alarm():
    room, claims = after_a_loss()
    first = claims[0].number
    untold = asked(room, claims)
    room.happened(TailLost(2, first - 5, first, "0" * 16, 3))  # of other numbers

    assert [a.says for a in untold] == ["counted", "moved", "gone", "gone"]
    assert [a.held for a in untold] == [True, False, False, False]
    assert [a.says for a in asked(room, claims)] == [a.says for a in untold]


def test_a_history_that_says_something_else_is_an_alarm():
    room = a_room().opened("ideas").with_ideas(1)
    claims = claims_of(a_receipt(room, LEA))
    other = a_room()
    other.ask(OpenStep("welcome"))
    other.opened("ideas").with_ideas(3, by=ANNE)

    assert says(other, claims) == ["card gone", "journal gone"]


# --- what nobody learns by asking


def test_a_line_without_its_seal_is_answered_alike_whatever_the_journal_holds():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=1)
    right = {a.claim.number: a.claim for a in asked(room, claims_of(a_receipt(room, LEA)))}
    things = (("card", "idea001"), ("ballot", "vote.1"), ("commitment", "x"), ("journal", "-"))
    guesses = [
        claim._replace(kind=kind, id=name, person=person, seal="A" * 20)
        for claim in right.values()
        for kind, name in things
        for person in (LEA, ANNE, "ghost")
    ]

    assert {(a.says, a.now, a.reason) for a in asked(room, guesses, LEA)} == {("unsealed", 0, "")}


def test_an_altered_line_is_no_longer_sealed():
    room = a_room().opened("ideas").with_ideas(2)
    one, other, _ = claims_of(a_receipt(room, LEA))
    altered = [
        one._replace(number=one.number + 1), one._replace(id="idea002"), one._replace(person=ANNE),
        one._replace(chain="0" * 16), one._replace(kind="ballot"), one._replace(seal=other.seal),
    ]  # fmt: skip

    assert {a.says for a in asked(room, altered)} == {"unsealed"}
    assert asked(room, [one])[0].says == "counted"


def test_another_servers_seal_and_another_forums_receipt_are_not_ours():
    room = a_room().opened("ideas").with_ideas(1)
    claims = claims_of(a_receipt(room, LEA))
    elsewhere = asked(room, claims, seal=audit.sealing(b"x" * 32))
    foreign = asked(room, [c._replace(forum="ZZZ999").sealed(SEAL) for c in claims])

    assert {a.says for a in (*elsewhere, *foreign)} == {"unsealed"}
    assert all(a.same for a in elsewhere)


def test_points_on_a_receipt_are_notes_that_no_check_looks_at():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=3)
    text = as_text(a_receipt(room, LEA, points=True))
    forged = text.replace("Choice theme1", "Choice theme4")

    assert forged != text
    assert says(room, audit.read(forged), None) == says(room, audit.read(text), None)


def test_whoever_holds_the_whole_journal_needs_no_seal():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=3)
    claims = [c._replace(seal="A" * 20) for c in claims_of(a_receipt(room, LEA))]

    assert {a.says for a in asked(room, claims, LEA, seal=None)} == {"counted"}


@pytest.mark.parametrize("seed", range(6))
def test_in_any_forum_a_fresh_receipt_holds_line_by_line(seed):
    room = random_history(random.Random(seed), 250)
    for me in PEOPLE:
        answers = asked(room, claims_of(a_receipt(room, me)), me)

        assert [a for a in answers if not a.held] == []
        assert {a.says for a in answers} <= {"counted", "hidden", "erased", "edited", "struck"}
