"""From bytes to moves: type-valid commands and facts about things that exist, or nearly; and what must hold after."""

import types
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from forum.domain import methods
from forum.domain.kernel import Command, Rejection, Words
from forum.domain.roles import VOICE, Role
from forum.domain.state import State
from forum.domain.steps.sorting import themes_of
from forum.domain.steps.voting import result
from forum.exports import kinds, render
from forum.fragments.pages import SURFACES, Pages
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES, Reader
from forum.web import wire
from tests.histories import PEOPLE
from tests.methods.known import KNOWN, ranks
from tests.scenes import FACILITATOR, SCREEN, Scene

T = TypeVar("T")

TEXTS: Final = (
    "", "Ouvrir", "<script>alert(1)</script>", "=1+1", "{0.__class__}", "%s %(n)s", "a\nb", "x" * 200, "👨‍👩‍👧‍👦", "مرحبا",
    "| a | b |", "2025-01-20", "31/03/2025", "0000-00-00", "2025-02-30", "9999-12-31",
)  # fmt: skip
NUMBERS: Final = (0, 1, 2, 3, 7, 10, 60, 500, 1_000_000, 2**31, 2**53 - 1, -1)
ASKERS: Final = (*PEOPLE, FACILITATOR, FACILITATOR, SCREEN, "nobody")
NAMES: Final = {PEOPLE[0]: "Léa <b>", PEOPLE[1]: "=Anne"}
PAGES: Final = Pages(static=lambda path: f"/static/test/{path}")


class Bytes:
    """A source of choices: the same bytes, the same choices; nothing but first ones when it has run dry."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def left(self) -> bool:
        return self._at < len(self._data)

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def one_of(self, choices: Sequence[T]) -> T:
        """One of at least one; two bytes where one cannot reach them all."""
        number = self.byte() if len(choices) <= 256 else self.byte() * 256 + self.byte()
        return choices[number % len(choices)]

    def number(self, below: int) -> int:
        """From 0 up to but without ``below``."""
        return (self.byte() * 256 + self.byte()) % below

    def fields(self, kind: type[msgspec.Struct], state: State) -> dict[str, Any]:
        """What a record of this kind may hold, as plain values; some of what has a default is left out."""
        hints = get_type_hints(kind)
        required = {f.name for f in msgspec.structs.fields(kind) if f.required}
        chosen = [f for f in kind.__struct_fields__ if f in required or self.byte() % 3]
        tag = (
            {kind.__struct_config__.tag_field: kind.__struct_config__.tag}
            if kind.__struct_config__.tag
            else {}
        )
        names = {f.name: f.encode_name for f in msgspec.structs.fields(kind)}
        return tag | {names[name]: self.value(hints[name], name, state) for name in chosen}

    def value(self, hint: Any, name: str, state: State) -> Any:
        """A plain value of a type, from what there is in the forum."""
        hint = getattr(hint, "__supertype__", hint)
        origin, inside = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return self.value(self.one_of(inside), name, state)
        if origin is Literal:
            return self.one_of(inside)
        if origin is tuple:
            return [self.value(inside[0], name, state) for _ in range(self.byte() % 5)]
        if origin is dict:
            return {}
        if hint is Words:
            return {"fr": self.one_of(TEXTS), "en": self.one_of(TEXTS)}
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            return self.fields(hint, state)
        if hint is bool:
            return bool(self.byte() % 2)
        if hint is int:
            deeds = tuple(deed.seq for deed in state.deeds)
            return self.one_of((*deeds, 0)) if name == "deed" else self.one_of(NUMBERS)
        if isinstance(hint, type) and issubclass(hint, Role):
            return str(self.one_of(tuple(Role)))
        return None if hint is type(None) else self.word(name, state)

    def word(self, name: str, state: State) -> str:
        """A text, an id of something there, or an id of nothing."""
        there = (
            [s.id for s in state.steps], [*state.themes.by_id], [*state.ideas.by_id], [*state.plan.axes], [*state.plan.actions],
            [*state.people.by_id], [*state.commitments.by_id], [*state.rounds.by_id],
            *(r.options for _, r in sorted(state.rounds.by_id.items())),
        )  # fmt: skip
        kinds = ("step", "theme", "idea", "axis", "action", "person", "commitment", "round", "option")
        choice = self.byte()
        if choice % 8 == 0:
            return self.one_of(("nothing", f"new{state.seq:05}", f"new{state.seq:05}", "", "Zork.1"))
        likely = next((n for n, kind in enumerate(kinds) if name.startswith(kind)), None)
        if likely is None and name in wire_texts():
            return self.one_of(TEXTS)
        ids = sorted(
            there[likely] if likely is not None and choice % 8 < 6 else [i for some in there for i in some]
        )
        return self.one_of(ids) if ids else "nothing"


def wire_texts() -> frozenset[str]:
    """Names of fields that hold free text."""
    return frozenset(field.partition(".")[2] for field in wire.FIELDS) | {"due", "first_step_due"}


def asked_of(source: Bytes, state: State) -> tuple[Command | Rejection, str, str]:
    """A command as a door hands it on, who asks, and for whom."""
    kind = source.one_of(tuple(sorted(wire.ASKABLE)))
    by = source.one_of(ASKERS)
    body = source.fields(wire.ASKABLE[kind], state)
    new = wire.NEW_IDS.get(kind)
    if new and source.byte() % 8:
        body[new] = f"new{state.seq:05}"
    person = state.people.by_id.get(by)  # type: ignore[call-overload]
    role = person.role if person else Role.PARTICIPANT
    assisted = sorted(p for p, found in state.people.by_id.items() if found.assisted)
    on_behalf = source.one_of(("", "", "", *assisted, PEOPLE[0]))
    return wire.command(kind, msgspec.json.encode(body), role), by, on_behalf


def invariants_hold(state: State) -> None:
    """I6 to I8 and what the counters promise."""
    for round_ in state.rounds.by_id.values():
        known = KNOWN[round_.method]
        for person, ballot in round_.ballots.items():
            assert known.may_be(round_.parameters, ballot.marks), (person, ballot)
            assert set(ballot.marks) <= set(methods.of(round_.method).keys(round_))
            assert not round_.closed_at or ballot.at <= round_.closed_at
        counted = result(round_)
        assert bool(counted) == bool(round_.revealed_at)
        if counted:
            scores = known.scores(round_.options, [b.marks for b in round_.ballots.values()])
            assert {line.option: line.rank for line in counted.lines} == ranks(scores)
            assert {line.option: line.score for line in counted.lines} == {o: s[0] for o, s in scores.items()}
    voices = sum(p.role in VOICE and p.state == "in" for p in state.people.by_id.values())
    assert state.people.voices == voices
    active = Counter(idea.step for idea in state.ideas.by_id.values() if idea.state == "active")
    assert {step: n for step, n in state.ideas.active.items() if n} == active
    assert state.current is None or state.now is not None
    assert sum(step.phase == "open" for step in state.steps) <= 1
    for theme in state.themes.by_id.values():
        assert all(theme.id in themes_of(state, state.ideas.by_id[idea]) for idea in theme.ideas)
        assert len(set(theme.ideas)) == len(theme.ideas)


def page_is_drawn(room: Scene) -> None:
    """Every surface and a third of the documents can be made of this state, and nobody's text is markup in them."""
    view = View(room.state, NAMES)
    for surface in SURFACES:
        lang = LANGUAGES[len(room.journal) % 2]
        puts = PAGES.page(view, Audience(surface, lang)) + PAGES.you(view, Audience(surface, lang), PEOPLE[0])
        assert all("<script" not in put.html for put in puts)
    # The archive holds the others once more, and all of them of every input take minutes.
    single = [kind for kind in kinds() if not kind.endswith(".zip")]
    for kind in single[len(room.journal) % 3 :: 3]:
        assert render(room.state, NAMES, "c0ffee", kind, Reader("fr")).body
