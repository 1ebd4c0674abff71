"""Who was there and what they agreed to, as an export tells it: counted, never who."""

from collections import Counter
from collections.abc import Mapping

from forum.domain import spelling
from forum.domain.beside import organisation_of
from forum.domain.kernel import PersonId
from forum.domain.state import State
from forum.exports.told import CategoryOut, ConsentOut, OrganisationOut, TextIn


def categories(state: State) -> tuple[CategoryOut, ...]:
    count = Counter(b.category for p, b in state.belonging.of.items() if state.people.by_id[p].state == "in")
    return tuple(
        CategoryOut(c.id, TextIn(c.title.fr, c.title.en), count[c.id]) for c in state.belonging.categories
    )


def organisations(state: State, names: Mapping[PersonId, str]) -> tuple[OrganisationOut, ...]:
    count: Counter[str] = Counter()
    called: dict[str, str] = {}
    for person, belongs in sorted(state.belonging.of.items()):
        if belongs.organisation and state.people.by_id[person].state == "in":
            count[belongs.organisation] += 1
            called[belongs.organisation] = names.get(organisation_of(person)) or called.get(
                belongs.organisation, ""
            )
    found = (OrganisationOut(called[one], people) for one, people in count.items())
    return tuple(sorted(found, key=lambda one: (not one.name, spelling.order(one.name), -one.people)))


def consents(state: State) -> tuple[ConsentOut, ...]:
    count = Counter(
        (c.purpose, c.text_version, bool(c.withdrawn_at)) for given in state.consents.values() for c in given
    )
    texts = sorted({(purpose, text) for purpose, text, _ in count})
    return tuple(ConsentOut(*one, count[*one, False], count[*one, True]) for one in texts)
