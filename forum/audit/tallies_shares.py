"""What equal shares of a sum buy, counted a second time: plainly, choice by choice, in fractions.

Deliberately a second copy of the rules V50 to V54: shares no line with ``forum.domain``.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from hashlib import sha256
from math import floor, lcm
from typing import NamedTuple

from forum.audit.second import Count, Fault, Marks


class _Purse:
    """What each person has left, by what they approved: whole numbers of equal parts of a cent."""

    def __init__(self, crowd: Iterable[frozenset[str]], share: Fraction) -> None:
        self.parts = share.denominator
        self.has = dict.fromkeys(crowd, share.numerator)

    def take(self, ballots: Iterable[frozenset[str]], most: Fraction) -> None:
        """So much of each, or all that they have."""
        finer = lcm(self.parts, most.denominator) // self.parts
        if finer > 1:
            self.parts *= finer
            self.has = {ballot: has * finer for ballot, has in self.has.items()}
        each = int(most * self.parts)
        for ballot in ballots:
            self.has[ballot] = max(0, self.has[ballot] - each)

    def of(self, crowd: Mapping[frozenset[str], int], ballots: Iterable[frozenset[str]]) -> int:
        """What these have together, in cents, rounded down."""
        return sum(self.has[b] * crowd[b] for b in ballots) // self.parts


class _Paid(NamedTuple):
    option: str
    most: Fraction
    rate: Fraction
    drawn: frozenset[str]  # those of whom one was drawn


class _Fair:
    """One vote: its choices, what they cost, and how many approve what."""

    def __init__(self, options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> None:
        self.options, self.sum, self.people = options, terms["sum"], len(ballots)
        self.cost = {o: terms.get(f"cost:{o}", terms["each"]) for o in options}
        self.worth = {o: 1 if terms["number"] else self.cost[o] for o in options}
        self.crowd: dict[frozenset[str], int] = {}
        for marks in ballots.values():
            chosen = frozenset(marks)
            self.crowd[chosen] = self.crowd.get(chosen, 0) + 1
        self.of = {o: [b for b in self.crowd if o in b] for o in options}
        self.fans = {o: sum(self.crowd[b] for b in self.of[o]) for o in options}
        drawn = {o: sha256(f"{terms.get('seed', 0)} {o}".encode()).hexdigest()[:16] for o in options}
        self.order = {o: (-self.fans[o], self.cost[o], drawn[o]) for o in options}
        self.possible = [o for o in options if self.fans[o] and self.cost[o] <= self.sum]

    def asked(self, option: str, purse: _Purse) -> Fraction | None:
        """What those pay who pay most; None where the supporters' money is not enough."""
        rich, due = self.fans[option], self.cost[option] * purse.parts
        for has, people in sorted((purse.has[b], self.crowd[b]) for b in self.of[option]):
            if has * rich >= due:
                return Fraction(due, rich * purse.parts)
            due, rich = due - has * people, rich - people
        return None

    def bought(self, share: Fraction) -> tuple[list[_Paid], _Purse]:
        """What is bought by shares of this size, in order."""
        purse = _Purse(self.crowd, share)
        paid: list[_Paid] = []
        rates = {o: Fraction(self.cost[o], self.fans[o] * self.worth[o]) for o in self.possible}
        while True:
            best: Fraction | None = None
            equal: list[str] = []
            asks: dict[str, Fraction] = {}
            for option in sorted(rates, key=rates.__getitem__):
                if best is not None and rates[option] > best:
                    break  # it can only have become dearer
                asked = self.asked(option, purse)
                if asked is None:
                    del rates[option]
                    continue
                asks[option], rates[option] = asked, asked / self.worth[option]
                if best is None or rates[option] < best:
                    best, equal = rates[option], []
                if rates[option] == best:
                    equal.append(option)
            if best is None:
                return paid, purse
            chosen = min(equal, key=self.order.__getitem__)
            alike = (o for o in equal if self.order[o][:2] == self.order[chosen][:2])
            paid.append(_Paid(chosen, asks[chosen], best, frozenset(alike)))
            del rates[chosen]
            purse.take(self.of[chosen], asks[chosen])

    def fits(self, have: Iterable[str]) -> list[str]:
        """What somebody wants and the rest of the sum would pay for."""
        there = set(have)
        rest = self.sum - sum(self.cost[o] for o in there)
        return [o for o in self.possible if o not in there and self.cost[o] <= rest]

    def certain(self, paid: list[_Paid], share: Fraction) -> bool:
        """Whether every share from that of ``paid`` to this larger one surely buys the same in the same order."""
        purse, still = _Purse(self.crowd, share), set(self.possible)
        known = dict.fromkeys(self.possible, Fraction(0))
        for one in paid:
            still.discard(one.option)
            for other in [o for o in still if known[o] <= one.rate]:
                asked = self.asked(other, purse)
                if asked is None:
                    still.discard(other)
                    continue
                known[other] = asked / self.worth[other]
                before = self.order[other] < self.order[one.option]
                if known[other] < one.rate or (known[other] == one.rate and before):
                    return False
            asked = self.asked(one.option, purse)
            assert asked is not None, f"expected {one.option} to be paid for"
            purse.take(self.of[one.option], asked)
        return all(self.asked(o, purse) is None for o in still)


def _step(share: int) -> int:
    found = 1
    for digits in range(12):
        for unit in (1, 2, 5):
            if unit * 10**digits * 100 <= share:
                found = unit * 10**digits
    return found


def _raise(fair: _Fair, step: int) -> tuple[Fraction, list[_Paid], _Purse]:
    share = Fraction(fair.sum, fair.people)
    paid, purse = fair.bought(share)
    leap = 1
    while fair.fits(one.option for one in paid):
        while leap > 1 and not fair.certain(paid, share + leap * step):
            leap //= 2
        more, rest = fair.bought(share + leap * step)
        if sum(fair.cost[one.option] for one in more) > fair.sum:
            break
        same = [one.option for one in more] == [one.option for one in paid]
        share, paid, purse, leap = share + leap * step, more, rest, 2 * leap if same else 1
    return share, paid, purse


def _nearest(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def counted(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    """V50 to V54."""
    fair = _Fair(options, terms, ballots)
    step = _step(fair.sum // max(1, fair.people))
    if not fair.people:
        numbers = {o: _told(fair, o, 0, Fraction(0), 0, lot=False) for o in options}
        return Count(numbers, dict.fromkeys(options, 1), _more(fair, [], [], set(), step, Fraction(0)), {})
    first = {one.option for one in fair.bought(Fraction(fair.sum, fair.people))[0]}
    share, paid, purse = _raise(fair, step)
    filled: list[tuple[str, frozenset[str]]] = []
    while not terms["kept"] and (rest := fair.fits([*(p.option for p in paid), *(o for o, _ in filled)])):
        chosen = min(rest, key=fair.order.__getitem__)
        filled.append((chosen, frozenset(o for o in rest if fair.order[o][:2] == fair.order[chosen][:2])))
    have = {one.option for one in paid} | {option for option, _ in filled}
    lots = {one.option for one in paid if one.drawn - have} | {o for o, alike in filled if alike - have}
    stages = {one.option: 1 if one.option in first else 2 for one in paid} | {o: 3 for o, _ in filled}
    most = {one.option: one.most for one in paid}
    numbers = {
        o: _told(
            fair, o, stages.get(o, 0), most.get(o, Fraction(0)),
            0 if o in have else purse.of(fair.crowd, fair.of[o]),
            lot=o in lots,
        )
        for o in options
    }  # fmt: skip
    more = _more(fair, list(stages.values()), [fair.cost[o] for o in have], lots, step, share)
    more["approvals"] = sum(len(marks) for marks in ballots.values())
    wrong: dict[str, Fault] = {v: "bad_mark" for v, marks in ballots.items() if set(marks.values()) - {1}}
    return Count(numbers, _ranks(fair, paid, filled), more, wrong)


def _told(fair: _Fair, option: str, stage: int, most: Fraction, had: int, *, lot: bool) -> dict[str, int]:
    return {
        "supporters": fair.fans[option],
        "cost": fair.cost[option],
        "stage": stage,
        "pays": _nearest(most),
        "had": had,
        "lot": 1 if lot else 0,
    }


def _more(
    fair: _Fair, stages: list[int], costs: list[int], lots: set[str], step: int, share: Fraction
) -> dict[str, int]:
    spent = sum(costs)
    return {
        "approvals": 0,
        "sum": fair.sum,
        "spent": spent,
        "left": fair.sum - spent,
        "share": _nearest(Fraction(fair.sum, fair.people)) if fair.people else 0,
        "raised": _nearest(share),
        "step": step,
        "plainly": stages.count(1),
        "by_raised": stages.count(2),
        "filled": stages.count(3),
        "lots": len(lots),
    }


def _ranks(fair: _Fair, paid: list[_Paid], filled: list[tuple[str, frozenset[str]]]) -> dict[str, int]:
    """What is bought, in order, equals together; then the rest, by supporters."""
    what = [(0, one.rate, fair.order[one.option][:2], one.option) for one in paid]
    what += [(1, Fraction(0), fair.order[option][:2], option) for option, _ in filled]
    ranks: dict[str, int] = {}
    for place, entry in enumerate(what, 1):
        before = what[place - 2] if place > 1 else None
        ranks[entry[3]] = ranks[before[3]] if before and before[:3] == entry[:3] else place
    rest = [o for o in fair.options if o not in ranks]
    for option in rest:
        ranks[option] = len(what) + 1 + sum(fair.fans[o] > fair.fans[option] for o in rest)
    return ranks


def faults(terms: Marks, ballots: Mapping[str, Marks]) -> dict[str, Fault]:
    """Ballots that no rule allows."""
    return {voter: "bad_mark" for voter, marks in ballots.items() if set(marks.values()) - {1}}
