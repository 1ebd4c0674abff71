"""The screen: what the whole room reads from the last row. What its page is made of, and what changes it.

Places never move: what is asked above on the left, the time above on the right, counts below on the left, how to
join below on the right, what the room is doing in the middle (``screen_stage``). Every card, theme, axis, action and
commitment is a fragment of its own; ``stage`` is what they stand in, and follows the counts.
Never names a card before its board is shown (B2), nor a point before the reveal (V5). Never asks anything of anybody.
"""

from collections.abc import Callable, Iterator

from forum.domain import inputs, plan
from forum.domain.kernel import PersonId
from forum.domain.state import State, Step, Touch
from forum.domain.steps import ballot, board, pledge, sort
from forum.fragments import screen_stage as stage
from forum.fragments.phone_own import seen
from forum.fragments.screen_stage import CARDS_A_PAGE, pages
from forum.fragments.surface import Affects, Slot, View, Window

__all__ = ["AFFECTS", "CARDS_A_PAGE", "MY_AFFECTS", "WINDOWS", "keys", "my_keys", "my_slot", "pages", "slot"]

MINUTE_MS = 60_000
ASKING = ("board", "sort", "sheet", "pledge")  # kinds in which people say that they are done

MY_AFFECTS: Affects = {}
WINDOWS: dict[str, Window] = {}
AFFECTS: Affects = {
    Touch.STEP: lambda _: ("words", "stage", "timer", "crowd", "join"),
    Touch.COUNT: lambda _: ("stage", "tally"),
    Touch.THEMES: lambda _: ("stage", "tally"),
    Touch.PLAN: lambda _: ("stage", "tally"),
    Touch.TIMER: lambda _: ("timer",),
    Touch.PEOPLE: lambda _: ("crowd",),
    Touch.DONE: lambda _: ("crowd",),
    "theme": lambda theme: (f"theme-{theme}",),
    "idea": lambda idea: (f"idea-{idea}",),
    "axis": lambda axis: (f"axis-{axis}",),
    "action": lambda action: (f"action-{action}",),
    "commitment": lambda commitment: (f"commitment-{commitment}",),
}


def keys(view: View) -> Iterator[str]:
    """The keys of every fragment that may be shown now, parents before children."""
    yield from ("words", "stage", "timer", "counts", "tally", "crowd", "join")
    if view.state.now:
        yield from stage.keys(view.state, view.state.now)


def slot(view: View, lang: str, key: str) -> Slot | None:
    """Where and how a fragment stands now; None when it is not shown."""
    word, _, name = key.partition("-")
    draw = _FRAGMENTS.get(word)
    return draw(view.state, view.state.now, name) if draw else None


def my_keys(view: View, person: PersonId) -> Iterator[str]:
    """Nothing on the wall is personal."""
    return iter(())


def my_slot(view: View, lang: str, person: PersonId, key: str) -> Slot | None:
    """Nothing on the wall is personal."""
    return None


def _words(state: State, now: Step | None, name: str) -> Slot:
    """An instruction stands as long as it can be followed; after that, what is being looked at."""
    asks = now is not None and now.kind != "show" and now.phase == "open" and not now.revealed
    of = inputs.named(state, now) if now and inputs.is_one_of_many(state, now) else ()
    args = {"step": now, "asks": asks, "first": stage.welcomes(state, now), "of": of}
    return Slot("root", "10", "screen/words.html", args)


def _timer(state: State, now: Step | None, name: str) -> Slot | None:
    """Above on the right; in a break the time at which it goes on is what the room sees first."""
    timer, pause = state.timer, stage.paused(now)
    if now is None or not (timer or pause):
        return None
    planned = now.resumed_at + now.minutes * MINUTE_MS
    args = {"timer": timer, "pause": pause, "ends_at": timer.ends_at if timer else planned}
    return Slot("back" if pause else "root", "" if pause else "20", "screen/timer.html", args)


def _counts(state: State, now: Step | None, name: str) -> Slot:
    return Slot("root", "40", "screen/counts.html")


def _crowd(state: State, now: Step | None, name: str) -> Slot:
    """How many are here and how many of them are done; large where that is what the room waits for."""
    if now is None or stage.welcomes(state, now):
        return Slot("arrived", "", "screen/arrived.html", {"people": state.voices})
    round_ = state.round_of(now.id)
    if round_ and not round_.revealed_at:
        voted = len(round_.ballots)
        held = ballot.few(state, now)
        args = {
            "voted": voted,
            "people": max(state.voices, voted),
            "open": now.phase == "open",
            "least": getattr(now.settings, "least", 0),
            "kept": held is not None and held.promised,
        }
        return Slot("voters", "", "screen/voters.html", args)
    done = state.done.get(now.id, 0) if now.phase == "open" and now.kind in ASKING else 0
    return Slot(
        "counts", "20", "screen/crowd.html", {"people": state.voices, "done": min(done, state.voices)}
    )


def _join(state: State, now: Step | None, name: str) -> Slot:
    large = now is not None and now.phase == "open" and now.kind == "board"
    return Slot("root", "50", "screen/join.html", {"large": large, "centre": stage.welcomes(state, now)})


# What the room has made so far, and which page of it is shown


def _tally(state: State, now: Step | None, name: str) -> Slot | None:
    if now is None or now.kind not in _TALLIES:
        return None
    args: dict[str, object] = {"kind": now.kind, "page": stage.page_shown(state), "pages": pages(state)}
    return Slot("counts", "10", "screen/tally.html", args | _TALLIES[now.kind](state, now))


def _board_tally(state: State, now: Step) -> dict[str, int]:
    return {"number": state.idea_counts.get(now.id, 0) if board.shows(now) else 0}  # else the stage says it


def _sort_tally(state: State, now: Step) -> dict[str, int]:
    cards = [i for i in sort.sorted_ideas(state, now) if seen(state, i)]
    unsorted = sum(sort.theme_of(state, now, i) is None for i in cards)
    return {"number": unsorted, "themes": len(sort.live_themes(state, now))}


def _ballot_tally(state: State, now: Step) -> dict[str, int]:
    round_ = state.round_of(now.id)
    return {"number": len(round_.options) if round_ else 0}


def _sheet_tally(state: State, now: Step) -> dict[str, int]:
    actions = [a for x in plan.live_axes(state) for a in plan.live_actions(state, x.id)]
    return {"number": len(actions), "unpiloted": sum(not a.pilot for a in actions)}


def _pledge_tally(state: State, now: Step) -> dict[str, int]:
    return {"number": len(pledge.live_commitments(state))}


_TALLIES: dict[str, Callable[[State, Step], dict[str, int]]] = {
    "board": _board_tally,
    "sort": _sort_tally,
    "ballot": _ballot_tally,
    "sheet": _sheet_tally,
    "pledge": _pledge_tally,
}
_FRAGMENTS: dict[str, Callable[[State, Step | None, str], Slot | None]] = {
    "words": _words,
    "timer": _timer,
    "counts": _counts,
    "crowd": _crowd,
    "join": _join,
    "tally": _tally,
    **stage.FRAGMENTS,
}
