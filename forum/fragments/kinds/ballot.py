"""Votes on every surface: the list, one's own ballot, and after the reveal the result.

Never names a point before the reveal (V5), nor anybody else's ballot.
"""

from collections.abc import Iterator
from hashlib import blake2b
from itertools import groupby
from typing import Any, Final

from forum.domain.kernel import PersonId, ThemeId
from forum.domain.roles import VOICE
from forum.domain.state import Person, Round, State, Step, Theme, Touch
from forum.domain.steps import ballot
from forum.domain.steps.ballot import option_words
from forum.domain.things import THINGS
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace
from forum.fragments.surface import Affects, Slot, View

OPTIONS_A_PAGE: Final = 14
RESULTS_A_PAGE: Final = 8


def own_order(round_: Round, person: PersonId) -> list[str]:
    """The options in an order of this person's own, the same at every reload: no option is first for everybody."""
    return sorted(
        round_.options, key=lambda o: blake2b(f"{person} {round_.id} {o}".encode(), digest_size=8).digest()
    )


# The phone


def _act(view: View, step: Step, name: str) -> Slot:
    round_ = view.state.round_of(step.id)
    held = ballot.few(view.state, step) if step.phase != "open" else None
    args = {
        "step": step,
        "round": round_,
        "result": ballot.result(round_),
        "least": ballot.settings_of(step).least,
        "kept": held is not None and held.promised,
    }
    return Slot("root", "30", "phone/ballot.html", args)


def _result_name(view: View, step: Step, name: str) -> Slot | None:
    round_ = _revealed_round(view.state, step)
    if round_ is None or name not in round_.options:
        return None
    return Slot(f"name-{name}", "", "phone/name.html", {"text": option_words(view.state, step, name)})


def _revealed_round(state: State, step: Step) -> Round | None:
    round_ = state.round_of(step.id)
    return round_ if round_ and round_.revealed_at else None


def _keys(view: View, step: Step) -> Iterator[str]:
    round_ = _revealed_round(view.state, step)
    yield from (f"{step.settings.takes}-{option}" for option in (round_.options if round_ else ()))


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    yield from ("my-ballot", "my-receipt", "my-left")


def _my_ballot(view: View, step: Step, me: Person, name: str) -> Slot | None:
    round_ = view.state.round_of(step.id)
    if round_ is None or me.role not in VOICE or round_.revealed_at:
        return None
    given = round_.ballots.get(me.id)
    spent = given.spent if given else 0
    if step.phase != "open":
        return Slot("ballot", "", "phone/my-vote-kept.html", {"spent": spent, "voted": given is not None})
    options = tuple(
        (o, option_words(view.state, step, o), given.points.get(o, 0) if given else 0)
        for o in own_order(round_, me.id)
    )
    args = {"step": step.id, "cap": round_.cap, "left": round_.points - spent, "options": options}
    return Slot("ballot", "", "phone/my-ballot.html", args)


def _my_receipt(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Under which number the journal has what this person saved last in this step."""
    round_ = view.state.round_of(step.id)
    given = round_.ballots.get(me.id) if round_ and not round_.revealed_at else None
    if given is None or not given.number:
        return None
    # Below the list it would be out of sight, above it the first vote would move every option.
    place = "bar" if step.phase == "open" else "ballot"
    return Slot(place, "95", "phone/my-receipt.html", {"sent": 0, "last": given.number})


def _my_left(view: View, step: Step, me: Person, name: str) -> Slot | None:
    round_ = view.state.round_of(step.id) if step.phase == "open" else None
    if round_ is None or me.role not in VOICE:
        return None
    given = round_.ballots.get(me.id)
    left = round_.points - (given.spent if given else 0)
    return Slot("bar", "10", "phone/my-left.html", {"left": left, "points": round_.points})


def _names(thing: str) -> Affects:
    return {thing: lambda name: (f"{thing}-{name}",)}


PHONE = PhoneFace(
    keys=_keys,
    slots={"act": _act, **dict.fromkeys(THINGS, _result_name)},
    affects={word: names for thing in THINGS for word, names in _names(thing).items()},
    my_keys=_my_keys,
    my_slots={"ballot": _my_ballot, "receipt": _my_receipt, "left": _my_left},
    my_affects={Touch.DONE: lambda _: ("my-ballot", "my-left", "my-receipt")},
)


# The wall


def _page(view: View, step: Step) -> int:
    return min(view.state.page, _pages(view, step) - 1)


def _pages(view: View, step: Step) -> int:
    round_ = view.state.round_of(step.id)
    if round_ is None:
        return 1
    return max(1, -(-len(round_.options) // (RESULTS_A_PAGE if round_.revealed_at else OPTIONS_A_PAGE)))


def _stage(view: View, step: Step, name: str) -> Slot:
    round_ = view.state.round_of(step.id)
    args: dict[str, Any] = {"step": step, "round": round_}
    if round_ and round_.revealed_at:
        return Slot("root", "30", "screen/result.html", args | _result(view, step, round_))
    start = _page(view, step) * OPTIONS_A_PAGE
    chosen = round_.options[start : start + OPTIONS_A_PAGE] if round_ else ()
    args["options"] = [_option(view.state, step, o) for o in chosen]
    return Slot("root", "30", "screen/ballot.html", args)


def _option(state: State, step: Step, option: str) -> tuple[Theme | None, str]:
    """An option's theme, for its mark, and its words."""
    theme = state.themes.get(ThemeId(option)) if step.settings.takes == "theme" else None
    return theme, option_words(state, step, option)


def _result(view: View, step: Step, round_: Round) -> dict[str, Any]:
    """The lines of the shown page, equals together: ``ranks`` = [(rank, [(line, theme, words)])]."""
    result = ballot.result(round_)
    assert result is not None, "expected a revealed round"
    start = _page(view, step) * RESULTS_A_PAGE
    shown = [
        (line, *_option(view.state, step, line.option))
        for line in result.lines[start : start + RESULTS_A_PAGE]
    ]
    best = [line for line in result.lines if line.rank == 1 and line.points]
    ranks = [(rank, list(lines)) for rank, lines in groupby(shown, key=lambda entry: entry[0].rank)]
    return {
        "result": result,
        "ranks": ranks,
        "first": [_option(view.state, step, line.option) for line in best],
        "most": max(1, result.lines[0].points),
    }


def _tally(view: View, step: Step) -> tuple[str, dict[str, Any]]:
    round_ = view.state.round_of(step.id)
    return "screen/tally-ballot.html", {"number": len(round_.options) if round_ else 0}


_STAGE_TALLY: Affects = {
    word: lambda _: ("stage", "tally") for word in (Touch.COUNT, Touch.THEMES, Touch.PLAN)
}

SCREEN = ScreenFace(slots={"stage": _stage}, affects=_STAGE_TALLY, pages=_pages, tally=_tally)


# The desk


def _ballot(view: View, step: Step, name: str) -> Slot:
    state = view.state
    round_ = state.round_of(step.id)
    earlier = [state.rounds[r] for r in state.step_rounds.get(step.id, ())[:-1]]
    args = {
        "step": step,
        "round": round_,
        "anew": ballot.changed(state, step),
        "result": ballot.result(round_),
        "texts": {o: option_words(state, step, o) for o in (round_.options if round_ else ())},
        "earlier": [(r, found) for r in earlier if (found := ballot.result(r))],
    }
    return Slot("centre", "50", "desk/ballot.html", args)


def _assist(view: View, step: Step, name: str) -> Slot | None:
    """Votes of people without a phone."""
    if step.phase != "open" or not view.helped:
        return None
    round_ = view.state.round_of(step.id)
    assert round_ is not None, f"expected an open ballot to have a round, got none for {step.id}"
    options = [(o, option_words(view.state, step, o)) for o in round_.options]
    args = {"step": step, "helped": view.helped, "options": options, "cap": round_.cap}
    return Slot("centre", "40", "desk/assist-vote.html", args)


def _counted(view: View, step: Step) -> dict[str, Any]:
    round_ = view.state.round_of(step.id)
    return {"voters": len(round_.ballots) if round_ else 0}


def _has_no_ballot(view: View, step: Step, person: Person) -> bool:
    round_ = view.state.round_of(step.id)
    return step.id not in person.done and round_ is not None and person.id not in round_.ballots


_BALLOT_ASSIST: Affects = {
    word: lambda _: ("assist", "ballot") for word in (Touch.COUNT, Touch.THEMES, Touch.PLAN)
}

DESK = DeskFace(
    keys=lambda view, step: iter(("ballot",)),
    slots={"ballot": _ballot, "assist": _assist},
    affects={**_BALLOT_ASSIST, Touch.PEOPLE: lambda _: ("assist",)},
    counts=_counted,
    counted_in="desk/counts-ballot.html",
    enters=True,
    waits_for=_has_no_ballot,
)
