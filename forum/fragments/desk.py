"""The desk: the facilitator's console. What is happening now is large; everything else is near but quiet.

Every facilitator of a forum sees the same page. What stands around the stage is here, the stage, what the room
is working on, in ``desk_stage``.
Never names a card before its board is shown (B2), nor a point or who has voted before the reveal (V5).
"""

from collections.abc import Callable, Iterator
from typing import Any

from forum.domain import plan, undo
from forum.domain.kernel import Fact, IdeaId, PersonId
from forum.domain.roles import VOICE, Role
from forum.domain.state import Action, BallotSettings, Deed, Person, State, Step, Touch
from forum.domain.steps import board, pledge, sort
from forum.fragments import desk_lead, desk_stage
from forum.fragments.desk_stage import SCREEN_PAGE
from forum.fragments.phone_own import option_text, seen
from forum.fragments.surface import Affects, Slot, View, order

__all__ = ["AFFECTS", "keys", "my_keys", "my_slot", "slot"]

ROSTER = 60  # people listed by name; the others are counted
WAITING = 20  # people listed who ask to come in
DEEDS = 8  # gestures listed
MINUTE_MS = 60_000
PRESETS = (180, 300, 600)  # seconds
TIMES = (60, 120, 240, 360, 480, 720, 900, 1200, 1500, 1800, 2700, 3600, 5400, 7200)  # seconds
KINDS = ("show", "board", "sort", "ballot", "sheet", "pledge")
ACCESS = (Role.SCREEN, Role.FACILITATOR, Role.STAFF)  # roles that have a link of their own

AFFECTS: Affects = {
    Touch.STEP: lambda _: ("head", "now"),
    Touch.AGENDA: lambda _: ("head", "agenda", "now"),
    Touch.TIMER: lambda _: ("timer",),
    Touch.COUNT: lambda _: ("counts", "paging", *desk_stage.BY_COUNT),
    Touch.DONE: lambda _: ("counts",),
    Touch.PEOPLE: lambda _: ("assist", "deeds", "people", "links", "names"),
    "you": lambda person: (f"person-{person}",),
    Touch.THEMES: lambda _: ("counts", "assist", *desk_stage.BY_THEMES),
    Touch.PLAN: lambda _: ("counts", "assist", *desk_stage.BY_PLAN),
    **desk_stage.AFFECTS,
    Touch.DEEDS: lambda _: ("deeds",),
}


def keys(view: View) -> Iterator[str]:
    """The keys of every fragment that may be shown now, parents before children."""
    yield from ("head", "agenda", "centre", "now", "timer", "counts", "paging", "assist")
    yield from desk_stage.keys(view.state)
    yield from ("side", "deeds", "crowd", "people")
    yield from (f"person-{p.id}" for p in view.state.people.values() if _on_roster(p))
    yield from ("links", "exports")


def slot(view: View, lang: str, key: str) -> Slot | None:
    """Where and how a fragment stands now; None when it is not shown."""
    word, _, name = key.partition("-")
    draw = _AROUND.get(word) or desk_stage.SLOTS.get(word)
    return draw(view, view.state.now, name) if draw else None


def my_keys(view: View, person: PersonId) -> Iterator[str]:
    """Nothing: all facilitators see the same desk."""
    return iter(())


def my_slot(view: View, lang: str, person: PersonId, key: str) -> Slot | None:
    """Nothing is a facilitator's own."""
    return None


# The agenda, what is happening now, the time


def _head(view: View, now: Step | None, name: str) -> Slot:
    return Slot("root", "00", "desk/head.html")


def _agenda(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    planned = sum(s.minutes for s in state.steps if s.phase != "skipped")
    args = {
        "lines": desk_lead.agenda_lines(state),
        "planned": planned,
        "kinds": KINDS,
        "room": desk_lead.may_insert(state),
    }
    return Slot("root", "10", "desk/agenda.html", args)


def _centre(view: View, now: Step | None, name: str) -> Slot:
    return Slot("root", "20", "desk/centre.html", {"kind": now.kind if now else "none"})


def _now(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    args = {
        "step": now,
        "number": state.steps.index(now) + 1 if now else 0,
        "main": desk_lead.main_gesture(state),
        "quiet": desk_lead.quiet_gestures(state),
        "aside": desk_lead.step_aside(state),
        "shown": now is not None and board.shows(now),
        "round": state.round_of(now.id) if now else None,
        "planned_end": now.resumed_at + now.minutes * MINUTE_MS if now and now.resumed_at else 0,
    }
    return Slot("centre", "10", "desk/now.html", args)


def _timer(view: View, now: Step | None, name: str) -> Slot | None:
    if now is None:
        return None
    planned = now.minutes * 60
    presets = tuple(dict.fromkeys((*PRESETS, planned))) if planned in TIMES else PRESETS
    args = {"timer": view.state.timer, "presets": sorted(presets), "planned": planned, "times": TIMES}
    return Slot("centre", "20", "desk/timer.html", args)


def _counts(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    voices = state.voices
    args: dict[str, Any] = {"kind": now.kind if now else "show", "voices": voices, "step": now}
    if now is not None:
        args["done"] = min(state.done.get(now.id, 0), voices)
        args |= _COUNTED.get(now.kind, lambda *_: {})(state, now)
    return Slot("centre", "30", "desk/counts.html", args)


def _cards(state: State, step: Step) -> dict[str, Any]:
    return {"cards": state.idea_counts.get(step.id, 0)}


def _sorted(state: State, step: Step) -> dict[str, Any]:
    cards = [i for i in sort.sorted_ideas(state, step) if seen(state, i)]
    themes = sum(not state.themes[t].removed for t in state.theme_order)
    return {"cards": len(cards), "sorted": sum(i.theme is not None for i in cards), "themes": themes}


def _turnout(state: State, step: Step) -> dict[str, Any]:
    round_ = state.round_of(step.id)
    return {"voters": len(round_.ballots) if round_ else 0}


def _planned(state: State, step: Step) -> dict[str, Any]:
    axes = plan.live_axes(state)
    actions = [a for x in axes for a in plan.live_actions(state, x.id)]
    return {
        "axes": len(axes),
        "actions": len(actions),
        "without_pilot": sum(not a.pilot for a in actions),
        "pledges": len(pledge.live_commitments(state)),
    }


_COUNTED: dict[str, Callable[[State, Step], dict[str, Any]]] = {
    "board": _cards,
    "sort": _sorted,
    "ballot": _turnout,
    "sheet": _planned,
    "pledge": _planned,
}


def _paging(view: View, now: Step | None, name: str) -> Slot | None:
    """The screen shows long boards page by page; the desk turns."""
    state = view.state
    if now is None or not board.shows(now):
        return None
    pages = -(-state.idea_counts.get(now.id, 0) // SCREEN_PAGE)
    if pages < 2:
        return None
    return Slot("centre", "35", "desk/paging.html", {"page": min(state.page, pages - 1), "pages": pages})


# Entering for people without a phone


def _assist(view: View, now: Step | None, name: str) -> Slot | None:
    state = view.state
    if now is None or now.phase != "open" or now.kind not in ("board", "ballot", "pledge"):
        return None
    helped = sorted((p for p in state.people.values() if p.assisted and p.state == "in"), key=_arrival)
    if not helped and now.kind != "board":
        return None
    args = {"step": now, "helped": helped, "options": [], "cap": 0, "actions": []}
    if isinstance(now.settings, BallotSettings):
        round_ = state.round_of(now.id)
        assert round_ is not None, f"expected an open ballot to have a round, got none for {now.id}"
        args |= {"options": [(o, option_text(state, now, o)) for o in round_.options], "cap": round_.cap}
    if now.kind == "pledge":
        args["actions"] = list(_coded_actions(state))
    return Slot("centre", "40", "desk/assist.html", args)


def _coded_actions(state: State) -> Iterator[tuple[str, Action]]:
    for n, axis in enumerate(plan.live_axes(state), 1):
        for m, action in enumerate(plan.live_actions(state, axis.id), 1):
            yield f"{n}.{m}", action


# The side: undo, people, links, exports


def _side(view: View, now: Step | None, name: str) -> Slot:
    return Slot("root", "30", "desk/side.html")


def _deeds(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    latest = [d for d in reversed(state.deeds) if not d.undone][:DEEDS]
    args = {"deeds": [(d, undo.WHAT[d.what], _about(state, d)) for d in latest]}
    return Slot("side", "10", "desk/deeds.html", args)


def _about(state: State, deed: Deed) -> str:
    """What a gesture was about; "" where that is the text of a card nobody may read yet (B2)."""
    cards = [i for fact in deed.inverse if isinstance(fact, Fact) for i in _cards_in(fact)]
    hidden = [i for i in cards if not _board_shown(state, i)]
    return "" if hidden else deed.about


def _cards_in(fact: Fact) -> tuple[IdeaId, ...]:
    if isinstance(fact, sort.IdeasMoved):
        return tuple(m.idea for m in fact.moves)
    return (fact.idea,) if isinstance(fact, board.IdeaHidden | board.IdeaRestored) else ()


def _board_shown(state: State, idea: IdeaId) -> bool:
    step = state.step(state.ideas[idea].step)
    return step is not None and board.shows(step)


def _crowd(view: View, now: Step | None, name: str) -> Slot:
    return Slot("side", "20", "desk/crowd.html")


def _arrival(person: Person) -> int:
    return person.number


def _on_roster(person: Person) -> bool:
    """Those without a phone, because the desk enters for them, and the first to come."""
    return person.role in VOICE and person.state == "in" and (person.assisted or person.number <= ROSTER)


def _people(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    waiting = sorted((p for p in state.people.values() if p.state == "waiting"), key=_arrival)
    args = {
        "waiting": waiting[:WAITING],
        "more_waiting": max(0, len(waiting) - WAITING),
        "helped": sum(p.assisted and p.state == "in" for p in state.people.values()),
        "unlisted": max(0, state.voices - sum(_on_roster(p) for p in state.people.values())),
    }
    return Slot("crowd-head", "", "desk/people.html", args)


def _person(view: View, now: Step | None, name: str) -> Slot | None:
    state = view.state
    person = state.people.get(PersonId(name))
    if person is None or not _on_roster(person):
        return None
    place = f"{0 if person.assisted else 1}{order(person.number)}"
    args = {"who": person, "step": now, "mark": _mark(state, now, person)}
    return Slot("roster", place, "desk/person.html", args)


def _mark(state: State, now: Step | None, person: Person) -> str:
    """What the list says of somebody: done, entered (a vote from the desk), or nothing; never who has voted."""
    if now is None or now.kind == "show":
        return ""
    if now.kind != "ballot":
        return "done" if now.id in person.done else ""
    round_ = state.round_of(now.id)
    return "entered" if round_ and person.assisted and person.id in round_.ballots else ""


def _links(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    used: dict[tuple[Role, str], list[PersonId]] = {}
    for p in state.people.values():
        if p.role in ACCESS and p.state == "in" and p.key and p.key not in state.revoked:
            used.setdefault((p.role, p.key), []).append(p.id)
    by_role = sorted(used.items(), key=lambda u: (ACCESS.index(u[0][0]), u[0][1]))
    links = [(role, key, sorted(people)) for (role, key), people in by_role]
    return Slot("side", "30", "desk/links.html", {"links": links, "roles": ACCESS})


def _exports(view: View, now: Step | None, name: str) -> Slot:
    return Slot("side", "40", "desk/exports.html")


_AROUND: dict[str, Callable[[View, Step | None, str], Slot | None]] = {
    "head": _head,
    "agenda": _agenda,
    "centre": _centre,
    "now": _now,
    "timer": _timer,
    "counts": _counts,
    "paging": _paging,
    "assist": _assist,
    "side": _side,
    "deeds": _deeds,
    "crowd": _crowd,
    "people": _people,
    "person": _person,
    "links": _links,
    "exports": _exports,
}
