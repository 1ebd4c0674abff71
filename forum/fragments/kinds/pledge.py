"""Pledges on every surface: commitments in public, by the action they are for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from forum.domain.consents.part import standing
from forum.domain.consents.texts import ADDRESS, NAME_READ, TEXTS
from forum.domain.kernel import N_, ActionId, CommitmentId
from forum.domain.person import Person
from forum.domain.plan.numbers import Placed, all_coded, placed
from forum.domain.state import State, Step
from forum.domain.steps import pledge
from forum.domain.steps.commitments import OUTSIDE, READ_BY, Commitment
from forum.domain.touch import Touch
from forum.fragments.kinds import planning
from forum.fragments.kinds.face import PhoneFace, ScreenFace, merged
from forum.fragments.kinds.planning import all_actions
from forum.fragments.surface import Slot, View, order
from forum.language import zones

CHOICE: Final = {
    "read_by": READ_BY, "agreed": NAME_READ, "agreed_words": TEXTS[NAME_READ],
}  # fmt: skip
"""What stands where one chooses who reads one's name (E3), in a form before it is sent."""


def _live(state: State, name: str) -> Commitment | None:
    found = state.commitments.by_id.get(CommitmentId(name))
    return None if found is None or found.withdrawn else found


# The phone


def _act(view: View, step: Step, name: str) -> Slot:
    first = zones.day(step.resumed_at or step.opened_at, view.state.zone)
    days = {"first": first, "last": first + timedelta(days=pledge.WITHIN_DAYS)}
    args = CHOICE | {"step": step} | {name: day.isoformat() for name, day in days.items()}
    return Slot("root", "30", "phone/pledge.html", args)


def _choose(view: View, step: Step, name: str) -> Slot | None:
    action = view.state.plan.actions.get(ActionId(name))
    where = placed(view.state, action) if action else None
    if step.phase != "open" or where is None:
        return None
    args = {"action": action, "number": where.code}
    return Slot("actions-to-choose", _in_order(where), "phone/choose.html", args)


def _in_order(where: Placed) -> str:
    return f"{where.axis:03}.{where.rank:06}"


def _wall(view: View, step: Step, name: str) -> Slot | None:
    """The commitments for one action, or (``whole``) for the whole."""
    if not any((c.action or "whole") == name for c in pledge.live_commitments(view.state)):
        return None
    if name == "whole":
        args: dict[str, Any] = {"place": "wall-in-whole", "action": None, "number": ""}
        args["headed"] = step.settings.closes  # the closing says above them that they are for the whole plan
        return Slot("wall", "0", "phone/wall.html", args)
    action = view.state.plan.actions.get(ActionId(name))
    if action is None:
        return None
    where = placed(view.state, action)
    args = {"place": f"wall-in-{name}", "action": action, "number": where.code if where else ""}
    return Slot("wall", f"1.{_in_order(where)}" if where else f"2.{name}", "phone/wall.html", args)


def _commitment(view: View, step: Step, name: str) -> Slot | None:
    found = _live(view.state, name)
    if found is None:
        return None
    place = f"wall-in-{found.action or 'whole'}"
    number = view.state.commitments.order.index(found.id)
    return Slot(place, order(number), "phone/commitment.html", {"commitment": found})


def _keys(view: View, step: Step) -> Iterator[str]:
    made = pledge.live_commitments(view.state)
    yield from (f"choose-{action.id}" for action in all_actions(view.state))
    yield "wall-whole"
    yield from (f"wall-{a}" for a in dict.fromkeys(c.action for c in made if c.action))
    yield from (f"commitment-{c.id}" for c in made)


def _mine(state: State, me: Person) -> list[Commitment]:
    return [c for c in pledge.live_commitments(state) if c.person == me.id]


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    yield from ("my-signature", "my-kept", "my-pledges", "my-address", "my-receipt")


def _my_signature(view: View, step: Step, me: Person, name: str) -> Slot | None:
    if step.phase != "open":
        return None
    return Slot("signature", "", "phone/my-signature.html", {"mine": view.own_name(me.id)})


def _my_kept(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """That the last commitment is kept, where it was sent: the list of them all is out of view there."""
    made = max(_mine(view.state, me), key=lambda c: c.made, default=None)
    if step.phase != "open" or made is None or made.made == 0:
        return None
    return Slot("kept", "", "phone/my-kept.html", {"text": made.text, "due": made.due})


def _my_pledges(view: View, step: Step, me: Person, name: str) -> Slot | None:
    return own_pledges(view, me, can_withdraw=step.phase == "open")


def _for(state: State, made: Commitment) -> tuple[str, str]:
    """The code and the title of the action that something was promised for; "" for the whole plan."""
    action = state.plan.actions.get(made.action) if made.action else None
    where = placed(state, action) if action else None
    return (where.code, where.action.title) if where else ("", "")


def own_pledges(view: View, me: Person, *, can_withdraw: bool) -> Slot | None:
    """The commitments of one person with the action that each is for, to read, or to withdraw too. Cost: theirs."""
    state = view.state
    mine = tuple(
        (c.id, c.text, c.due, READ_BY[pledge.readers(state, c)], *_for(state, c)) for c in _mine(state, me)
    )
    args = {"mine": mine, "open": can_withdraw}
    return Slot("mine", "10", "phone/my-pledges.html", args) if mine else None


def _my_address(view: View, step: Step, me: Person, name: str) -> Slot | None:
    return own_address(view, me)


def own_address(view: View, me: Person) -> Slot | None:
    """Where to send the plan and reminders: asked of those who committed (E4). Which address it is, no fragment knows."""
    if not _mine(view.state, me):
        return None
    left = standing(view.state, me.id, "reminders") is not None
    args = {"left": left, "agreed": ADDRESS, "agreed_words": TEXTS[ADDRESS]}
    return Slot("mine", "50", "phone/my-address.html", args)


def _my_receipt(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Under which number the journal has what this person saved last in this step."""
    last = max((c.made for c in _mine(view.state, me)), default=0)
    return Slot("mine", "95", "phone/my-receipt.html", {"sent": 0, "last": last}) if last else None


PHONE = PhoneFace(
    keys=_keys,
    slots={"act": _act, "choose": _choose, "wall": _wall, "commitment": _commitment},
    affects={
        Touch.PLAN: lambda _: ("wall-whole",),
        "action": lambda action: (f"wall-{action}", f"choose-{action}"),
        "commitment": lambda commitment: (f"commitment-{commitment}",),
    },
    my_keys=_my_keys,
    my_slots={
        "signature": _my_signature,
        "kept": _my_kept,
        "pledges": _my_pledges,
        "address": _my_address,
        "receipt": _my_receipt,
    },
    my_affects={
        Touch.CONSENT: lambda _: ("my-pledges", "my-address"),
        "commitment": lambda _: ("my-kept", "my-pledges", "my-address", "my-receipt"),
    },
)


# The wall


def _stage(view: View, step: Step, name: str) -> Slot:
    made = len(pledge.live_commitments(view.state))
    return Slot("root", "30", "screen/pledge.html", {"step": step, "made": made})


def _commitment_on_screen(view: View, step: Step, name: str) -> Slot | None:
    found = _live(view.state, name)
    if found is None:
        return None
    number = view.state.commitments.order.index(found.id)
    action = view.state.plan.actions.get(found.action) if found.action else None
    args = {"commitment": found, "about": action and placed(view.state, action), "beside": False}
    return Slot("commitments", order(number), "screen/commitment.html", args)


def _screen_keys(view: View, step: Step) -> Iterator[str]:
    yield from (f"commitment-{c.id}" for c in pledge.live_commitments(view.state))


def _tally(view: View, step: Step) -> tuple[str, dict[str, Any]]:
    return "screen/tally-pledge.html", {"number": len(pledge.live_commitments(view.state))}


SCREEN = ScreenFace(
    keys=_screen_keys,
    slots={"stage": _stage, "commitment": _commitment_on_screen},
    affects={
        Touch.PLAN: lambda _: ("stage", "tally"),
        "commitment": lambda commitment: (f"commitment-{commitment}",),
    },
    things=lambda view, step: len(pledge.live_commitments(view.state)),
    tally=_tally,
)


# The desk


def _assist(view: View, step: Step, name: str) -> Slot | None:
    """Commitments of people without a phone."""
    if step.phase != "open" or not view.helped:
        return None
    args = CHOICE | {
        "step": step,
        "helped": view.helped,
        "actions": [(one.code, one.action) for one in all_coded(view.state)],
    }
    return Slot("centre", "40", "desk/assist-pledge.html", args)


def _addressing(view: View, step: Step, name: str) -> Slot | None:
    """An address for somebody without a phone who committed (E4)."""
    committed = {c.person for c in pledge.live_commitments(view.state)}
    whose = [who for who in view.helped if who.id in committed]
    args = {"whose": whose, "agreed": ADDRESS, "agreed_words": TEXTS[ADDRESS]}
    return Slot("centre", "41", "desk/addressing.html", args) if whose else None


def _desk_keys(view: View, step: Step) -> Iterator[str]:
    yield from planning.DESK.keys(view, step)
    yield "addressing"


def _awaits(state: State, step: Step) -> str:
    return "" if pledge.live_commitments(state) else N_("Nobody has committed yet.")


def _named(state: State) -> dict[str, int]:
    """At how many commitments those outside the room read the name. Cost: the commitments."""
    return {readers: pledge.how_named(state, readers)[0] for readers in OUTSIDE}


ASSISTS: Final = ("assist", "addressing")
DESK = planning.DESK._replace(
    awaits=_awaits,
    keys=_desk_keys,
    slots={**planning.DESK.slots, "assist": _assist, "addressing": _addressing},
    affects=merged(
        planning.DESK_AFFECTS,
        {word: lambda _: ASSISTS for word in (Touch.COUNT, Touch.THEMES, Touch.PLAN, Touch.PEOPLE)},
        {Touch.CONSENT: lambda _: ("counts",)},
    ),
    counts=lambda view, step: planning.DESK.counts(view, step) | {"named": _named(view.state)},
    counted_in="desk/counts-pledge.html",
    enters=True,
    gave=lambda view, step, person: sum(c.person == person.id for c in pledge.live_commitments(view.state)),
    gave_in="desk/gave-pledge.html",
)
