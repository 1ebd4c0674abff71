"""Equal shares: what they buy against a published package, brute force and the second count; V50 to V54."""

import json
import random
from fractions import Fraction
from pathlib import Path

from immutables import Map

from forum.audit.tallies_shares import counted as counted_again
from forum.domain.flow import OpenStep
from forum.domain.kernel import Millis, PersonId, Rejection, RoundId, SheetId, StepId
from forum.domain.methods.equal_shares import PLAIN, RAISED, Outcome, Sale, count, step_of
from forum.domain.settings import BallotSettings, SheetSettings
from forum.domain.sheets.words import MakeSheet, RemoveSheet
from forum.domain.steps.rounds import Ballot, Result, Round
from forum.domain.steps.voting import counted
from forum.language import Reader
from forum.language.tellings import TELLINGS
from tests.scenes import ECLAIR, Scene, a_room

ORACLE = Path(__file__).parent / "oracles" / "shares.json"
SEED = 20261129


def a_sale(
    total: int, costs: dict[str, int], *ballots: str, number: bool = False, fill: bool = False, lot: str = ""
) -> Sale:
    """Choices of one letter; ``lot``: their order in the lot."""
    return Sale(total, costs, ballots, (lot or "".join(costs)).index, number, fill)


def names(outcome: Outcome) -> str:
    return "".join(one.option for one in outcome.bought)


def a_round(total: int, costs: dict[str, int], *ballots: str, seed: int = 0, **terms: int) -> Round:
    given = {
        PersonId(f"p{n}"): Ballot(Map(dict.fromkeys(chosen, 1)), Millis(1))
        for n, chosen in enumerate(ballots)
    }
    held = {"sum": total, "each": 0, "number": 0, "kept": 0, **{f"cost:{o}": c for o, c in costs.items()}}
    return Round(
        RoundId("r"), StepId("vote"), 1, tuple(costs), held | terms, Millis(1), ballots=Map(given), method="shares",
        seed=seed,
    )  # fmt: skip


def drawn(rng: random.Random) -> Round:
    """A vote with many ties: few costs, few ballots that are not alike."""
    options = "abcdefghij"[: rng.randint(1, 10)]
    cost = rng.choice([[100], [100, 200, 300], [50, 150, 700, 1000], [1, 2, 3]])
    costs = {o: rng.choice(cost) for o in options}
    total = rng.randint(1, max(2, sum(costs.values()) * 3 // 4))
    ballots = [
        "".join(o for o in options if rng.random() < rng.choice([0.1, 0.3, 0.6]))
        for _ in range(rng.randint(0, 12))
    ]
    return a_round(
        total, costs, *ballots, seed=rng.randrange(10**6), number=rng.randint(0, 1), kept=rng.randint(0, 1)
    )  # fmt: skip


def told(result: Result) -> dict[str, tuple[int, dict[str, int]]]:
    return {line.option: (line.rank, line.numbers) for line in result.lines}


def test_V52_five_red_and_four_blue_are_bought_by_shares_and_a_fifth_once_they_are_raised():
    """51 people approve ten red choices, 49 ten blue ones; each costs as much as a tenth of the sum."""
    costs = dict.fromkeys("abcdefghijABCDEFGHIJ", 100)
    outcome = count(a_sale(1000, costs, *["abcdefghij"] * 51, *["ABCDEFGHIJ"] * 49))
    stages = [one.stage for one in outcome.bought]

    assert [sum(o.islower() for o in names(outcome)), sum(o.isupper() for o in names(outcome))] == [5, 5]
    assert [stages.count(PLAIN), stages.count(RAISED)] == [9, 1]
    assert outcome.bought[-1].option.isupper()
    assert outcome.raised == 1


def test_V50_whoever_has_too_little_left_pays_what_they_have_and_the_others_the_rest():
    outcome = count(a_sale(900, {"a": 300, "b": 450}, "a", "ab", "b"))

    assert [(one.option, Fraction(*one.most)) for one in outcome.bought] == [("a", 150), ("b", Fraction(300))]


def test_V51_what_costs_its_supporters_least_for_what_they_get_is_bought_first():
    by_cost = count(a_sale(1200, {"a": 100, "b": 600}, "ab", "ab", "b"))
    by_number = count(a_sale(1200, {"a": 100, "b": 600}, "ab", "ab", "b", number=True))

    assert names(by_cost)[0] == "b"  # three pay for it, two for the other
    assert names(by_number)[0] == "a"  # each choice counts as much as another, and it is cheap


def test_V51_of_equals_a_lot_decides_and_the_result_says_so():
    costs = {"a": 200, "b": 200}
    one, other = (count(a_sale(200, costs, "ab", "ab", lot=lot)) for lot in ("ab", "ba"))
    both = count(a_sale(400, costs, "ab", "ab"))

    assert [names(one), names(other)] == ["a", "b"]
    assert one.bought[0].lot
    assert not any(x.lot for x in both.bought), "both are bought, whichever came first"


def test_V51_of_equals_what_more_support_and_then_what_costs_less_comes_first_without_a_lot():
    outcome = count(a_sale(300, {"a": 300, "b": 200}, "ab", "ab", lot="ab"))

    assert names(outcome) == "b"
    assert not outcome.bought[0].lot


def test_V52_what_most_approve_and_fits_is_bought_last_or_kept():
    costs = {"a": 600, "b": 500, "c": 300}
    kept, filled = (count(a_sale(1000, costs, "a", "a", "b", "bc", fill=fill)) for fill in (False, True))

    assert names(kept) in names(filled)
    assert sum(costs[o] for o in names(filled)) <= 1000
    assert not any(
        costs[o] <= 1000 - sum(costs[x] for x in names(filled)) for o in set(costs) - set(names(filled))
    )


def test_a_share_is_raised_by_a_round_step_that_is_at_most_a_hundredth_of_it():
    assert [step_of(share) for share in (1, 99, 100, 199, 200, 999, 16_667, 5_000_000)] == [
        1, 1, 1, 1, 2, 5, 100, 50_000,
    ]  # fmt: skip


def test_nothing_is_bought_that_costs_more_than_the_sum_or_that_nobody_approves():
    assert names(count(a_sale(1000, {"a": 1001}, "a", "a", fill=True))) == ""
    assert names(count(a_sale(1000, {"a": 100}, fill=True))) == ""
    assert names(count(a_sale(1000, {"a": 100}, "", "", fill=True))) == ""


def test_it_buys_what_pabutools_buys():
    """400 votes with many ties, counted once by that package, apart: shares as they are, then raised by the same steps."""
    votes = json.loads(ORACLE.read_text())["votes"]
    differs = []
    for vote in votes:
        costs = {str(n): cost for n, cost in enumerate(vote["costs"])}
        ballots = [[str(o) for o in ballot] for ballot in vote["ballots"]]
        lots = {str(n): lot for n, lot in enumerate(vote["lots"])}
        sale = Sale(vote["sum"], costs, ballots, lots.__getitem__, bool(vote["number"]), fill=False)
        outcome = count(sale)
        plain = {one.option for one in outcome.bought if one.stage == PLAIN}
        if [int(one.option) for one in outcome.bought] != vote["raised"] or not plain <= set(
            map(str, vote["plain"])
        ):
            differs.append(vote)

    assert len(votes) == 400
    assert sum(vote["plain"] != vote["raised"] for vote in votes) > 200, "shares are raised in most of them"
    assert differs == []


def test_no_step_is_passed_over_that_would_have_bought_something_else():
    """Shares raised one step at a time, each counted anew in fractions; the count passes over what it has proven."""
    rng = random.Random(SEED)
    for _ in range(25):
        options = "abcdefgh"
        costs = {o: rng.choice([300, 500, 900, 2500, 4000]) for o in options}
        ballots = ["".join(o for o in options if rng.random() < 0.3) for _ in range(rng.randint(2, 9))]
        sale = a_sale(rng.randint(2000, 9000), costs, *ballots)
        raised, before = 0, None
        step = step_of(sale.sum // len(ballots))
        while True:
            bought = _plainly(sale, Fraction(sale.sum, len(ballots)) + raised * step)
            spent = sum(costs[o] for o in bought)
            if spent > sale.sum:
                break
            before = bought
            fits = (o for o in options if o not in bought and any(o in b for b in ballots))
            if not any(costs[o] <= sale.sum - spent for o in fits):
                break
            raised += 1

        assert list(names(count(sale))) == before, (SEED, sale)


def _plainly(sale: Sale, share: Fraction) -> list[str]:
    """By the definition: of all that can be paid, the lowest rate, found by trying what each could at most pay."""
    left, bought = [share] * len(sale.ballots), []
    while True:
        offers = []
        for option, cost in sale.costs.items():
            fans = [n for n, ballot in enumerate(sale.ballots) if option in ballot]
            if option in bought or cost > sale.sum or sum(left[n] for n in fans) < cost or not fans:
                continue
            tries = (
                (cost - sum(left[n] for n in fans if left[n] < t)) / Fraction(sum(left[n] >= t for n in fans))
                for t in {left[n] for n in fans}
            )
            most = min(t for t in tries if sum(min(left[n], t) for n in fans) == cost)
            offers.append((most / cost, -len(fans), cost, sale.lot(option), option, most))
        if not offers:
            return bought
        *_, option, most = min(offers)
        bought.append(option)
        left = [
            has - min(has, most) if option in ballot else has
            for has, ballot in zip(left, sale.ballots, strict=True)
        ]


def test_the_second_count_finds_the_same():
    rng = random.Random(SEED)
    for n in range(300):
        round_ = drawn(rng)
        ballots = {person: dict(b.marks) for person, b in round_.ballots.items()}
        again = counted_again(list(round_.options), {**round_.parameters, "seed": round_.seed}, ballots)
        first = counted(round_)

        assert told(first) == {o: (again.ranks[o], again.numbers[o]) for o in round_.options}, (SEED, n)
        assert first.sums == again.sums, (SEED, n)


def test_another_order_of_ballots_and_choices_changes_nothing():
    rng = random.Random(SEED)
    for n in range(200):
        round_ = drawn(rng)
        costs = {o: round_.parameters[f"cost:{o}"] for o in rng.sample(round_.options, len(round_.options))}
        ballots = ["".join(b.marks) for b in round_.ballots.values()]
        rng.shuffle(ballots)
        keep = {name: round_.parameters[name] for name in ("number", "kept")}
        other = a_round(round_.parameters["sum"], costs, *ballots, seed=round_.seed, **keep)

        assert told(counted(round_)) == told(counted(other)), (SEED, n)


def test_V54_the_result_says_what_is_spent_what_is_left_and_why_the_rest_is_not_bought():
    result = counted(a_round(1000, {"a": 600, "b": 500, "c": 900}, "a", "a", "ab", "c", kept=1))
    said = TELLINGS["shares"].adds_up(Reader("en"), result.voters, result.sums)
    rest = {line.option: line.numbers for line in result.lines if not line.numbers["stage"]}

    assert result.sums["spent"] + result.sums["left"] == result.sums["sum"] == 1000
    assert "€10 for 4 people, €2.50 each: €6 spent, €4 left." in said
    assert rest.keys() == {"b", "c"}
    assert all(numbers["had"] < numbers["cost"] for numbers in rest.values())


def a_budget(**own: int) -> Scene:
    """Two actions in the plan, of which the first costs 1,200 euros; then a vote over them."""
    steps = {
        **ECLAIR,
        "vote": BallotSettings(),
        "plan": SheetSettings(),
        "money": BallotSettings(
            over="actions", method="shares", own={f"shares_{n}": x for n, x in own.items()}
        ),
    }
    room = (
        a_room(steps).opened("ideas").with_ideas(2).revealed("ideas").opened("sort").with_theme("theme1", 1)
    )
    room.opened("plan").with_plan("Louer", "Former")
    line(room, "line1", "act001", "800.50")
    line(room, "line2", "act001", "399.50")
    return room


def line(room: Scene, name: str, action: str, planned: str, unit: str = "EUR_TTC") -> None:
    fields = {"title": "Salle", "action": (action,), "unit": unit, "planned": planned}
    made = room.ask(MakeSheet(SheetId(name), "budget_line", StepId(""), fields))
    assert not isinstance(made, Rejection), made


def refusal(room: Scene) -> str:
    """Why the vote does not open, as the desk reads it."""
    from forum.domain.room import REFUSALS

    refused = room.ask(OpenStep(StepId("money")))
    assert isinstance(refused, Rejection), refused
    return f"{refused.code}: {Reader('en').refusal(refused.code, refused.params, REFUSALS, str)}"


def test_V53_costs_are_read_from_the_plan_when_the_vote_opens_and_stay_so():
    room = a_budget(sum=1000)
    line(room, "line3", "act002", "300")
    room.opened("money")
    line(room, "line4", "act002", "1")
    terms = room.state.rounds.latest("money").parameters

    assert terms["sum"] == 100_000
    assert {name: terms[name] for name in terms if name.startswith("cost:")} == {
        "cost:act001": 120_000, "cost:act002": 30_000,
    }  # fmt: skip


def test_V53_without_a_sum_a_cost_or_one_unit_it_does_not_open_and_says_what_to_do():
    no_sum, no_cost, other, mixed = a_budget(), a_budget(sum=1000), a_budget(sum=1000), a_budget(sum=1000)
    line(other, "line3", "act002", "0.5", "ETP")
    line(mixed, "line3", "act002", "300", "EUR_HT")

    assert refusal(no_sum).startswith("no_sum: This vote shares a sum, and none is set.")
    assert refusal(no_cost).startswith(
        "no_costs: Choices without a cost in euros: 1.2. Give each a budget line"
    )
    assert refusal(other).startswith("no_costs: ")  # people's time is no money
    assert refusal(mixed).startswith("mixed_units: ")
    assert not isinstance(a_budget(sum=1000, each=5).ask(OpenStep(StepId("money"))), Rejection)


def test_V53_a_line_that_was_taken_out_costs_nothing():
    room = a_budget(sum=1000, each=5)
    room.ask(RemoveSheet(SheetId("line2")))
    room.opened("money")

    assert room.state.rounds.latest("money").parameters["cost:act001"] == 80_050
