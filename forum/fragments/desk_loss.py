"""What the desk is told after a loss of the store: what came back, what is missing, and what had been done after the
copy was made.
"""

from typing import NamedTuple

from forum.domain import again, loss
from forum.domain.gone import Led
from forum.domain.kernel import PersonId, StepId, Words
from forum.domain.led import WHAT, listed
from forum.domain.state import State, Step
from forum.domain.steps import voting
from forum.domain.steps.voting import Few
from forum.fragments.surface import Slot, View

ENDS_A_VOTE = {"CloseStep": "close", "RevealStep": "result"}  # what is asked about, where something lacks
SHOWS_NONE = 1  # no fact of a list has this number: what comes to be listed later stays


class Line(NamedTuple):
    """One line of what had been done: about it, and what is to be said before it is done again."""

    fact: int
    by: PersonId
    what: str
    about: Words | None
    word: str  # "close" or "result" where it is about the vote of this moment, else ""
    few: Few | None  # the ballots are few, and the desk decides (V10)
    out: int  # contributions to this vote that are lost and not back


def slot(view: View, now: Step | None, name: str) -> Slot | None:
    """What the store lost, until it is confirmed that this was read; and again when a desk comes that had gone on."""
    state = view.state
    losses = loss.unread(state) or (state.gone.losses[-1:] if state.gone.led else ())
    if not losses:
        return None
    counts = [loss.count(state, one) for one in losses]
    args = {
        "losses": list(zip(losses, counts, strict=True)),
        "led": [_line(state, now, one) for one in listed(state)],
        "led_out": any(one.led > one.led_back for one in losses),
        "upto": max((one.seq for one in state.gone.led), default=SHOWS_NONE),
        "read": max(one.seq for one in losses),
        "ask_phones": any(count.missing is None or count.missing > count.refused for count in counts),
    }
    return Slot("centre", "05", "desk/loss.html", args)


def _line(state: State, now: Step | None, led: Led) -> Line:
    word, few, out = "", None, 0
    if now is not None and now.settings.counted and led.body.get("step") == now.id:
        word = ENDS_A_VOTE.get(led.kind, "")
        out = again.votes_out(state, StepId(now.id)) if word else 0
        held = voting.few(state, now) if word == "result" and now.phase == "closed" else None
        few = held if held and not held.promised else None
    return Line(led.seq, led.by, WHAT[led.kind], _about(state, led), word, few, out)


def _about(state: State, led: Led) -> Words | None:
    """The title of the step that a gesture was about, or the title it gave; never a card's words."""
    step, title = state.step(led.body.get("step")), led.body.get("title")
    if step is not None:
        return step.title
    return Words(title, title) if isinstance(title, str) and title else None
