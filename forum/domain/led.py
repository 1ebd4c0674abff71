"""What led in a history that is gone: the desk is shown it, and presses for each or leaves it. Nothing leads by itself (O10).

``LedBefore`` is what somebody who leads had done, told when their command comes again; it is not done. ``DoAgain`` is the
press, judged as asked now.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from forum.domain.again import STRUCK, Lookup, as_kept
from forum.domain.gone import Led
from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Part,
    Quiet,
    Record,
    Rejection,
)
from forum.domain.limits import Number
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "O10": N_(
        "After a loss nothing that leads is done again by itself: the desk is shown what had been done, and asks for a press for each."
    ),
}
REFUSALS = {
    "no_led": N_("This is no longer on the list. Look at the page again."),
    "led_unknown": N_(
        "This can no longer be done from the list. Do it where it is usually done, then leave it out here."
    ),
}
MOST_LED: Final = 60  # that the desk is asked about
FOR_ONCE: Final = frozenset({"knowing"})  # what was said of a state that is gone: it is to be said anew

WHAT: Final[Mapping[str, str]] = {
    "OpenStep": N_("had opened a step"),
    "FreezeStep": N_("had frozen a step"),
    "ReopenStep": N_("had reopened a step"),
    "RevealStep": N_("had revealed a step"),
    "CloseStep": N_("had closed a step"),
    "SkipStep": N_("had left out a step"),
    "InsertStep": N_("had put in a step"),
    "InsertRounds": N_("had put in a vote in two rounds"),
    "KeepChoices": N_("had kept the first choices of a vote"),
    "RemoveStep": N_("had removed a step"),
    "MoveStep": N_("had moved a step"),
    "EditStep": N_("had edited a step"),
    "EditForum": N_("had edited the title, the question, the year or the time zone"),
    "PlanSession": N_("had planned a session"),
    "EditSession": N_("had edited a session"),
    "ExpectPeople": N_("had said how many people are expected"),
    "BeginSession": N_("had begun a session"),
    "EndSession": N_("had ended a session"),
    "ReopenSession": N_("had reopened a session"),
    "RemoveSession": N_("had removed a session"),
    "SetTimer": N_("had started the timer"),
    "ExtendTimer": N_("had given more time"),
    "ShortenTimer": N_("had given less time"),
    "StopTimer": N_("had stopped the timer"),
    "ApprovePerson": N_("had let somebody in"),
    "RemovePerson": N_("had removed somebody"),
    "SetEntry": N_("had changed who may come in"),
    "SetCategory": N_("had noted somebody’s category"),
    "RevokeKey": N_("had taken a link back"),
    "ReturnVoice": N_("had taken a voice back from a phone"),
    "HideIdea": N_("had hidden a card"),
    "RestoreIdea": N_("had restored a card"),
    "HideReason": N_("had hidden a reason"),
    "RestoreReason": N_("had restored a reason"),
    "SplitTheme": N_("had split a theme"),
    "RemoveTheme": N_("had taken a theme apart"),
    "MakeThemesFromCards": N_("had made themes of cards in no theme"),
    "MakeAxis": N_("had made an axis"),
    "MakeAxesFromThemes": N_("had made axes from themes"),
    "EditAxis": N_("had renamed an axis"),
    "MoveAxis": N_("had moved an axis"),
    "RemoveAxis": N_("had removed an axis"),
    "RemoveAction": N_("had removed an action"),
    "ChoosePilot": N_("had named a pilot"),
    "WordProposal": N_("had worded a proposal"),
    "LeadProposal": N_("had led a proposal on"),
    "AskObjections": N_("had asked for objections"),
    "EndObjections": N_("had ended the question for objections"),
    "MeetObjection": N_("had said how an objection was met"),
    "DecideProposal": N_("had decided on a proposal"),
    "HideRemark": N_("had hidden what was said to a proposal"),
    "RestoreRemark": N_("had restored what was said to a proposal"),
    "SetKeepUntil": N_("had chosen until when the forum is kept"),
    "SetTerms": N_("had chosen how long ballots and words are kept"),
}
"""What the desk is shown of what had been done. What leads and is not here (turning pages) is forgotten."""


class DoAgain(Command, frozen=True):
    """Do now what had been done before the loss."""

    led: Number  # the fact that tells of it
    knowing: bool = False  # of few ballots: this press was told what they can give away (V10)


class LeaveLed(Command, frozen=True):
    """Leave it: it is not to be done again."""

    led: Number


class LedBefore(Fact, frozen=True):
    """Somebody who leads had done this, in a history that is gone. It is not done."""

    kind: str
    body: dict[str, Any]
    was: int = 0  # its number there


class LedAnswered(Fact, frozen=True):
    """The desk has pressed for it, or left it."""

    led: int


def only_shown(state: State, command: Command, asked: Asked) -> Facts:
    """What comes of a command that leads and was not pressed for in this history: the desk is shown it (O10)."""
    kind = type(command).__name__
    if kind not in WHAT:
        return ()
    was = asked.was.seq if asked.was else 0
    body = {name: value for name, value in msgspec.to_builtins(command).items() if name not in FOR_ONCE}
    return (LedBefore(kind, body, was),)


def listed(state: State) -> tuple[Led, ...]:
    """What the desk is asked about, in the order in which it had been done."""
    return tuple(sorted(state.gone.led, key=lambda one: (one.was or one.seq, one.seq)))


def do_again(
    state: State, command: DoAgain, judge: Callable[[Command], Facts | Rejection], lookup: Lookup
) -> Facts | Rejection:
    """Judge what had been done as asked now, by whoever presses."""
    found = next((one for one in state.gone.led if one.seq == command.led), None)
    if found is None:
        return Rejection("O10", "no_led")
    what = as_kept(found.kind, found.body, lookup)
    if what is None:
        return Rejection("O10", "led_unknown")
    if command.knowing:
        what = change(what, **dict.fromkeys(FOR_ONCE.intersection(what.__struct_fields__), True))
    verdict = judge(what)
    if isinstance(verdict, Rejection) and verdict.code != "already_so":
        return verdict
    return (*(() if isinstance(verdict, Rejection) else verdict), LedAnswered(found.seq))


def leave_led(state: State, command: LeaveLed, asked: Asked) -> Facts | Rejection:
    if not any(one.seq == command.led for one in state.gone.led):
        return Rejection("O10", "no_led")
    return (LedAnswered(command.led),)


def _led_before(state: State, fact: LedBefore, record: Record) -> State:
    if STRUCK in fact.body:  # it quoted what was erased
        return change(state, touched=frozenset())
    entry = Led(state.seq, fact.kind, fact.body, record.by, fact.was)
    losses = state.gone.losses
    if losses:
        losses = (*losses[:-1], change(losses[-1], led_back=losses[-1].led_back + 1))
    return change(
        state,
        gone=change(state.gone, led=(*state.gone.led, entry)[-MOST_LED:], losses=losses),
        touched=frozenset({Touch.LOSS}),
    )


def _led_answered(state: State, fact: LedAnswered, record: Record) -> State:
    left = tuple(one for one in state.gone.led if one.seq != fact.led)
    return change(state, gone=change(state.gone, led=left), touched=frozenset({Touch.LOSS}))


PART = Part(
    judges={LeaveLed: leave_led},
    folds={LedBefore: _led_before, LedAnswered: _led_answered},
    rules=RULES,
    refusals=REFUSALS,
    sees={
        DoAgain: Absolute("what it does again is judged by what whoever presses now has seen of that"),
        LeaveLed: Absolute("names one line of the list, which never becomes another"),
    },
    aloud=dict.fromkeys((LedBefore, LedAnswered), Quiet("told with the loss")),
)
