"""25/10, from the dealing to the wall; V38, V39."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest
from immutables import Map

from forum.domain.flow import EditStep
from forum.domain.kernel import NOBODY, Rejection, StepId
from forum.domain.methods import METHODS
from forum.domain.methods.twentyfive import hands
from forum.domain.people import AddPerson
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.steps.rounds import Ballot, Deal, Result, Round
from forum.domain.steps.voting import asked, dealing_seed, is_complete, result
from forum.exports import render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from forum.language.tellings_twentyfive import mixed
from tests.scenes import FACILITATOR, Scene, a_room

METHOD = METHODS["twentyfive"]
TERMS = {"best": 5, "hand": 5, "kept": 10}


def dealt(seed: int, people: Sequence[str], cards: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Who is handed which cards; ``cards``: whose each is."""
    deal = Deal(seed, tuple(people), tuple(cards.values()))  # type: ignore[arg-type]
    found = hands(deal, tuple(cards))
    for person, hand in found.items():
        own = [card for card, author in cards.items() if author == person]
        assert len(set(hand)) == len(hand) == min(5, len(cards) - len(own))
        assert not set(hand) & set(own), "one's own card"
    return {str(person): hand for person, hand in found.items()}


def loads(found: Mapping[str, Sequence[str]], cards: Mapping[str, str]) -> list[int]:
    held = Counter(card for hand in found.values() for card in hand)
    return [held[card] for card in cards]


def counted(given: Mapping[str, Sequence[int]]) -> Result:
    """From the scores of each card; the nth score of each is in one ballot."""
    many = max(map(len, given.values()))
    ballots = {
        f"p{n}": Ballot(Map({card: scores[n] for card, scores in given.items() if n < len(scores)}), 1)
        for n in range(many)
    }
    found = result(Round("r", "vote", 1, tuple(given), TERMS, 1, 2, 3, Map(ballots), method="twentyfive"))
    assert found is not None
    return found


def a_vote(people: int, cards: int | None = None) -> Scene:
    """Each brings a card, until there are enough; then all vote on them."""
    names = [f"p{n}" for n in range(people)]
    room = a_room().joined(*names).opened("ideas")
    for n in range(people if cards is None else cards):
        said = room.ask(PostIdea(f"idea{n:03}", f"Idea {n}", StepId("ideas")), names[n % people])
        assert not isinstance(said, Rejection), said
    room.revealed("ideas")
    said = room.ask(EditStep("vote", chosen={"ballot": {"method": "twentyfive", "over": "ideas"}}))
    assert not isinstance(said, Rejection), said
    return room.opened("vote")


def hand_of(room: Scene, person: str) -> tuple[str, ...]:
    return asked(room.state, room.state.rounds.latest("vote"), person)  # type: ignore[arg-type]


@pytest.mark.parametrize("people", range(6, 40))
def test_V38_with_six_people_or_more_each_card_gets_five_scores_from_five_who_did_not_write_it(people: int):
    for seed in range(5):
        print(f"seed {seed}")
        cards = {f"c{n}": f"p{n}" for n in range(people)}
        assert loads(dealt(seed, sorted(set(cards.values())), cards), cards) == [5] * people


def test_V38_six_authors_are_dealt_by_the_shifts_one_to_five():
    cards = {f"c{n}": f"p{n}" for n in range(6)}
    found = dealt(7, sorted(cards.values()), cards)

    for author in cards.values():
        assert sorted(found[author]) == sorted(card for card, by in cards.items() if by != author)


@pytest.mark.parametrize("people", range(2, 6))
def test_V38_with_fewer_than_six_everybody_scores_all_other_cards(people: int):
    cards = {f"c{n}": f"p{n}" for n in range(people)}

    assert loads(dealt(1, sorted(cards.values()), cards), cards) == [people - 1] * people


@pytest.mark.parametrize("seed", range(60))
def test_V38_cards_are_scored_as_evenly_as_can_be_whoever_wrote_how_many(seed: int):
    """Brute force over what is possible is too much: no card may be passed on, over any hands, from many to few."""
    rng = random.Random(seed)
    people = [f"p{n}" for n in range(rng.randint(2, 12))]
    cards = {f"c{n}": rng.choice([*people, *people[:2], NOBODY, "gone"]) for n in range(rng.randint(2, 25))}
    found = dealt(seed, people, cards)
    held = dict(zip(cards, loads(found, cards), strict=True))
    leads = {
        a: {
            b for person in people for b in cards
            if a in found[person] and b not in found[person] and cards[b] != person
        } for a in cards
    }  # fmt: skip
    for start in cards:
        reached, ways = {start}, [start]
        for card in ways:
            ways += list(leads[card] - reached)
            reached |= leads[card]
        assert held[start] - min(held[card] for card in reached) < 2


def test_V38_a_small_dealing_is_the_most_even_of_all():
    cards = {"a": "p0", "b": "p0", "c": "p1", "d": "p2", "e": "p3", "f": "p3", "g": "p3", "h": NOBODY}
    people = ["p0", "p1", "p2"]
    found = sorted(loads(dealt(3, people, cards), cards))

    choices = [list(combinations([c for c in cards if cards[c] != p], 5)) for p in people]
    best = min(
        (sum(n * n for n in Counter(c for hand in each for c in hand).values()), each)
        for each in product(*choices)
    )

    assert sum(n * n for n in found) == best[0]


def test_V38_the_same_seed_deals_alike_and_another_seed_otherwise():
    cards = {f"c{n}": f"p{n}" for n in range(20)}
    people = sorted(cards.values())
    turned = {card: cards[card] for card in reversed(cards)}

    assert dealt(1, people, cards) == dealt(1, people[::-1], turned)
    assert dealt(1, people, cards) != dealt(2, people, cards)


def test_V38_a_card_that_one_was_not_handed_is_refused_one_s_own_too():
    room = a_vote(8)
    mine = hand_of(room, "p0")
    others = [f"idea{n:03}" for n in range(8) if f"idea{n:03}" not in mine]
    for key in others:
        refused = room.ask(GiveMark("vote", key, 5), "p0")
        assert isinstance(refused, Rejection)
        assert (refused.rule, refused.code) == ("V7", "not_asked")

    assert "idea000" in others
    assert len(mine) == 5
    room.voted("p0", **dict.fromkeys(mine, 3))


def test_V38_whoever_comes_later_is_handed_five_and_nobody_s_hand_changes():
    room = a_vote(9)
    before = [hand_of(room, f"p{n}") for n in range(9)]
    room.joined("late")
    late = hand_of(room, "late")

    assert len(set(late)) == 5
    assert [hand_of(room, f"p{n}") for n in range(9)] == before
    room.voted("late", **dict.fromkeys(late, 2))


def test_V38_an_author_who_left_and_comes_back_later_is_not_handed_their_own():
    cards = tuple(f"c{n}" for n in range(7))
    deal = Deal(5, ("p0", "p1", "p2"), ("gone",) * 3 + ("p0",) * 4)  # type: ignore[arg-type]
    round_ = Round("r", "vote", 1, cards, TERMS, 1, method="twentyfive", deal=deal)
    assert METHOD.asked

    assert set(METHOD.asked(round_, "gone", None)) == set(cards[3:])  # type: ignore[arg-type]


def test_V38_hands_stay_when_the_vote_is_opened_again_and_when_somebody_is_erased():
    room = a_vote(8)
    before = [hand_of(room, f"p{n}") for n in range(8)]
    room.voted("p1", **{before[1][0]: 4}).closed("vote").opened("vote")
    again = [hand_of(room, f"p{n}") for n in range(8)]
    room.erased("p3")

    assert again == before
    assert [hand_of(room, f"p{n}") for n in range(8)] == before


def test_V38_who_wrote_what_is_in_no_fact_and_in_no_document_of_the_vote():
    room = a_vote(8)
    opened = next(r.fact for _, _, r in room.journal if type(r.fact).__name__ == "RoundOpened")
    room.closed("vote").revealed("vote")
    told = render(room.state, {}, "c", "forum.json", Reader("en")).body.decode()

    assert opened.parameters == TERMS  # type: ignore[attr-defined]
    assert not re.search(r'"p\d"', told)


def test_V38_who_knows_the_people_and_the_seed_of_the_round_cannot_deal_again():
    """The round's seed everybody can repeat; who could seat people by it would read in a hand who wrote its cards."""
    room = a_vote(12)
    round_ = room.state.rounds.latest("vote")
    guessed = Deal(round_.seed, round_.deal.people, round_.deal.authors)

    assert round_.deal.seed == dealing_seed(round_.seed, "salt") != dealing_seed(round_.seed, "another")
    assert hands(guessed, round_.options) != hands(round_.deal, round_.options)


def test_V38_cards_of_one_author_do_not_stand_side_by_side_in_a_hand():
    side_by_side = []
    for seed in range(40):
        cards = {f"c{n:02}": f"p{n % 8}" for n in range(16)}
        deal = Deal(seed, tuple(f"p{n}" for n in range(8)), tuple(cards.values()))
        round_ = Round("r", "vote", 1, tuple(cards), TERMS, 1, method="twentyfive", deal=deal)
        for person in deal.people:
            hand = METHOD.asked(round_, person, None)
            assert set(hand) == set(hands(deal, round_.options)[person])
            pairs = [(a, b) for n, a in enumerate(hand) for b in hand[n + 1 :] if cards[a] == cards[b]]
            side_by_side += [abs(hand.index(a) - hand.index(b)) == 1 for a, b in pairs]

    # of two places among five, two in five are neighbours
    assert 0.3 < sum(side_by_side) / len(side_by_side) < 0.5


def test_V38_whoever_has_scored_all_that_they_were_handed_is_told_so_however_few_these_are():
    room = a_vote(3, 6)  # two cards each: of six, four are of others
    mine, pages = hand_of(room, "p0"), Pages(static=str)

    def bar() -> str:
        puts = pages.you(View(room.state, {}), Audience("phone", "en"), "p0")
        return next(put.html for put in puts if put.key == "my-left")

    room.voted("p0", **dict.fromkeys(mine[:-1], 3))
    almost = (is_complete(room.state, room.state.rounds.latest("vote"), "p0"), bar())
    room.voted("p0", **{mine[-1]: 2})
    done = (is_complete(room.state, room.state.rounds.latest("vote"), "p0"), bar())

    assert len(mine) == 4
    assert (almost[0], done[0]) == (False, True)
    assert words(almost[1]) != words(done[1])


def test_V38_the_desk_enters_for_each_person_what_they_were_handed():
    room = a_vote(8)
    room.ask(AddPerson("marcel"))
    pages = Pages(static=str)
    view = View(room.state, {"marcel": "Marcel"})
    desk = " ".join(put.html for put in pages.page(view, Audience("desk", "en")))
    form = desk[desk.index('id="vote-option"') :]
    offered = re.findall(r'<option value="(idea\d+)"', form[: form.index("</select>")])

    assert tuple(offered) == hand_of(room, "marcel")
    assert not isinstance(
        room.ask(GiveMark("vote", offered[0], 4), FACILITATOR, on_behalf="marcel"), Rejection
    )


def test_V39_a_score_is_the_sum_of_five():
    found = counted({"a": [5, 5, 5, 5, 5], "b": [1, 1, 1, 1, 1], "c": [5, 4, 3, 2, 1]})

    assert [(line.option, line.rank, line.numbers) for line in found.lines] == [
        ("a", 1, {"score": 25, "points": 25, "scores": 5, "kept": 1}),
        ("c", 2, {"score": 15, "points": 15, "scores": 5, "kept": 1}),
        ("b", 3, {"score": 5, "points": 5, "scores": 5, "kept": 1}),
    ]


def test_V39_with_more_or_fewer_scores_it_is_five_times_the_average_exactly():
    found = counted({"a": [5, 4, 4, 4, 4, 4], "b": [4, 4, 4, 4, 5], "c": [4, 4], "d": []})

    assert [line.option for line in found.lines] == ["b", "a", "c", "d"]
    assert [mixed(line.numbers["points"], line.numbers["scores"]) for line in found.lines] == [
        "21",
        "20 5/6",
        "20",
        "0",
    ]
    assert [line.numbers["kept"] for line in found.lines] == [1, 1, 1, 0]


def test_V39_equal_averages_are_equal_whoever_many_scored_them():
    found = counted({"a": [3, 4], "b": [3, 4, 3, 4], "c": [4, 3, 3, 4, 3, 4]})

    assert [(line.rank, line.tied) for line in found.lines] == [(1, True)] * 3


def test_V39_ten_are_kept_and_all_that_are_tied_with_the_tenth():
    scores = {f"c{n:02}": [5] * 5 if n < 9 else [3] * 5 if n < 13 else [1] * 5 for n in range(20)}
    found = counted(scores)

    assert sum(line.numbers["kept"] for line in found.lines) == 13
    assert (
        sum(line.numbers["kept"] for line in counted({f"c{n}": [1 + n % 5] * 5 for n in range(10)}).lines)
        == 10
    )


@pytest.mark.parametrize("seed", range(30))
def test_V39_ranks_and_what_is_kept_are_those_of_the_fractions(seed: int):
    rng = random.Random(seed)
    given = {
        f"c{n}": [rng.randint(2, 4) for _ in range(rng.randint(0, 7))] for n in range(rng.randint(8, 25))
    }
    given["c0"] = [3]
    found = counted(given)
    mean = {card: Fraction(sum(scores), len(scores) or 1) for card, scores in given.items()}

    for line in found.lines:
        before = sum(other > mean[line.option] for other in mean.values())
        assert line.rank == before + 1
        assert line.numbers["kept"] == (before < 10 and bool(given[line.option]))
        assert line.tied == (list(mean.values()).count(mean[line.option]) > 1)
    cards = list(given)
    rng.shuffle(cards)
    other = counted({card: given[card] for card in cards})
    assert {x.option: (x.rank, x.numbers) for x in found.lines} == {
        x.option: (x.rank, x.numbers) for x in other.lines
    }


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_a_phone_shows_the_five_in_one_s_own_hand_and_a_tap_changes_one_of_them():
    room, pages = a_vote(9), Pages(static=str)

    def mine() -> dict[str, str]:
        return {p.key: p.html for p in pages.you(View(room.state, {}), Audience("phone", "en"), "p2")}  # type: ignore[arg-type]

    before, hand = mine(), hand_of(room, "p2")
    room.voted("p2", **{hand[0]: 4})
    after = mine()

    assert {key for key in before if key.startswith("my-mark-")} == {f"my-mark-{card}" for card in hand}
    assert {k for k in after if after[k] != before.get(k)} == {f"my-mark-{hand[0]}", "my-left", "my-how"}
    assert "You scored 1 card" in words(after["my-left"])


def test_the_result_says_what_is_first_how_many_are_kept_and_the_exact_score():
    room, pages = a_vote(12), Pages(static=str)
    for n in range(12):
        room.voted(f"p{n}", **{card: 1 + int(card[-1]) % 5 for card in hand_of(room, f"p{n}")})
    ballots = room.state.rounds.latest("vote").ballots.values()
    points = sum(sum(ballot.marks.values()) for ballot in ballots)
    room.closed("vote").revealed("vote")
    for surface in ("phone", "screen", "desk"):
        said = " ".join(words(p.html) for p in pages.page(View(room.state, {}), Audience(surface, "en")))  # type: ignore[arg-type]
        assert "First together, with 25 of 25 each:" in said, surface
        assert f"12 people: 60 scores given, {points} points in all." in said.replace(" ,", ","), surface
