"""What equal shares of a sum buy: the count itself, exact, in whole numbers over one common denominator.

D. Peters, G. Pierczyński, P. Skowron, Proportional Participatory Budgeting with Additive Utilities (NeurIPS 2021); completed
by Add1, and by what most support and still fits, as equalshares.net describes both.

Theory of operation. Money only gets less, so what a choice would cost its supporters only rises: a rate that was worked out
earlier is a lower bound, and only the lowest ones of a heap are worked out anew. People with the same ballot have the same money
left, for ever, and are one group. Shares are raised a step at a time, and all is counted anew each time; a stretch of steps is
passed over only where it is proven that every one of them buys the same in the same order (``_Run.repeats``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import gcd
from typing import Final, NamedTuple

PLAIN, RAISED, FILLED = 1, 2, 3
"""The stage that buys something: shares as they are, raised ones, what is left in the end."""
FINE: Final = (
    64  # bits behind the point of a rate in the heap; rates that are as high there are compared exactly
)
STEPS: Final = 100  # at least so many steps raise a share to twice as much

Fraction = tuple[int, int]


class Sale(NamedTuple):
    """What is asked of a count."""

    sum: int  # cents
    costs: Mapping[str, int]  # cents, above 0
    ballots: Sequence[Iterable[str]]  # what each person approves; blank ones too
    lot: Callable[[str], int]  # a choice's place in the lot
    by_number: bool = False  # whether each choice counts as much as any other, and not by its cost
    fill: bool = True


class Bought(NamedTuple):
    """A choice that is bought."""

    option: str
    stage: int
    most: Fraction  # cents: what each pays who pays most; 0 where it is filled in
    rate: Fraction  # by which it came before others of its stage
    lot: bool  # it was drawn among equals, of which one at least is not bought


class Outcome(NamedTuple):
    """What a sum buys."""

    bought: tuple[Bought, ...]  # in order
    money: Mapping[str, int]  # of what is not bought: what its supporters have left, in cents, rounded down
    share: Fraction  # cents a person, in the end
    step: int  # cents by which shares are raised at a time
    raised: int  # how often they were


class _Turn(NamedTuple):
    """What is bought in its turn."""

    option: str
    price: Fraction  # what those still pay who pay most, and how many they are
    scale: int  # parts of a cent in which that is told
    equals: tuple[str, ...]  # others among which it was drawn


class _Hall:
    """Who approves what: the same in all runs."""

    def __init__(self, sale: Sale) -> None:
        groups: dict[frozenset[str], int] = {}
        for ballot in sale.ballots:
            held = frozenset(ballot)
            groups[held] = groups.get(held, 0) + 1
        groups.pop(frozenset(), None)
        self.people, self.weights = len(sale.ballots), list(groups.values())
        self.groups: dict[str, list[int]] = {option: [] for option in sale.costs}
        for place, held in enumerate(groups):
            for option in held:
                self.groups[option].append(place)
        self.supporters = {o: sum(self.weights[g] for g in of) for o, of in self.groups.items()}
        self.costs = sale.costs
        self.gain = dict.fromkeys(sale.costs, 1) if sale.by_number else sale.costs
        self.equal = {o: (-self.supporters[o], sale.costs[o]) for o in sale.costs}
        self.before = {o: (*self.equal[o], sale.lot(o)) for o in sale.costs}
        self.sold = [o for o in sale.costs if self.supporters[o] and sale.costs[o] <= sale.sum]


class _Run:
    """One count, with shares of one size."""

    def __init__(self, hall: _Hall, share: int) -> None:
        """``share``: a person's, in parts of a cent, of which there are as many as people."""
        self.hall, self.scale = hall, hall.people
        self.left = [share] * len(hall.weights)
        self.groups = {o: hall.groups[o] for o in hall.sold}
        self.payers = {o: hall.supporters[o] for o in hall.sold}
        self.heap = [((hall.costs[o] << FINE) // (self.payers[o] * hall.gain[o]), o) for o in hall.sold]
        heapify(self.heap)

    def _price(self, option: str) -> Fraction | None:
        """What those would pay who pay most, in all, and how many they are; None: its supporters have too little left."""
        left, weights = self.left, self.hall.weights
        order = sorted(self.groups[option], key=left.__getitem__)
        need, payers, spent = self.hall.costs[option] * self.scale, self.payers[option], 0
        for place, group in enumerate(order):
            have = left[group]
            if have * payers >= need:
                break
            weight = weights[group]
            payers -= weight
            if have:
                need -= have * weight
            else:
                spent = place + 1
                self.payers[option] = payers
        self.groups[option] = order[spent:] if spent else order
        return (need, payers) if payers else None

    def _rate(self, option: str, price: Fraction) -> Fraction:
        """What those who pay most pay for what they get; the lowest is bought first."""
        return price[0], price[1] * self.scale * self.hall.gain[option]

    def _pay(self, option: str, price: Fraction, equals: tuple[str, ...] = ()) -> _Turn:
        turn = _Turn(option, price, self.scale, equals)
        need, payers = price
        if need % payers:
            more = payers // gcd(need, payers)
            self.scale *= more
            self.left = [have * more for have in self.left]
            need *= more
        each, left = need // payers, self.left
        for group in self.groups[option]:
            have = left[group]
            left[group] = have - each if have > each else 0
        return turn

    def buy(self) -> list[_Turn]:
        """All that is bought, in order."""
        turns = []
        while (lowest := self._lowest()) is not None:
            first, *others = sorted(lowest, key=self.hall.before.__getitem__)
            for other in others:
                heappush(self.heap, (lowest[first][1], other))
            equals = tuple(o for o in others if self.hall.equal[o] == self.hall.equal[first])
            turns.append(self._pay(first, lowest[first][0], equals))
        return turns

    def _lowest(self) -> dict[str, tuple[Fraction, int]] | None:
        """Those with the lowest rate, with their prices: taken out of the heap; None where nothing can be bought."""
        known: list[tuple[int, str, Fraction]] = []
        level = -1
        while self.heap and (level < 0 or self.heap[0][0] <= level):
            _, option = heappop(self.heap)
            price = self._price(option)
            if price is not None:
                over, under = self._rate(option, price)
                known.append(((over << FINE) // under, option, price))
                level = min(level, known[-1][0]) if level >= 0 else known[-1][0]
        lowest: dict[str, tuple[Fraction, int]] = {}
        rate: Fraction = (0, 0)
        for fine, option, price in known:
            mine = self._rate(option, price)
            order = compare(mine, rate) if lowest else -1
            if fine > level or order > 0:
                heappush(self.heap, (fine, option))
                continue
            if order < 0:
                for other, (_, its) in lowest.items():
                    heappush(self.heap, (its, other))
                lowest, rate = {}, mine
            lowest[option] = price, fine
        return lowest or None

    def repeats(self, turns: Sequence[_Turn]) -> list[_Turn] | None:
        """The same turns, with these larger shares; None where it is not proven that all shares between buy the same so.

        A larger share leaves everybody as much or more after the same purchases. So at each turn what was bought has at
        most the rate that it had, and everything else at least the one that it has here.
        """
        again: list[_Turn] = []
        for turn in turns:
            rate = turn.price[0], turn.price[1] * turn.scale * self.hall.gain[turn.option]
            level = (rate[0] << FINE) // rate[1]
            aside: list[tuple[int, str]] = []
            while self.heap and self.heap[0][0] <= level:
                _, option = heappop(self.heap)
                price = None if option == turn.option else self._price(option)
                if price is None:
                    continue
                mine = self._rate(option, price)
                order = compare(mine, rate)
                if order < 0 or (not order and self.hall.before[option] < self.hall.before[turn.option]):
                    return None
                aside.append(((mine[0] << FINE) // mine[1], option))
            for entry in aside:
                heappush(self.heap, entry)
            its = self._price(turn.option)
            assert its is not None, f"expected that more money still buys {turn.option}"
            again.append(self._pay(turn.option, its))
        bought = {turn.option for turn in turns}
        return None if any(o not in bought and self._price(o) for _, o in self.heap) else again


def count(sale: Sale) -> Outcome:
    """What the sum buys. Cost: some milliseconds for each time that shares are raised, by hundreds of people."""
    hall = _Hall(sale)
    step = step_of(sale.sum // max(1, hall.people))
    if not hall.people:
        return Outcome((), dict.fromkeys(sale.costs, 0), (0, 1), step, 0)
    first = _Run(hall, sale.sum).buy()
    raised = _raised(sale, hall, step * hall.people, first)
    run = _Run(hall, sale.sum + raised * step * hall.people)
    last = run.buy()
    by_shares = {turn.option for turn in first}
    shares = [_sold(turn, hall, PLAIN if turn.option in by_shares else RAISED) for turn in last]
    filled = _filled(sale, hall, [turn.option for turn in last]) if sale.fill else []
    bought = (*shares, *filled)
    have = {b.option for b in bought}
    drawn = {turn.option for turn in last if not have.issuperset(turn.equals)}
    money = {
        o: sum(run.left[g] * hall.weights[g] for g in hall.groups[o]) // run.scale
        for o in sale.costs
        if o not in have
    }
    return Outcome(
        tuple(b._replace(lot=b.lot or b.option in drawn) for b in bought),
        money,
        (sale.sum + raised * step * hall.people, hall.people),
        step,
        raised,
    )


def step_of(share: int) -> int:
    """By how many cents shares are raised at a time: the most of 1, 2, 5, 10, 20 … that a share holds a hundred times."""
    steps = (unit * 10**zeros for zeros in range(12) for unit in (1, 2, 5))
    return max((step for step in steps if step * STEPS <= share), default=1)


def compare(a: Fraction, b: Fraction) -> int:
    """Below 0, 0, or above: as two fractions stand to each other."""
    return a[0] * b[1] - b[0] * a[1]


def _sold(turn: _Turn, hall: _Hall, stage: int) -> Bought:
    need, payers = turn.price
    rate = need, payers * turn.scale * hall.gain[turn.option]
    return Bought(turn.option, stage, (need, payers * turn.scale), rate, lot=False)


def _raised(sale: Sale, hall: _Hall, step: int, turns: list[_Turn]) -> int:
    """Add1: how often shares are raised, until more would buy for more than the sum, or nothing more fits."""
    raised, stride = 0, 0
    while _fitting(sale, hall, [turn.option for turn in turns]):
        if stride:
            further = _Run(hall, sale.sum + (raised + stride) * step).repeats(turns)
            if further is None:
                stride //= 4
            else:
                raised, turns, stride = raised + stride, further, 2 * stride
                continue
        if not stride:
            next_ = _Run(hall, sale.sum + (raised + 1) * step).buy()
            if sum(hall.costs[turn.option] for turn in next_) > sale.sum:
                return raised
            stride = int([turn.option for turn in next_] == [turn.option for turn in turns])
            raised, turns = raised + 1, next_
    return raised


def _fitting(sale: Sale, hall: _Hall, bought: Sequence[str]) -> list[str]:
    """What somebody supports, is not bought, and costs no more than what is left."""
    left = sale.sum - sum(hall.costs[o] for o in bought)
    return [o for o in hall.sold if hall.costs[o] <= left and o not in bought]


def _filled(sale: Sale, hall: _Hall, bought: list[str]) -> list[Bought]:
    """What is bought of the rest: what most support, as long as something fits."""
    filled: list[tuple[str, list[str]]] = []
    have = list(bought)
    while fitting := _fitting(sale, hall, have):
        option = min(fitting, key=hall.before.__getitem__)
        filled.append((option, [o for o in fitting if hall.equal[o] == hall.equal[option]]))
        have.append(option)
    return [
        Bought(o, FILLED, (0, 1), (-hall.supporters[o], 1), lot=not set(have).issuperset(equals))
        for o, equals in filled
    ]
