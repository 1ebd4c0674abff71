"""The things that people make, as a register: where each was made, what it says, whether it stands.

Ballots, exports, receipts and other code that treats ideas, themes and actions alike ask here. None of them
knows a kind of thing by name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from forum.domain.kernel import N_, IdeaId, PersonId, SheetId, StepId
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.schema import Schema
from forum.domain.state import State, Step
from forum.domain.steps import proposals
from forum.domain.touch import Touch


class Thing(NamedTuple):
    """One kind of thing."""

    all: Callable[[State], Mapping[Any, Any]]
    made_in: Callable[[State, Step], Iterable[Any]]  # records, in the order in which the board shows them
    stands: Callable[[Any], bool]  # neither hidden nor taken back
    words: Callable[[Any], str]
    step: Callable[[Any], StepId]  # in which it was made
    unread: Callable[[Any], bool]  # nobody may read its words any more (B4)
    touch: Callable[[Any], str]
    worked_on: str = N_("This step takes up what was made in %(steps)s.")  # by a later step
    title: Callable[[Any], str] = lambda _: ""  # by which a list of them is known again, beside their ids
    of: Callable[[State, PersonId], Iterable[Any]] = lambda state, person: ()
    """The records whose words are a person's own, to be shown and erased as theirs; none where they are the room's."""
    beside: Callable[[State], Iterable[Any]] = lambda state: ()  # records that were made in no step
    marked: bool = False  # by a letter, a hue and a shape, which follow from its number


def _ideas(state: State, step: Step) -> Iterator[Any]:
    order: Mapping[int, IdeaId] = state.ideas.order.get(step.id, {})
    return (state.ideas.by_id[order[n]] for n in sorted(order))


def _themes(state: State, step: Step) -> Iterator[Any]:
    return (state.themes.by_id[t] for t in state.themes.order if state.themes.by_id[t].sort == step.own)


def _actions(state: State, step: Step) -> Iterator[Any]:
    live = (a for a in state.plan.axis_order if not state.plan.axes[a].removed)
    made = (state.plan.actions[a] for axis in live for a in state.plan.action_order.get(axis, ()))
    return (a for a in made if step.own in ("", a.step))


def _commitments(state: State, step: Step) -> Iterator[Any]:
    return (
        state.commitments.by_id[c]
        for c in state.commitments.order
        if step.own in ("", state.commitments.by_id[c].step)
    )


def _axes(state: State, step: Step) -> Iterator[Any]:
    """The plan's, whichever step they were made in: no fact tells."""
    return (state.plan.axes[a] for a in state.plan.axis_order)


def _actions_of(state: State, person: PersonId) -> Iterable[Any]:
    written = (a for a in state.plan.actions.values() if a.by == person and not a.removed)
    return sorted(written, key=lambda a: a.at)


def _commitments_of(state: State, person: PersonId) -> Iterator[Any]:
    all_ = (state.commitments.by_id[c] for c in state.commitments.order)
    return (c for c in all_ if c.person == person)


def _remarks_of(state: State, person: PersonId) -> Iterator[Any]:
    said = proposals.shelf(state).remarks.values()
    return iter(sorted((r for r in said if r.person == person), key=lambda r: r.made))


THINGS: Final[dict[str, Thing]] = {
    "idea": Thing(
        lambda state: state.ideas.by_id, _ideas, lambda i: i.state == "active", lambda i: i.text, lambda i: i.step,
        lambda i: i.state != "active", Touch.idea, N_("This step takes up the cards from %(steps)s."),
        of=lambda state, person: (state.ideas.by_id[i] for i in state.ideas.by_author.get(person, ())),
    ),
    "theme": Thing(
        lambda state: state.themes.by_id, _themes, lambda t: not t.removed, lambda t: t.title, lambda t: t.step,
        lambda t: False, Touch.theme, N_("This step takes up the themes from %(steps)s."), lambda t: t.title, marked=True,
    ),
    "axis": Thing(
        lambda state: state.plan.axes, _axes, lambda a: not a.removed, lambda a: a.title, lambda a: StepId(""),
        lambda a: False, Touch.axis, N_("This step takes up the axes from %(steps)s."), lambda a: a.title,
    ),
    "action": Thing(
        lambda state: state.plan.actions, _actions, lambda a: not a.removed, lambda a: a.title, lambda a: a.step,
        lambda a: False, Touch.action, N_("This step takes up the actions from %(steps)s."), lambda a: a.title, _actions_of,
    ),
    "commitment": Thing(
        lambda state: state.commitments.by_id, _commitments, lambda c: not c.withdrawn, lambda c: c.text, lambda c: c.step,
        lambda c: c.withdrawn, Touch.commitment, N_("This step takes up the commitments from %(steps)s."), of=_commitments_of,
    ),
    "remark": Thing(
        lambda state: proposals.shelf(state).remarks, proposals.remarks_in, lambda r: not (r.gone or r.hidden),
        lambda r: r.text, lambda r: r.step, lambda r: r.gone or r.hidden or not r.shown, proposals.touch, of=_remarks_of,
    ),
}  # fmt: skip


SHEET: Final = Touch.sheet(SheetId("")).partition(":")[0]


def of(thing: str) -> Thing:
    """A kind of thing by its name: one of those above, or a sheet's. KeyError when there is none."""
    return THINGS[thing] if thing in THINGS else _sheet(SCHEMAS[thing])


def word(thing: str) -> str:
    """The word under which touches know a kind of thing; all sheets share one."""
    return thing if thing in THINGS else SHEET


def touched() -> tuple[str, ...]:
    """Every such word."""
    return (*THINGS, SHEET)


def behind(state: State, word: str, name: str) -> str:
    """The kind of thing that a touch speaks of; "" when it speaks of none."""
    if word != SHEET:
        return word if word in THINGS else ""
    sheet = state.sheets.by_id.get(SheetId(name))
    return sheet.schema if sheet else ""


def names() -> tuple[str, ...]:
    """Every kind of thing there is."""
    return (*THINGS, *SCHEMAS)


class _Written(Mapping[str, Any]):
    """The sheets of one schema among all there are."""

    def __init__(self, sheets: Mapping[SheetId, Any], schema: str) -> None:
        self._sheets, self._schema = sheets, schema

    def __getitem__(self, name: str) -> Any:
        sheet = self._sheets[SheetId(name)]
        if sheet.schema != self._schema:
            raise KeyError(name)
        return sheet

    def __iter__(self) -> Iterator[str]:
        return (name for name, sheet in self._sheets.items() if sheet.schema == self._schema)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _sheet(schema: Schema) -> Thing:
    def made_in(state: State, step: Step) -> Iterator[Any]:
        written = (state.sheets.by_id[s] for s in state.sheets.order.get(step.id, ()))
        return (sheet for sheet in written if sheet.schema == schema.name)

    def in_the_plan(state: State) -> Iterator[Any]:
        made = (state.sheets.by_id[s] for s in state.sheets.of.get(schema.name, ()))
        return (sheet for sheet in made if not sheet.step)

    def written_by(state: State, person: PersonId) -> Iterable[Any]:
        theirs = (s for s in state.sheets.by_id.values() if s.by == person and s.schema == schema.name)
        return sorted((s for s in theirs if not s.removed), key=lambda s: s.at)

    def title(sheet: Any) -> str:
        return schema.titled(sheet.fields)

    return Thing(
        lambda state: _Written(state.sheets.by_id, schema.name), made_in, lambda s: not s.removed, title, lambda s: s.step,
        lambda s: False, Touch.sheet, schema.worked_on, title, written_by, in_the_plan,
    )  # fmt: skip


def standing(state: State, thing: str) -> tuple[tuple[str, str], ...]:
    """The id and the words of every thing of a kind that stands and may be read, each once. Cost: all of them."""
    kind = of(thing)
    in_steps = (record for step in state.steps for record in kind.made_in(state, step))
    made = (record for record in (*in_steps, *kind.beside(state)) if kind.stands(record))
    read = {record.id: words(state, thing, record.id) for record in made}
    return tuple((name, text) for name, text in read.items() if text)


def given(state: State, thing: str, steps: Iterable[StepId]) -> tuple[str, ...]:
    """The ids of the things of one kind that stand and were made in these steps, each once. Cost: what they hold."""
    kind, there = of(thing), (found for i in steps if (found := state.step(i)))
    return tuple(dict.fromkeys(r.id for step in there for r in kind.made_in(state, step) if kind.stands(r)))


def words(state: State, thing: str, name: str) -> str:
    """What a thing says; "" for one that must not be read (B2, B4) or is not there.

    Kinds are told apart by who asks: ids are chosen by their creators, and may be the same in two kinds.
    """
    kind = of(thing)
    record = kind.all(state).get(name)
    if record is None:
        return ""
    step = state.step(kind.step(record))
    hidden = step is not None and not step.shows
    return "" if hidden or kind.unread(record) else str(kind.words(record))


def letter(state: State, thing: str, name: str) -> str:
    """By which a thing is known on every surface and in every document; "" where its kind has none."""
    kind = of(thing)
    record = kind.all(state).get(name) if kind.marked else None
    return record.letter if record else ""


def stands(state: State, thing: str, name: str) -> bool:
    """Say whether a thing is there, and neither hidden nor taken back."""
    kind = of(thing)
    record = kind.all(state).get(name)
    return record is not None and kind.stands(record)


def any_in(state: State, step: Step) -> bool:
    """Say whether anything was ever made in a step."""
    makes = step.settings.makes
    return makes in names() and next(iter(of(makes).made_in(state, step)), None) is not None


def own_words(state: State, person: PersonId) -> list[tuple[str, str]]:
    """The id and the words of all that a person wrote and that still says something. Cost: what was made."""
    theirs = ((kind, record) for kind in map(of, names()) for record in kind.of(state, person))
    things_ = [(str(record.id), said) for kind, record in theirs if (said := kind.words(record))]
    return [*things_, *_reasons_of(state, person)]


def _reasons_of(state: State, person: PersonId) -> Iterator[tuple[str, str]]:
    """Why they were against, in votes: each once, though a round may go on in another."""
    of_votes = (round_.reasons.get(person) for round_ in state.rounds.by_id.values())
    said = {r.id: r.text for reasons in of_votes if reasons for r in reasons.values() if r.text}
    yield from said.items()
