"""Exports: what they tell, what they keep to themselves, and that the same journal number gives the same bytes."""

import csv
import io
import json

import pytest

from forum import exports
from forum.domain.belonging.part import SetCategories, SetCategory, SetOrganisation
from forum.domain.belonging.record import Category
from forum.domain.beside import organisation_of
from forum.domain.consents.part import GiveConsent, WithdrawConsent
from forum.domain.flow import ForumEdited, StepOpened
from forum.domain.kernel import CategoryId, RoundId, StepId, Words
from forum.domain.plan.reading import live_axes
from forum.domain.plan.words import ChoosePilot, EditAction, MakeAction, Volunteer
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import BeginSession, EndSession, NotePresence, PlanSession
from forum.domain.settings import BallotSettings, BoardSettings
from forum.domain.state import Step
from forum.domain.steps.ballot import RoundOpened
from forum.domain.steps.board import HideIdea, PostIdea
from forum.domain.steps.pledge import Pledge
from forum.exports import NotAnArchive, kinds, read, render
from forum.exports.json_schema import schema
from forum.language import Reader
from tests.exports.opened import said
from tests.scenes import ANNE, LEA, a_room, a_vote

FR, EN = Reader("fr"), Reader("en")
NAMES = {LEA: "Léa", ANNE: "Anne"}


def text(room, kind, reader=FR, flavour="standard"):
    return said(kind, render(room.state, NAMES, "c0ffee", kind, reader, flavour).body)


def rows(room, kind, reader=EN):
    return list(csv.DictReader(io.StringIO(text(room, kind, reader), newline="")))


def a_plan():
    room = a_vote(points=3, cap=3).voted(LEA, theme2=3).voted(ANNE, theme1=1).closed("vote").revealed("vote")
    room.opened("plan").with_plan("Open a shared calendar")
    room.ask(MakeAction("act002", live_axes(room.state)[0].id, "From a card", ("idea002",)))
    room.ask(ChoosePilot("act001", LEA))
    room.ask(Volunteer("act001", "partner"), ANNE)
    room.ask(
        EditAction("act001", due="31/03/2025", first_step="Call | the hall", first_step_due="2025-01-20")
    )
    room.opened("pledge")
    room.ask(Pledge("pledge01", "Call the hall", "2025-01-19", "act001"), LEA)
    return room


@pytest.mark.parametrize("flavour", exports.FLAVOURS)
@pytest.mark.parametrize("kind", kinds())
def test_the_same_journal_number_gives_the_same_bytes(kind, flavour):
    room = a_plan()
    again = render(room.replayed(), NAMES, "c0ffee", kind, FR, flavour)

    assert render(room.state, NAMES, "c0ffee", kind, FR, flavour) == again


def test_the_markdown_begins_with_the_plan_and_prints_where_in_the_journal_it_stands():
    room = a_plan()
    plan = text(room, "plan.md", EN)

    order = [plan.index(f"## {h}") for h in ("Action plan", "Commitments", "Votes", "Cards")]
    assert order == sorted(order)
    assert "Action 1.1 – Open a shared calendar" in plan
    assert "| Pilot | Léa |" in plan
    assert "| Partners | Anne |" in plan
    assert "Call \\| the hall" in plan
    assert f"up to entry {room.state.seq}, chain c0ffee" in plan


def test_gaps_are_said_and_sources_are_named():
    plan = text(a_plan(), "plan.md", EN)
    second = plan[plan.index("Action 1.2") :]

    assert "| Pilot | no pilot yet |" in second
    assert "| Where it comes from | B – Theme theme2, no. 2 |" in second


def test_the_csv_of_votes_shows_ranks_points_supporters_and_ties():
    got = [
        (r["Option"], r["Rank"], r["Points"], r["Supporters"], r["Tie"]) for r in rows(a_plan(), "votes.csv")
    ]

    assert got == [
        ("Theme theme2", "1", "3", "1", ""),
        ("Theme theme1", "2", "1", "1", ""),
        ("Theme theme3", "3", "0", "0", "yes"),
        ("Theme theme4", "3", "0", "0", "yes"),
    ]


def test_a_french_excel_gets_a_bom_semicolons_crlf_and_its_own_dates():
    body = render(a_plan().state, NAMES, "c", "plan.csv", FR, "fr-excel").body

    assert body.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in body
    assert b"31/03/2025" in body
    first = next(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert first[0] == "Code"


def test_the_standard_csv_has_iso_dates_and_no_bom():
    body = render(a_plan().state, NAMES, "c", "plan.csv", EN).body

    assert not body.startswith(b"\xef\xbb\xbf")
    assert b"2025-03-31" in body


@pytest.mark.parametrize("start", ["=1+1", "+33 4", "-2+3", "@SUM(A1)", "＝1"])
def test_a_cell_that_a_spreadsheet_would_compute_is_guarded(start):
    room = a_room().opened("ideas")
    room.ask(PostIdea("idea900", start, "ideas"), LEA)
    room.ask(PostIdea("idea901", f"a {start}", "ideas"), LEA)
    got = [r["Card"] for r in rows(room.revealed("ideas"), "ideas.csv")]

    assert got == ["'" + start, f"a {start}"]


def test_cards_that_are_not_revealed_are_counted_and_not_told():
    room = a_room().opened("ideas").with_ideas(3)
    hidden = [text(room, kind, EN) for kind in kinds()]
    room.revealed("ideas")

    assert not any("Idea number" in h for h in hidden)
    assert "3 cards, not revealed." in hidden[kinds().index("plan.md")]
    assert "Idea number 3" in text(room, "plan.md")


def test_V9_every_export_of_a_revealed_vote_says_what_it_adds_up_to():
    room = a_plan()
    [vote] = json.loads(text(room, "forum.json"))["votes"]
    [first, *_] = rows(room, "votes.csv")

    assert vote["held"] == vote["spent"] + vote["unused"] == vote["voters"] * vote["points"] == 6
    assert sum(line["points"] for line in vote["lines"]) == vote["spent"]
    assert "2 people × 3 points = 6: 4 given, 2 not used. 2 ballots, each counted once." in text(
        room, "plan.md", EN
    )
    assert [first[c] for c in ("Points held", "Points given", "Points not used")] == ["6", "4", "2"]


def test_a_vote_that_is_not_revealed_tells_its_turnout_only():
    one = a_vote(points=6, cap=6).voted(LEA, theme1=3, theme2=1)
    other = a_vote(points=6, cap=6).voted(LEA, theme3=1, theme4=3)

    for kind in kinds():
        assert text(one, kind) == text(other, kind), kind
    assert json.loads(text(one, "forum.json"))["votes"][0]["voters"] == 1
    revealed = text(one.closed("vote").revealed("vote"), "votes.csv")
    assert revealed != text(other.closed("vote").revealed("vote"), "votes.csv")


def test_no_export_says_who_wrote_an_idea():
    room = a_room().opened("ideas").with_ideas(2, by=LEA).revealed("ideas")

    for kind in set(kinds()) - {"badges.pdf"}:  # it says who is there, and nothing of ideas
        assert "Léa" not in text(room, kind)
        assert '"lea"' not in text(room, kind)


def test_a_hidden_card_is_counted_and_its_words_are_not_told():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas")
    room.ask(HideIdea("idea001", "Names a person"))
    plan = text(room, "plan.md", EN)

    assert "Idea number 1" not in plan
    assert "Idea number 2" in plan
    assert "1 card was hidden by the facilitator." in plan


def test_the_json_is_read_again_and_written_again_as_it_was():
    room = a_plan()
    first = render(room.state, NAMES, "c0ffee", "forum.json", FR).body
    told = read(first)

    from forum.exports.archive import write

    assert write(told) == first
    assert told.forum.seq == room.state.seq
    assert told.plan[0].actions[0].pilot == "Léa"
    assert {i.theme for i in told.ideas} == {t.id for t in told.themes}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"schema": "forum/export/2"}', b"[" * 100_000, b'{"a": NaN}'])
def test_what_is_no_archive_is_refused_with_a_reason(body):
    with pytest.raises(NotAnArchive, match=r"\w"):
        read(body)


def test_the_shipped_schema_is_the_schema():
    from importlib.resources import files

    assert (files("forum.exports") / "schema" / "export-1.json").read_bytes() == schema()


def test_rows_of_the_tables_are_those_of_the_json():
    room = a_plan()
    told = read(render(room.state, NAMES, "c", "forum.json", FR).body)

    assert len(rows(room, "ideas.csv")) == len(told.ideas)
    assert len(rows(room, "commitments.csv")) == len(told.commitments)
    assert len(rows(room, "plan.csv")) == sum(len(a.actions) for a in told.plan)
    assert len(rows(room, "votes.csv")) == sum(len(v.lines) for v in told.votes)


def test_a_vote_over_cards_that_were_never_revealed_tells_no_card():
    """As journals have it from before opening a vote revealed what it is over."""
    steps = {"ideas": BoardSettings(), "vote": BallotSettings(over="ideas")}
    room, options = a_room(steps).opened("ideas").with_ideas(3), ("idea001", "idea002")
    room.happened(StepOpened(StepId("vote")), RoundOpened(RoundId("vote.1"), StepId("vote"), options, 3, 1))
    room.voted(LEA, idea001=1).closed("vote").revealed("vote")

    assert not any("Idea number" in text(room, kind) for kind in kinds())
    assert "idea001" in text(room, "votes.csv")


def test_the_year_that_a_forum_looks_to_stands_under_its_question_and_in_the_json():
    room = a_plan().happened(ForumEdited("Vision 2025", "Où serons-nous ?", 2030))

    assert "> Où serons-nous ?\n\nHorizon\u202f: 2030." in text(room, "plan.md")
    assert json.loads(text(room, "forum.json"))["forum"]["horizon"] == 2030
    assert json.loads(text(a_plan(), "forum.json"))["forum"]["horizon"] is None
    assert "Horizon" not in text(a_plan(), "plan.md")


def test_the_time_zone_stands_in_the_json_and_the_day_of_a_forum_is_that_of_its_zone():
    room = a_plan()
    opened = next(record.at for _, _, record in room.journal)
    assert json.loads(text(room, "forum.json"))["forum"]["zone"] is None
    room.happened(ForumEdited("Vision 2025", "Où serons-nous ?", zone="Pacific/Noumea"))
    told = json.loads(text(room, "forum.json"))["forum"]

    assert (told["zone"], told["opened_at"][-6:]) == ("Pacific/Noumea", "+00:00")
    for zone in ("Pacific/Noumea", "Pacific/Pago_Pago"):  # eleven hours behind us, and eleven ahead
        reader = Reader("en", zone)
        assert f"Forum of {reader.day(opened)}." in text(room, "plan.md", reader)
    assert Reader("en", "Pacific/Noumea").day(opened) != Reader("en", "Pacific/Pago_Pago").day(opened)


def test_sessions_are_told_with_how_many_were_there_and_steps_are_labelled_where_there_is_more_than_one():
    room = a_plan()
    assert [s["id"] for s in json.loads(text(room, "forum.json"))["sessions"]] == ["first"]
    assert "Séances" not in text(room, "plan.md")
    more = Step(StepId("more"), BoardSettings(visibility="all"), Words("Encore", "More"))
    title = Words("Suivi | de mars", "Follow-up")
    room.ask(PlanSession("second", title, "follow_up", "2025-03-11", "La halle", 40, steps=(more,)))
    room.ask(EndSession(FIRST, "La salle ferme"))
    room.ask(BeginSession("second"))
    room.ask(NotePresence(), LEA)
    room.opened("more")
    room.ask(PostIdea("idea077", "Une idée de mars", "more"), LEA)
    told = json.loads(text(room, "forum.json"))

    first, second = told["sessions"]
    assert (first["phase"], first["present"], first["expected"]) == ("over", 2, None)
    assert (second["kind"], second["date"], second["place"]) == ("follow_up", "2025-03-11", "La halle")
    assert (second["phase"], second["present"], second["expected"], second["ended_at"]) == ("live", 1, 40, "")
    assert {s["id"]: s["session"] for s in told["steps"]}["more"] == "second"
    assert read(text(room, "forum.json").encode()).sessions[1].agenda == ""
    assert "| Suivi \\| de mars | 11\u00a0mars\u00a02025 | La halle | 40 | 1 |" in text(room, "plan.md")
    assert "### Suivi \\| de mars – Encore\u202f: sans thème" in text(room, "plan.md")
    assert {row["Step"] for row in rows(room, "ideas.csv")} >= {"Follow-up – More", "Step ideas"}
    assert all("lea" not in line for line in text(room, "forum.json").split('"sessions"')[1].splitlines())


def test_the_next_meeting_of_several_is_the_one_with_the_earliest_day_however_they_were_planned():
    room = a_plan()
    for name, day in (("later01", "2025-12-11"), ("soon001", "2025-03-11"), ("someday", "")):
        room.ask(PlanSession(name, Words(name, name), "follow_up", day))

    [said] = [line for line in text(room, "plan.md", EN).splitlines() if "Next meeting" in line]
    assert said == "Next meeting: soon001 · Tuesday 11 March 2025"


def test_where_people_come_from_and_what_they_agreed_to_are_counted_and_nobody_is_named():
    room = a_plan()
    members = Category(CategoryId("members"), Words("Adhérents", "Members"))
    room.ask(SetCategories((members, Category(CategoryId("others"), Words("Autres")))))
    for person in (LEA, ANNE):
        room.ask(SetCategory(person, "members"))
        room.ask(SetOrganisation(person, "org1"))
        room.ask(GiveConsent("photo", "photo-1"), person)
    room.ask(WithdrawConsent("photo"), ANNE)
    room.joined("eve").ask(SetOrganisation("eve", "org2"))
    names = NAMES | {organisation_of(LEA): "Studio Damier"}
    told = json.loads(render(room.state, names, "c0ffee", "forum.json", EN).body)

    assert told["categories"] == [
        {"id": "members", "title": {"fr": "Adhérents", "en": "Members"}, "people": 2},
        {"id": "others", "title": {"fr": "Autres", "en": ""}, "people": 0},
    ]
    assert told["organisations"] == [{"name": "Studio Damier", "people": 2}, {"name": "", "people": 1}]
    assert told["consents"] == [
        {"purpose": "photo", "text_version": "photo-1", "standing": 1, "withdrawn": 1}
    ]
    assert "org1" not in render(room.state, names, "c0ffee", "forum.json", EN).body.decode()


def test_a_card_tells_for_which_it_stands_and_names_none_that_may_not_be_told():
    room = a_room({"ideas": BoardSettings(visibility="all")}).opened("ideas").with_ideas(2)
    room.ask(PostIdea("pair01", "À deux", "ideas", lang="fr", stands_for=("idea001", "idea002")), ANNE)
    room.ask(HideIdea("idea002", "raison"))
    told = {idea["id"]: idea for idea in json.loads(text(room, "forum.json"))["ideas"]}

    assert (told["pair01"]["lang"], told["pair01"]["stands_for"]) == ("fr", ["idea001"])
    assert (told["idea001"]["lang"], told["idea001"]["stands_for"]) == ("", [])
