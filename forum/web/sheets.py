"""What browsers may say in the fields of a sheet, and in what an edit says of before: held to the schema, names made people.

Knows every schema and none by its name. What a field means is for the rules (``domain.sheets.values``); here its texts are
cleaned, counted as a reader counts, and refused where they are too long, before any room is asked.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from forum.domain.kernel import Command, Rejection
from forum.domain.limits import SOMETHING, texts
from forum.domain.plan.words import EditAction
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.fields import Value
from forum.domain.sheets.fields.persons import split
from forum.domain.sheets.schema import Field
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.web import text

Writes = MakeSheet | EditSheet
SAYS: Final = frozenset(
    {
        "MakeSheet.fields",
        "MakeSheet.lengths",
        "EditSheet.fields",
        "EditSheet.was",
        "EditSheet.lengths",
        "EditAction.was",
    }
)
"""Fields of commands that are held to their bounds here, and nowhere else."""
MOST_FIELDS: Final = 40  # of one command
MOST_LINKS: Final = 60
ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def settled(read: Command, rule: str) -> Command | Rejection:
    """The command with clean fields; what has none comes back as it is."""
    if isinstance(read, EditAction):
        return _action(read)
    if not isinstance(read, Writes):
        return read
    schema = SCHEMAS.get(read.schema)
    if schema is None:
        return Rejection(rule, "bad_choice", {"field": "schema"})
    before = read.was if isinstance(read, EditSheet) else {}
    kept: list[dict[str, Value]] = []
    for fields in (read.fields, before):
        if len(fields) > MOST_FIELDS:
            return Rejection(rule, "unknown_field")
        clean: dict[str, Value] = {}
        for name, value in fields.items():
            field = schema.field(name)
            said = _value(field, value) if field else Rejection(rule, "unknown_field")
            if isinstance(said, Rejection):
                return said
            clean[name] = said
        kept.append(clean)
    lengths = {name: text.graphemes(value) for name, value in kept[0].items() if isinstance(value, str)}
    made = msgspec.structs.replace(read, fields=kept[0], lengths=lengths)
    return msgspec.structs.replace(made, was=kept[1]) if isinstance(made, EditSheet) else made


def named(command: Writes, person_called: Callable[[str], str]) -> Writes:
    """The command with people's ids where names were typed; a name that nobody has stays, and a rule refuses it.

    person_called   the id of who is called so, "" when nobody is
    """
    schema = SCHEMAS[command.schema]
    typed = {field.name: field.nothing for field in schema.fields if field.kind.person}

    def id_of(field: str, value: Value) -> Value:
        if field not in typed or not value:
            return value
        if isinstance(typed[field], str):
            return person_called(str(value)) or value
        return tuple(person_called(name) or name for name in names_in(value))

    def ids(fields: Mapping[str, Value]) -> dict[str, Value]:
        return {n: id_of(n, v) for n, v in fields.items()}

    if isinstance(command, EditSheet):
        return msgspec.structs.replace(command, fields=ids(command.fields), was=ids(command.was))
    return msgspec.structs.replace(command, fields=ids(command.fields))


def names_in(value: Value) -> tuple[str, ...]:
    """The names that were typed into a field for several people."""
    return split(value) if isinstance(value, str) else tuple(filter(None, value))


def asks_for_people(command: Command | Rejection) -> bool:
    """Whether somebody's name may have been typed into a field of this."""
    if not isinstance(command, Writes):
        return False
    schema = SCHEMAS[command.schema]
    return any(field.kind.person and command.fields.get(field.name) for field in schema.fields)


def _value(field: Field, value: Value) -> Value | Rejection:
    if isinstance(value, tuple):
        fits = len(value) <= MOST_LINKS and all(not one or ID.fullmatch(one) for one in value)
        return value if fits else Rejection("H1", "field_link", {"label": field.label})
    said = text.checked(value, field.kind.typed(field.holds))
    if isinstance(said, Rejection) and said.code == "too_long":
        return Rejection("H1", "field_too_long", {"label": field.label, **said.params})
    return said


def _action(read: EditAction) -> Command | Rejection:
    """An edited action with clean words of before."""
    known, before = texts(EditAction), dict[str, str]()
    for name, value in read.was.items():
        said = text.checked(value, known.get(name, SOMETHING))
        if isinstance(said, Rejection):
            return said
        before[name] = said
    return msgspec.structs.replace(read, was=before)
