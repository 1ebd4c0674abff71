"""Pairs: two choices at a time, the better one is tapped; strengths come of all comparisons; V40, V41, V42.

Strengths: R. A. Bradley, M. E. Terry, *Rank Analysis of Incomplete Block Designs*, Biometrika 39 (1952), by the iteration of
D. R. Hunter, *MM Algorithms for Generalized Bradley–Terry Models*, Annals of Statistics 32 (2004).

Order of pairs: X. Chen, P. N. Bennett, K. Collins-Thompson, E. Horvitz, *Pairwise Ranking Aggregation in a Crowdsourced
Setting*, WSDM 2013: mostly the pair that teaches most, now and then one by lot. What a pair teaches is taken there from all answers;
here from how often each choice was put alone, so that nobody can read other people's answers in what they are asked. Of choices
of which no answer is known the update of that paper makes the least compared the least certain, and so the first.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import combinations, pairwise
from math import isqrt
from typing import Final

from forum.domain.kernel import N_, PersonId, Rejection
from forum.domain.methods.method import Explained, Method, Serves, Sums, ranked
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

FIRST, SECOND, SKIPPED = 1, 2, 3  # marks: which of a pair is the better one, as the key has them
EVERY_PAIR: Final = 12
"""Options of which everybody can be asked every pair; of more, those that were put least come first."""
BY_LOT: Final = 4  # one pair in so many, where there are more
LEAST_VIEWS: Final = 3  # of each option, before anything is drawn by lot
MILLIONTHS: Final = 1_000_000
OVER: Final = "over/"  # before an option, in a line's numbers: how often this one was preferred to it
RULES = {
    "V40": N_(
        "In a vote by pairs everybody is shown two choices at a time, and taps the better one or skips the pair. Nobody is "
        "shown a pair twice. One may stop at any time, and take back the last answer."
    ),
    "V41": N_(
        "Up to 12 choices, every pair can be asked. Of more, the next pair keeps one choice of the last, and sets against it "
        "one that was put least often; once each was put three times, one in four is drawn by lot. No answer changes what anybody else is asked."
    ),
    "V42": N_(
        "The result of a vote by pairs is the strength of each choice (Bradley and Terry), with how many comparisons it won. "
        "Where some choices cannot be linked by wins both ways, each pair counts as if each side had won a tenth more. Equal "
        "strengths are a tie."
    ),
}
REFUSALS = {
    "pair": N_("Of a pair, one takes the first, the second, or skips it. Reload the page, then tap again."),
}


def pair_of(one: str, other: str) -> str:
    """The key of a pair, whose options are given in the order of the board."""
    return f"{one}|{other}"


def _about(key: str) -> tuple[str, ...]:
    one, _, other = key.partition("|")
    return one, other


def _keys(round_: Round) -> Iterator[str]:
    return (pair_of(one, other) for one, other in combinations(round_.options, 2))


def _possible(round_: Round) -> int:
    return len(round_.options) * (len(round_.options) - 1) // 2


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    return None if mark in (0, FIRST, SECOND, SKIPPED) else Rejection("V40", "pair")


# The order of pairs


def _asked(round_: Round, person: PersonId, ballot: Ballot | None) -> tuple[str, ...]:
    """The pair that waits for an answer, then the one answered last, which can be taken back."""
    if ballot is None or not ballot.put:
        return _next(round_, person, (), "")
    taken_back = [key for key in ballot.put[1:] if key not in ballot.marks]
    if taken_back:
        return (taken_back[0],)
    last = ballot.put[0]
    return (*_next(round_, person, ballot.marks, last), last) if last in ballot.marks else ballot.put


def _next(round_: Round, person: PersonId, given: Collection[str], last: str) -> tuple[str, ...]:
    """The pair that follows ``last``; () where all were given. Cost: options, and the marks of all where views count."""
    place = {option: n for n, option in enumerate(round_.options)}
    mine = Counter(option for key in given for option in _about(key))
    lot = {option: _lot(round_, person, len(given), option) for option in round_.options}
    views = _views(round_) if last and len(place) > EVERY_PAIR else Counter[str]()
    if _lot(round_, person, len(given), "") % BY_LOT == 0 and min(views[o] for o in place) >= LEAST_VIEWS:
        views.clear()
    kept = sorted(place, key=lambda o: (o not in _about(last), mine[o], lot[o]))
    offered = sorted(place, key=lambda o: (mine[o], views[o], lot[o]))
    for one in kept:
        for other in offered:
            key = pair_of(*sorted((one, other), key=place.__getitem__))
            if other != one and key not in given:
                return (key,)
    return ()


def _lot(round_: Round, person: PersonId, given: int, of: str) -> int:
    said = f"{round_.seed} {round_.id} {person} {given} {of}"
    return int.from_bytes(blake2b(said.encode(), digest_size=8).digest(), "big")


def _views(round_: Round) -> Counter[str]:
    """How often each option was put to anybody who answered or skipped: never what they answered."""
    pairs: Counter[str] = Counter()
    for ballot in round_.ballots.values():
        pairs.update(iter(ballot.marks))
    views: Counter[str] = Counter()
    for key, times in pairs.items():
        for option in _about(key):
            views[option] += times
    return views


# The result

Wins = Mapping[tuple[str, str], int]
"""Who was preferred, to whom: how often."""
# Whole numbers, the same on every machine:
_WHOLE: Final = 10**36  # what strengths add up to while they are worked out
_SQUARE: Final = _WHOLE**2
_FINE: Final = 10**18  # parts of a step
_SETTLED: Final = 10**14  # a strength that changes by less than this part of itself has settled
_ALIKE: Final = 10**9  # strengths that differ by less than this part are equal
_MOST_ROUNDS: Final = 10_000


def _wins(round_: Round) -> Wins:
    won: Counter[tuple[str, str]] = Counter()
    given = Counter(mark for ballot in round_.ballots.values() for mark in ballot.marks.items())
    for (key, mark), times in given.items():
        one, other = _about(key)
        if mark == FIRST:
            won[one, other] += times
        elif mark == SECOND:
            won[other, one] += times
    return won


def _reached(start: str, over: Mapping[str, Collection[str]]) -> set[str]:
    found, ways = {start}, [start]
    for one in ways:  # which grows
        further = [other for other in over[one] if other not in found]
        found.update(further)
        ways += further
    return found


def is_linked(options: tuple[str, ...], won: Wins) -> bool:
    """Whether a chain of wins leads from each option to each other: else no strengths are the likeliest."""
    over: dict[str, list[str]] = {option: [] for option in options}
    under: dict[str, list[str]] = {option: [] for option in options}
    for winner, loser in won:
        over[winner].append(loser)
        under[loser].append(winner)
    everything = set(options)
    return _reached(options[0], over) == everything == _reached(options[0], under)


def strengths(options: tuple[str, ...], won: Wins) -> dict[str, int]:
    """How strong each is, of ``_WHOLE`` in all: one is preferred to another as often as its strength in both of theirs says.

    What differs by less than one part in ``_ALIKE`` is made equal. Neither the order of options nor that of ballots counts.
    """
    if not won:
        return dict.fromkeys(options, _WHOLE // len(options))
    more = 0 if is_linked(options, won) else 1  # tenths of a comparison
    place = {option: n for n, option in enumerate(options)}
    wins, met = [more * (len(options) - 1)] * len(options), Counter[tuple[int, int]]()
    for (winner, loser), times in won.items():
        one, other = place[winner], place[loser]
        wins[one] += 10 * times
        met[min(one, other), max(one, other)] += 10 * times
    between = [
        (one, other, (met[one, other] + 2 * more) * _SQUARE)
        for one, other in combinations(range(len(options)), 2)
        if met[one, other] or more
    ]
    strong = twice = [_WHOLE // len(options)] * len(options)
    for _ in range(_MOST_ROUNDS):
        once = _stronger(strong, wins, between)
        twice = _stronger(once, wins, between)
        if all(abs(n - before) * _SETTLED <= before for n, before in zip(twice, once, strict=True)):
            break
        strong = _stronger(_further(strong, once, twice), wins, between)
    return _made_equal(dict(zip(options, twice, strict=True)))


def _stronger(strong: list[int], wins: list[int], between: list[tuple[int, int, int]]) -> list[int]:
    """One round of the iteration: wins, by how much was to be won against the strengths of before."""
    expected = [0] * len(strong)
    for one, other, times in between:
        share = times // (strong[one] + strong[other])
        expected[one] += share
        expected[other] += share
    found = [won * _SQUARE // due for won, due in zip(wins, expected, strict=True)]
    all_of_them = sum(found)
    return [max(1, n * _WHOLE // all_of_them) for n in found]


def _further(start: list[int], once: list[int], twice: list[int]) -> list[int]:
    """Where the steps of two rounds lead, as far ahead as they shrink (R. Varadhan, C. Roland, *Simple and Globally Convergent
    Methods for Accelerating …*, Scandinavian Journal of Statistics 35, 2008): fewer rounds, to the same end."""
    steps = [(b - a) * _FINE // a for a, b in zip(start, once, strict=True)]
    bends = [(c - 2 * b + a) * _FINE // a for a, b, c in zip(start, once, twice, strict=True)]
    bent = isqrt(sum(bend * bend for bend in bends))
    if not bent:
        return twice
    far = isqrt(sum(step * step for step in steps)) * _FINE // bent
    led = [
        a * (_FINE**3 + 2 * far * step * _FINE + far * far * bend) // _FINE**3
        for a, step, bend in zip(start, steps, bends, strict=True)
    ]
    return led if far > _FINE and all(3 * new > a for a, new in zip(twice, led, strict=True)) else twice


def _made_equal(strong: Mapping[str, int]) -> dict[str, int]:
    """Neighbours that are alike have the strength of the strongest of them."""
    best_first = sorted(strong, key=lambda o: strong[o], reverse=True)
    equal = {best_first[0]: strong[best_first[0]]}
    for before, option in pairwise(best_first):
        near = (strong[before] - strong[option]) * _ALIKE <= strong[before]
        equal[option] = equal[before] if near else strong[option]
    return equal


def told(strength: int) -> int:
    """In millionths, to the nearest: what lies in the middle goes up, however the last digits came out."""
    return (strength * MILLIONTHS + _WHOLE // 2 + _WHOLE // 10_000) // _WHOLE


def _tally(round_: Round) -> tuple[Line, ...]:
    won, there = _wins(round_), round_.options
    strong = strengths(there, won)
    wins, met = Counter[str](), Counter[str]()
    for (winner, loser), times in won.items():
        wins[winner] += times
        met.update({winner: times, loser: times})
    numbers = {o: {"strength": told(strong[o]), "wins": wins[o], "comparisons": met[o]} for o in there}
    if len(there) <= EVERY_PAIR:
        for one, other in ((a, b) for a in there for b in there if a != b):
            numbers[one][OVER + other] = won.get((one, other), 0)
    return ranked(there, numbers, strong)


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    marks = Counter(mark for ballot in ballots for mark in ballot.marks.values())
    return {"pairs": marks[FIRST] + marks[SECOND], "skipped": marks[SKIPPED], "possible": _possible(round_)}


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    return (line.score, max(1, result.lines[0].score)) if result.sums["pairs"] else (0, 1)


def _first(result: Result) -> tuple[str, ...]:
    return tuple(line.option for line in result.lines if line.rank == 1) if result.sums["pairs"] else ()


def _blank(marks: Mapping[str, int]) -> bool:
    """Who skips every pair prefers nothing."""
    return all(mark == SKIPPED for mark in marks.values())


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    """All pairs are given; or, of many options, each was seen."""
    seen = {option for key in marks for option in _about(key)}
    many = len(round_.options) > EVERY_PAIR
    return len(marks) == _possible(round_) or (many and len(seen) == len(round_.options))


METHOD = Method(
    name="pairwise",
    version=1,
    title=N_("Pairs"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    keys=_keys,
    about=_about,
    bar=_bar,
    first=_first,
    blank=_blank,
    complete=_complete,
    asked=_asked,
    most=100,
    serves=(
        Serves(
            "rank",
            60,
            N_("Two at a time: nobody has to hold a long list in their head."),
            least=EVERY_PAIR + 1,
        ),
    ),
    sheet="pairwise",
    rules=RULES,
    refusals=REFUSALS,
    explained=Explained(
        N_("To rank many choices that are hard to hold in one’s head at once, as a jury does with projects."),
        N_(
            "Everybody is shown two choices at a time and taps the better one. What comes out is the strength that makes all answers "
            "together the likeliest."
        ),
        N_("With few answers it is weak, and whoever answers more pairs weighs more."),
        N_(
            "Equal strengths are a tie. A skipped pair counts for neither side; who skips all has a blank vote."
        ),
    ),
)
