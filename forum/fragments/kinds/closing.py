"""The closing on every surface: the plan once more, the next meeting, thanks with the day's numbers, the commitments.

It draws what others made, by their own faces: on phones nothing of it can be changed any more, on the wall it stands page
after page. No kind of its own: a show that ``closes``. What stands while the forum rests (``thanks``) is drawn alike.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from forum.domain.kernel import ActionId
from forum.domain.person import Person
from forum.domain.plan.numbers import Goal, Placed, all_coded, coded, goals, placed
from forum.domain.plan.reading import live_axes, part_in
from forum.domain.plan.record import Action, Axis
from forum.domain.sessions import reading
from forum.domain.state import State, Step
from forum.domain.steps import pledge as pledges
from forum.domain.steps.commitments import Commitment
from forum.domain.touch import Touch
from forum.fragments.kinds import actions, pledge
from forum.fragments.kinds.face import Draw, DrawMine, PhoneFace, ScreenFace, merged
from forum.fragments.kinds.planning import all_actions
from forum.fragments.surface import Affects, Slot, View

# The phone: to read, and to take home


def _act(view: View, step: Step, name: str) -> Slot:
    return Slot("root", "30", "phone/closing.html", {"axes": len(live_axes(view.state))})


def _next(view: View, step: Step, name: str) -> Slot | None:
    coming = reading.next_plan(view.state)
    return Slot("next-place", "", "phone/next.html", {"coming": coming}) if coming else None


def take_home(view: View) -> Slot:
    """The way to the plan and to all that is one's own, at the foot of the phone."""
    return Slot("bar", "50", "phone/take-home.html")


def _to_read(draw: Draw) -> Draw:
    def drawn(view: View, step: Step, name: str) -> Slot | None:
        slot = draw(view, step, name)
        return slot and slot._replace(args=slot.args | {"open": False})

    return drawn


def gist(view: View) -> Slot:
    """What was decided, by whom and until when, and who committed to it, while the forum rests: for the room, which reads
    all names (E3). Cost: the plan.
    """
    plan = aimed(view.state)
    there = {one.action.id for _, parts in plan for _, lines in parts for one in lines}
    promised: dict[str, list[Commitment]] = {}
    for made in pledges.live_commitments(view.state):
        promised.setdefault(made.action if made.action in there else "", []).append(made)
    return Slot("root", "30", "phone/gist.html", {"plan": plan, "promised": promised})


def aimed(state: State) -> list[tuple[Axis, list[tuple[Goal | None, list[Placed]]]]]:
    """The plan, its actions below the objectives that they serve; below None those that serve none. Cost: the plan."""
    made = goals(state)
    return [
        (axis, _aimed(coded(state, axis.id), [g for g in made if g.axis == axis.id]))
        for axis in live_axes(state)
    ]


def _aimed(lines: Iterable[Placed], made: Iterable[Goal]) -> list[tuple[Goal | None, list[Placed]]]:
    under: dict[tuple[int, int], list[Placed]] = {}
    for one in lines:
        under.setdefault(one.under, []).append(one)
    served = [(goal, under.pop(goal.under, [])) for goal in made]
    return [*served, *((None, loose) for loose in under.values())]


def decided(state: State) -> list[tuple[Axis, list[tuple[str, Action]]]]:
    """The plan, each action with its code. Cost: the plan."""
    return [(axis, [(one.code, one.action) for one in coded(state, axis.id)]) for axis in live_axes(state)]


def own_pledges(view: View, me: Person) -> Slot | None:
    """What somebody promised, to read."""
    return pledge.own_pledges(view, me, can_withdraw=False)


def own_actions(view: View, me: Person) -> Slot | None:
    """The actions in which somebody is something, beside their commitments. Cost: the plan."""
    there = ((one.code, one.action) for one in all_coded(view.state))
    mine = tuple((code, a.title, a.due, part) for code, a in there if (part := part_in(a, me.id)))
    return Slot("mine", "20", "phone/my-actions.html", {"mine": mine}) if mine else None


OWN: Final[Mapping[str, Callable[[View, Person], Slot | None]]] = {
    "my-pledges": own_pledges,
    "my-actions": own_actions,
    "my-address": pledge.own_address,
}
"""What somebody finds of their own on their phone while the forum rests."""
OWN_AT_REST: Affects = {
    Touch.CONSENT: lambda _: ("my-pledges", "my-address"),
    "action": lambda _: ("my-actions",),
    "commitment": lambda _: ("my-pledges", "my-address"),
}
AT_REST: Affects = {
    word: lambda _: ("gist",) for word in (Touch.PLAN, "axis", "action", "commitment", "sheet")
}
AT_DESK: Affects = {
    **{word: lambda _: ("tonight", "decided") for word in (Touch.PLAN, "axis")},
    Touch.BEGUN: lambda _: ("names",),
    "action": lambda action: ("tonight", f"action-{action}"),
    **{word: lambda _: ("tonight",) for word in (Touch.CONSENT, "commitment")},
}


def _wall(view: View, step: Step, name: str) -> Slot | None:
    """What was promised for the whole; what was promised for an action stands with it."""
    action = view.state.plan.actions.get(ActionId(name))
    if action and placed(view.state, action):
        return None
    return pledge.PHONE.slots["wall"](view, step, name)


def _with_commitments(view: View, step: Step, name: str) -> Slot | None:
    slot = _to_read(actions.PHONE.slots["action"])(view, step, name)
    return slot and slot._replace(args=slot.args | {"beside": True})


def _mine_to_read(draw: DrawMine) -> DrawMine:
    def drawn(view: View, step: Step, me: Person, name: str) -> Slot | None:
        slot = draw(view, step, me, name)
        return slot and slot._replace(args=slot.args | {"open": False})

    return drawn


def _keys(view: View, step: Step) -> Iterator[str]:
    yield "next"
    yield from actions.PHONE.keys(view, step)
    yield from (key for key in pledge.PHONE.keys(view, step) if not key.startswith("choose-"))


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    yield from actions.PHONE.my_keys(view, step, me)
    yield from ("my-pledges", "my-actions", "my-address")


PHONE = PhoneFace(
    keys=_keys,
    slots={
        "act": _act,
        "next": _next,
        "home": lambda view, step, name: take_home(view),
        "axis": _to_read(actions.PHONE.slots["axis"]),
        "goal": actions.PHONE.slots["goal"],
        "loose": actions.PHONE.slots["loose"],
        "action": _with_commitments,
        "wall": _wall,
        "commitment": pledge.PHONE.slots["commitment"],
    },
    affects=merged(
        actions.PHONE.affects,
        pledge.PHONE.affects,
        {Touch.SESSIONS: lambda _: ("next",), Touch.PLAN: lambda _: ("act",)},
    ),
    my_keys=_my_keys,
    my_slots={
        "part": _mine_to_read(actions.PHONE.my_slots["part"]),
        "pledges": lambda view, step, me, name: own_pledges(view, me),
        "actions": lambda view, step, me, name: own_actions(view, me),
        "address": pledge.PHONE.my_slots["address"],
    },
    my_affects=merged(
        actions.PHONE.my_affects, pledge.PHONE.my_affects, {"action": lambda _: ("my-actions",)}
    ),
)


# The wall

DECIDED: Final = frozenset({*actions.SCREEN.slots, *pledge.SCREEN.slots})


class Numbers(NamedTuple):
    """What the room has made, in numbers: of the whole forum, up to now."""

    cards: int
    themes: int
    actions: int
    commitments: int


def numbers(state: State) -> Numbers:
    """Cost: what was made."""
    return Numbers(
        cards=sum(state.ideas.active.values()),
        themes=sum(not theme.removed for theme in state.themes.by_id.values()),
        actions=sum(1 for _ in all_actions(state)),
        commitments=len(pledges.live_commitments(state)),
    )


def thanks(view: View) -> Slot:
    """Thanks, with the day's numbers."""
    args = {
        "numbers": numbers(view.state),
        "goes_on": reading.goes_on(view.state),
        "rests": reading.rests(view.state),
        "held": reading.last_held(view.state) is not None or not reading.rests(view.state),
    }
    return Slot("root", "30", "screen/thanks.html", args)


def next_meeting(view: View) -> Slot | None:
    """When and where the room meets again, on the wall."""
    coming = reading.next_plan(view.state)
    return Slot("next-place", "", "screen/next.html", {"coming": coming}) if coming else None


def took_part(view: View) -> Slot:
    """How many came, among the numbers."""
    return Slot("took-part", "", "screen/took-part.html", {"people": view.state.people.voices})


def _commitment(view: View, step: Step, name: str) -> Slot | None:
    """The action it is for stands on the left, so that its code will do."""
    slot = pledge.SCREEN.slots["commitment"](view, step, name)
    return slot and slot._replace(args=slot.args | {"beside": True})


def _stage(view: View, step: Step, name: str) -> Slot:
    """Page after page: the plan, thanks, the commitments; each where there is something."""
    made = len(pledges.live_commitments(view.state))
    args = thanks(view).args | {"step": step, "axes": len(live_axes(view.state)), "made": made}
    return Slot("root", "30", "screen/closing.html", args)


def _screen_keys(view: View, step: Step) -> Iterator[str]:
    yield "next"
    yield from _decided_keys(view, step)


def _decided_keys(view: View, step: Step) -> Iterator[str]:
    yield from actions.SCREEN.keys(view, step)
    yield from pledge.SCREEN.keys(view, step)


def _last(state: State) -> Step | None:
    """The step with which the session ended that was held last; None while one goes on, and before the first."""
    held = reading.last_held(state) if reading.rests(state) else None
    return next(reversed(reading.steps_of(state, held.id)), None) if held else None


def keys_at_rest(view: View) -> Iterator[str]:
    """The keys of what was decided, on the wall of a forum that rests."""
    last = _last(view.state)
    if last:
        yield from _decided_keys(view, last)


def at_rest(view: View, key: str) -> Slot | None:
    """What was decided stays on the wall while the forum rests, page after page with thanks: see ``keys_at_rest``."""
    word, _, name = key.partition("-")
    last = _last(view.state)
    if word == "stage":
        there = last and (live_axes(view.state) or pledges.live_commitments(view.state))
        return _stage(view, last, "") if last and there else thanks(view)
    draw = SCREEN.slots.get(word) if word in DECIDED else None
    return draw(view, last, name) if last and draw else None


SCREEN = ScreenFace(
    keys=_screen_keys,
    slots={
        **actions.SCREEN.slots,
        **pledge.SCREEN.slots,
        "stage": _stage,
        "commitment": _commitment,
        "next": lambda view, step, name: next_meeting(view),
    },
    affects=merged(
        actions.SCREEN.affects,
        pledge.SCREEN.affects,
        {Touch.SESSIONS: lambda _: ("next",)},
        {word: lambda _: ("stage",) for word in (Touch.COUNT, Touch.THEMES)},
    ),
    things=lambda view, step: 1 + actions.SCREEN.things(view, step) + pledge.SCREEN.things(view, step),
    crowd=lambda view, step: took_part(view),
)
