"""What a forum's state keeps of its links. Values only; ``links`` tells the rules."""

import msgspec
from immutables import Map

from forum.domain.kernel import NOBODY, Millis, PersonId
from forum.domain.roles import Role


class Link(msgspec.Struct, frozen=True):
    """A link that lets somebody lead, show or export. Its secret is kept nowhere."""

    key: str  # digest prefix of its secret
    role: Role
    at: Millis = Millis(0)  # when it was made; 0 = no fact told of it
    by: PersonId = NOBODY  # who made it; NOBODY = the server
    made: str = ""  # where: as ``LinkMade`` says; "" = no fact told of it
    parent: str = ""  # key by which who made it had come; "" = none
    people: tuple[PersonId, ...] = ()  # who came by it, removed ones too


class Links(msgspec.Struct, frozen=True):
    """Every link of a forum, and which capabilities open nothing any more."""

    by_key: Map[str, Link] = Map()
    revoked: frozenset[str] = frozenset()  # digest prefixes of capabilities taken back
    revoked_below: frozenset[str] = (
        frozenset()
    )  # of these: with all made with them, also what is told of later
