"""A toy: notes at tables. Who sits at one table sees its notes, and no other's; the desk sees all, the wall their number.

Somebody sits down, goes to another table, writes a note, takes it back. A table is a *group* of the phones.
"""

from typing import Annotated

import msgspec
from immutables import Map

from forum.domain import saw
from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Holds,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    StepId,
)
from forum.domain.limits import New, Text
from forum.domain.state import Shelf, State, Step, change, takes
from forum.domain.steps.kind import Kind
from forum.domain.things import Thing
from forum.domain.touch import Touch
from tests.toys.tables_settings import NAME, TablesSettings

RULES = {"T1": N_("A note is read at its table, and at no other.")}
REFUSALS = {
    "no_table": N_("There is no such table. Choose another one."),
    "no_seat": N_("Sit down at a table first."),
    "no_note": N_("This note is no longer there. Look at your table again."),
}


class SitDown(Command, frozen=True):
    """Take a seat at a table; 0 stands up."""

    step: StepId
    table: int


class WriteNote(Command, frozen=True):
    note: New[str]
    step: StepId
    text: Annotated[str, Text(80, needed=True)]


class TakeNoteBack(Command, frozen=True):
    note: str


class SatDown(Fact, frozen=True):
    step: StepId
    person: PersonId
    table: int


class NoteWritten(Fact, frozen=True):
    note: str
    step: StepId
    table: int
    text: str


class NoteTakenBack(Fact, frozen=True):
    note: str


class NotePutBack(Fact, frozen=True):
    note: str


class Note(msgspec.Struct, frozen=True):
    id: str
    step: StepId
    table: int
    author: PersonId
    text: str
    number: int
    gone: bool = False


class Tables(Shelf, frozen=True):
    at: Map[str, int] = Map()  # "step person" → table
    notes: Map[str, Note] = Map()


def tables_of(state: State) -> Tables:
    found = state.shelves.get(NAME, Tables())
    assert isinstance(found, Tables)
    return found


def table_of(state: State, step: Step, person: PersonId) -> int:
    return tables_of(state).at.get(f"{step.id} {person}", 0)


def notes_at(state: State, step: Step, table: int) -> list[Note]:
    return [n for n in notes_in(state, step) if n.table == table]


def notes_in(state: State, step: Step) -> list[Note]:
    made = (n for n in tables_of(state).notes.values() if n.step == step.id and not n.gone)
    return sorted(made, key=lambda n: n.number)


def _open(state: State, step: StepId, asked: Asked) -> Step | Rejection:
    found = state.step(step)
    if found is None or not isinstance(found.settings, TablesSettings) or not takes(state, found, asked):
        return Rejection("F3", "nothing_open")
    return found


def sit_down(state: State, command: SitDown, asked: Asked) -> Facts | Rejection:
    step = _open(state, command.step, asked)
    if isinstance(step, Rejection):
        return step
    assert isinstance(step.settings, TablesSettings)
    if not 0 <= command.table <= step.settings.tables:
        return Rejection("T1", "no_table")
    if table_of(state, step, asked.who) == command.table:
        return Rejection("T1", "already_so")
    return (SatDown(step.id, asked.who, command.table),)


def write_note(state: State, command: WriteNote, asked: Asked) -> Facts | Rejection:
    step = _open(state, command.step, asked)
    if isinstance(step, Rejection):
        return step
    if command.note in tables_of(state).notes:
        return Rejection("T1", "id_taken")
    table = table_of(state, step, asked.who)
    return (NoteWritten(command.note, step.id, table, command.text),) if table else Rejection("T1", "no_seat")


def take_note_back(state: State, command: TakeNoteBack, asked: Asked) -> Facts | Rejection:
    note = tables_of(state).notes.get(command.note)
    if note is None or note.gone or note.author != asked.who:
        return Rejection("T1", "no_note")
    return (NoteTakenBack(note.id),)


def _put(state: State, tables: Tables, *touched: str) -> State:
    return change(state, shelves=state.shelves.set(NAME, tables), touched=frozenset(touched))


def _sat_down(state: State, fact: SatDown, record: Record) -> State:
    tables = tables_of(state)
    at = tables.at.set(f"{fact.step} {fact.person}", fact.table)
    return _put(
        state,
        change(tables, at=at),
        Touch.you(fact.person),
        Touch.group(fact.person),
        Touch.COUNT,
    )


def _written(state: State, fact: NoteWritten, record: Record) -> State:
    tables = tables_of(state)
    note = Note(fact.note, fact.step, fact.table, record.by, fact.text, len(tables.notes) + 1)
    return _noted(state, note)


def _noted(state: State, note: Note) -> State:
    tables = tables_of(state)
    changed = change(tables, notes=tables.notes.set(note.id, note))
    return _put(state, changed, f"note:{note.id}", Touch.COUNT, Touch.you(note.author))


def _taken_back(state: State, fact: NoteTakenBack, record: Record) -> State:
    return _noted(state, change(tables_of(state).notes[fact.note], gone=True))


def _put_back(state: State, fact: NotePutBack, record: Record) -> State:
    return _noted(state, change(tables_of(state).notes[fact.note], gone=False))


def _unwritten(state: State, fact: NoteTakenBack) -> tuple[str, Facts]:
    return tables_of(state).notes[fact.note].text, (NotePutBack(fact.note),)


PART = Part(
    judges={SitDown: sit_down, WriteNote: write_note, TakeNoteBack: take_note_back},
    folds={SatDown: _sat_down, NoteWritten: _written, NoteTakenBack: _taken_back, NotePutBack: _put_back},
    rules=RULES,
    refusals=REFUSALS,
    gestures={NoteTakenBack: Gesture(N_("took a note back"), _unwritten)},
    words={NoteWritten: Holds(lambda fact: fact.note, ("text",), own=True)},
    plain=frozenset({SitDown, WriteNote, TakeNoteBack}),
    sees={
        SitDown: Absolute("names its step and its table"),
        WriteNote: saw.ANEW,
        TakeNoteBack: saw.ONES_OWN,
    },
    aloud=dict.fromkeys((SatDown, NoteWritten, NotePutBack), Quiet("each table is at work on its own")),
)
KIND = Kind(TablesSettings, N_("Tables"), PART, shelf=Tables)
THING = Thing(
    lambda state: tables_of(state).notes,
    notes_in,
    lambda note: not note.gone,
    lambda note: note.text,
    lambda note: note.step,
    lambda note: note.gone,
    lambda note: f"note:{note}",
    "On the notes of %(steps)s",
    of=lambda state, person: [
        n for n in tables_of(state).notes.values() if n.author == person and not n.gone
    ],
)
