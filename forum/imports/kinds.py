"""What can be imported: one value for each kind of table. A new kind adds its module and a line below."""

from collections.abc import Callable
from typing import Final, NamedTuple

from forum.domain.kernel import N_, Asked
from forum.domain.state import State, Step
from forum.imports import cards, plan, plan_fields
from forum.imports.book import Book, Page
from forum.imports.columns import Guess, Target
from forum.imports.plan_line import Told
from forum.imports.wishes import Asking

LEAST_FIELDS: Final = 3  # of a plan, with the title of an action: else a table is taken for cards


class Here(NamedTuple):
    """What a table is held against."""

    state: State
    page: Page
    guess: Guess
    step: Step | None  # in which cards are put; None: none takes any now
    asked: Asked
    told: Told


class Kind(NamedTuple):
    """One kind of table."""

    key: str  # in forms, and in facts for ever
    label: str
    targets: Callable[[], tuple[Target, ...]]
    guessed: Callable[[Book], Guess]
    wishes: Callable[[Here], Asking]
    needs: str  # the key of a target: without a column of it nothing comes of the table
    needs_step: bool = False


def _cards(here: Here) -> Asking:
    if here.step is not None:
        yield from cards.wishes(here.state, here.page, here.guess, here.step, here.asked, here.told.new_id)


def _plan(here: Here) -> Asking:
    return plan.wishes(here.state, here.page, here.guess, here.told)


_ALL: Final = (
    Kind("cards", N_("Cards"), lambda: cards.TARGETS, cards.first_guess, _cards, cards.TEXT, needs_step=True),
    Kind("plan", N_("The plan"), plan_fields.targets, plan.guessed, _plan, plan_fields.TITLE),
)
KINDS: Final[dict[str, Kind]] = {kind.key: kind for kind in _ALL}


def likely(book: Book) -> Kind:
    """What a table seems to hold."""
    found = set(plan.guessed(book).targets.values())
    planned = plan_fields.TITLE in found and len(found) >= LEAST_FIELDS
    return _ALL[1] if planned else _ALL[0]
