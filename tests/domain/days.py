"""A forum of several days: what is planned, and what follows it."""

from forum.domain.kernel import StepId, Words
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import BeginSession, EndSession, PlanSession
from forum.domain.settings import BoardSettings, ShowSettings, SortSettings
from forum.domain.state import Step
from tests.domain.judged import refusal
from tests.scenes import a_room

TITLE = Words("Comité de suivi", "Follow-up")


def step(name, settings=None, title="Étape"):
    return Step(StepId(name), settings or ShowSettings(), Words(title))


def planned(room, name="second", *steps, **plan):
    assert refusal(room.ask(PlanSession(name, TITLE, steps=steps, **plan))) is None
    return room


def ids(room):
    return [s.id for s in room.state.steps]


def two_days(**plan):
    """A forum on its second day; the first one wrote and sorted."""
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort").with_theme("theme1", 1)
    planned(room, "second", step("more", BoardSettings()), step("again", SortSettings()), **plan)
    room.ask(EndSession(FIRST))
    assert refusal(room.ask(BeginSession("second"))) is None
    return room
