"""Where people come from: the rule, the commands, the facts."""

from forum.domain.belonging.record import Belongs, Category
from forum.domain.kernel import (
    N_,
    Asked,
    CategoryId,
    Command,
    Fact,
    Facts,
    OrganisationId,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    Saw,
)
from forum.domain.roles import KEEPS_PLAN, VOICE
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "J7": N_(
        "A person may have a category and an organisation, by which one sees who is missing. The facilitator and the staff"
        " note them, nobody their own, and both go when the person’s name is erased."
    ),
}
REFUSALS = {
    "too_many_categories": N_("A forum has at most {limit} categories. Put some together, then save them."),
    "category_title": N_("Give each category a title of its own, then save them."),
    "category_used": N_("Somebody is in a category that you are leaving out. Give them another one first."),
    "no_category": N_("This category is not in the list. Look at the list again."),
}
MAX_CATEGORIES = 12


class SetCategories(Command, frozen=True):
    """The categories of this forum, all of them. Asked by the server: no plain form says a list of records."""

    categories: tuple[Category, ...]


class SetCategory(Command, frozen=True):
    """Somebody is of this category; "": of none."""

    person: PersonId
    category: CategoryId = CategoryId("")


class SetOrganisation(Command, frozen=True):
    """Somebody belongs to this organisation; "": to none. Asked by the server, which keeps its name beside the journal."""

    person: PersonId
    organisation: OrganisationId = OrganisationId("")


class CategoriesSet(Fact, frozen=True):
    categories: tuple[Category, ...]


class CategorySet(Fact, frozen=True):
    person: PersonId
    category: CategoryId = CategoryId("")  # "": none, or it was erased with the person's name


class OrganisationSet(Fact, frozen=True):
    person: PersonId
    organisation: OrganisationId = OrganisationId("")  # "": none, or it was erased with the person's name


def set_categories(state: State, command: SetCategories, asked: Asked) -> Facts | Rejection:
    if state.people.by_id[asked.by].role not in KEEPS_PLAN:
        return Rejection("J7", "forbidden")
    given, ids = command.categories, {c.id for c in command.categories}
    if len(given) > MAX_CATEGORIES:
        return Rejection("J7", "too_many_categories", {"limit": MAX_CATEGORIES})
    titles = {c.title.get(state.lang) for c in given}
    if "" in ids | titles or len(ids) < len(given) or len(titles) < len(given):
        return Rejection("J7", "category_title")
    if any(b.category and b.category not in ids for b in state.belonging.of.values()):
        return Rejection("J7", "category_used")
    return Rejection("J7", "already_so") if given == state.belonging.categories else (CategoriesSet(given),)


def set_category(state: State, command: SetCategory, asked: Asked) -> Facts | Rejection:
    if not _has_voice(state, command.person):
        return Rejection("J7", "no_person")
    if command.category and command.category not in {c.id for c in state.belonging.categories}:
        return Rejection("J7", "no_category")
    stands = state.belonging.get(command.person).category == command.category
    return Rejection("J7", "already_so") if stands else (CategorySet(command.person, command.category),)


def set_organisation(state: State, command: SetOrganisation, asked: Asked) -> Facts | Rejection:
    if state.people.by_id[asked.by].role not in KEEPS_PLAN:
        return Rejection("J7", "forbidden")
    if not _has_voice(state, command.person):
        return Rejection("J7", "no_person")
    return (
        OrganisationSet(command.person, command.organisation),
    )  # its name may have changed, under the same id


def _has_voice(state: State, person: PersonId) -> bool:
    known = state.people.by_id.get(person)
    return known is not None and known.role in VOICE


def is_noted(state: State, person: PersonId) -> bool:
    """Say whether anything stands in the journal of where somebody comes from."""
    return person in state.belonging.of


def _categories_set(state: State, fact: CategoriesSet, record: Record) -> State:
    belonging = change(state.belonging, categories=fact.categories)
    return change(state, belonging=belonging, touched=frozenset({Touch.PEOPLE}))


def _category_set(state: State, fact: CategorySet, record: Record) -> State:
    return _put(state, fact.person, change(state.belonging.get(fact.person), category=fact.category))


def _organisation_set(state: State, fact: OrganisationSet, record: Record) -> State:
    return _put(state, fact.person, change(state.belonging.get(fact.person), organisation=fact.organisation))


def _put(state: State, person: PersonId, belongs: Belongs) -> State:
    of, noted = state.belonging.of.set(person, belongs), state.belonging.noted.set(person, state.seq)
    belonging = change(state.belonging, of=of, noted=noted)
    return change(state, belonging=belonging, touched=frozenset({Touch.PEOPLE, Touch.you(person)}))


def _noted(state: State, command: SetCategory | SetOrganisation, asked: Asked) -> int:
    """What is noted of one person, and what can be."""
    return max(state.belonging.noted.get(command.person, 0), state.since.categories)


PART = Part(
    judges={SetCategories: set_categories, SetCategory: set_category, SetOrganisation: set_organisation},
    folds={
        CategoriesSet: _categories_set,
        CategorySet: _category_set,
        OrganisationSet: _organisation_set,
    },
    rules=RULES,
    refusals=REFUSALS,
    sees={
        SetCategories: Saw(
            lambda state, command, asked: state.since.categories, N_("The list of categories")
        ),
        **dict.fromkeys((SetCategory, SetOrganisation), Saw(_noted, N_("What is noted of this person"))),
    },
    aloud=dict.fromkeys((CategoriesSet, CategorySet, OrganisationSet), Quiet("where one person comes from")),
)
