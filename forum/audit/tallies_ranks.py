"""Votes by order of preference, counted a second time: who is ahead of whom is asked of every bar, from the highest down.

Shares no line with ``forum.domain``: no table of strengths is kept. One is ahead where some bar is so high that majorities
of at least so many lead from it to the other, and none lead back.
"""

from collections.abc import Mapping

from forum.audit.second import Count, Marks, places

NOWHERE = 10**6  # after every place


def _prefer(ballots: Mapping[str, Marks], one: str, other: str) -> int:
    return sum(1 for marks in ballots.values() if marks.get(one, NOWHERE) < marks.get(other, NOWHERE))


def _reached(links: Mapping[str, list[str]], start: str) -> set[str]:
    """Where majorities lead from here, over others too."""
    found, ways = {start}, [start]
    while ways:
        new = [other for other in links[ways.pop()] if other not in found]
        found.update(new)
        ways += new
    return found


def schulze(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    """Each pair is decided at the highest bar at which only one of both is reached from the other."""
    over = {(a, b): _prefer(ballots, a, b) for a in options for b in options if a != b}
    before: dict[tuple[str, str], bool] = {}
    for bar in sorted({n for n in over.values() if n}, reverse=True):
        links: dict[str, list[str]] = {o: [] for o in options}
        for (a, b), n in over.items():
            if n >= bar and n > over[b, a]:
                links[a].append(b)
        reached = {o: _reached(links, o) for o in options}
        for a, b in over:
            if (a, b) not in before and (b in reached[a] or a in reached[b]):
                before[a, b] = b in reached[a] and a not in reached[b]
    behind = {o: sum(1 for (_, b), won in before.items() if won and b == o) for o in options}
    ahead = {o: sum(1 for (a, _), won in before.items() if won and a == o) for o in options}
    numbers = {
        o: {
            "level": len(options) - 1 - behind[o],
            "ahead": ahead[o],
            **{f"over/{b}": n for (a, b), n in over.items() if a == o},
        }
        for o in options
    }
    most, given = terms["places"], sum(len(marks) for marks in ballots.values())
    wrong = [v for v, marks in ballots.items() if any(not 1 <= place <= most for place in marks.values())]
    held = len(ballots) * len(options)
    return Count(
        numbers,
        places({o: (-n,) for o, n in behind.items()}),
        {"choices": len(options), "held": held, "placed": given, "unplaced": held - given},
        dict.fromkeys(wrong, "bad_mark"),
    )
