"""How each ballot method is told in words: on receipts, in exports, in the sum below a result. One telling a method.

A method of many words has a module of its own, ``tellings_<family>``, and a line in ``TELLINGS``.
"""

from typing import Final

from forum.domain.kernel import N_
from forum.language import Reader, tellings_grades
from forum.language.telling import Column, Numbers, PlaneWords, Telling, named
from forum.language.tellings_gradients import TELLING as GRADIENTS
from forum.language.tellings_impact import IMPACT
from forum.language.tellings_multicriteria import MULTICRITERIA
from forum.language.tellings_quadratic import QUADRATIC
from forum.language.tellings_ranks import SCHULZE
from forum.language.tellings_twentyfive import TWENTYFIVE

__all__ = ["TELLINGS", "Column", "Numbers", "PlaneWords", "Telling", "named"]


def _points(reader: Reader, mark: int, choice: str) -> str:
    return reader.say_many("{n} point: {choice}", "{n} points: {choice}", mark, choice=choice)


def _points_rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "{points} points per person, at most {cap} on one choice. Equal points and supporters are a tie.",
        points=terms["points"],
        cap=terms["cap"],
    )


def _points_add_up(reader: Reader, voters: int, sums: Numbers) -> str:
    """V9: ``57 people × 5 points = 285: 263 given, 22 not used.``"""
    return reader.say(
        "{people} × {points} = {held}: {given}, {unused}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        points=reader.say_many("{n} point", "{n} points", sums["points"]),
        held=reader.number(sums["held"]),
        given=reader.say_many("{n} given", "{n} given", sums["given"]),
        unused=reader.say_many("{n} not used", "{n} not used", sums["unused"]),
    )


def _approved(reader: Reader, mark: int, choice: str) -> str:
    return reader.say("Approved: {choice}", choice=choice)


def _approval_rule(reader: Reader, terms: Numbers) -> str:
    return reader.say("Each person approved as many choices as they liked. As many approvals are a tie.")


def _approvals_add_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{people}: {approvals}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        approvals=reader.say_many("{n} approval in all", "{n} approvals in all", sums["approvals"]),
    )


def _shares_rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Each person had an equal share of {sum}. A choice was bought when those who approved it could pay for it from their "
        "shares.",
        sum=reader.euros(terms["sum"]),
    )


def _shares_add_up(reader: Reader, voters: int, sums: Numbers) -> str:
    """V54: ``100,000 € for 57 people, a share of …: 98,000 € spent, 2,000 € left. 30 bought by these shares, 4 by …``"""
    said = [
        reader.say(
            "{sum} for {people}, {share} each: {spent} spent, {left} left.",
            people=reader.say_many("{n} person", "{n} people", voters),
            **{name: reader.euros(sums[name]) for name in ("sum", "share", "spent", "left")},
        ),
        reader.say_many(
            "{n} choice bought by these shares", "{n} choices bought by these shares", sums["plainly"]
        ),
    ]
    if sums["by_raised"]:
        said[-1] += ", " + reader.say_many(
            "{n} more by shares raised to {share}",
            "{n} more by shares raised to {share}",
            sums["by_raised"],
            share=reader.euros(sums["raised"]),
        )
    if sums["filled"]:
        said[-1] += ", " + reader.say_many(
            "{n} more from what was left", "{n} more from what was left", sums["filled"]
        )
    said[-1] += "."
    if sums["lots"]:
        said.append(
            reader.say_many(
                "{n} was drawn by lot among equals.", "{n} were drawn by lot among equals.", sums["lots"]
            )
        )
    return " ".join(said)


_HOW_BOUGHT: Final = (N_("not bought"), N_("by shares"), N_("by raised shares"), N_("from what was left"))


def _money(heading: str, name: str) -> Column:
    """A column of cents, empty where there are none."""
    return Column(
        heading, lambda numbers, voters: numbers[name], lambda reader, n: reader.euros(n) if n else ""
    )


def _share(line: Numbers, voters: int) -> int:
    """Of those who voted, in percent, rounded to the nearest."""
    return (200 * line["approvals"] + voters) // (2 * voters) if voters else 0


PURPOSES: Final = {
    "sense": N_("This vote informs, and decides nothing."),
    "decide": N_("This vote decides."),
}
"""What a vote is for (``BallotSettings.purpose``), as every surface and document says it."""
ABOUT_HALF: Final = N_("Supported by two fifths to three fifths of those who voted:")


def _pair(reader: Reader, key: str, words: tuple[str, ...]) -> str:
    return reader.say("{one} or {other}", one=words[0], other=words[1])


def _preferred(reader: Reader, mark: int, choice: str) -> str:
    if mark == 1:
        return reader.say("{choice}: the first of them", choice=choice)
    if mark == 2:
        return reader.say("{choice}: the second of them", choice=choice)
    return reader.say("{choice}: skipped", choice=choice)


def _pairs_rule(reader: Reader, terms: Numbers) -> str:
    return reader.say(
        "Two choices at a time, and each person took the better one. One choice is preferred to another as often as its "
        "strength in the strengths of both says. Equal strengths are a tie."
    )


def _pairs_add_up(reader: Reader, voters: int, sums: Numbers) -> str:
    return reader.say(
        "{people}: {pairs}, {skipped}.",
        people=reader.say_many("{n} person", "{n} people", voters),
        pairs=reader.say_many("{n} comparison", "{n} comparisons", sums["pairs"]),
        skipped=reader.say_many("{n} pair skipped", "{n} pairs skipped", sums["skipped"]),
    )


def _of_a_hundred(reader: Reader, millionths: int) -> str:
    return reader.number(round(millionths / 10_000, 1))


TELLINGS: Final[dict[str, Telling]] = {
    "dots": Telling(
        marked=_points,
        rule=_points_rule,
        adds_up=_points_add_up,
        line=(named(N_("Points"), "points"), named(N_("Supporters"), "supporters")),
        favours="supporters",
        divided=ABOUT_HALF,
        terms=(named(N_("Points per person"), "points"), named(N_("At most on one"), "cap")),
        sums=(
            named(N_("Points held"), "held"), named(N_("Points given"), "given"), named(N_("Points not used"), "unused"),
        ),
    ),
    "approval": Telling(
        marked=_approved,
        rule=_approval_rule,
        adds_up=_approvals_add_up,
        favours="approvals",
        divided=ABOUT_HALF,
        line=(named(N_("Approvals"), "approvals"), Column(N_("Of those who voted, in %"), _share)),
        sums=(named(N_("Approvals in all"), "approvals"),),
    ),
    "majority": tellings_grades.MAJORITY,
    "pairwise": Telling(
        marked=_preferred,
        rule=_pairs_rule,
        adds_up=_pairs_add_up,
        line=(
            Column(N_("Strength, of 100"), lambda numbers, voters: numbers["strength"], _of_a_hundred),
            named(N_("Comparisons won"), "wins"),
            named(N_("Comparisons"), "comparisons"),
        ),
        sums=(named(N_("Comparisons"), "pairs"), named(N_("Pairs skipped"), "skipped")),
        choice=_pair,
    ),
    "roti": tellings_grades.ROTI,
    "quadratic": QUADRATIC,
    "gradients": GRADIENTS,
    "impact": IMPACT,
    "schulze": SCHULZE,
    "twentyfive": TWENTYFIVE,
    "shares": Telling(
        marked=_approved,
        rule=_shares_rule,
        adds_up=_shares_add_up,
        favours="supporters",
        terms=(_money(N_("Sum to share"), "sum"),),
        line=(
            named(N_("Supporters"), "supporters"), _money(N_("Cost"), "cost"),
            Column(N_("Bought"), lambda line, voters: line["stage"], lambda reader, n: reader.say(_HOW_BOUGHT[n])),
            _money(N_("Each paid at most"), "pays"), _money(N_("Supporters had left"), "had"),
            Column(N_("Drawn by lot"), lambda line, voters: line["lot"],
                   lambda reader, n: reader.say(N_("yes")) if n else ""),
        ),
        sums=(
            named(N_("Approvals in all"), "approvals"), _money(N_("Money spent"), "spent"), _money(N_("Money left"), "left"),
        ),
    ),
    "multicriteria": MULTICRITERIA,
}  # fmt: skip
"""By the method's name."""
