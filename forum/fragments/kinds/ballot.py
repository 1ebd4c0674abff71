"""Votes on the wall and at the desk: the list, and after the reveal the result. A phone's part is ``ballot_phone``.

Never names a mark before the reveal (V5), nor anybody's ballot.
"""

from itertools import groupby
from typing import Any, Final

from immutables import Map

from forum.domain import methods
from forum.domain.methods.papers import Unfit
from forum.domain.person import Person
from forum.domain.state import Step
from forum.domain.steps import cut, papers, voting
from forum.domain.steps.rounds import Round
from forum.domain.steps.voting import key_words, option_words
from forum.domain.things import touched
from forum.domain.touch import Touch
from forum.fragments.kinds import ballot_apart as apart
from forum.fragments.kinds import ballot_choices as choices
from forum.fragments.kinds import ballot_cut
from forum.fragments.kinds.ballot_phone import PHONE, sums_of
from forum.fragments.kinds.face import DeskFace, ScreenFace
from forum.fragments.surface import Affects, Slot, View

__all__ = ["DESK", "PHONE", "SCREEN"]

# The wall


def _stage(view: View, step: Step, name: str) -> Slot:
    round_ = view.state.rounds.latest(step.id)
    args: dict[str, Any] = {"step": step, "round": round_}
    if round_ and round_.revealed_at:
        return Slot("root", "30", "screen/result.html", args | _result(view, step, round_))
    args["alone"] = choices.left_out(view.state, step)
    args["options"] = [choices.option(view.state, step, o) for o in (round_.options if round_ else ())]
    return Slot("root", "30", "screen/ballot.html", args)


def _result(view: View, step: Step, round_: Round) -> dict[str, Any]:
    """The lines, equals together: ``ranks`` = [(rank, [(line, theme, words)])]."""
    result = voting.result(round_)
    assert result is not None, "expected a revealed round"
    shown = [(line, *choices.option(view.state, step, line.option)) for line in result.lines]
    ranks = [(rank, list(lines)) for rank, lines in groupby(shown, key=lambda entry: entry[0].rank)]
    return {
        "result": result,
        "ranks": ranks,
        "names": {line.option: (marked, words) for line, marked, words in shown},
        "texts": {line.option: words for line, _, words in shown},
        "first": choices.first(view.state, step, round_, result),
        "apart": apart.on_wall(view.state, step),
        "cut": cut.settled(view.state, round_),
    }


def _options(view: View, step: Step) -> int:
    round_ = view.state.rounds.latest(step.id)
    return len(round_.options) if round_ else 0


def _tally(view: View, step: Step) -> tuple[str, dict[str, Any]]:
    return "screen/tally-ballot.html", {"number": _options(view, step)}


_CHOICES: Final = (Touch.COUNT, Touch.THEMES, Touch.PLAN, *touched())
"""What may change what is voted on, or its words."""
_STAGE_TALLY: Affects = {word: lambda _: ("stage", "tally") for word in (*_CHOICES, Touch.REASONS)}

SCREEN = ScreenFace(slots={"stage": _stage}, affects=_STAGE_TALLY, things=_options, tally=_tally)


# The desk


def _ballot(view: View, step: Step, name: str) -> Slot:
    state = view.state
    round_ = state.rounds.latest(step.id)
    earlier = [state.rounds.by_id[r] for r in state.rounds.of_step.get(step.id, ())[:-1]]
    result = voting.result(round_)
    args = {
        "step": step,
        "round": round_,
        "anew": voting.changed(state, step),
        "alone": choices.left_out(state, step),
        "result": result,
        "first": choices.first(state, step, round_, result) if round_ and result else [],
        "marked": {o: choices.option(state, step, o)[0] for r in (round_, *earlier) if r for o in r.options},
        "names": {o: choices.option(state, step, o) for r in (round_, *earlier) if r for o in r.options},
        "texts": {o: option_words(state, step, o) for o in (round_.options if round_ else ())},
        "cuts": {r.id: cut.settled(state, r) for r in (round_, *earlier) if r},
        "said": {o: option_words(state, step, o) for r in earlier for o in r.options},
        "earlier": [(r, found) for r in earlier if (found := voting.result(r))],
    }
    return Slot("centre", "50", "desk/ballot.html", args)


def _assist(view: View, step: Step, name: str) -> Slot | None:
    """Votes of people without a phone."""
    if step.phase != "open" or not view.helped:
        return None
    round_ = view.state.rounds.latest(step.id)
    assert round_ is not None, f"expected an open ballot to have a round, got none for {step.id}"
    args = {
        "step": step,
        "asked": _asked_of(view, step, round_),
        "method": round_.method,
        "terms": round_.parameters,
        "worded": voting.worded(step),
    }
    return Slot("centre", "40", "desk/assist-vote.html", args)


def _asked_of(view: View, step: Step, round_: Round) -> list[tuple[list[Person], list[Any]]]:
    """People, and what they are asked: all of them everything, or each what is put to them. None where it comes one after
    another: then ``_asked_now`` says it."""
    method = methods.of(round_.method)
    if method.one_by_one:
        return []
    each = (
        [([who], voting.asked(view.state, round_, who.id)) for who in view.helped]
        if method.only_asked
        else []
    )
    everybody = [] if method.only_asked else [(list(view.helped), tuple(method.keys(round_)))]
    return [
        (
            people,
            [
                (k, key_words(view.state, step, round_, k), choices.marked(view.state, step, round_, k))
                for k in keys
            ],
        )
        for people, keys in each or everybody
    ]


def _assisted(view: View, step: Step, name: str) -> Slot | None:
    """How much is entered for each of them, and what is left; never for which choice: it is secret here too (V5)."""
    round_ = view.state.rounds.latest(step.id)
    if round_ is None or step.phase != "open" or not view.helped:
        return None
    given = tuple(
        (who, sums_of(round_, round_.ballots.get(who.id)), _asked_now(view, step, round_, who))
        for who in view.helped
    )
    args = {"step": step.id, "method": round_.method, "terms": Map(round_.parameters), "given": given}
    return Slot("assist-given", "", "desk/assisted.html", args)


def _asked_now(view: View, step: Step, round_: Round, who: Person) -> tuple[Any, ...]:
    """Where a method asks one key after another: those that somebody is asked now, each with whether it was answered, and
    between what it is. What was answered is not told."""
    if not methods.of(round_.method).one_by_one:
        return ()
    ballot = round_.ballots.get(who.id)
    return tuple(
        (
            key,
            bool(ballot and key in ballot.marks),
            choices.between(view.state, step, round_, key, who.id),
            key_words(view.state, step, round_, key),
        )
        for key in voting.asked(view.state, round_, who.id)
    )


def _hands(view: View, step: Step, name: str) -> Slot | None:
    """What was noted of a show of hands, and where it is noted until the result is shown (V55)."""
    round_ = view.state.rounds.latest(step.id)
    if round_ is None or round_.revealed_at:
        return None
    args = {
        "step": step,
        "options": [(o, *choices.option(view.state, step, o)) for o in round_.options],
        "hands": round_.hands,
    }
    return Slot("centre", "55", "desk/hands.html", args)


def _papers(view: View, step: Step, name: str) -> Slot | None:
    """How many paper ballots there are and how many are entered, until the result is shown (V76)."""
    round_ = view.state.rounds.latest(step.id)
    if round_ is None or round_.revealed_at:
        return None
    if isinstance(methods.of(round_.method).printed(round_.parameters), Unfit):
        return None
    printed = sum(len(one.codes) for one in papers.printings(view.state, round_))
    args = {"step": step.id, "printed": printed, "entered": len(papers.entered(round_))}
    return Slot("centre", "57", "desk/papers.html", args)


def _counted(view: View, step: Step) -> dict[str, Any]:
    round_ = view.state.rounds.latest(step.id)
    return {"voters": len(round_.ballots) if round_ else 0}


def _has_no_ballot(view: View, step: Step, person: Person) -> bool:
    round_ = view.state.rounds.latest(step.id)
    return step.id not in person.done and round_ is not None and person.id not in round_.ballots


_BALLOT_ASSIST: Affects = {
    word: lambda _: ("assist", "assisted", "ballot", "cut", "apart", "hands") for word in _CHOICES
}

DESK = DeskFace(
    keys=lambda view, step: iter(("ballot", "cut", "apart", "hands", "papers", "assisted")),
    slots={
        "ballot": _ballot,
        "cut": ballot_cut.at_desk,
        "apart": apart.at_desk,
        "hands": _hands,
        "papers": _papers,
        "assist": _assist,
        "assisted": _assisted,
    },
    affects={
        **_BALLOT_ASSIST,
        Touch.PEOPLE: lambda _: ("assist", "assisted"),
        Touch.VOTED: lambda _: ("assisted",),
        Touch.REASONS: lambda _: ("apart",),
        Touch.HANDS: lambda _: ("hands",),
        Touch.PAPERS: lambda _: ("papers",),
        "mark": lambda _: ("assisted",),
    },
    counts=_counted,
    counted_in="desk/counts-ballot.html",
    enters=True,
    waits_for=_has_no_ballot,
)
