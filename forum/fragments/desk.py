"""The desk: the facilitator's console. What is happening now is large; everything else is near but quiet.

Every facilitator of a forum sees the same page. What stands around the stage is here; the stage, what the room is
working on, is said by the current kind's face (``kinds``).
Never names a card before its board is shown (B2), nor a point or who has voted before the reveal (V5).
"""

from collections.abc import Callable, Iterator
from typing import Any

from forum.domain import attendance, inputs, links
from forum.domain.kernel import NOBODY, Millis, PersonId
from forum.domain.people import present
from forum.domain.person import Removal
from forum.domain.roles import VOICE
from forum.domain.sessions import reading
from forum.domain.state import State, Step
from forum.domain.steps import voting
from forum.domain.steps.kinds import KINDS
from forum.domain.touch import Touch
from forum.fragments import (
    desk_before_vote,
    desk_deeds,
    desk_lead,
    desk_loss,
    desk_now,
    desk_ready,
    desk_remaining,
    desk_sessions,
    heard,
    screen,
)
from forum.fragments.kinds import DESK, closing
from forum.fragments.kinds.face import group_in, merged
from forum.fragments.surface import Affects, Slot, View, Window
from forum.language.documents import topics

__all__ = ["AFFECTS", "MY_AFFECTS", "WINDOWS", "group", "keys", "my_keys", "my_slot", "slot"]

ROSTER = 60  # people listed by name; the others are counted
WAITING = 20  # people listed who ask to come in
WHOSE = 8  # people named whose browser was copied, or who write very much
MINUTE_MS = 60_000
MY_AFFECTS: Affects = {}
WINDOWS: dict[str, Window] = {}
AFFECTS: Affects = merged(
    {
        Touch.STEP: lambda _: (
            "head",
            "loss",
            "now",
            "lead",
            "unvoted",
            "alike",
            "ready",
            "timer",
            "say",
            "heard",
        ),
        Touch.AGENDA: lambda _: (
            "head",
            "agenda",
            "loss",
            "now",
            "lead",
            "unvoted",
            "alike",
            "ready",
            "counts",
            "timer",
            "say",
            "sessions",
            "exports",
            "heard",
        ),
        Touch.SESSIONS: lambda _: ("ready", "counts", "sessions", "tonight"),
        Touch.TIMER: lambda _: ("timer",),
        Touch.COUNT: lambda _: ("lead", "unvoted", "alike", "counts", "helped", "paging"),
        Touch.DONE: lambda _: ("counts", "remaining", "helped"),
        Touch.VOTED: lambda _: ("counts", "remaining", "helped"),
        Touch.PEOPLE: lambda _: (
            "loss",
            "now",  # whether as many have voted as are there
            "lead",
            "ready",
            "remaining",
            "helped",
            "deeds",
            "earlier",
            "knocking",
            "people",
            "copies",
            "space",
            "heard",
        ),
        Touch.NEAR: lambda _: ("now", "lead", "ready", "counts", "remaining", "people"),
        Touch.LINKS: lambda _: ("ready", "links"),
        Touch.THEMES: lambda _: ("lead", "unvoted", "alike", "counts", "paging"),
        Touch.SHEETS: lambda _: ("lead", "helped"),
        Touch.PLAN: lambda _: ("lead", "counts", "helped", "paging", "sessions"),
        Touch.DEEDS: lambda _: ("deeds", "earlier"),
        Touch.HEARD: lambda _: ("heard",),
        Touch.HEARD_AT_DESK: lambda _: ("heard",),
        Touch.LOSS: lambda _: ("loss", "now", "lead"),
        Touch.COPIES: lambda _: ("copies",),
        Touch.SPACE: lambda _: ("space",),
        Touch.KEPT: lambda _: ("kept", "tonight"),
    },
    closing.AT_DESK,
    desk_before_vote.AFFECTS,
    *(face.affects for face in DESK.values()),
)


def keys(view: View) -> Iterator[str]:
    """The keys of every fragment that may be shown now, parents before children."""
    yield from (
        "head", "agenda", "centre", "loss", "now", "tonight", "lead", "unvoted", "alike",
        "wall", "ready", "timer", "counts", "say", "remaining", "helped", "paging", "write", "assist",
    )  # fmt: skip
    now = view.state.now
    yield from desk_now.plan_keys(view)
    if now:
        yield from DESK[now.kind].keys(view, now)
    yield from (
        "side",
        "space",
        "copies",
        "deeds",
        "earlier",
        "knocking",
        "room",
        "after",
        "sessions",
        "crowd",
        "people",
        "links",
        "exports",
        "kept",
        "heard",
    )


def slot(view: View, key: str) -> Slot | None:
    """Where and how a fragment stands now; None when it is not shown."""
    word, _, name = key.partition("-")
    now = view.state.now
    of_kind = DESK[now.kind].slots.get(word) if now else None
    if now and of_kind and (found := of_kind(view, now, name)):
        return found
    draw = _ALWAYS.get(word)
    return draw(view, now, name) if draw else None


def my_keys(view: View, person: PersonId) -> Iterator[str]:
    """Nothing: all facilitators see the same desk."""
    return iter(())


def my_slot(view: View, person: PersonId, key: str) -> Slot | None:
    """Nothing is a facilitator's own."""
    return None


def group(view: View, person: PersonId) -> str:
    """In which group somebody is now, "" in none."""
    return group_in(DESK, view.state, person)


# The agenda, what is happening now, the time


def _head(view: View, now: Step | None, name: str) -> Slot:
    return Slot("root", "00", "desk/head.html")


def _agenda(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    agendas = desk_lead.agendas(state)
    args = {
        "agendas": agendas,
        "several": reading.several(state),
        "ends_at": reading.ends(state),
        "numbers": {line.step.id: line.number for agenda in agendas for line in agenda.lines},
        "kinds": tuple(KINDS),
        "sources": inputs.told(state, (s for s in state.steps if s.settings.gives)),
        "offered": desk_lead.offered(),
    }
    return Slot("root", "10", "desk/agenda.html", args)


def _centre(view: View, now: Step | None, name: str) -> Slot:
    face = DESK[now.kind] if now else None
    return Slot("root", "20", "desk/centre.html", {"works": face and face.works, "wide": face and face.wide})


def _copies(view: View, now: Step | None, name: str) -> Slot | None:
    """Browsers that were copied; said for as long as the forum lasts, since it may be about somebody's access."""
    copies = view.state.tabs.copied
    args = {"copies": len(copies), "whose": list(dict.fromkeys(copies))[:WHOSE]}
    return Slot("side", "08", "desk/copies.html", args) if copies else None


def _space(view: View, now: Step | None, name: str) -> Slot | None:
    """How much room is left, once there is something to be told."""
    filled = view.state.space.filled
    if not filled:
        return None
    people = sorted(((p, told) for p, told in filled.items() if p), key=lambda x: (-x[1].at, x[0]))[:WHOSE]
    return Slot("side", "06", "desk/space.html", {"forum": filled.get(NOBODY), "people": people})


def _counts(view: View, now: Step | None, name: str) -> Slot | None:
    """What the room does; nobody is in it while the forum rests."""
    state = view.state
    if reading.rests(state):
        return None
    here = attendance.here(state, view.absent)
    args: dict[str, Any] = {
        "of": DESK[now.kind].counted_in if now else "desk/counts-show.html",
        "asks": now is not None and now.settings.asks,
        "here": here,
        "away": 0 if now and now.settings.closes else len(attendance.away(state, view.absent)),
        "step": now,
        "missing": 0,
        "unsaid": 0,
        "held_below": 0,
        "expected": session.plan.expected if (session := reading.live(state)) else 0,
    }
    if now is not None:
        args["done"], args["all"] = _done(view, now, here)
        args["owes"] = desk_now.owes(view, now)
        args |= DESK[now.kind].counts(view, now)
        if now.settings.counted and now.phase == "open":
            args |= {
                "missing": max(0, here - args["voters"]),
                "unsaid": max(0, args["voters"] - args["done"]),
                "held_below": voting.FEW
                if max(1, getattr(now.settings, "least", 0)) <= here < voting.FEW
                else 0,
            }
    return Slot("centre", "30", "desk/counts.html", args)


def _done(view: View, now: Step, here: int) -> tuple[int, int]:
    """How many are done, and of how many: of those present. In a vote all, whoever is away: a difference between the two
    would tell whether one who goes had voted."""
    if not now.settings.counted:
        return attendance.done_here(view.state, now, view.absent), here
    done = view.state.people.done.get(now.id, 0)
    return done, max(here, done)


def _paging(view: View, now: Step | None, name: str) -> Slot | None:
    """The wall turns its pages by itself; the desk turns too, and in very long boards its own list along."""
    parts = DESK[now.kind].parts(view, now) if now else 1
    if parts < 2 and not screen.turns(view):
        return None
    return Slot("wall-foot", "", "desk/paging.html", {"page": view.state.page, "parts": parts})


def _wall(view: View, now: Step | None, name: str) -> Slot:
    """What the room sees, in small: a page of its own in a frame, which stays current by itself. Never drawn anew."""
    return Slot("centre", "11", "desk/wall.html")


# The side: undo, people, links, exports


def _side(view: View, now: Step | None, name: str) -> Slot:
    return Slot("root", "30", "desk/side.html")


def _crowd(view: View, now: Step | None, name: str) -> Slot:
    return Slot("the-room", "", "desk/crowd.html")


def _people(view: View, now: Step | None, name: str) -> Slot:
    """One fragment for the whole list: a row of its own would be redrawn when its person votes, and tell who did."""
    state = view.state
    there = (
        present(state) if state.people.voices > desk_remaining.SMALL_ROOM else view.in_order(present(state))
    )
    waiting = sorted((p for p in state.people.by_id.values() if p.state == "waiting"), key=lambda p: p.number)
    out = [p for p in state.people.by_id.values() if p.state == "out" and p.role in VOICE and not p.handed]
    out.sort(key=lambda p: -p.number)
    out = view.in_order(out)  # who has a name may be asked for
    away = frozenset(person.id for person in attendance.away(state, view.absent))
    voting = (
        now is not None and now.settings.counted and now.phase == "open"
    )  # whose phone wakes may vote next
    rests = reading.rests(state)  # and nobody has to be here
    told = not voting and not rests
    args = {
        "here": state.people.voices if rests else attendance.here(state, view.absent),
        "away": away if told else (),
        "absent": view.absent if told else (),
        "waiting": waiting[:WAITING],
        "more_waiting": max(0, len(waiting) - WAITING),
        "helped": sum(p.assisted for p in there),
        "listed": there[:ROSTER],
        "unlisted": max(0, len(there) - ROSTER),
        "out": out[:ROSTER],
        "more_out": max(0, len(out) - ROSTER),
        "removals": [gone for r in reversed(state.people.removals) if (gone := _removal(state, r))[1]],
    }
    return Slot("crowd-head", "", "desk/people.html", args)


def _removal(state: State, removal: Removal) -> tuple[int, int, Millis, PersonId]:
    """A gesture by which many were removed: its fact, how many of them are still out, when, and whose it was."""
    known = (state.people.by_id[person] for person in removal.people)
    out = sum(person.state == "out" and not person.handed for person in known)
    return removal.seq, out, removal.at, removal.by


def _links(view: View, now: Step | None, name: str) -> Slot:
    """Every link that opens something, by what it opens, oldest first."""
    state = view.state
    live = sorted(links.live_links(state), key=lambda link: links.LINKED.index(link.role))
    listed = [
        (
            link,
            [p for p in link.people if state.people.by_id[p].state == "in"],
            len(links.made_with(state, link.key)),
        )
        for link in live
    ]
    args = {"links": listed, "roles": links.LINKED}
    return Slot("the-rest", "30", "desk/links.html", args)


def _exports(view: View, now: Step | None, name: str) -> Slot:
    return Slot("the-rest", "10", "desk/exports.html", {"topics": tuple(t for t in topics() if t.near)})


def _kept(view: View, now: Step | None, name: str) -> Slot:
    state = view.state
    place = ("side", "05") if state.keeping.told else ("the-rest", "50")  # on top when the end is near
    return Slot(*place, "desk/kept.html", {"until": state.keeping.until, "told": state.keeping.told})


def _room(view: View, now: Step | None, name: str) -> Slot:
    return Slot("side", "20", "desk/room.html")


def _after(view: View, now: Step | None, name: str) -> Slot:
    return Slot("side", "60", "desk/after.html")


def _knocking(view: View, now: Step | None, name: str) -> Slot | None:
    """How many wait to be let in, where the list of them is folded away."""
    waiting = sum(p.state == "waiting" for p in view.state.people.by_id.values())
    return Slot("side", "04", "desk/knocking.html", {"waiting": waiting}) if waiting else None


_ALWAYS: dict[str, Callable[[View, Step | None, str], Slot | None]] = {
    "head": _head,
    "agenda": _agenda,
    "centre": _centre,
    "loss": desk_loss.slot,
    "copies": _copies,
    "space": _space,
    "now": desk_now.now,
    "lead": desk_now.lead,
    "unvoted": desk_now.unvoted,
    "alike": desk_before_vote.slot,
    "tonight": desk_now.tonight,
    "decided": desk_now.decided,
    **desk_now.PLAN,
    "ready": desk_ready.slot,
    "wall": _wall,
    "timer": desk_now.timer,
    "say": desk_now.to_say,
    "counts": _counts,
    "remaining": desk_remaining.remaining,
    "helped": desk_remaining.helped,
    "paging": _paging,
    "side": _side,
    "deeds": desk_deeds.latest,
    "earlier": desk_deeds.earlier,
    "knocking": _knocking,
    "room": _room,
    "after": _after,
    "sessions": desk_sessions.slot,
    "crowd": _crowd,
    "people": _people,
    "links": _links,
    "exports": _exports,
    "kept": _kept,
    "heard": lambda view, now, name: heard.slot(view, "desk"),
}
