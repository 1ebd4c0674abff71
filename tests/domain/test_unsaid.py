"""What is not said: fields that an older journal or page left out mean what they meant, and a new thing says nothing else."""

import json
from typing import Any

import msgspec
import pytest

from forum.domain import records
from forum.domain.belonging.record import Belonging
from forum.domain.consents.record import Consent
from forum.domain.deeds import Deed
from forum.domain.gone import Back, Gone, Held, Loss
from forum.domain.kept import Erasure, Keeping
from forum.domain.kernel import Asked, Fact, Lost, Millis, PersonId, Place, Record, Rejection, Was
from forum.domain.link import Link, Links
from forum.domain.person import People, Person
from forum.domain.photographs.record import Photographs
from forum.domain.plan import record as plan
from forum.domain.plan.record import Action, Axis
from forum.domain.plan.words import ChoosePilot, MakeAction, MakeAxis
from forum.domain.roles import Role
from forum.domain.room import COMMANDS, EMPTY, FACTS
from forum.domain.sessions.record import FIRST, Plan, Session, Sessions
from forum.domain.sheets.record import Sheets
from forum.domain.since import Since, Turns
from forum.domain.spent import Space
from forum.domain.state import Step
from forum.domain.steps.commitments import Commitment, Commitments
from forum.domain.steps.ideas import Idea, Ideas, Placing
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.rounds import Ballot, Round, Rounds
from forum.domain.steps.themes import Theme, Themes
from forum.domain.tabs import Answer, Tab, Tabs
from tests.scenes import ANNE, FACILITATOR, LEA, a_room, a_vote

FACTS_UNSAID: dict[str, dict[str, Any]] = {
    "ActionMade": {"ideas": (), "themes": (), "step": ""},
    "AxisMade": {"themes": ()},
    "ErasureAsked": {"texts": "none", "chosen": (), "name": True},
    "ForumOpened": {"lang": "fr", "question": "", "agenda": "", "keep_until": "", "keep_most": "", "ballot_days": 90, "words_days": 365},
    "IdeaPosted": {"column": "", "source": "phone"},
    "IdeaRestored": {"reason": ""},
    "KeyRevoked": {"with_made": False},
    "LedBefore": {"was": 0},
    "LinkMade": {"made": "desk", "since": 0, "parent": ""},
    "LossConfirmed": {"upto": 0},
    "PeopleReadmitted": {"waiting": False},
    "PeopleRemoved": {"waiting": False},
    "PersonJoined": {"key": "", "assisted": False, "state": "in"},
    "Pledged": {"action": None, "step": ""},
    "ReasonRestored": {"reason": ""},
    "Redacted": {"struck": (), "more": False, "name_only": False, "name": True, "term": ""},
    "Refused": {"params": {}},
    "RoundOpened": {
        "points": 0, "cap": 0, "carried": None, "choices": "", "method": "dots", "version": 1, "parameters": {},
        "electorate": "present", "seed": 0,
    },
    "SpaceFilled": {"person": "", "most": 0},
    "StepEdited": {"phones_down": False, "least": None, "settings": None},
    "StepInserted": {"before": None},
    "StepMoved": {"before": None},
    "StepOpened": {"of": None},
    "StepRevealed": {"knowing": False},
    "TermsSet": {"ballots": 90, "words": 365},
    "TailLost": {"ops": -1, "votes": {}, "led": 0, "since": (), "was": 0, "which": None},
}  # fmt: skip
"""Fact → what it means where an entry of an older version does not say it. For ever: a new field gets its line here."""

COMMANDS_UNSAID: dict[str, dict[str, Any]] = {
    "ChoosePilot": {"person": ""},
    "ConfirmLoss": {"upto": 0},
    "DoAgain": {"knowing": False},
    "EditForum": {"title": "", "question": ""},
    "EditIdea": {"length": 0},
    "ErasePerson": {"person": "", "texts": "none", "chosen": (), "name": True},
    "GroupIdeas": {"title": ""},
    "InsertStep": {"minutes": 10, "before": None},
    "Join": {"role": Role.PARTICIPANT, "key": "", "ticket": False},
    "MoveAxis": {"before": None},
    "MoveIdeas": {"theme": None},
    "OpenStep": {"choices": ""},
    "Pledge": {"action": None},
    "PostIdea": {"column": "", "source": "phone", "length": 0},
    "RemovePeople": {"given": False},
    "RevealStep": {"knowing": False},
    "RevokeKey": {"with_made": False},
    "SetTerms": {"words": 0},
    "TellLoss": {"ops": -1, "votes": {}, "led": 0, "since": (), "was": 0, "which": None},
}
"""Command → what a page means that does not say it."""


def unsaid(record: type[msgspec.Struct], *names: str) -> dict[str, Any]:
    """What these fields are where nobody says them."""
    found = {}
    for field in msgspec.structs.fields(record):
        if field.name in names:
            made = field.default_factory
            found[field.name] = field.default if made is msgspec.NODEFAULT else made()
    return found


@pytest.mark.parametrize("name", sorted(FACTS_UNSAID))
def test_what_an_entry_of_an_older_version_does_not_say_means_what_it_meant(name: str) -> None:
    fact: type[Fact] = next(fact for fact in FACTS if fact.__name__ == name)

    assert unsaid(fact, *FACTS_UNSAID[name]) == FACTS_UNSAID[name]


@pytest.mark.parametrize("name", sorted(COMMANDS_UNSAID))
def test_what_a_page_does_not_say_means_what_it_meant(name: str) -> None:
    assert unsaid(COMMANDS[name], *COMMANDS_UNSAID[name]) == COMMANDS_UNSAID[name]


def read(**fact: Any) -> Record:
    return records.decode(json.dumps({"t": 7, "f": fact}).encode())


def test_an_entry_that_says_no_more_than_its_fact_was_nobodys_and_came_once() -> None:
    record = read(k="IdeaWithdrawn", idea="idea001")

    assert (record.by, record.at, record.salt, record.entered_by, record.mark) == ("", 7, "", "", "")
    assert (record.again, record.lost, record.led) == (False, None, False)
    assert record.size == len(b'{"t": 7, "f": {"k": "IdeaWithdrawn", "idea": "idea001"}}')


def test_a_step_of_an_older_version_is_planned_for_five_minutes_and_has_not_begun() -> None:
    step = read(k="StepInserted", step={"id": "s", "settings": {"kind": "board"}, "title": {}}).fact.step

    assert (step.minutes, step.phones_down, step.anonymous, step.phase, step.revealed) == (
        5,
        False,
        True,
        "pending",
        False,
    )
    assert (step.opened_at, step.closed_at, step.spent, step.resumed_at, step.of) == (0, 0, 0, 0, None)
    assert (step.settings.visibility, step.settings.max_chars, step.settings.columns) == ("hidden", 140, ())


def test_settings_of_an_older_version_mean_what_they_meant() -> None:
    def settings(**said: Any) -> Any:
        return read(k="StepInserted", step={"id": "s", "settings": said, "title": {}}).fact.step.settings

    assert settings(kind="show").pause is False
    assert (settings(kind="sort").of, settings(kind="sort").who) == ((), "all")
    vote = settings(kind="ballot")
    assert (vote.over, vote.method, vote.purpose, vote.points, vote.cap, vote.least, vote.of) == (
        "themes",
        "dots",
        "sense",
        0,
        0,
        0,
        (),
    )
    assert (settings(kind="sheet").what, settings(kind="sheet").of, settings(kind="pledge").of) == (
        "actions",
        (),
        (),
    )


def test_a_forum_of_which_nothing_was_told_holds_nothing_and_is_open() -> None:
    told = {name: value for name in EMPTY.__struct_fields__ if (value := getattr(EMPTY, name))}
    slices = {name for name, value in told.items() if isinstance(value, msgspec.Struct)}

    assert {name: told[name] for name in told.keys() - slices} == {"lang": "fr", "entry": "open"}
    assert {type(told[name]) for name in slices} <= BEGINS_WITH.keys()


def said(record: Any) -> dict[str, Any]:
    """All that a record says: fields that are not empty."""
    return {name: value for name in record.__struct_fields__ if (value := getattr(record, name))}


def test_a_new_thing_says_what_was_said_of_it_and_nothing_else() -> None:
    room = a_vote(options=2, points=3, cap=3).voted(LEA, theme1=1)
    state, round_ = room.state, room.state.rounds.latest("vote")
    card, theme, ballot = state.ideas.by_id["idea001"], state.themes.by_id["theme1"], round_.ballots[LEA]

    assert set(said(card)) == {
        "id",
        "step",
        "author",
        "text",
        "at",
        "number",
        "rev",
        "source",
        "state",
        "placed",
        "worded",
    }
    assert set(said(theme)) == {
        "id",
        "step",
        "title",
        "number",
        "rev",
        "title_rev",
        "by",
        "sort",
        "ideas",
        "made",
    }
    assert set(said(ballot)) == {"marks", "at", "number", "seal"}
    assert set(said(round_)) == {
        "id", "step", "number", "options", "parameters", "opened_at", "ballots", "choices", "method", "version", "electorate", "seed",
        "began",
    }  # fmt: skip
    assert set(said(card.placed["sort"])) == {"theme", "rev", "by"}
    assert set(said(state.people.by_id[LEA])) == {"id", "role", "joined_at", "rev", "state", "number"}
    assert set(said(state.deeds[0])) == {"seq", "op", "by", "at", "what", "about", "inverse"}
    tab = next(iter(state.tabs.by_id.values()))
    assert set(said(tab)) == {"owner", "last", "results"}


def test_a_new_axis_action_and_commitment_say_what_was_said_of_them_and_nothing_else() -> None:
    room = a_room().opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    room.ask(MakeAction("act001", "axis1", "Do"))
    room.opened("pledge").ask(Pledge("mine1", "I call", "2025-01-20"), LEA)

    assert set(said(room.state.plan.axes["axis1"])) == {"id", "title", "rev"}
    assert set(said(room.state.plan.actions["act001"])) == {
        "id",
        "axis",
        "title",
        "at",
        "by",
        "rev",
        "step",
        "worded",
        "written_by",
    }
    assert set(said(room.state.commitments.by_id["mine1"])) == {
        "id",
        "person",
        "text",
        "due",
        "at",
        "rev",
        "made",
        "step",
        "readers",
    }
    room.ask(ChoosePilot("act001", ANNE))
    assert set(said(room.state.plan.actions["act001"])) == {
        "id",
        "axis",
        "title",
        "at",
        "by",
        "rev",
        "step",
        "pilot",
        "worded",
        "written_by",
        "piloted",
    }


def test_what_is_not_said_of_who_asks_is_nothing() -> None:
    asked = Asked(LEA, Millis(1))

    assert set(said(asked)) == {"by", "at", "most"}
    assert asked.most == 256 * 1024 * 1024
    assert (asked.who, Asked(FACILITATOR, Millis(1), on_behalf=LEA).who) == (LEA, LEA)
    assert (asked.was, asked.stands) == (None, None)
    assert set(said(Was("lost:1", LEA, 1, 2))) == {"op", "by", "gen", "seq"}
    assert set(said(Lost(1, 2, "lost:1"))) == {"gen", "seq", "op"}
    assert set(said(Record(Rejection("X", "x"), PersonId(LEA), Millis(1)))) == {"fact", "by", "at"}
    assert set(said(Held("PostIdea", {"id": "x"}, LEA, Was("lost:1", LEA, 1, 2), "idea:x"))) == {
        "kind",
        "body",
        "by",
        "was",
        "until",
    }
    assert Place() == ("", "", "")
    assert Answer(1, 2, None, "").done
    assert Rejection("X", "x").params == {}


BEGINS_WITH: dict[type[msgspec.Struct], dict[str, Any]] = {
    Step: {"minutes": 5, "anonymous": True, "phase": "pending", "session": "first"}, Person: {"state": "in"}, Link: {}, Placing: {},
    Idea: {"source": "phone", "state": "active"}, Theme: {}, Ballot: {}, Axis: {}, Action: {}, Commitment: {"readers": "room"}, Tab: {}, Deed: {},
    Round: {"method": "dots", "version": 1, "electorate": "present"}, Loss: {"told": -1}, Back: {}, Held: {},
    Erasure: {"texts": "none", "name": True}, Session: {}, Plan: {}, Consent: {},
    Ideas: {}, Themes: {}, Rounds: {}, plan.Plan: {}, Commitments: {}, People: {}, Links: {}, Tabs: {}, Space: {},
    Since: {}, Turns: {}, Photographs: {},
    Gone: {"came_back": (0, 0)}, Keeping: {"ballot_days": 90, "words_days": 365}, Belonging: {}, Sheets: {}, Sessions: {"all": (Session(FIRST),), "live": "first"},
}  # fmt: skip
"""What a record of the state says of itself where no fact has said anything; all else is nothing."""


@pytest.mark.parametrize("record", BEGINS_WITH, ids=lambda record: record.__name__)
def test_a_record_begins_with_nothing_but_what_is_so_for_every_new_one(record: type[msgspec.Struct]) -> None:
    names = [field.name for field in msgspec.structs.fields(record)]
    begins = {n: v for n, v in unsaid(record, *names).items() if v is not msgspec.NODEFAULT and v}

    assert {n: v for n, v in begins.items() if not isinstance(v, msgspec.Struct)} == BEGINS_WITH[record]
