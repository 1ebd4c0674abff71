"""What choices cost, by the budget lines of the plan: what a method reads when a vote opens that spends money. In cents."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from forum.domain.kernel import N_, Rejection
from forum.domain.plan import numbers
from forum.domain.sheets.record import Sheet
from forum.domain.state import State

STAFF: Final = "ETP"  # counts people's time, which no sum of euros buys
REFUSALS = {
    "no_sum": N_(
        "This vote shares a sum, and none is set. Set it in what you choose of this step, then open the vote."
    ),
    "no_costs": N_(
        "Choices without a cost in euros: {which}. Give each a budget line in the plan, or set what a choice without one "
        "costs; then open the vote."
    ),
    "mixed_units": N_(
        "Some budget lines are before tax and some with tax, and both do not add up: {which}. Put them into one unit, then "
        "open the vote."
    ),
}


def key(option: str) -> str:
    """The name under which a round keeps what an option costs."""
    return f"cost:{option}"


def read(state: State, options: Iterable[str], *, needed: bool) -> Mapping[str, int] | Rejection:
    """What the options cost. Why a vote may not open, with what to do, where that cannot be said.

    needed   whether each must have a cost in the plan
    """
    wanted = dict.fromkeys(options)
    cents: dict[str, int] = {}
    units: dict[str, list[str]] = {}
    for line in numbers.written(state, "budget_line"):
        unit = str(line.fields.get("unit", ""))
        for option in _whose(line):
            if option in wanted and unit != STAFF and (planned := _cents(line)):
                cents[option] = cents.get(option, 0) + planned
                units.setdefault(unit, []).append(option)
    if len(units) > 1:
        fewest = min(units.values(), key=len)
        return Rejection("V53", "mixed_units", {"which": _which(state, fewest)})
    missing = [option for option in wanted if option not in cents]
    if needed and missing:
        return Rejection("V53", "no_costs", {"which": _which(state, missing)})
    return {key(option): cents[option] for option in wanted if option in cents}


def _whose(line: Sheet) -> tuple[str, ...]:
    action = line.fields.get("action", ())
    return (action,) if isinstance(action, str) else tuple(map(str, action))


def _cents(line: Sheet) -> int:
    planned = line.fields.get("planned", "")
    return int(Decimal(planned) * 100) if isinstance(planned, str) and planned else 0


def _which(state: State, options: Iterable[str]) -> str:
    """Actions by their numbers, the first few; of anything else how many. Names nothing that somebody wrote."""
    coded = {str(one.action.id): one.code for one in numbers.all_coded(state)}
    there = list(dict.fromkeys(options))
    codes = [coded[option] for option in there if option in coded]
    if len(codes) < len(there):
        return str(len(there))
    return ", ".join(codes[:8]) + (" …" if len(codes) > 8 else "")
