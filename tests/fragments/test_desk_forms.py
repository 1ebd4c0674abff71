"""The forms of the desk: each asks for a command that exists, with fields that it has."""

import re
from html.parser import HTMLParser

import msgspec

from forum.domain.flow import InsertStep, SetTimer
from forum.domain.kernel import Words
from forum.domain.people import AddPerson, Join, SetEntry
from forum.domain.plan.words import (
    Volunteer,
)
from forum.domain.roles import Role, may
from forum.domain.room import COMMANDS, FROM_SERVER
from forum.domain.settings import BoardSettings, Column, ShowSettings, SortSettings
from forum.domain.steps.board import HideIdea
from forum.domain.steps.pledge import Pledge
from tests.fragments.on_desk import BESIDE, NEW_IDS, a_plan, a_sort, document
from tests.scenes import ANNE, LEA, a_room, a_vote

CHOSEN = {"for", "key", "action", "axis", "theme", "into"}  # fields that say whom or what a press is about


class Forms(HTMLParser):
    """Every form of a page: where it goes, its command, and the names it sends, with those tied to it by its id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, object]] = []
        self.tied: dict[str, set[str]] = {}
        self.ids: list[str] = []
        self.unnamed: list[
            str
        ] = []  # fields that are neither hidden nor labelled by themselves or around them
        self.labels: set[str] = set()
        self._labelled = False
        self._inside: dict[str, object] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on")], "a script in an attribute"
        assert "style" not in given, "a style in an attribute"
        if given.get("id"):
            self.ids.append(given["id"])
        if tag == "label":
            self.labels.add(given.get("for", ""))
            self._labelled = True
        visible = tag in ("select", "textarea") or (tag == "input" and given.get("type") != "hidden")
        if visible and not self._labelled and "aria-label" not in given:
            self.unnamed.append(given.get("id", ""))
        if tag == "form":
            assert self._inside is None, "a form in a form"
            self._inside = {
                "action": given["action"],
                "op": given.get("data-op"),
                "id": given.get("id"),
                "names": set(),
            }
            self.forms.append(self._inside)
        name = given.get("name")
        if name and tag in ("input", "select", "textarea", "button"):
            if given.get("form"):
                self.tied.setdefault(given["form"], set()).add(name)
            elif self._inside is not None:
                self._inside["names"].add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._labelled = False
        if tag == "form":
            self._inside = None


def rooms():
    """A room at every stage, with what its page may hold."""
    empty = a_room()
    yield empty
    columns = (Column("proud", Words("Fiertés", "Prouds")), Column("sorry", Words("Regrets", "Sorries")))
    yield a_room({"ideas": BoardSettings(columns=columns)}).opened("ideas")
    written = a_room().opened("ideas").with_ideas(60)
    written.ask(AddPerson("marcel"))
    yield written
    yield written.revealed("ideas")
    written.ask(HideIdea("idea002", "raison"))
    written.ask(SetTimer(300))
    yield written
    yield a_sort(6).with_theme("theme1", 1, 2).with_theme("theme2", 3)
    vote = a_vote()
    vote.ask(AddPerson("marcel"))
    yield vote
    yield vote.voted(LEA, theme1=1).closed("vote")
    yield vote.revealed("vote")
    plan = a_plan()
    plan.ask(Volunteer("act001", "pilot"), ANNE)
    plan.ask(SetEntry("approval"))
    plan.ask(Join(), "late01")
    yield plan
    plan.opened("pledge").ask(AddPerson("marcel"))
    plan.ask(Pledge("pledge1", "Appeler", "2025-01-20", "act001"), on_behalf="marcel")
    yield plan
    yield plan.closed("pledge")


def test_every_form_asks_for_a_command_the_desk_may_give_with_fields_that_it_has(pages):
    for room in rooms():
        found = Forms(document(pages, room))
        assert len(found.ids) == len(set(found.ids)), "an id stands twice on the page"
        for form in found.forms:
            tied = found.tied.get(form["id"], set())
            if form["op"] is None:
                assert form["action"] == "/lang" or form["action"].rsplit("/", 1)[1] in BESIDE
            else:
                check(form, (form["names"] | tied) - {"ticket", "seen", "then", "for"})


def check(form: dict[str, object], names: set[str]) -> None:
    op = form["op"]
    assert op not in FROM_SERVER
    assert form["action"].endswith(f"/commands/{op}")
    assert may(Role.FACILITATOR, op) or "for" in form["names"], f"the desk may not ask for {op}"
    fields = {f.name: f for f in msgspec.structs.fields(COMMANDS[op])}
    given = {name.split(".")[0] for name in names}
    assert given <= set(fields), form
    missing = {name for name, f in fields.items() if f.required} - NEW_IDS - given
    assert not missing or _chosen_elsewhere(form, missing), (op, missing)


def _chosen_elsewhere(form: dict[str, object], missing: set[str]) -> bool:
    """Forms whose cards are ticked elsewhere on the page, of which there may be none now."""
    return form["op"] in ("MoveIdeas", "GroupIdeas") and missing == {"ideas"}


def test_every_field_has_a_name_for_ears(pages):
    for room in rooms():
        found = Forms(document(pages, room))
        assert set(found.unnamed) <= found.labels - {""}, room.state.current


def test_a_list_of_people_or_things_proposes_none_of_them(pages):
    looked_at = set()
    for room in rooms():
        for name, first in re.findall(
            r'<select[^>]*? name="(\w+)"[^>]*>\s*(<option[^>]*>)', document(pages, room)
        ):
            assert name not in CHOSEN or 'value=""' in first, (name, first)
            looked_at.add(name)
    assert looked_at >= CHOSEN


def test_every_anchor_within_the_page_leads_somewhere(pages):
    for room in rooms():
        page = document(pages, room)
        targets = {part.split('"')[0] for part in page.split('href="#')[1:]}
        assert targets <= set(Forms(page).ids), room.state.current


def test_an_agenda_that_lost_its_boards_still_shows_a_desk(pages):
    room = a_room({"sort": SortSettings()})
    room.ask(InsertStep("pause1", ShowSettings(pause=True), Words("Pause", "Break")))

    assert "Everything is sorted" not in document(pages, room.opened("sort"))
