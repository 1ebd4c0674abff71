"""No page offers what the rules would refuse in the state that it shows: every form, in every state of a step and a session."""

from collections.abc import Iterator

import pytest

from forum.domain.flow import CloseStep, FreezeStep, OpenStep, ReopenStep, SetTimer, SkipStep
from forum.domain.kernel import Asked, PersonId, Rejection, TabId
from forum.domain.people import AddPerson, SayDone
from forum.domain.plan.words import Volunteer
from forum.domain.room import decide
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession, PlanSession, ReopenSession
from forum.domain.settings import ShowSettings
from forum.domain.steps.pledge import Pledge
from forum.fragments.pages import Pages, Token
from forum.fragments.surface import Audience, View
from forum.web import wire
from tests.domain.days import TITLE
from tests.filling import forms_of, is_entered, options
from tests.markup import Element
from tests.scenes import ANNE, ECLAIR, FACILITATOR, LEA, Scene, a_room

NAMES = {PersonId(LEA): "Léa", PersonId(ANNE): "Anne", PersonId("odette"): "Odette"}
STEPS = {**ECLAIR, "closing": ShowSettings(closing=True)}
ABOUT_WHAT_IS_SAID = {"already_so", "end_needs_reason"}
"""Refused for what is pressed beside what stands, or for a reason that was asked for and not given."""


def moments() -> Iterator[tuple[str, Scene]]:
    """Each step open, frozen, closed, shown, left out and reopened; the session under way, over and taken up again."""
    room = a_room(STEPS)
    room.ask(AddPerson(PersonId("odette")))
    yield "before", room
    for step in STEPS:
        room.opened(step)
        yield f"{step} open", room
        fill(room, step)
        room.ask(SetTimer(60))
        yield f"{step} filled", room
        room.ask(SayDone(), LEA)
        if not isinstance(room.ask(FreezeStep(step)), Rejection):
            yield f"{step} frozen", room
            room.ask(ReopenStep(step))
            yield f"{step} reopened", room
        room.ask(CloseStep(step))
        yield f"{step} closed", room
        if step in ("ideas", "vote"):
            room.revealed(step)
            yield f"{step} revealed", room
    room.ask(PlanSession("second", TITLE, date="2025-02-11"))
    yield "next day set", room
    room.ask(EndSession(FIRST, "Il est tard"))
    yield "over", room
    room.ask(ReopenSession(FIRST))
    yield "taken up", room
    room.ask(OpenStep("ideas"))
    room.ask(SkipStep("ideas"))
    yield "left out", room


def fill(room: Scene, step: str) -> None:
    if step == "ideas":
        room.with_ideas(5)
    if step == "sort":
        room.with_theme("theme1", 1, 2).with_theme("theme2", 3)
    if step == "vote":
        room.voted(LEA, theme1=1)
    if step == "plan":
        room.with_plan("Planter")
        room.ask(Volunteer("act001", "pilot"), ANNE)
    if step == "pledge":
        room.ask(Pledge("pledge01", "Appeler", "2025-01-20", "act001"), LEA)


def presses(form: Element, fields: list[Element]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """What each button of a form would send, its fields filled in."""
    said: dict[str, list[str]] = {}
    for one in fields:
        name, kind = one.attributes["name"], one.attributes.get("type")
        if "data-new-id" in one.attributes:
            continue  # whoever sends it makes one
        if not is_entered(one) or kind in ("checkbox", "radio"):
            if kind not in ("checkbox", "radio") or name not in said:
                said.setdefault(name, []).append(one.attributes.get("value", "on"))
        elif one.tag == "select":
            values = [o.attributes["value"] for o in options(one) if o.attributes["value"]]
            said.setdefault(name, []).append(values[0] if values else "")
        else:
            typed = {"number": "2", "date": "2025-01-25", "time": "18:30"}.get(str(kind), "Autre chose")
            said.setdefault(name, []).append(typed)
    buttons = [one for one in deep(form) if one.tag == "button"] or [form]
    for button in buttons:
        op = button.attributes.get("data-op") or form.attributes.get("data-op", "")
        own = (
            {button.attributes["name"]: [button.attributes.get("value", "")]}
            if "name" in button.attributes
            else {}
        )
        yield op, said | own


def deep(one: Element) -> Iterator[Element]:
    for child in one.children:
        yield child
        yield from deep(child)


@pytest.mark.parametrize("surface", ["desk", "phone"])
def test_whatever_a_page_offers_is_taken_in_the_state_that_it_shows(pages: Pages, surface: str) -> None:
    refused = set()
    for moment, room in moments():
        view, token = View(room.state, NAMES), Token(1, room.state.seq, "c")
        who = PersonId(FACILITATOR if surface == "desk" else LEA)
        page = pages.document(
            view, Audience(surface, "en"), who, token=token, now=room.at, ticket="t", nonce="n"
        )
        role = room.state.people.by_id[who].role
        for form, fields in forms_of(page, all_forms=True):
            for op, said in presses(form, fields):
                if not op:
                    continue
                content = {n: v for n, v in said.items() if n not in ("ticket", "seen", "then", "for")}
                command = wire.form_command(op, content, "abcdef123456", role)
                asked = Asked(
                    who,
                    room.at,
                    TabId("tab-00000001-aaaa"),
                    1,
                    room.state.seq,
                    PersonId(said.get("for", [""])[0]),
                )
                verdict = command if isinstance(command, Rejection) else decide(room.state, command, asked)
                nothing_to_tick = isinstance(verdict, Rejection) and verdict.params.get("field") == "ideas"
                if nothing_to_tick:
                    continue  # a form that is shown once a card is ticked
                if isinstance(verdict, Rejection) and verdict.code not in ABOUT_WHAT_IS_SAID:
                    refused.add((moment, op, verdict.code, str(verdict.params)))

    assert not refused, "\n".join(map(str, sorted(refused)))
