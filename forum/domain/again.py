"""What comes again after the store lost it: whose claim is believed, how it is judged, what waits.

Theory of operation. A claim is believed if the server itself saw the op come true, or if it sealed the
acknowledgement (``Asked.was``). A believed op is judged for the step and the round that took it first
(``state.takes``, ``ballot``). An op that is not believed is judged like any new one. Besides its facts, a
believed op can have three outcomes:

- It needs something that is missing: a vote that is not open again, a card, a theme … It waits (``Waits``)
  in the journal. The server asks for it to be taken up (``TakeUp``) as soon as that thing is there (O12).
  Later ops do not wait for it.
- It cannot be taken. ``NotTaken`` keeps its words and the reason for its author.
- It led the forum. It is never carried out again by itself, believed or not (O10, ``led``).
"""

from collections.abc import Callable, Container, Iterator, Mapping
from functools import cache
from typing import Any, Final, get_args, get_type_hints

import msgspec

from forum.domain.gone import Held, Untaken
from forum.domain.kernel import (
    N_,
    NOBODY,
    Absolute,
    ActionId,
    Asked,
    AxisId,
    Command,
    CommitmentId,
    Fact,
    Facts,
    IdeaId,
    Lost,
    Part,
    PersonId,
    Place,
    Quiet,
    Record,
    Rejection,
    SheetId,
    StepId,
    TabId,
    ThemeId,
    Was,
)
from forum.domain.limits import new_id
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "O11": N_(
        "What participants gave before a loss counts for the step that was open when they gave it; a vote only until its result is shown."
    ),
    "O12": N_(
        "What needs a vote or a card that is not there again yet waits, in sight, and counts as soon as it is."
    ),
    "O13": N_(
        "Whoever enters again in the same browser may send what their lost access had saved, once, and as one person only."
    ),
}
REFUSALS = {
    "not_lost": N_(
        "This was saved under another access, and is not taken from this one. Look whether it is there; if it is missing, "
        "enter it anew."
    ),
}
UNSAID: Final = "waits:"  # how the tabs begin under which the server has something taken up

STRUCK: Final = "struck"  # stands alone in a body whose words were erased


class TakeUp(Command, frozen=True):
    """What waits is judged again; asked by the server for whoever gave it."""

    op: str  # its number in the lost history


class Waits(Fact, frozen=True):
    """A contribution came again, and what it needs is not there yet."""

    kind: str
    body: dict[str, Any]
    was: Was
    until: str


class NotTaken(Fact, frozen=True):
    """A contribution was saved, lost by the store, came again, and cannot be taken."""

    rule: str
    code: str
    params: dict[str, Any]
    kind: str
    body: dict[str, Any]


Lookup = Callable[[str], type[Command]]
"""From a command's name to the command."""


def place(state: State, record: Record | None = None) -> Place:
    """What takes contributions now; of a fact that came again, what took it first: the store may lose that too."""
    if record and record.lost:
        return Place(record.lost.step, record.lost.round, record.lost.choices)
    now = state.now
    if now is None or now.phase != "open":
        return Place()
    round_ = state.rounds.latest(now.id)
    return Place(now.id, round_.id, round_.choices) if round_ else Place(now.id)


def known_to(state: State, asked: Asked) -> Asked:
    """The asker as the rules may believe them.

    Whoever asks again, or on a page of a history that is gone, saw numbers of that: what they had seen of this one is
    what both share. A claim about what came back already, or is another's, says nothing.
    """
    if asked.seen and (asked.again or asked.elsewhere):
        asked = change(asked, seen=min(asked.seen, max(1, shared(state, asked.gen))))
    return asked


def shared(state: State, gen: int) -> int:
    """The last number that the history of today has in common with that of an earlier life; 0 when that is not told.

    Cost: the losses that are told.
    """
    losses = state.gone.losses
    return min((loss.after for loss in losses if loss.gen > gen), default=losses[-1].after if losses else 0)


def is_theirs(state: State, asked: Asked) -> bool:
    """Say whether this claim may be made by who asks: it is their own, or of an access that was lost with it (O13)."""
    was = asked.was
    if was is None:
        return True
    if was.by in state.gone.heirs:  # who was lost comes back as one person only: two would vote twice
        return state.gone.heirs[was.by] == asked.by and not asked.on_behalf
    return was.by == asked.by or (was.by not in state.people.by_id and not asked.on_behalf)


def lost(state: State, asked: Asked) -> Lost | None:
    """What a record says that its op had been; None when nothing is claimed, it is back already, or another's."""
    was = asked.was
    if was is None or is_back(state, asked) or not is_theirs(state, asked):
        return None
    by = was.by if was.by != asked.by else NOBODY
    return Lost(was.gen, was.seq, was.op, was.step, was.round, was.choices, by)


def is_back(state: State, asked: Asked) -> bool:
    """Say whether what is asked again came back already, under whatever number."""
    was = asked.was
    if was is None:
        return False
    if was.op == f"{asked.tab}:{asked.op}" or asked.tab.startswith(UNSAID):
        return False
    if was.op in state.gone.redeemed or was.op in state.gone.held or asked.stands is not None:
        return was.op in state.gone.redeemed or was.op in state.gone.held or bool(asked.stands)
    tab, _, number = was.op.rpartition(
        ":"
    )  # older than what is remembered: in doubt it is there, so that nothing doubles
    known = state.tabs.by_id.get(TabId(tab))
    return known is not None and known.last >= int(number)


def left_over(state: State, command: Command, asked: Asked, refused: Rejection) -> Facts | Rejection:
    """A believed claim was refused: it waits when something is not there that may come back (O12)."""
    assert asked.was is not None
    until = awaited(state, command, asked)
    kind, body = type(command).__name__, msgspec.to_builtins(command)
    return (Waits(kind, body, asked.was, until),) if until else refused


def not_taken(command: Command, refused: Rejection) -> Fact:
    """The marker by which the refusal of a believed claim uses its number, and keeps the words."""
    kind, body = type(command).__name__, msgspec.to_builtins(command)
    return NotTaken(refused.rule, refused.code, refused.params, kind, body)


THERE: Final[Mapping[str, Callable[[State], Container[Any]]]] = {
    "step": lambda state: [step.id for step in state.steps],
    "round": lambda state: state.rounds.by_id,
    "idea": lambda state: state.ideas.by_id,
    "theme": lambda state: state.themes.by_id,
    "axis": lambda state: state.plan.axes,
    "action": lambda state: state.plan.actions,
    "commitment": lambda state: state.commitments.by_id,
    "sheet": lambda state: [*state.sheets.by_id, *state.plan.actions],  # over which sheets lie
}
"""What something can wait for, by the word that a fact has for it: what of it is in this history."""
_NAMES: Final[Mapping[Any, str]] = {
    StepId: "step",
    IdeaId: "idea",
    ThemeId: "theme",
    AxisId: "axis",
    ActionId: "action",
    CommitmentId: "commitment",
    SheetId: "sheet",
}
"""The word for what a command needs, by the type of the field that names it."""


def awaited(state: State, command: Command, asked: Asked) -> str:
    """The first thing that a command needs and that is not in this history; "" when all are."""
    if refused_round(state, command, asked):
        return f"round:{asked.was.round}" if asked.was else ""
    return next((need for need in _needs(command) if not is_there(state, need)), "")


def refused_round(state: State, command: Command, asked: Asked) -> bool:
    """Say whether a command is about a round of a vote that is not there."""
    was, step = asked.was, getattr(command, "step", None)
    about = was is not None and was.round and (step == was.step or type(command).__name__ == "SayDone")
    return bool(about and was and was.step and state.step(was.step) and was.round not in state.rounds.by_id)


def _needs(command: Command) -> Iterator[str]:
    for field, word in _references(type(command)):
        named = getattr(command, field) or ()
        yield from (f"{word}:{name}" for name in ((named,) if isinstance(named, str) else named))


@cache
def _references(command: type[Command]) -> tuple[tuple[str, str], ...]:
    """The fields by which a command names what must be there, each with its word; not the one of what it makes."""
    made, hints = new_id(command), get_type_hints(command, include_extras=True)
    return tuple((name, word) for name, hint in hints.items() if name != made and (word := _word(hint)))


def _word(hint: Any) -> str:
    if hint in _NAMES:
        return _NAMES[hint]
    return next((word for part in get_args(hint) if (word := _word(part))), "")


def is_there(state: State, need: str) -> bool:
    """Say whether what something waits for is in this history."""
    word, _, name = need.partition(":")
    return name in THERE[word](state)


def due(state: State) -> list[tuple[TakeUp, Asked]]:
    """What waits and can be taken up now, in the order of the lost history; all but the time is said. Cost: what waits."""
    ready: dict[str, bool] = {}
    found = []
    for op, held in state.gone.held.items():
        if held.until not in ready:
            ready[held.until] = is_there(state, held.until)
        if ready[held.until]:
            found.append((op, held))
    found.sort(key=lambda one: (one[1].was.gen, one[1].was.seq))
    return [(TakeUp(op), _taking_up(state, op, held)) for op, held in found]


def _taking_up(state: State, op: str, held: Held) -> Asked:
    tab = TabId(f"{UNSAID}{op}")
    known = state.tabs.by_id.get(tab)
    number = known.last + 1 if known else 1
    return Asked(held.by, state.at, tab, number, on_behalf=held.on_behalf, was=held.was)


def waited(state: State, command: TakeUp, lookup: Lookup) -> Command | None:
    """What waits under this number; None when it waits no longer, or its words were erased."""
    held = state.gone.held.get(command.op)
    return as_kept(held.kind, held.body, lookup) if held else None


def as_kept(kind: str, body: dict[str, Any], lookup: Lookup) -> Command | None:
    """A command as the journal keeps it; None when its words were erased, or this version knows no such command."""
    try:
        return msgspec.convert(body, lookup(kind))
    except (LookupError, msgspec.ValidationError):
        return None


def votes_out(state: State, step: str) -> int:
    """How many contributions to a vote are known to be lost and are not back, in any of its rounds."""
    rounds = state.rounds.of_step.get(StepId(step), ())
    last = state.gone.losses[-1] if state.gone.losses else None
    if last is not None and last.which is None:  # told by a version that named none
        return sum(max(0, n - last.votes_back.get(r, 0)) for r, n in last.votes.items() if r in rounds)
    return len({op for loss in state.gone.losses for op, round_ in loss.out.items() if round_ in rounds})


def _waits(state: State, fact: Waits, record: Record) -> State:
    by = record.entered_by or record.by
    held = Held(
        fact.kind, fact.body, by, fact.was, fact.until, record.by if record.entered_by else PersonId("")
    )
    if STRUCK in fact.body:
        return change(state, touched=frozenset())
    gone = state.gone
    before = gone.waits_of.get(record.by, ())
    waits_of = gone.waits_of.set(record.by, tuple(dict.fromkeys((*before, fact.was.op))))
    return change(
        state,
        gone=change(gone, held=gone.held.set(fact.was.op, held), waits_of=waits_of),
        touched=frozenset({Touch.LOSS, Touch.you(record.by)}),
    )


def waits_no_longer(state: State, op: str, by: PersonId) -> State:
    """The state in which what waited under this lost number does not any more."""
    if op not in state.gone.held:
        return state
    left = tuple(other for other in state.gone.waits_of.get(by, ()) if other != op)
    touched = state.touched | {Touch.LOSS, Touch.you(by)}
    return change(
        state,
        gone=change(state.gone, held=state.gone.held.delete(op), waits_of=state.gone.waits_of.set(by, left)),
        touched=touched,
    )


def words_of(body: dict[str, Any]) -> str:
    """The words in a contribution, as its author is shown them."""
    named = (body.get(name) for name in ("text", "title", "description", "first_step", "budget"))
    texts = (*named, *SCHEMAS.get(str(body.get("schema")), UNKNOWN).words_in(body.get("fields", {})).values())
    return " – ".join(str(text) for text in texts if text)


def _not_taken(state: State, fact: NotTaken, record: Record) -> State:
    if STRUCK in fact.body:
        return change(state, touched=frozenset())
    one = Untaken(state.seq, fact.kind, fact.body, Rejection(fact.rule, fact.code, fact.params))
    mine = (*state.gone.untaken.get(record.by, ()), one)
    gone = change(state.gone, untaken=state.gone.untaken.set(record.by, mine))
    return change(state, gone=gone, touched=frozenset({Touch.LOSS, Touch.you(record.by)}))


PART = Part(
    judges={},
    folds={Waits: _waits, NotTaken: _not_taken},
    rules=RULES,
    refusals=REFUSALS,
    sees={TakeUp: Absolute("the server asks for it; what waited is judged for when it was given")},
    aloud=dict.fromkeys((Waits, NotTaken), Quiet("told to whom it concerns")),
)
