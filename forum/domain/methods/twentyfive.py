"""25/10: everybody is handed five cards of others and gives each 1 to 5; the ten with the highest scores are kept; V38, V39.

Source: "25/10 Crowd Sourcing", Lipmanowicz and McCandless, *The Surprising Power of Liberating Structures* (2013). There the cards
change hands five times; here they are dealt so that each is scored as often, by as many different people, never by its author.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from forum.domain.kernel import N_, PersonId, Rejection
from forum.domain.methods.method import MOST_CHOICES, Explained, Method, Serves, Sums, ranked
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Deal, Line, Result, Round

HAND: Final = 5  # cards that each person scores, and scores that each card is to get
BEST: Final = 5
KEPT: Final = 10
MANY_CARDS: Final = 21  # of fewer everybody reads all
RULES = {
    "V38": N_(
        "In a 25/10 vote each person is handed five cards that are not their own, and gives each 1 to 5. The cards are dealt when "
        "the vote opens, by its seed, so that each is scored as often as another; whoever comes later is handed five too."
    ),
    "V39": N_(
        "A card’s score is the sum of five: 5 to 25. A card with more or fewer scores counts five times their average, exactly. "
        "The first ten are kept, and all that are tied with the tenth."
    ),
}
REFUSALS = {
    "score": N_("A card is given 1 to {limit}. Choose one of them."),
    "hand": N_(
        "You have scored as many cards as you were handed: {limit}. Take one back, then score another."
    ),
}
Hands = Mapping[PersonId, tuple[str, ...]]


def _drawn(seed: int, names: Iterable[str]) -> list[str]:
    """In an order that the seed decides, whatever the order they come in."""
    return sorted(names, key=lambda name: blake2b(f"{seed} {name}".encode(), digest_size=8).digest())


def _around(circle: list[str], start: int, mine: set[str]) -> Iterator[str]:
    """The cards from one place of the circle on, without one's own."""
    return (card for card in (*circle[start:], *circle[:start]) if card not in mine)


def _first_five(cards: Iterator[str]) -> list[str]:
    return [card for card, _ in zip(cards, range(HAND), strict=False)]


@lru_cache(maxsize=32)
def _circle(deal: Deal, options: tuple[str, ...]) -> tuple[list[str], Mapping[str, PersonId]]:
    """The cards in the order of their authors, who sit as the seed decides; whose each is."""
    authors = dict(zip(options, deal.authors, strict=False))
    seat = {person: n for n, person in enumerate(_drawn(deal.seed, deal.people))}
    cards = _drawn(deal.seed, options)
    return sorted(cards, key=lambda card: seat.get(authors.get(card, ""), len(seat))), authors


@lru_cache(maxsize=32)
def hands(deal: Deal, options: tuple[str, ...]) -> Hands:
    """Five cards for everybody who was there: none their own, each card as often as another, as far as there are people.

    Where each brought one card, the nth person is handed those of the next five: each card once by each shift. Else that is
    where the evening out begins. Cost: people × cards, and as much again for each that is moved.
    """
    circle, authors = _circle(deal, options)
    people = _drawn(deal.seed, deal.people)
    own: dict[str, set[str]] = {person: set() for person in people}
    for card, author in authors.items():
        own.get(author, set()).add(card)
    dealt = {
        person: _first_five(_around(circle, (n * len(circle) // len(people) + 1) % len(circle), own[person]))
        for n, person in enumerate(people)
    }
    while _evened(dealt, own, circle):
        pass
    return {PersonId(person): tuple(cards) for person, cards in dealt.items()}


def _evened(dealt: dict[str, list[str]], own: Mapping[str, set[str]], circle: list[str]) -> bool:
    """Let one card go on from hand to hand, so that one that many hold is held once less, and one that few hold once more."""
    load = dict.fromkeys(circle, 0)
    for cards in dealt.values():
        for card in cards:
            load[card] += 1
    settled: set[str] = set()
    for high in sorted(circle, key=lambda card: -load[card]):
        if high in settled or load[high] - min(load.values()) < 2:
            continue
        found, came = _lighter(dealt, own, circle, load, high)
        if found:
            _passed_on(dealt, came, found)
            return True
        settled.update(card for card in (high, *came) if load[card] <= load[high])
    return False


def _lighter(
    dealt: Mapping[str, list[str]],
    own: Mapping[str, set[str]],
    circle: list[str],
    load: Mapping[str, int],
    high: str,
) -> tuple[str, dict[str, tuple[str, str]]]:
    """A card that is held by two fewer, which hands can lead to; and how each was come to: card → (person, card given away)."""
    holders: dict[str, list[str]] = {card: [] for card in circle}
    for person, cards in dealt.items():
        for card in cards:
            holders[card].append(person)
    came: dict[str, tuple[str, str]] = {}
    ways, asked = [high], set[str]()
    for card in ways:  # which grows
        for person in holders[card]:
            if person in asked:
                continue
            asked.add(person)
            taken = {*dealt[person], *own[person], *came, high}
            for other in circle:
                if other in taken:
                    continue
                came[other] = (person, card)
                if load[other] <= load[high] - 2:
                    return other, came
                ways.append(other)
    return "", came


def _passed_on(dealt: dict[str, list[str]], came: Mapping[str, tuple[str, str]], last: str) -> None:
    while last in came:
        person, before = came[last]
        dealt[person][dealt[person].index(before)] = last
        last = before


def _asked(round_: Round, person: PersonId, given: Ballot | None) -> tuple[str, ...]:
    """One's five, in an order of their own: around the circle the cards of one author stand side by side."""
    lot = {card: f"{round_.deal.seed} {person} {card}".encode() for card in _hand(round_, person)}
    return tuple(sorted(lot, key=lambda card: blake2b(lot[card], digest_size=8).digest()))


def _hand(round_: Round, person: PersonId) -> Iterable[str]:
    """What is dealt to somebody; whoever came after the vote had opened begins where the seed says."""
    if person in round_.deal.people:
        return hands(round_.deal, round_.options)[person]
    circle, authors = _circle(round_.deal, round_.options)
    start = int.from_bytes(blake2b(f"{round_.deal.seed} {person}".encode(), digest_size=8).digest(), "big")
    own = {card for card, author in authors.items() if author == person}
    return _first_five(_around(circle, start % len(circle), own))


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {"best": BEST, "hand": HAND, "kept": KEPT}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    best, hand = round_.parameters["best"], round_.parameters["hand"]
    if not 0 <= mark <= best:
        return Rejection("V38", "score", {"limit": best})
    scored = set(given.marks if given else ()) | {key}
    return Rejection("V38", "hand", {"limit": hand}) if mark and len(scored) > hand else None


def _tally(round_: Round) -> tuple[Line, ...]:
    points, scores = dict.fromkeys(round_.options, 0), dict.fromkeys(round_.options, 0)
    for ballot in round_.ballots.values():
        for card, mark in ballot.marks.items():
            points[card] += mark
            scores[card] += 1
    score = {
        o: Fraction(round_.parameters["hand"] * points[o], scores[o]) if scores[o] else Fraction(0)
        for o in round_.options
    }
    kept = {
        o: int(
            scores[o] > 0 and sum(other > score[o] for other in score.values()) < round_.parameters["kept"]
        )
        for o in round_.options
    }
    numbers = {
        o: {
            "score": int(score[o] + Fraction(1, 2)),
            "points": points[o],
            "scores": scores[o],
            "kept": kept[o],
        }
        for o in round_.options
    }
    return ranked(round_.options, numbers, score)


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    there = list(ballots)
    return {
        "scored": sum(len(ballot.marks) for ballot in there),
        "points": sum(mark for ballot in there for mark in ballot.marks.values()),
    }


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    """Of the best that it could have."""
    return line.numbers["points"], max(1, terms["best"] * line.numbers["scores"])


METHOD = Method(
    name="twentyfive",
    version=1,
    title=N_("25/10"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    bar=_bar,
    asked=_asked,
    only_asked=True,
    sheet="ranks",
    rules=RULES,
    refusals=REFUSALS,
    serves=(
        Serves(
            "narrow",
            MOST_CHOICES,
            N_(
                "Cards that people have just written: everybody reads only five, and the strongest come up within minutes."
            ),
            least=MANY_CARDS,
        ),
    ),
    explained=Explained(
        N_(
            "To find the boldest of many ideas that people have just written, in half an hour. It informs; it does not decide."
        ),
        N_(
            "Everybody is handed five cards of others and gives each 1 to 5. A card’s score is the sum of its five, 5 to 25, and the "
            "first ten are kept."
        ),
        N_(
            "Five scores are few: chance decides much between cards that are near each other, above all at the tenth."
        ),
        N_(
            "Equal averages are a tie, and all that are tied with the tenth are kept. A card with more or fewer scores counts five "
            "times their average. A ballot without any score is blank."
        ),
    ),
)
