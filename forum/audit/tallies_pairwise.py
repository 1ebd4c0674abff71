"""How votes by pairs count, a second time. Shares no line with ``forum.domain``, nor its way to the strengths.

The iteration is that of M. E. J. Newman, *Efficient Computation of Rankings from Pairwise Comparisons*, JMLR 24 (2023), which
leads to the same strengths as any other that makes the comparisons likeliest.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from forum.audit.second import Count, Fault, Marks, Second

ONE: Final = 10**36  # as which a strength of 1 is written: whole numbers throughout
Won = dict[str, dict[str, int]]


def _pairs(options: list[str]) -> Iterator[str]:
    for n, upper in enumerate(options):
        for lower in options[n + 1 :]:
            yield f"{upper}|{lower}"


def _won(options: list[str], ballots: Mapping[str, Marks]) -> Won:
    won = {o: dict.fromkeys(options, 0) for o in options}
    for marks in ballots.values():
        for pair, mark in marks.items():
            upper, lower = pair.split("|")
            if mark == 1:
                won[upper][lower] += 1
            if mark == 2:
                won[lower][upper] += 1
    return won


def _both_ways(options: list[str], won: Won) -> bool:
    """Whether wins lead from each to each, by going over every third one."""
    leads = {a: {b: won[a][b] > 0 for b in options} for a in options}
    for via in options:
        for a in options:
            if leads[a][via]:
                for b in options:
                    leads[a][b] = leads[a][b] or leads[via][b]
    return all(leads[a][b] for a in options for b in options if a != b)


def _strengths(options: list[str], won: Won) -> dict[str, int]:
    """In ``ONE``, that add up to it."""
    tenth = 0 if _both_ways(options, won) else 1
    more = {
        a: [(b, 10 * won[a][b] + tenth, 10 * won[b][a] + tenth) for b in options if b != a] for a in options
    }
    met = {a: [one for one in others if one[1] or one[2]] for a, others in more.items()}
    now = dict.fromkeys(options, ONE)
    for _ in range(20_000):
        moved = False
        for a in options:
            gains, losses = 0, 0
            for b, over, under in met[a]:
                both = now[a] + now[b]
                gains += over * now[b] * ONE // both
                losses += under * ONE * ONE // both
            new = gains * ONE // losses
            moved = moved or abs(new - now[a]) * 10**14 > now[a]
            now[a] = new
        whole = sum(now.values())
        now = {a: max(1, n * ONE // whole) for a, n in now.items()}
        if not moved:
            break
    return now


def _pairwise(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    won = _won(options, ballots)
    wins = {a: sum(won[a].values()) for a in options}
    met = {a: wins[a] + sum(won[b][a] for b in options) for a in options}
    strong = _strengths(options, won) if any(wins.values()) else dict.fromkeys(options, ONE // len(options))
    ahead = {a: [b for b in options if (strong[b] - strong[a]) * 10**9 > strong[b]] for a in options}
    equal = {a: max(strong[b] for b in options if len(ahead[b]) == len(ahead[a])) for a in options}
    numbers = {
        a: {
            "strength": (equal[a] * 10**6 + ONE // 2 + ONE // 10**4) // ONE, "wins": wins[a], "comparisons": met[a],
        }
        for a in options
    }  # fmt: skip
    if len(options) <= 12:
        for a in options:
            numbers[a].update({f"over/{b}": won[a][b] for b in options if b != a})
    marks = [mark for ballot in ballots.values() for mark in ballot.values()]
    faults: dict[str, Fault] = {
        voter: "bad_mark"
        for voter, ballot in ballots.items()
        if any(mark not in {1, 2, 3} for mark in ballot.values())
    }
    return Count(
        numbers,
        {a: 1 + len(ahead[a]) for a in options},
        {
            "pairs": marks.count(1) + marks.count(2), "skipped": marks.count(3),
            "possible": len(list(_pairs(options))),
        },
        faults,
    )  # fmt: skip


PAIRWISE: Final = Second(
    _pairwise, keys=_pairs, blank=lambda marks: not any(mark in {1, 2} for mark in marks.values())
)
