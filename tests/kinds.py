"""What a kind of step must be registered in, and what one lacks, in words that say where to add it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_args

import msgspec

from forum.demo import play
from forum.domain import led
from forum.domain.limits import Day, texts
from forum.domain.roles import MAY, leads
from forum.domain.room import FROM_SERVER
from forum.domain.settings import KindSettings, Settings, tag
from forum.domain.steps.kind import Kind
from forum.domain.steps.kinds import KINDS
from forum.domain.things import THINGS
from forum.fragments.environment import environment
from forum.fragments.kinds import DESK, PHONE, SCREEN
from forum.language import translations
from forum.opening import agendas
from tests.attack.allowed import BODIES
from tests.doings import WANTED


def in_french(sentence: str) -> bool:
    return sentence in _french()


@cache
def _french() -> frozenset[str]:
    return frozenset(said for said in translations("fr")._catalog if isinstance(said, str))


@cache
def _templates() -> frozenset[str]:
    return frozenset(environment("en", "", str).list_templates())


def in_agendas() -> set[str]:
    return {step.kind for agenda in agendas().values() for step in agenda.steps}


@dataclass(frozen=True)
class Registers:
    """Every place in which a kind has a line; by default the product's."""

    settings: tuple[type[KindSettings], ...] = get_args(Settings)
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    roles: Mapping[str, Any] = field(default_factory=lambda: MAY)
    things: Mapping[str, Any] = field(default_factory=lambda: THINGS)
    phone: Mapping[str, Any] = field(default_factory=lambda: PHONE)
    screen: Mapping[str, Any] = field(default_factory=lambda: SCREEN)
    desk: Mapping[str, Any] = field(default_factory=lambda: DESK)
    parts: Mapping[str, Any] = field(default_factory=lambda: play.PARTS)
    seconds: Mapping[str, float] = field(default_factory=lambda: play.SECONDS_OF)
    led: Mapping[str, str] = field(default_factory=lambda: led.WHAT)
    wanted: Mapping[str, Any] = field(default_factory=lambda: WANTED)
    bodies: Mapping[str, Any] = field(default_factory=lambda: BODIES)
    agendas: frozenset[str] = field(default_factory=lambda: frozenset(in_agendas()))
    french: Callable[[str], bool] = in_french


def names(at: Registers) -> set[str]:
    """Every name of a kind that some register knows."""
    by_name = (at.kinds, at.phone, at.screen, at.desk, at.parts, at.seconds, at.wanted)
    return {tag(one) for one in at.settings}.union(*by_name)


def lacking(name: str, at: Registers) -> list[str]:
    """What a kind lacks, each with the place where it is to be added; nothing when it is whole."""
    return [f"{name} {what}" for what in _lacking(name, at)]


def _lacking(name: str, at: Registers) -> Iterator[str]:
    if name not in {tag(one) for one in at.settings}:
        yield "is no part of Settings (forum/domain/settings.py)"
    for register, where in (
        (at.kinds, "KINDS (forum/domain/steps/kinds.py)"),
        (at.phone, "PHONE (forum/fragments/kinds/__init__.py)"),
        (at.screen, "SCREEN (forum/fragments/kinds/__init__.py)"),
        (at.desk, "DESK (forum/fragments/kinds/__init__.py)"),
        (at.parts, "PARTS (forum/demo/play.py)"),
        (at.seconds, "SECONDS_OF (forum/demo/play.py)"),
        (at.wanted, "WANTED (tests/doings.py)"),
        (at.agendas, "any agenda (forum/agendas)"),
    ):
        if name not in register:
            yield f"is not in {where}"
    if name in at.kinds:
        yield from _of_the_value(at.kinds[name], at)
    if name in at.desk and at.desk[name].counted_in not in _templates():
        yield f"counts in {at.desk[name].counted_in}, which is no template"


def _of_the_value(kind: Kind, at: Registers) -> Iterator[str]:
    if not at.french(kind.title):
        yield "has a title that is not said in French (forum/locale)"
    try:
        kind.settings()
    except TypeError:
        yield "has settings without a default for each field: it cannot be inserted at the desk"
    made: Any = kind.settings.makes
    made = made if isinstance(made, str) else kind.settings().makes  # it follows from the other fields
    if made and made not in at.things:
        yield f"makes {made}, which is not in THINGS (forum/domain/things.py)"
    for command in kind.part.judges:
        if command.__name__ not in at.roles and command.__name__ not in FROM_SERVER:
            yield f"lets nobody ask for {command.__name__}: not in MAY (forum/domain/roles.py)"
        if command.__name__ not in at.bodies:
            yield f"does not say how {command.__name__} is asked: not in BODIES (tests/attack/allowed.py)"
        if command not in kind.part.sees:
            yield f"does not say what {command.__name__} is about, for who saw it: not in the sees of its PART"
        if leads(command.__name__) and command.__name__ not in at.led:
            yield f"is led by {command.__name__}, which a loss cannot tell: not in WHAT (forum/domain/led.py)"
    for sentence in (*kind.part.rules.values(), *kind.part.refusals.values()):
        if not at.french(sentence):
            yield f"says only in English: {sentence}"
    yield from _unstruck(kind)


def _unstruck(kind: Kind) -> Iterator[str]:
    """Facts that seem to hold a person's words, which no erasure would strike: fields called as a text of a command is."""
    said = [limit for command in kind.part.judges for limit in texts(command).items()]
    words = {name for name, limit in said if limit is not get_args(Day)[1]}
    for fact in kind.part.folds:
        held = kind.part.words.get(fact)
        for one in msgspec.structs.fields(fact):
            if one.name in words and one.type is str and not (held and one.name in held.fields):
                yield f"keeps {fact.__name__}.{one.name} for ever: not in the words of its PART"
