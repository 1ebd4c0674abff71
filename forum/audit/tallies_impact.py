"""How a vote on impact and effort is counted a second time: by how often each mark was given, without sorting any."""

from collections.abc import Iterator, Mapping

from forum.audit.second import Count, Fault, Marks, Second, places

SCALES = ("impact", "effort")


def _at(times: Mapping[int, int], rank: int) -> int:
    """The mark at a rank, from 1, when all are put in order."""
    return next(mark for mark in range(1, 6) if sum(times[m] for m in range(1, mark + 1)) >= rank)


def _between(times: Mapping[int, int], first: int, last: int) -> int:
    """Twice the sum of the two in the middle of the ranks from first to last: four times their mean."""
    return 2 * (_at(times, (first + last) // 2) + _at(times, (first + last + 1) // 2))


def _told(scale: str, marks: list[int]) -> Iterator[tuple[str, int]]:
    times, n = {m: marks.count(m) for m in range(1, 6)}, len(marks)
    if n:
        yield scale, _between(times, 1, n)
        yield f"{scale}_low", _between(times, 1, max(1, n // 2))
        yield f"{scale}_high", _between(times, min(n, n - n // 2 + 1), n)
    yield f"{scale}_marks", n


def _part(told: Mapping[str, int]) -> int:
    if "impact" not in told or "effort" not in told:
        return 0
    high, wide = told["impact"] - 12, told["effort"] - 12
    parts = {(True, False): 5, (True, True): 4, (False, False): 3, (False, True): 2}
    return parts[high > 0, wide > 0] if high and wide else 1


def _counted(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    numbers: dict[str, dict[str, int]] = {}
    for option in options:
        told: dict[str, int] = {}
        for scale in SCALES:
            told.update(
                _told(scale, [b[f"{option}/{scale}"] for b in ballots.values() if f"{option}/{scale}" in b])
            )
        numbers[option] = {"quadrant": _part(told)} | told
    both = sum(f"{o}/impact" in b and f"{o}/effort" in b for b in ballots.values() for o in options)
    half = sum((f"{o}/impact" in b) != (f"{o}/effort" in b) for b in ballots.values() for o in options)
    whole = len(ballots) * len(options)
    wrong: dict[str, Fault] = {
        voter: "bad_mark"
        for voter, marks in ballots.items()
        if not {1, 2, 3, 4, 5}.issuperset(marks.values())
    }
    return Count(
        numbers,
        places({option: (told["quadrant"],) for option, told in numbers.items()}),
        {"choices": len(options), "asked": whole, "placed": both, "half": half, "left": whole - both - half},
        wrong,
    )


IMPACT = Second(
    _counted, keys=lambda options: [f"{option}/{scale}" for option in options for scale in SCALES]
)
