"""What a room does not agree on, on every surface: the choices that divide it, and why some are against (V28, V29).

Nothing of it before the reveal, to anybody but the author of a reason; never whose a reason is.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from forum.domain.person import Person
from forum.domain.state import State, Step
from forum.domain.steps import reasons, voting
from forum.domain.steps.reason_facts import of_person
from forum.domain.steps.rounds import Line, Result, Round
from forum.domain.steps.voting import key_words
from forum.fragments.surface import Slot, View


class Apart(NamedTuple):
    """What a result does not agree on."""

    round: Round
    result: Result
    parted: tuple[Line, ...]  # that divide the room
    reasons: tuple[reasons.Told, ...]


def apart(state: State, step: Step, tell: Callable[[Round | None], Iterable[reasons.Told]]) -> Apart | None:
    """What there is of it; None where the room agrees, or no result is shown."""
    round_ = state.rounds.latest(step.id)
    result = voting.result(round_)
    if round_ is None or result is None:
        return None
    divided, told = set(voting.divided(round_)), tuple(tell(round_))
    parted = tuple(line for line in result.lines if line.option in divided)
    return Apart(round_, result, parted, told) if parted or told else None


def words_of(state: State, step: Step, found: Apart) -> dict[str, Any]:
    """What the templates of phone and desk are given."""
    keys = dict.fromkeys(one.key for one in found.reasons)
    return {
        "method": found.round.method,
        "round": found.round,
        "voters": found.result.voters,
        "parted": [(voting.option_words(state, step, line.option), line) for line in found.parted],
        "against": [
            (
                " – ".join(filter(None, key_words(state, step, found.round, key))),
                [one for one in found.reasons if one.key == key],
            )
            for key in keys
        ],
    }


def on_phone(view: View, step: Step, name: str) -> Slot | None:
    """Beside the result, for everybody."""
    found = apart(view.state, step, reasons.shown)
    return Slot("apart-place", "", "phone/apart.html", words_of(view.state, step, found)) if found else None


def at_desk(view: View, step: Step, name: str) -> Slot | None:
    """The same, with what the desk hid, and how to hide more."""
    found = apart(view.state, step, reasons.told)
    return Slot("centre", "51", "desk/apart.html", words_of(view.state, step, found)) if found else None


def on_wall(state: State, step: Step) -> dict[str, Any]:
    """The choices that divide the room, and how many reasons there are: their words stand where one can read them in peace."""
    found = apart(state, step, reasons.shown)
    parted = [voting.option_words(state, step, line.option) for line in found.parted] if found else []
    return {"parted": parted, "against": len(found.reasons) if found else 0}


def mine(view: View, step: Step, me: Person, round_: Round | None, name: str) -> Slot | None:
    """Why one is against, while one can say so: nothing where one is not, and nothing is asked."""
    given = round_.ballots.get(me.id) if round_ else None
    if round_ is None or given is None or not reasons.may_say(round_, given.marks.get(name, 0)):
        return None
    known = of_person(round_, me.id).get(name)
    args = {"step": step.id, "about": name, "text": known.text if known else ""}
    return Slot(f"why-{name}", "", "phone/my-reason.html", args)
