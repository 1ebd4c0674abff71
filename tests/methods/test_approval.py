"""Approval, from the thumb to the second count; V13."""

import json
import random
import re

import pytest
from immutables import Map

from forum.audit import claims_of, verify
from forum.audit.receipt import as_text, receipt
from forum.demo.voters import VOTERS
from forum.domain.flow import EditStep
from forum.domain.kernel import Rejection
from forum.domain.people import AddPerson, SayDone
from forum.domain.steps.ballot import GiveMark, MarkGiven
from forum.domain.steps.rounds import Ballot, Round
from forum.domain.steps.voting import result
from forum.exports import render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.audit.evidences import SEAL, evidence_of
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote

NAMES = {LEA: "Léa", ANNE: "Anne", "marcel": "Marcel"}


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


def an_approval(options: int = 3) -> Scene:
    return a_vote(options, method="approval")


def counted(*ballots: str, options: str = "ABC"):
    given = Map({f"p{n}": Ballot(Map(dict.fromkeys(chosen, 1)), 1) for n, chosen in enumerate(ballots)})
    return result(Round("r", "vote", 1, tuple(options), {}, 1, 2, 3, given, method="approval"))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def drawn(pages: Pages, room: Scene, surface: str, lang: str = "en") -> str:
    return words(" ".join(put.html for put in pages.page(View(room.state, NAMES), Audience(surface, lang))))


def mine(pages: Pages, room: Scene, person: str = LEA) -> dict[str, str]:
    return {p.key: p.html for p in pages.you(View(room.state, NAMES), Audience("phone", "en"), person)}


def test_V13_as_many_choices_as_one_likes_each_once_and_taken_back_at_will():
    room = an_approval().voted(LEA, theme1=1, theme2=1, theme3=1)
    room.voted(LEA, theme2=0)
    twice, less = (room.ask(GiveMark("vote", "theme1", mark), LEA) for mark in (2, -1))

    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {"theme1": 1, "theme3": 1}
    assert [(no.rule, no.code) for no in (twice, less)] == [("V13", "once")] * 2


def test_V13_approvals_are_counted_and_equals_share_a_rank():
    got = counted("AB", "B", "BC", "A")

    assert [(line.option, line.score, line.rank) for line in got.lines] == [
        ("B", 3, 1),
        ("A", 2, 2),
        ("C", 1, 3),
    ]
    assert {line.option: (line.rank, line.tied) for line in counted("AB", "ABC", "").lines} == {
        "A": (1, True), "B": (1, True), "C": (3, False),
    }  # fmt: skip


def test_V13_the_order_of_ballots_and_options_changes_nothing_but_the_display_of_ties():
    rng = random.Random(3)
    ballots = ["".join(rng.sample("ABCDEF", rng.randint(0, 6))) for _ in range(30)]
    first = {line.option: (line.rank, line.score) for line in counted(*ballots, options="ABCDEF").lines}
    for _ in range(10):
        rng.shuffle(ballots)
        options = "".join(rng.sample("ABCDEF", 6))
        assert {x.option: (x.rank, x.score) for x in counted(*ballots, options=options).lines} == first


def test_V8_done_without_an_approval_is_a_blank_ballot():
    room = an_approval().voted(LEA, theme1=1)
    room.ask(SayDone(), ANNE)
    got = result(room.closed("vote").revealed("vote").state.rounds.latest("vote"))

    assert (got.voters, got.blank, got.sums) == (2, 1, {"approvals": 1})


def test_a_vote_is_changed_to_approval_at_the_desk_before_it_begins_and_not_later():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.with_theme("theme1", 1).with_theme("theme2", 2)
    changed = room.ask(EditStep("vote", chosen={"ballot": {"method": "approval"}}))
    round_ = room.opened("vote").state.rounds.latest("vote")
    late = room.ask(EditStep("vote", chosen={"ballot": {"method": "dots"}}))

    assert not isinstance(changed, Rejection)
    assert (round_.method, round_.parameters) == ("approval", {})
    assert (late.rule, late.code) == ("F10", "begun")


def test_a_phone_approves_by_a_button_that_says_what_stands(pages):
    room = an_approval()
    before = mine(pages, room)
    room.voted(LEA, theme1=1)
    after = mine(pages, room)

    assert 'value="1"' in before["my-mark-theme1"]
    assert 'aria-pressed="false"' in before["my-mark-theme1"]
    assert 'value="0"' in after["my-mark-theme1"]
    assert 'aria-pressed="true"' in after["my-mark-theme1"]
    assert "You approve no choice yet" in before["my-left"]
    assert "You approve 1 choice" in words(after["my-left"])
    assert "Without any approval it is a blank vote." in before["my-told"]
    assert {key for key in before if before[key] != after.get(key)} == {"my-mark-theme1", "my-left", "my-how"}
    assert "my-blank" in mine(pages, room.voted(LEA, theme1=0))


def test_nothing_is_said_of_points_on_any_surface_at_any_stage(pages):
    room = an_approval()
    room.ask(AddPerson("marcel"))
    stages = [room.state]
    room.voted(LEA, theme1=1).voted(ANNE, theme1=1, theme2=1)
    room.ask(GiveMark("vote", "theme3", 1), on_behalf="marcel")
    stages += [room.state, room.closed("vote").state, room.revealed("vote").state]
    for state in stages:
        room.state = state
        for surface in ("phone", "screen", "desk"):
            view, audience = View(room.state, NAMES), Audience(surface, "en")
            shown = {put.key: words(put.html) for put in pages.page(view, audience) if put.key != "agenda"}
            assert not re.search(r"\bpoints?\b", " ".join(shown.values())), surface
        assert not re.search(r"\bpoints?\b", words(" ".join(mine(pages, room).values())))


def test_the_result_says_approvals_and_shares_and_what_it_adds_up_to(pages):
    room = an_approval().voted(LEA, theme1=1, theme2=1).voted(ANNE, theme1=1).closed("vote").revealed("vote")

    for surface in ("phone", "screen", "desk"):
        said = drawn(pages, room, surface)
        assert re.search(r"2 approvals? ?,? ?.*100", said), said
        assert "2 people: 3 approvals in all. 2 ballots, each counted once." in said
    assert "2 approbations" in drawn(pages, room, "screen", "fr")
    assert "“ Theme theme1 ” comes first: 2 approvals , 100% of those who voted" in drawn(pages, room, "desk")


def test_the_desk_enters_for_somebody_without_a_phone(pages):
    room = an_approval()
    room.ask(AddPerson("marcel"))
    entering = drawn(pages, room, "desk")
    verdict = room.ask(GiveMark("vote", "theme3", 1), on_behalf="marcel")
    got = result(room.closed("vote").revealed("vote").state.rounds.latest("vote"))

    assert "They approve it They do not" in entering
    assert verdict == (MarkGiven("vote.1", "theme3", 1),)
    assert (got.voters, got.assisted, got.lines[0].option) == (1, 1, "theme3")


def test_exports_tell_approvals_and_leave_the_columns_of_points_empty(pages):
    room = an_approval().voted(LEA, theme1=1, theme2=1).voted(ANNE, theme1=1).closed("vote").revealed("vote")
    reader = Reader("en")
    told = json.loads(render(room.state, NAMES, "c", "forum.json", reader).body)["votes"][0]
    table = render(room.state, NAMES, "c", "votes.csv", reader).body.decode()
    plan = render(room.state, NAMES, "c", "plan.md", reader).body.decode()

    assert (told["method"], told["version"], told["parameters"], told["sums"]) == (
        "approval",
        1,
        {},
        {"approvals": 3},
    )
    assert (told["points"], told["held"], told["lines"][0]["points"]) == (None, None, None)
    assert told["lines"][0]["numbers"] == {"approvals": 2}
    assert told["ballots"]
    assert 'Approvals,"Of those who voted, in %"' in table
    assert "Points" not in table
    assert "| 1 | A – Theme theme1 | 2 | 100 |" in plan
    assert "Each person approved as many choices as they liked." in plan
    assert "2 people: 3 approvals in all." in plan


def test_a_receipt_notes_what_was_approved_and_only_when_asked():
    room = an_approval().voted(LEA, theme1=1, theme2=1)
    chains = {claim.number: "0" * 16 for claim in claims_of(room.state, LEA)}

    def text(points: bool) -> str:
        told = receipt(
            room.state, LEA, chains, {}, SEAL, lambda step, option: f"Thème {option}", chain="0" * 16, at=1, lang="en",
            points=points,
        )  # fmt: skip
        return as_text(told, Reader("en"), "https://forum.example/check")

    assert "Approved: Thème theme1" in text(True)
    assert "Approved" not in text(False)


def test_an_auditor_counts_a_second_time_and_finds_a_mark_that_is_none():
    room = an_approval().voted(LEA, theme1=1, theme2=1).voted(ANNE, theme1=1).closed("vote").revealed("vote")
    whole = verify(evidence_of(room))
    wrong = an_approval().voted(LEA, theme1=1)
    wrong.happened(MarkGiven("vote.1", "theme2", 2), by=ANNE, op="forged:1")
    found = verify(evidence_of(wrong.closed("vote").revealed("vote")))

    assert whole.held
    assert {f.check for f in whole.findings} >= {"tally", "recorded"}
    assert [(f.says, f.number) for f in found.findings if not f.held][:1] == [
        ("bad_mark", wrong.state.seq - 3)
    ]


def test_the_demo_s_people_approve_what_they_care_for_and_some_vote_blank():
    rng = random.Random(1)
    given = [VOTERS["approval"](rng, ["a", "b"], [0.9, 0.1]) for _ in range(200)]
    liked = [sum(ballot.get(option, 0) for ballot in given) for option in "ab"]

    assert {mark for ballot in given for mark in ballot.values()} == {1}
    assert liked[0] > 4 * liked[1] > 0
    assert {} in given
