"""What a forum's state keeps of where people come from. Values only."""

from typing import Annotated

import msgspec
from immutables import Map

from forum.domain.kernel import CategoryId, OrganisationId, PersonId, Words
from forum.domain.limits import Text


class Category(msgspec.Struct, frozen=True):
    """One category (*collège*) that people of a forum may be of."""

    id: CategoryId
    title: Annotated[Words, Text(60)]


class Belongs(msgspec.Struct, frozen=True):
    """Where one person comes from; "": nobody has said."""

    category: CategoryId = CategoryId("")
    organisation: OrganisationId = OrganisationId("")


class Belonging(msgspec.Struct, frozen=True):
    """The categories of a forum, and where its people come from."""

    categories: tuple[Category, ...] = ()  # in the order in which they are told
    of: Map[PersonId, Belongs] = Map()  # nobody of whom nothing is said
    noted: Map[PersonId, int] = Map()  # the fact by which that was said last

    def get(self, person: PersonId) -> Belongs:
        return self.of.get(person, NOWHERE)


NOWHERE = Belongs()
