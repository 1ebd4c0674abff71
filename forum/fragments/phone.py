"""The phone: one question, one action. What a participant's page is made of, and what changes it.

The current kind's face (``kinds``) says what its step shows; this module has what stands on every page.
Everything shared is the same for everybody in the room: nothing in it says who reads it. Personal fragments
are named "my-…" (``phone_own``). Never names another person's card before its board is shown (B2), nor a
point before the reveal (V5).
"""

from collections.abc import Callable, Iterator

from forum.domain import inputs
from forum.domain.kernel import PersonId, Words
from forum.domain.plan.reading import waits_for_axes
from forum.domain.sessions import reading
from forum.domain.state import State, Step
from forum.domain.touch import Touch
from forum.fragments import heard, programme
from forum.fragments.kinds import PHONE, closing
from forum.fragments.kinds.face import group_in, merged
from forum.fragments.kinds.show import is_last, welcomes
from forum.fragments.phone_own import MY_AFFECTS, my_keys, my_slot
from forum.fragments.surface import Affects, Slot, View, Window

__all__ = ["AFFECTS", "MY_AFFECTS", "WINDOWS", "group", "keys", "my_keys", "my_slot", "slot"]

MINUTE_MS = 60_000
WINDOWS: dict[str, Window] = {place: w for face in PHONE.values() for place, w in face.windows.items()}

AFFECTS: Affects = merged(
    {
        Touch.STEP: lambda _: ("top", "words", "arrived", "home", "heard"),
        Touch.PEOPLE: lambda _: ("arrived",),
        Touch.TIMER: lambda _: ("timer",),
        Touch.HEARD: lambda _: ("heard",),
        Touch.PLAN: lambda _: ("bar",),
    },
    closing.AT_REST,
    *(face.affects for face in PHONE.values()),
)


def keys(view: View) -> Iterator[str]:
    """The keys of every fragment that may be shown now, parents before children."""
    yield from (
        "top",
        "words",
        "arrived",
        "notices",
        "timer",
        "act",
        "count",
        "hours",
        "bar",
        "home",
        "gist",
        "heard",
    )
    step = view.state.now
    if step:
        yield from PHONE[step.kind].keys(view, step)


def slot(view: View, key: str) -> Slot | None:
    """Where and how a fragment stands now; None when it is not shown."""
    word, _, name = key.partition("-")
    now = view.state.now
    if now and (of_kind := PHONE[now.kind].slots.get(word)):
        return of_kind(view, now, name)
    draw = _ALWAYS.get(word)
    return draw(view, now) if draw else None


def group(view: View, person: PersonId) -> str:
    """In which group somebody is now, "" in none."""
    return group_in(PHONE, view.state, person)


def _top(view: View, now: Step | None) -> Slot:
    return Slot("root", "00", "phone/top.html")


def _notices(view: View, now: Step | None) -> Slot:
    return Slot("root", "25", "phone/notices.html")


def _rest(state: State) -> dict[str, object]:
    return {"coming": reading.next_plan(state), "goes_on": reading.goes_on(state)}


def _words(view: View, now: Step | None) -> Slot:
    if reading.rests(view.state):
        return Slot("root", "20", "phone/rest.html", _rest(view.state))
    if welcomes(view.state, now):
        return Slot("root", "20", "phone/waiting.html", {"step": now, "stops": programme.line(view.state)})
    assert now is not None, "expected the room to be welcomed before the first step"
    of = (
        inputs.told(view.state, inputs.named(view.state, now))
        if inputs.is_one_of_many(view.state, now)
        else ()
    )
    asks = (
        now.settings.asks or now.settings.closes or is_last(view.state, now)
    )  # there is something to read, or nothing to come
    hint = Words() if PHONE[now.kind].hints(now) else now.hint
    args = {"step": now, "of": of, "asks": asks, "leads": view.state.leading(now), "hint": hint}
    args["early"] = waits_for_axes(view.state, now)
    return Slot("root", "20", PHONE[now.kind].words(view.state, now), args)


def _arrived(view: View, now: Step | None) -> Slot | None:
    """How many have come in. By facts alone: who is present changes too often to be told to every phone."""
    if reading.rests(view.state) or not welcomes(view.state, now):
        return None
    return Slot("arrivals", "", "phone/arrived.html", {"people": view.state.people.voices})


def _home(view: View, now: Step | None) -> Slot | None:
    """Between two sessions everybody can take home what there is; at the end of one its own face says so."""
    return closing.take_home(view) if reading.rests(view.state) else None


def _gist(view: View, now: Step | None) -> Slot | None:
    return closing.gist(view) if reading.rests(view.state) else None


def _hours(view: View, now: Step | None) -> Slot:
    return Slot("root", "85", "phone/hours.html")


def _bar(view: View, now: Step | None) -> Slot:
    idle = now is not None and not PHONE[now.kind].asks(view.state, now)
    return Slot("root", "90", "phone/bar.html", {"idle": idle})


def _timer(view: View, now: Step | None) -> Slot | None:
    if now is None:
        return None
    timer = view.state.timer
    pause = now.settings.pauses and now.phase == "open"
    if timer is None and not pause:
        return None
    ends_at = timer.ends_at if timer else now.resumed_at + now.minutes * MINUTE_MS
    return Slot("clock", "", "phone/timer.html", {"timer": timer, "pause": pause, "ends_at": ends_at})


_ALWAYS: dict[str, Callable[[View, Step | None], Slot | None]] = {
    "top": _top,
    "words": _words,
    "arrived": _arrived,
    "notices": _notices,
    "timer": _timer,
    "hours": _hours,
    "bar": _bar,
    "home": _home,
    "gist": _gist,
    "heard": lambda view, now: heard.slot(view, "phone"),
}
