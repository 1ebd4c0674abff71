"""Equal shares: everybody has an equal share of a sum, and what enough of them approve is bought from their shares; V50–V54.

How it is counted is ``equal_shares``, what choices cost is ``costs``.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import Range
from forum.domain.methods import approval
from forum.domain.methods.equal_shares import FILLED, PLAIN, RAISED, Bought, Outcome, Sale, compare, count
from forum.domain.methods.method import MOST_CHOICES, Explained, Method, Serves, Setting, Sums, own, ranked
from forum.domain.methods.papers import ticked
from forum.domain.methods.pictures import Purse
from forum.domain.plan import costs
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

NAME = "shares"
RULES = {
    "V50": N_(
        "Everybody holds an equal share of the sum, and approves as many choices as they like. A choice is bought when those "
        "who approve it can pay for it from their shares; each pays as much, or all that they have left."
    ),
    "V51": N_(
        "What costs its supporters least for what they get is bought first. Of equals, what has more supporters, then what "
        "costs less; then a lot decides, which is recorded, and the result says so."
    ),
    "V52": N_(
        "Then all shares are raised by the same step, again and again, as long as what they buy costs no more than the sum. "
        "What most approve and still fits is bought last, unless the desk decides otherwise."
    ),
    "V53": N_(
        "The desk says which sum is shared. What a choice costs is read from the plan’s budget lines when the vote opens, in "
        "one unit, and stays so."
    ),
    "V54": N_(
        "The result says in which order things were bought, how many approve each and what each of them paid, what is left, "
        "and of what was not bought what it costs and how much its supporters had left."
    ),
}
HUNDREDTHS: Final = 100
_EUROS = Range(0, 10_000_000)
SUM = Setting("sum", N_("Where a sum is shared: how many euros"), _EUROS)
EACH = Setting(
    "each", N_("And what a choice without a budget line costs, in euros (0: none opens without one)"), _EUROS
)
BY_NUMBER = Setting(
    "number", N_("And what counts of a choice (0: what it costs; 1: each as much as another)"), Range(0, 1)
)
KEPT = Setting(
    "kept",
    N_("And what nobody’s share buys (0: goes to what most approve and fits; 1: is kept)"),
    Range(0, 1),
)
SLOW: Final = 500  # marks given; more take longer to count than others may be kept waiting


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {
        "sum": HUNDREDTHS * own(settings, NAME, SUM),
        "each": HUNDREDTHS * own(settings, NAME, EACH),
        "number": own(settings, NAME, BY_NUMBER),
        "kept": own(settings, NAME, KEPT),
    }


def _reads(state: Any, step: Any, options: tuple[str, ...]) -> Mapping[str, int] | Rejection:
    """V53."""
    if not own(step.settings, NAME, SUM):
        return Rejection("V53", "no_sum")
    return costs.read(state, options, needed=not own(step.settings, NAME, EACH))


def cost(terms: Mapping[str, int], option: str) -> int:
    """In cents."""
    return terms.get(costs.key(option), terms["each"])


def _sale(round_: Round) -> Sale:
    terms = round_.parameters
    return Sale(
        sum=terms["sum"],
        costs={option: cost(terms, option) for option in round_.options},
        ballots=[ballot.marks.keys() for ballot in round_.ballots.values()],
        lot=lambda option: int(sha256(f"{round_.seed} {option}".encode()).hexdigest()[:16], 16),
        by_number=bool(terms["number"]),
        fill=not terms["kept"],
    )


def _whole(round_: Round) -> tuple[tuple[Line, ...], Sums]:
    sale = _sale(round_)
    outcome = count(sale)
    supporters = dict.fromkeys(round_.options, 0)
    for ballot in sale.ballots:
        for option in ballot:
            supporters[option] += 1
    places = {b.option: place for place, b in _placed(outcome.bought, sale, supporters)}
    by_option = {b.option: b for b in outcome.bought}
    numbers = {
        o: _numbers(sale, supporters[o], by_option.get(o), outcome.money.get(o, 0), o) for o in sale.costs
    }
    score = {o: (1, -places[o]) if o in places else (0, supporters[o]) for o in sale.costs}
    return ranked(round_.options, numbers, score), _more(sale, outcome)


def _placed(
    bought: Iterable[Bought], sale: Sale, supporters: Mapping[str, int]
) -> Iterable[tuple[int, Bought]]:
    """What is bought, each with its place: the same for what follows at once, at the same rate, with as many, for as much."""
    place, before = 0, None
    for one in bought:
        alike = before is not None and (
            (before.stage == FILLED) == (one.stage == FILLED)
            and not compare(before.rate, one.rate)
            and supporters[before.option] == supporters[one.option]
            and sale.costs[before.option] == sale.costs[one.option]
        )
        place, before = place + (not alike), one
        yield place, one


def _numbers(sale: Sale, supporters: int, bought: Bought | None, had: int, option: str) -> dict[str, int]:
    stage, pays = (bought.stage, _rounded(*bought.most)) if bought else (0, 0)
    return {
        "supporters": supporters,
        "cost": sale.costs[option],
        "stage": stage,
        "pays": pays,
        "had": had,
        "lot": int(bool(bought and bought.lot)),
    }


def _rounded(over: int, under: int) -> int:
    """To the nearest, a half up."""
    return (2 * over + under) // (2 * under)


def _more(sale: Sale, outcome: Outcome) -> Sums:
    spent = sum(sale.costs[b.option] for b in outcome.bought)
    first = _rounded(sale.sum, len(sale.ballots)) if sale.ballots else 0
    return {
        "sum": sale.sum,
        "spent": spent,
        "left": sale.sum - spent,
        "share": first,
        "raised": _rounded(*outcome.share) if outcome.raised else first,
        "step": outcome.step,
        **{name: sum(b.stage == stage for b in outcome.bought) for name, stage in _STAGES.items()},
        "lots": sum(b.lot for b in outcome.bought),
    }


_STAGES: Final = {"plainly": PLAIN, "by_raised": RAISED, "filled": FILLED}


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    return {"approvals": sum(len(ballot.marks) for ballot in ballots)}


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    return line.score, max(1, result.voters)


def _first(result: Result) -> tuple[str, ...]:
    return tuple(line.option for line in result.lines if line.numbers["stage"])


def _picture(terms: Mapping[str, int], result: Result) -> Purse:
    of = {line.option: line.numbers for line in result.lines}
    return Purse(
        sum=result.sums["sum"],
        costs={o: n["cost"] for o, n in of.items()},
        bought=tuple(o for o, n in of.items() if n["stage"]),
        had={o: n["had"] for o, n in of.items() if not n["stage"]},
    )


def _slow(round_: Round) -> bool:
    return sum(len(ballot.marks) for ballot in round_.ballots.values()) > SLOW


ON_PAPER: Final = ticked(N_("Tick every choice that your share of the sum should help to pay for."), 1)


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Equal shares of a sum"),
    terms=_terms,
    refuse=approval.METHOD.refuse,
    tally=lambda round_: _whole(round_)[0],
    whole=_whole,
    slow=_slow,
    sums=_sums,
    settings=(SUM, EACH, BY_NUMBER, KEPT),
    bar=_bar,
    first=_first,
    picture=_picture,
    reads=_reads,
    paper=lambda terms: ON_PAPER,
    serves=(
        Serves(
            "share",
            MOST_CHOICES,
            N_("Every group of people decides on its part of the sum; costs come from the plan."),
        ),
    ),
    rules=RULES,
    refusals=costs.REFUSALS,
    explained=Explained(
        N_("To share a sum of money, such that every group of people decides on its part of it."),
        N_(
            "Everybody has an equal share and approves what it should pay for. What enough people approve is bought from their shares, first "
            "what costs each of them least."
        ),
        N_(
            "It is not easy to follow by hand, and what few people approve is seldom bought, however cheap it is."
        ),
        N_(
            "Of equals, what has more supporters is bought, then what costs less, then a lot decides, and the result says so. A blank "
            "ballot has a share and pays for nothing."
        ),
    ),
)
