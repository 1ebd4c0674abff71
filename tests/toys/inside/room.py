"""Histories with tables: people sit down, go over, write and take back, in two rounds of tables with a board between."""

import random

from forum.domain.flow import CloseStep, OpenStep
from forum.domain.kernel import StepId
from forum.domain.people import NameMyself, RemovePerson, SayDone
from forum.domain.settings import BoardSettings, ShowSettings
from forum.domain.steps.board import PostIdea
from forum.domain.undo import Undo
from tests.scenes import Scene, a_room
from tests.toys.tables import SitDown, TakeNoteBack, WriteNote, tables_of
from tests.toys.tables_settings import TablesSettings

PEOPLE = tuple(f"person{n}" for n in range(6))
AGENDA = {
    "welcome": ShowSettings(),
    "tables": TablesSettings(),
    "ideas": BoardSettings(visibility="all"),
    "tables2": TablesSettings(tables=2),
}


def with_tables() -> Scene:
    """A room whose tables are open, and nobody sits."""
    return a_room(AGENDA, PEOPLE).opened("tables")


def seated(table: int, *people: str, room: Scene, step: str = "tables") -> Scene:
    for person in people:
        room.ask(SitDown(StepId(step), table), person)
    return room


def one_more(rng: random.Random, room: Scene) -> None:
    """Somebody does something; now and then the facilitator goes on, or back."""
    state, by = room.state, rng.choice(PEOPLE)
    here = state.current or StepId("tables")
    notes = sorted(tables_of(state).notes) or ["none"]
    choice = rng.random()
    if choice < 0.04:
        room.ask(OpenStep(StepId(rng.choice([*AGENDA, "tables", "tables", "tables2"]))))
    elif choice < 0.06:
        room.ask(CloseStep(here))
    elif choice < 0.35:
        room.ask(SitDown(here, rng.randint(0, 3)), by)
    elif choice < 0.70:
        room.ask(WriteNote(f"note{len(room.journal):05}", here, f"Mot {len(room.journal)} de {by}"), by)
    elif choice < 0.80:
        room.ask(TakeNoteBack(rng.choice(notes)), by)
    elif choice < 0.84:
        deeds = state.deeds[-1:]
        room.ask(Undo(deeds[0].seq if deeds else 0), by)
    elif choice < 0.90:
        room.ask(PostIdea(f"idea{len(room.journal):05}", f"Une carte de {by}", here), by)
    elif choice < 0.97:
        room.ask(rng.choice([SayDone(), NameMyself()]), by)
    elif by != PEOPLE[0]:
        room.ask(RemovePerson(by))
