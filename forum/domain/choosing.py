"""What the desk may choose of a step, by the schema that its kind's settings are: said once, at each field.

A field is offered when its annotation has a ``Choice``: how it is called, and in which words its values are. What a
value must be is said by its type, and by its ``Range``. From that follow the form and what is refused; a kind writes neither.
"""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, NamedTuple, cast, get_args, get_origin, get_type_hints

import msgspec

from forum.domain.kernel import N_, Part, Rejection
from forum.domain.limits import Range, Text
from forum.domain.settings import Choice, KindSettings

Value = str | int | bool
Chosen = dict[str, dict[str, Value]]
"""By kind, then by field: a form that offers every kind says something of each."""

RULE: Final = "F10"
RULES = {
    "F10": N_("What people are promised about a step, and how it works, is chosen before it first opens."),
}
REFUSALS = {
    "begun": N_(
        "This step has begun: that can no longer be changed. Insert another step with what you want."
    ),
    "no_choice": N_("This cannot be chosen for this kind of step. Choose among what is offered."),
}


class Field(NamedTuple):
    """One field that is offered."""

    name: str
    label: str  # a message id
    options: tuple[tuple[Value, str], ...]  # values, each with a message id; none for a number
    numbers: Range | None
    late: bool  # may be chosen after the step has begun
    stands: Callable[[Any], Value]  # from a step's settings
    own: bool = False  # kept in ``own``
    text: Text | None = None  # a few words, kept in ``worded``
    of: str = ""  # what it stands together with others under, a message id


@cache
def offered(settings: type[KindSettings]) -> tuple[Field, ...]:
    """What may be chosen of a kind of step, in the order of its fields."""
    hints = get_type_hints(settings, include_extras=True)
    said = ((name, hints[name], _choice(hints[name])) for name in settings.__struct_fields__)
    fields = (_field(name, hint, choice) for name, hint, choice in said if choice)
    further = (
        Field(f.name, f.label, (), f.numbers, False, f.stands, f.text is None, f.text, f.of)
        for f in settings.further()
    )
    return (*fields, *further)


def chosen(settings: KindSettings, given: Mapping[str, Value], *, begun: bool) -> KindSettings | Rejection:
    """The settings with these choices in place of what they were.

    given   what a form says; a number may be a text. A field that is not in it stays as it is
    begun   whether the step has opened before (F10)
    """
    kind = type(settings)
    fields = {field.name: field for field in offered(kind)}
    said = {n: value for n, value in given.items() if n in fields and fields[n].text}
    given = {n: value for n, value in given.items() if n not in said and value != ""}  # left empty
    if given.keys() - fields.keys():
        return Rejection(RULE, "no_choice")
    try:
        made = _worded(settings, fields, said)
        made = _made(made, {name: value for name, value in given.items() if not fields[name].own})
        own = msgspec.convert({n: v for n, v in given.items() if fields[n].own}, dict[str, int], strict=False)
    except msgspec.ValidationError:
        return Rejection(RULE, "no_choice")
    own = {name: number for name, number in own.items() if number != fields[name].stands(settings)}
    made = _made(made, {"own": {**getattr(settings, "own", {}), **own}}) if own else made
    changed = [field for field in fields.values() if field.stands(made) != field.stands(settings)]
    if any(field.options and field.stands(made) not in dict(field.options) for field in changed):
        return Rejection(RULE, "no_choice")
    if any(field.numbers and not field.numbers.holds(cast(int, field.stands(made))) for field in changed):
        return Rejection("F6", "bad_step")
    return Rejection(RULE, "begun") if begun and not all(field.late for field in changed) else made


def _worded(settings: KindSettings, fields: Mapping[str, Field], said: Mapping[str, Value]) -> KindSettings:
    """The settings with these words; an empty text takes back what was said. ValidationError for what is too long."""
    if not said:
        return settings
    words = {name: " ".join(str(value).split()) for name, value in said.items()}
    if any(len(text) > text_of.most for name, text in words.items() if (text_of := fields[name].text)):
        raise msgspec.ValidationError
    stands = {name: text for name, text in getattr(settings, "worded", {}).items() if name not in words}
    return _made(settings, {"worded": stands | {name: text for name, text in words.items() if text}})


def _made(settings: KindSettings, given: Mapping[str, object]) -> KindSettings:
    """These settings with something else instead."""
    return msgspec.convert({**msgspec.to_builtins(settings), **given}, type(settings), strict=False)


def _choice(hint: Any) -> Choice | None:
    said = hint.__metadata__ if get_origin(hint) is Annotated else ()
    return next((one for one in said if isinstance(one, Choice)), None)


def _field(name: str, hint: Any, choice: Choice) -> Field:
    inner, *said = get_args(hint)
    numbers = next((one for one in said if isinstance(one, Range)), None)
    values = get_args(inner) if get_origin(inner) is Literal else (False, True) if inner is bool else ()
    expected = len(choice.words)
    assert len(values) == expected, f"expected a word for each value of {name}, got {expected} for {values}"
    options = choice.among() if choice.among else tuple(zip(values, choice.words, strict=True))
    assert bool(options) != bool(numbers), f"expected {name} to be one of a few, or a number within a range"
    return Field(name, choice.label, options, numbers, choice.late, attrgetter(name))


PART = Part(judges={}, folds={}, rules=RULES, refusals=REFUSALS)
