"""Every ballot method, the tests' own one too, through a whole forum: what it is asked for, it has, on every surface."""

import json
import random
import re
from collections.abc import Iterator

import pytest
from immutables import Map

from forum.audit import claims_of, verify
from forum.audit.receipt import as_text, receipt
from forum.demo.voters import VOTERS
from forum.domain import choosing, records
from forum.domain.kernel import Millis, PersonId, Record, Rejection, RoundId, StepId
from forum.domain.methods import METHODS
from forum.domain.people import AddPerson, SayDone
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import GiveMark, RoundCounted
from forum.domain.steps.board import HideIdea
from forum.domain.steps.rounds import Ballot, Round
from forum.domain.steps.voting import MOST_CHOICES, checksum, count, result
from forum.domain.undo import Undo
from forum.exports import kinds, render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES, Reader
from forum.live.batch import BODY_BYTES, LED_BODY_BYTES
from tests.audit.evidences import SEAL, evidence_of
from tests.methods.known import KNOWN, a_vote_by, given
from tests.methods.registrations import lacks
from tests.methods.toy import GRADES, grades
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

NAMES = {LEA: "Léa", ANNE: "Anne", "marcel": "Marcel"}
NAMED = (*METHODS, GRADES.name)


@pytest.fixture(autouse=True)
def _known() -> Iterator[None]:
    with grades():
        yield


@pytest.fixture
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


def stages(room: Scene) -> Iterator[str]:
    """A vote from its opening to its second round, with somebody entered for, a gesture undone and words erased."""
    yield "opened"
    marks = KNOWN[room.state.rounds.latest("vote").method].marks
    least, best = marks[0], marks[-1]
    room.ask(AddPerson("marcel"))
    method = room.state.rounds.latest("vote").method
    room.voted(LEA, **given(method, theme1=best, theme2=least))
    yield "first ballot"
    room.voted(LEA, **given(method, theme2=0)).voted(ANNE, **given(method, theme1=best))
    for key in given(method, theme3=least):
        assert not isinstance(room.ask(GiveMark("vote", key, least), on_behalf="marcel"), Rejection)
    room.ask(SayDone(), ANNE)
    yield "three ballots"
    room.ask(HideIdea("idea001", "raison"))
    assert not isinstance(room.ask(Undo(room.state.deeds[-1].seq)), Rejection)
    room.erased(LEA)
    yield "undone and erased"
    room.closed("vote")
    yield "closed"
    room.revealed("vote")
    yield "revealed"


def drawn(pages: Pages, room: Scene, surface: str, lang: str) -> dict[str, str]:
    view, audience = View(room.state, NAMES), Audience(surface, lang)  # type: ignore[arg-type]
    own = pages.you(view, audience, LEA) if surface == "phone" else ()
    return {put.key: put.html for put in (*pages.page(view, audience), *own)}


@pytest.mark.parametrize("name", NAMED)
def test_a_method_has_all_that_it_is_asked_for(name: str):
    assert lacks(METHODS[name]) == []


def test_what_a_method_lacks_is_named_with_the_place_where_it_belongs():
    lone = GRADES._replace(name="lone", version=3, title="")

    assert lacks(lone) == [
        "lone has no line in METHODS (forum/domain/methods/__init__.py)",
        "lone has no title for the desk (Method.title)",
        "lone has no telling (forum/language/tellings.py)",
        "version 3 of lone has no second count (forum/audit/tallies.py)",
        "lone has no crowd in the demo (forum/demo/voters.py)",
        "lone has no template (templates/methods/lone.html)",
        "lone is not known to the tests (KNOWN in tests/methods/known.py)",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMED)
def test_a_vote_is_drawn_on_every_surface_at_every_stage(name: str, lang: str, pages: Pages):
    room = a_vote_by(name)
    told: dict[str, list[str]] = {}
    for stage in stages(room):
        for surface in ("phone", "screen", "desk"):
            shown = " ".join(drawn(pages, room, surface, lang).values())
            assert "None" not in shown, (stage, surface)
            told.setdefault(surface, []).append(shown)

    assert all(len(set(pages_told)) > 3 for pages_told in told.values())


@pytest.mark.parametrize("name", NAMED)
def test_before_the_reveal_no_surface_says_more_than_how_many_voted(name: str, pages: Pages):
    one, other = (
        a_vote_by(name).voted(LEA, **given(name, **{option: KNOWN[name].marks[-1]}))
        for option in ("theme1", "theme2")
    )
    for closed in (False, True):
        for surface in ("screen", "desk"):
            assert drawn(pages, one, surface, "en") == drawn(pages, other, surface, "en"), (closed, surface)
        one.closed("vote") if not closed else None
        other.closed("vote") if not closed else None


@pytest.mark.parametrize("name", NAMED)
def test_V5_the_desk_sees_how_much_it_entered_for_somebody_and_not_for_which_choice(name: str, pages: Pages):
    room = a_vote_by(name)
    room.ask(AddPerson("marcel"))
    nothing = drawn(pages, room, "desk", "en")["assisted"]
    rooms = (a_vote_by(name), a_vote_by(name))
    best = KNOWN[name].marks[-1]
    entered = [(key, best) for key in list(KNOWN[name].keys(["theme1", "theme2", "theme3"]))[:2]]
    if METHODS[name].one_by_one:  # the desk reads to them what they are asked: it is secret what they say
        entered = [(entered[0][0], mark) for mark in (best, best + 1)]
    for other, (key, mark) in zip(rooms, entered, strict=True):
        other.ask(AddPerson("marcel"))
        other.ask(GiveMark("vote", key, mark), on_behalf="marcel")
    one, two = (drawn(pages, other, "desk", "en")["assisted"] for other in rooms)

    assert one == two != nothing
    assert "Marcel" in one


@pytest.mark.parametrize("name", NAMED)
def test_a_whole_forum_is_counted_exported_and_proved(name: str, pages: Pages):
    room = a_vote_by(name)
    for _ in stages(room):
        pass
    counted = result(room.state.rounds.latest("vote"))
    told = json.loads(render(room.state, NAMES, "c", "forum.json", Reader("en")).body)["votes"][0]
    found = verify(evidence_of(room))
    chains = {claim.number: "0" * 16 for claim in claims_of(room.state, LEA)}
    noted = receipt(
        room.state,
        LEA,
        chains,
        {},
        SEAL,
        lambda _, option: f"Choice {option}",
        chain="0" * 16,
        at=1,
        lang="en",
        points=True,
    )

    assert counted.lines[0].option == "theme1"
    assert (counted.voters, counted.assisted) == (3, 1)
    assert (told["method"], [line["numbers"] for line in told["lines"]]) == (
        name,
        [x.numbers for x in counted.lines],
    )
    assert [f.check for f in found.findings if not f.held] == []
    assert "recorded" in {f.check for f in found.findings}
    assert "Choice theme1" in as_text(noted, Reader("en"), "https://forum.example/check")
    for kind in kinds():
        for lang in LANGUAGES:
            assert render(room.state, NAMES, "c", kind, Reader(lang)).body, kind


@pytest.mark.parametrize("name", NAMED)
def test_what_the_demos_people_give_is_taken(name: str):
    options = [f"theme{n}" for n in range(1, 5)]
    room, rng = a_vote_by(name, 4), random.Random(5)
    for person in (LEA, ANNE):
        given = VOTERS[name](rng, options, [0.9, 0.7, 0.5, 0.3])
        for key, mark in given.items():
            assert not isinstance(room.ask(GiveMark("vote", key, mark), person), Rejection)


@pytest.mark.parametrize("name", NAMED)
def test_a_mark_that_a_method_does_not_know_is_refused_with_what_to_do(name: str):
    room = a_vote_by(name)
    for mark, code in KNOWN[name].refused.items():
        refused = room.ask(GiveMark("vote", next(iter(given(name, theme1=1))), mark), LEA)
        assert isinstance(refused, Rejection), mark
        assert refused.code == code
        assert Reader("en").refusal(refused.code, refused.params, _sentences(), str).endswith(".")

    assert KNOWN[name].refused
    assert not room.state.rounds.latest("vote").ballots


@pytest.mark.parametrize("name", NAMED)
def test_every_mark_of_a_method_is_taken_and_taken_back(name: str):
    room = a_vote_by(name)
    for mark in (*KNOWN[name].marks, 0):
        asked = given(name, theme1=mark)
        room.voted(LEA, **asked)
        assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == (asked if mark else {})


def _sentences() -> dict[str, str]:
    from forum.domain.room import REFUSALS

    return REFUSALS


def test_the_desk_offers_every_method_that_is_offered_and_no_other(pages: Pages):
    hidden = GRADES._replace(name="hidden", offered=False)
    METHODS[hidden.name] = hidden
    choosing.offered.cache_clear()
    try:
        agenda = drawn(pages, a_room(), "desk", "en")["agenda"]  # a vote that has not begun can be changed
    finally:
        del METHODS[hidden.name]
    offered = re.search(r'name="chosen.ballot.method">(.*?)</select>', agenda, re.DOTALL)

    assert offered
    assert re.findall(r'value="(\w+)"', offered[1]) == [m.name for m in METHODS.values() if m.offered]


def test_a_journal_with_a_method_that_this_version_does_not_know_is_told_to_be_newer():
    from forum.domain import records

    body = b'{"t":1,"f":{"k":"RoundOpened","round":"r","step":"s","options":["a","b"],"method":"never heard of"}}'
    with pytest.raises(records.UnknownFact, match="never heard of"):
        records.decode(body)


def test_who_leads_gives_no_mark():
    refused = a_vote_by(GRADES.name).ask(GiveMark("vote", "theme1", 1), FACILITATOR)

    assert isinstance(refused, Rejection)
    assert refused.code == "forbidden"


@pytest.mark.parametrize("name", NAMED)
def test_the_result_of_the_largest_vote_by_every_method_fits_into_one_fact(name: str) -> None:
    """Else it could be closed, and never be revealed: what leads is refused when it is too large for the journal."""
    method = METHODS[name]
    most = min(MOST_CHOICES, method.most)
    choices = tuple(f"{n:032}" for n in range(most))
    settings = BallotSettings(method=name, **KNOWN[name].settings)
    keys, marks = list(KNOWN[name].keys(choices)), KNOWN[name].marks
    voters = {
        PersonId(f"person{n}"): Ballot(Map(dict.fromkeys(keys[:most], marks[-1])), Millis(1))
        for n in range(9)
    }
    round_ = Round(
        RoundId("vote.1"), StepId("vote"), 1, choices, dict(method.terms(settings, len(choices))), Millis(1),
        ballots=Map(voters), method=name,
    )  # fmt: skip
    counted = RoundCounted(round_.id, name, 1, count(round_), checksum(round_))
    body = records.encode(Record(counted, PersonId(FACILITATOR), Millis(1), "salt" * 6))

    assert most < MOST_CHOICES or len(body) > BODY_BYTES
    assert len(body) < LED_BODY_BYTES * 3 / 4
