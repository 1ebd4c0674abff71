"""The screen: what the whole room reads from the last row. What its page is made of, and what changes it.

Places never move: the question is at the top left, the time at the top right, counts at the bottom left, how
to join at the bottom right. In the middle is what the room is doing; the current kind's face (``kinds``)
says that. Every card, theme, axis, action and commitment is a fragment of its own. ``stage`` contains them
and follows the counts. Never names a card before its board is shown (B2), nor a point before the reveal
(V5). Never asks anything of anybody.
"""

from collections.abc import Callable, Iterator
from typing import Final

from forum.domain import attendance, inputs
from forum.domain.kernel import PersonId
from forum.domain.plan.reading import waits_for_axes
from forum.domain.sessions import reading
from forum.domain.state import Step
from forum.domain.steps import voting
from forum.domain.touch import Touch
from forum.fragments import heard, programme
from forum.fragments.kinds import SCREEN, closing
from forum.fragments.kinds.face import group_in, merged
from forum.fragments.kinds.show import paused, welcomes
from forum.fragments.surface import Affects, Slot, View, Window

__all__ = [
    "AFFECTS",
    "MY_AFFECTS",
    "WINDOWS",
    "group",
    "keys",
    "my_keys",
    "my_slot",
    "slot",
    "turns",
]

MINUTE_MS = 60_000
MANY: Final = 8  # things, of which the longest take more than a page

MY_AFFECTS: Affects = {}
WINDOWS: dict[str, Window] = {}
AFFECTS: Affects = merged(
    {
        Touch.STEP: lambda _: ("words", "stage", "timer", "programme", "crowd", "join", "heard"),
        Touch.AGENDA: lambda _: ("programme",),
        Touch.SESSIONS: lambda _: ("words",),
        Touch.TIMER: lambda _: ("timer",),
        Touch.PEOPLE: lambda _: ("crowd",),
        Touch.NEAR: lambda _: ("crowd",),
        Touch.DONE: lambda _: ("crowd",),
        Touch.VOTED: lambda _: ("crowd",),
        Touch.HEARD: lambda _: ("heard",),
    },
    *(face.affects for face in SCREEN.values()),
)


def keys(view: View) -> Iterator[str]:
    """The keys of every fragment that may be shown now, parents before children."""
    yield from ("words", "stage", "timer", "counts", "programme", "tally", "crowd", "next", "join", "heard")
    now = view.state.now
    if now:
        yield from SCREEN[now.kind].keys(view, now)
    else:
        yield from closing.keys_at_rest(view)


def slot(view: View, key: str) -> Slot | None:
    """Where and how a fragment stands now; None when it is not shown."""
    word, _, name = key.partition("-")
    now = view.state.now
    if now and (of_kind := SCREEN[now.kind].slots.get(word)):
        return of_kind(view, now, name)
    draw = _ALWAYS.get(word)
    if draw is None and now is None:
        return closing.at_rest(view, key)
    return draw(view, now) if draw else None


def turns(view: View) -> bool:
    """Whether what is shown may take several pages; how many, the wall itself finds."""
    now = view.state.now
    return now is not None and SCREEN[now.kind].things(view, now) >= MANY


def my_keys(view: View, person: PersonId) -> Iterator[str]:
    """Nothing on the wall is personal."""
    return iter(())


def my_slot(view: View, person: PersonId, key: str) -> Slot | None:
    """Nothing on the wall is personal."""
    return None


def group(view: View, person: PersonId) -> str:
    """In which group somebody is now, "" in none."""
    return group_in(SCREEN, view.state, person)


def _words(view: View, now: Step | None) -> Slot:
    """An instruction stands as long as it can be followed; after that, what is being looked at."""
    state = view.state
    if reading.rests(state):
        return Slot("root", "10", "screen/title.html", {"goes_on": reading.goes_on(state)})
    can = now is not None and now.settings.asks and now.phase == "open" and not now.revealed
    can = can and now is not None and not waits_for_axes(state, now)
    of = inputs.told(state, inputs.named(state, now)) if now and inputs.is_one_of_many(state, now) else ()
    args = {
        "step": now,
        "can": can,
        "asks": now is not None and now.settings.asks,
        "first": welcomes(state, now),
        "of": of,
        "leads": state.leading(now) if now else "",
        "hidden": can and now is not None and now.settings.hides,
    }
    return Slot("root", "10", "screen/words.html", args)


def _stage(view: View, now: Step | None) -> Slot | None:
    """Before the first step, and between two sessions."""
    if reading.rests(view.state):
        return closing.at_rest(view, "stage")
    return Slot("root", "30", "screen/welcome.html", {"step": now})


def _timer(view: View, now: Step | None) -> Slot | None:
    """Above on the right; in a break the time at which it goes on is what the room sees first."""
    timer, pause = view.state.timer, paused(now)
    if now is None or not (timer or pause):
        return None
    planned = now.resumed_at + now.minutes * MINUTE_MS
    args = {"timer": timer, "pause": pause, "ends_at": timer.ends_at if timer else planned}
    return Slot("back" if pause else "root", "" if pause else "20", "screen/timer.html", args)


def _counts(view: View, now: Step | None) -> Slot:
    return Slot("root", "40", "screen/counts.html")


def _programme(view: View, now: Step | None) -> Slot | None:
    """Where nothing is asked: what the day holds, and how far it is."""
    shown = now is None or not (now.settings.asks or now.settings.closes)
    stops = programme.line(view.state) if shown else ()
    place = "today" if welcomes(view.state, now) else "counts"
    return Slot(place, "05", "screen/programme.html", {"stops": stops}) if stops else None


def _crowd(view: View, now: Step | None) -> Slot | None:
    """How many are present and how many of them are done; large where that is what the room waits for.

    Of what was written face down, only until it is shown: that is over then.
    """
    state = view.state
    if reading.rests(state):
        return closing.took_part(view)
    here = attendance.here(state, view.absent)
    if now is None or welcomes(state, now):
        return Slot("arrived", "", "screen/arrived.html", {"people": here})
    if own := SCREEN[now.kind].crowd(view, now):
        return own
    round_ = state.rounds.latest(now.id)
    if round_ and not round_.revealed_at:
        voted = len(round_.ballots)
        held = voting.few(state, now)
        args = {
            "voted": voted,
            "people": max(here, voted),
            "open": now.phase == "open",
            "least": getattr(now.settings, "least", 0),
            "kept": held is not None and held.promised,
        }
        return Slot("voters", "", "screen/voters.html", args)
    kind = now.settings
    waits = now.phase == "open" and kind.asks and not (kind.counted or now.revealed)
    args = {"people": here, "done": attendance.done_here(state, now, view.absent) if waits else 0}
    return Slot("counts", "20", "screen/crowd.html", args)


def _join(view: View, now: Step | None) -> Slot:
    centre = welcomes(view.state, now) and not reading.rests(view.state)
    large = now is not None and now.phase == "open" and SCREEN[now.kind].code_large and not now.shows
    return Slot("root", "50", "screen/join.html", {"large": large, "centre": centre})


def _next(view: View, now: Step | None) -> Slot | None:
    """While the forum rests: when it goes on."""
    return closing.next_meeting(view) if reading.rests(view.state) else None


def _tally(view: View, now: Step | None) -> Slot | None:
    """What the room has made so far."""
    count = SCREEN[now.kind].tally if now else None
    told = count(view, now) if now and count else None
    if told is None:
        return None
    of, counted = told
    return Slot("counts", "10", "screen/tally.html", {"of": of, **counted})


_ALWAYS: dict[str, Callable[[View, Step | None], Slot | None]] = {
    "words": _words,
    "stage": _stage,
    "timer": _timer,
    "counts": _counts,
    "programme": _programme,
    "crowd": _crowd,
    "next": _next,
    "join": _join,
    "tally": _tally,
    "heard": lambda view, now: heard.slot(view, "screen"),
}
