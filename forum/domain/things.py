"""The things that people make, as a register: where each was made, what it says, whether it stands.

Ballots, exports, receipts and whatever else speaks of ideas, themes and actions alike asks here, and knows none by name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from forum.domain.kernel import IdeaId, PersonId, StepId
from forum.domain.state import State, Step, Touch


class Thing(NamedTuple):
    """One kind of thing."""

    all: Callable[[State], Mapping[Any, Any]]
    made_in: Callable[[State, Step], Iterable[Any]]  # records, in the order in which the board shows them
    stands: Callable[[Any], bool]  # neither hidden nor taken back
    words: Callable[[Any], str]
    step: Callable[[Any], StepId]  # in which it was made
    unread: Callable[[Any], bool]  # nobody may read its words any more (B4)
    touch: Callable[[Any], str]
    title: Callable[[Any], str] = lambda _: ""  # by which a list of them is known again, beside their ids
    of: Callable[[State, PersonId], Iterable[Any]] = lambda state, person: ()
    """The records whose words are a person's own, to be shown and erased as theirs; none where they are the room's."""


def _ideas(state: State, step: Step) -> Iterator[Any]:
    order: Mapping[int, IdeaId] = state.idea_order.get(step.id, {})
    return (state.ideas[order[n]] for n in sorted(order))


def _themes(state: State, step: Step) -> Iterator[Any]:
    return (state.themes[t] for t in state.theme_order if state.themes[t].sort == step.own)


def _actions(state: State, step: Step) -> Iterator[Any]:
    live = (a for a in state.axis_order if not state.axes[a].removed)
    made = (state.actions[a] for axis in live for a in state.action_order.get(axis, ()))
    return (a for a in made if step.own in ("", a.step))


def _commitments(state: State, step: Step) -> Iterator[Any]:
    return (
        state.commitments[c] for c in state.commitment_order if step.own in ("", state.commitments[c].step)
    )


def _actions_of(state: State, person: PersonId) -> Iterable[Any]:
    written = (a for a in state.actions.values() if a.by == person and not a.removed)
    return sorted(written, key=lambda a: a.at)


def _commitments_of(state: State, person: PersonId) -> Iterator[Any]:
    all_ = (state.commitments[c] for c in state.commitment_order)
    return (c for c in all_ if c.person == person)


THINGS: Final[dict[str, Thing]] = {
    "idea": Thing(
        lambda state: state.ideas, _ideas, lambda i: i.state == "active", lambda i: i.text, lambda i: i.step,
        lambda i: i.state != "active", Touch.idea,
        of=lambda state, person: (state.ideas[i] for i in state.by_author.get(person, ())),
    ),
    "theme": Thing(
        lambda state: state.themes, _themes, lambda t: not t.removed, lambda t: t.title, lambda t: t.step,
        lambda t: False, Touch.theme, lambda t: t.title,
    ),
    "action": Thing(
        lambda state: state.actions, _actions, lambda a: not a.removed, lambda a: a.title, lambda a: a.step,
        lambda a: False, Touch.action, lambda a: a.title, _actions_of,
    ),
    "commitment": Thing(
        lambda state: state.commitments, _commitments, lambda c: not c.withdrawn, lambda c: c.text, lambda c: c.step,
        lambda c: c.withdrawn, Touch.commitment, of=_commitments_of,
    ),
}  # fmt: skip


def given(state: State, thing: str, steps: Iterable[StepId]) -> tuple[str, ...]:
    """The ids of the things of one kind that stand and were made in these steps, each once. Cost: what they hold."""
    kind, there = THINGS[thing], (found for i in steps if (found := state.step(i)))
    return tuple(dict.fromkeys(r.id for step in there for r in kind.made_in(state, step) if kind.stands(r)))


def words(state: State, thing: str, name: str) -> str:
    """What a thing says; "" for one that must not be read (B2, B4) or is not there.

    Kinds are told apart by who asks: ids are chosen by their creators, and may be the same in two kinds.
    """
    kind = THINGS[thing]
    record = kind.all(state).get(name)
    if record is None:
        return ""
    step = state.step(kind.step(record))
    hidden = step is not None and not step.shows
    return "" if hidden or kind.unread(record) else str(kind.words(record))


def any_in(state: State, step: Step) -> bool:
    """Say whether anything was ever made in a step."""
    kind = THINGS.get(step.settings.makes)
    return kind is not None and next(iter(kind.made_in(state, step)), None) is not None


def own_words(state: State, person: PersonId) -> list[tuple[str, str]]:
    """The id and the words of all that a person wrote and that still says something. Cost: what was made."""
    theirs = ((kind, record) for kind in THINGS.values() for record in kind.of(state, person))
    return [(str(record.id), said) for kind, record in theirs if (said := kind.words(record))]
