"""Schulze: each person puts the choices in order; a majority that stands against all others decides; V35, V36, V37.

Markus Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011), with winning votes.
"""

from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Final

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import Range
from forum.domain.methods.method import Explained, Method, Sums, ranked
from forum.domain.methods.papers import Paper
from forum.domain.methods.pictures import Duels
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

MOST: Final = 12  # that a person can put in order, and a wall can show each against each
LAST: Final = 99
"""What a ballot asks for a choice that is to come after all that have a place. Which place that is, the ballot says when it
arrives: of two taps in a hurry the second comes after the first, whatever their page showed."""
OVER: Final = "over/"  # before an option, in a line's numbers: by how many this one is preferred to it
RULES = {
    "V35": N_(
        "In a vote by order everybody puts choices in their order, as many as they like. What has no place comes after all "
        "that have one; of choices at the same place none is preferred."
    ),
    "V36": N_(
        "Each choice is compared with each other. One is ahead of another where a chain of majorities leads to it that is "
        "stronger than every chain back; a chain is as strong as its smallest majority. Neither ahead is a tie."
    ),
    "V37": N_(
        "The result of a vote by order says which choice beats each other one alone, or that there is none, and why."
    ),
}
REFUSALS = {
    "place": N_("Places go from 1 to {limit}. Choose one of them."),
}
Preferred = Mapping[str, Mapping[str, int]]
"""Option → other → by how many it is preferred to that other."""


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {"places": options}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    most = round_.parameters["places"]
    return None if 0 <= mark <= most or mark == LAST else Rejection("V35", "place", {"limit": most})


def _gives(round_: Round, given: Ballot | None, key: str, mark: int) -> Mapping[str, int]:
    """A choice that is taken back lets those after it move up; the last place is the next one that is free."""
    marks: Mapping[str, int] = given.marks if given else {}
    others = {other: place for other, place in marks.items() if other != key}
    was = marks.get(key, 0)
    if mark == 0 and was and was not in others.values():
        return {key: 0, **{other: place - 1 for other, place in others.items() if place > was}}
    if mark != LAST:
        return {key: mark}
    if was:
        return {key: was}
    if max(others.values(), default=0) < round_.parameters["places"]:
        return {key: max(others.values(), default=0) + 1}
    places = {place: n for n, place in enumerate(sorted(set(others.values())), 1)}
    moved = {other: places[place] for other, place in others.items() if places[place] != place}
    return {**moved, key: len(places) + 1}


def _preferred(round_: Round) -> dict[str, dict[str, int]]:
    there = round_.options
    over = {one: dict.fromkeys((other for other in there if other != one), 0) for one in there}
    for ballot in round_.ballots.values():
        after_all = max(ballot.marks.values(), default=0) + 1
        place = {option: ballot.marks.get(option, after_all) for option in there}
        for one, other in permutations(there, 2):
            if place[one] < place[other]:
                over[one][other] += 1
    return over


def strengths(preferred: Preferred) -> dict[str, dict[str, int]]:
    """How strong the strongest chain is from each option to each other; 0 where none leads there. Cost: options³."""
    there = list(preferred)
    strong = {
        one: {other: n if n > preferred[other][one] else 0 for other, n in preferred[one].items()}
        for one in there
    }
    for over, one, other in permutations(there, 3):
        via = min(strong[one][over], strong[over][other])
        strong[one][other] = max(strong[one][other], via)
    return strong


def _tally(round_: Round) -> tuple[Line, ...]:
    over = _preferred(round_)
    strong = strengths(over)
    numbers = {}
    for one in round_.options:
        ahead = sum(strong[one][other] > strong[other][one] for other in over[one])
        behind = sum(strong[one][other] < strong[other][one] for other in over[one])
        apart = {f"{OVER}{other}": n for other, n in over[one].items()}
        numbers[one] = {"level": len(over[one]) - behind, "ahead": ahead} | apart
    return ranked(round_.options, numbers, {o: n["level"] for o, n in numbers.items()})


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    placed = [len(ballot.marks) for ballot in ballots]
    choices = len(round_.options)
    held = choices * len(placed)
    return {"choices": choices, "held": held, "placed": sum(placed), "unplaced": held - sum(placed)}


def preferred_in(result: Result) -> Preferred:
    """By how many each is preferred to each other, as a result tells it, from the first to the last."""
    there = [line.option for line in result.lines]
    told = {line.option: line.numbers for line in result.lines}
    return {one: {other: told[one][OVER + other] for other in there if other != one} for one in there}


def _path(links: Preferred, one: str, other: str, least: int) -> tuple[str, ...]:
    """A shortest chain of majorities of at least so many, the same in whatever order options stand; () where none is."""
    ways: list[tuple[str, ...]] = [(one,)]
    seen = {one}
    for way in ways:  # which grows
        for step in sorted(step for step, n in links[way[-1]].items() if n >= least and step not in seen):
            if step == other:
                return (*way, step)
            seen.add(step)
            ways.append((*way, step))
    return ()


def _picture(terms: Mapping[str, int], result: Result) -> Duels:
    preferred = preferred_in(result)
    strong = strengths(preferred)
    links = {
        one: {other: n for other, n in over.items() if n > preferred[other][one]}
        for one, over in preferred.items()
    }
    paths = {
        one: {
            other: _path(links, one, other, strong[one][other]) if strong[one][other] else ()
            for other in preferred[one]
        }
        for one in preferred
    }
    return Duels(preferred, paths, {line.option: line.rank for line in result.lines})


def _first(result: Result) -> tuple[str, ...]:
    """None where nobody preferred anything."""
    apart = any(n for line in result.lines for name, n in line.numbers.items() if name.startswith(OVER))
    return tuple(line.option for line in result.lines if line.rank == 1 and apart)


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    return line.score, max(1, len(result.lines) - 1)


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    """What is left alone comes last by itself."""
    return len(marks) >= len(round_.options) - 1


def _paper(terms: Mapping[str, int]) -> Paper:
    return Paper(
        N_(
            "Write 1 beside what you like best, then 2, 3 …; equals have the same number. What you leave empty comes last."
        ),
        numbers=Range(1, terms["places"]),
    )


METHOD = Method(
    name="schulze",
    version=1,
    title=N_("Order of preference (Schulze)"),
    terms=_terms,
    refuse=_refuse,
    gives=_gives,
    tally=_tally,
    sums=_sums,
    bar=_bar,
    first=_first,
    complete=_complete,
    picture=_picture,
    most=MOST,
    sheet="ranks",
    lowest_best=True,
    paper=_paper,
    rules=RULES,
    refusals=REFUSALS,
    explained=Explained(
        N_("To rank a few choices, at most twelve, where people can say which of any two they prefer."),
        N_(
            "Everybody puts the choices in order. Each is compared with each other, and one is ahead where the chain of majorities "
            "that leads to it is stronger than every chain back."
        ),
        N_(
            "It is hard to explain in a tired room. In rare cases a person’s favourite loses because they came to vote."
        ),
        N_(
            "What has no place comes after all that have one. Where neither of two is ahead, they are tied. A ballot without any "
            "place is blank."
        ),
    ),
)
