"""What of all that people gave has a part in the plan or in a result, and so lasts as long as they do (K6). Readings of the state.

Links outlive words: nothing here takes a card out of its theme, or a theme out of its axis.
"""

from collections.abc import Iterator, Mapping

from forum.domain.kernel import IdeaId, Millis, PersonId, ThemeId
from forum.domain.roles import KEEPS_PLAN
from forum.domain.sheets.fields import Value
from forum.domain.sheets.reading import people_in
from forum.domain.state import State
from forum.domain.terms import is_ended


def cards_ended(state: State, written: Mapping[IdeaId, Millis], at: int) -> frozenset[IdeaId]:
    """The cards whose words had their time at an instant; ``written``: when each was worded last. Cost: the plan and the cards."""
    last = lasting_cards(state)
    days = state.keeping.words_days
    return frozenset(
        idea
        for idea, when in written.items()
        if idea in state.ideas.by_id and idea not in last and is_ended(when, days, at)
    )


def people_ended(state: State, heard_of: Mapping[PersonId, Millis], at: int) -> frozenset[PersonId]:
    """Those whose name had its time; ``heard_of``: when each did something last. Cost: the plan and the people."""
    last, days = frozenset(_lasting_people(state)), state.keeping.words_days
    waiting = {erasure.person for erasure in state.keeping.erasures}
    return frozenset(
        person
        for person, known in state.people.by_id.items()
        if person not in last
        and person not in waiting
        and known.role not in KEEPS_PLAN
        and is_ended(heard_of.get(person, Millis(0)), days, at)
    )


def lasting_themes(state: State) -> frozenset[ThemeId]:
    """The themes that lead to the plan, or stand in a result that was shown."""
    found = {theme for axis in state.plan.axes.values() if not axis.removed for theme in axis.themes}
    found |= {
        theme for action in state.plan.actions.values() if not action.removed for theme in action.themes
    }
    named = _named(state)
    return frozenset(found | {theme for theme in state.themes.by_id if theme in named})


def lasting_cards(state: State) -> frozenset[IdeaId]:
    """The cards that lead to the plan, by themselves or in a theme, those they sum up, and those of a result that was shown."""
    found = {idea for action in state.plan.actions.values() if not action.removed for idea in action.ideas}
    for theme in lasting_themes(state):
        held = state.themes.by_id.get(theme)
        found |= set(held.ideas) if held else set()
    named = _named(state)
    found |= {idea for idea in state.ideas.by_id if idea in named}
    there = state.ideas.by_id
    summed = {one for idea in found if idea in there for one in there[idea].stands_for}
    return frozenset(found | summed)


def _named(state: State) -> frozenset[str]:
    """The ids that sheets name, and those that people saw a result of."""
    shown = (r for r in state.rounds.by_id.values() if r.revealed_at)
    sheets = (s for s in state.sheets.by_id.values() if not s.removed)
    return frozenset(
        (
            *(option for round_ in shown for option in round_.options),
            *(name for sheet in sheets for value in sheet.fields.values() for name in _names(value)),
        )
    )


def _names(value: Value) -> Iterator[str]:
    yield from (value,) if isinstance(value, str) else value


def _lasting_people(state: State) -> Iterator[PersonId]:
    for action in state.plan.actions.values():
        if not action.removed:
            yield from (action.pilot, action.by, action.written_by, *action.partners)
            yield from (offer.person for offer in action.offers)
    for commitment in state.commitments.by_id.values():
        if not commitment.withdrawn:
            yield commitment.person
    for sheet in state.sheets.by_id.values():
        if not sheet.removed:
            yield from (sheet.by, *(wrote.by for wrote in sheet.wrote.values()), *people_in(sheet))
