"""Links that let somebody lead, show or export: which exist, who made them, and how they are taken back.

A link's secret is not a fact. Facts name a link by its key, which is the first digits of the secret's hash.
The key is also noted for each person who came by the link. The children of a link are therefore the links
that these people made, and so on down.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from forum.domain import saw
from forum.domain.kernel import (
    N_,
    NOBODY,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Millis,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    at_desk,
)
from forum.domain.link import Link
from forum.domain.roles import LEADS, Role
from forum.domain.state import State, change
from forum.domain.touch import Touch

RULES = {
    "L1": N_(
        "Every link to the desk, the screen or the exports is listed at the desk, used or not, with who "
        "made it."
    ),
    "L2": N_(
        "A revoked link ends at once, for all who came in with it; whoever revokes it chooses whether "
        "the links made with it end too."
    ),
    "L3": N_("A full room never keeps out those who lead, show or export; each link has a limit of its own."),
}
REFUSALS = {
    "too_many_links": N_("There are {limit} links. Revoke some that nobody uses, then make a new one."),
    "link_full": N_("This link has been opened {limit} times. Ask whoever leads for a new one."),
    "no_link": N_("This link is not in the list. Look at the list again."),
}

LINKED = (Role.SCREEN, Role.FACILITATOR, Role.STAFF)  # what a link can open
MAX_LINKS = 200  # that open something: the desk lists them all
MAX_DEVICES = 2_000  # of one link; a device that comes back after its access ended counts again


class MakeLink(Command, frozen=True):
    """Make a link; asked by the server, which has put its secret's hash beside the journal already."""

    key: str
    role: Role


class Told(msgspec.Struct, frozen=True):
    """A link that no fact told of when it was made."""

    key: str
    role: Role
    at: Millis
    parent: str = ""  # the link that whoever made it came by


class TellLinks(Command, frozen=True):
    """Say which links there are that no fact told of; asked by the server."""

    links: tuple[Told, ...]


class RevokeKey(Command, frozen=True):
    """Take a capability link back, and with it the access of all who came by it."""

    key: str
    with_made: bool = False  # the links made with it too, and those made with these


class LinkMade(Fact, frozen=True):
    key: str
    role: Role
    made: Literal["desk", "opening", "elsewhere"] = (
        "desk"  # elsewhere: on the server, or before links were facts
    )
    since: Millis = Millis(0)  # when it was made, if earlier than this fact
    parent: str = ""  # the link that whoever made it came by, if that is not who tells of it


class KeyRevoked(Fact, frozen=True):
    key: str
    with_made: bool = False  # those made with it too, also those that a fact tells of only later


def live_links(state: State) -> list[Link]:
    """The links that open something, oldest first."""
    return sorted(
        (x for x in state.links.by_key.values() if x.key not in state.links.revoked),
        key=lambda x: (x.at, x.key),
    )


def made_with(state: State, key: str) -> list[Link]:
    """Every link that still opens something and was made by who came by this one, or by one of these."""
    children: dict[str, list[Link]] = {}
    for link in state.links.by_key.values():
        children.setdefault(link.parent, []).append(link)
    return sorted(
        (x for x in _below(children, key) if x.key not in state.links.revoked), key=lambda x: (x.at, x.key)
    )


def _below(children: dict[str, list[Link]], key: str) -> Iterator[Link]:
    keys = [key] if key else []
    while keys:  # not by recursion: a chain of links may be as long as somebody makes it
        below = children.pop(keys.pop(), ())  # taken out, so that no circle is walked twice
        yield from below
        keys += [link.key for link in below]


def make_link(state: State, command: MakeLink, asked: Asked) -> Facts | Rejection:
    if state.people.by_id[asked.by].role not in LEADS:
        return Rejection("J3", "forbidden")
    if len(live_links(state)) >= MAX_LINKS:
        return Rejection("L1", "too_many_links", {"limit": MAX_LINKS})
    known = state.links.by_key.get(command.key)  # "elsewhere" when it was told of before this press came true
    return () if known and known.by == asked.by else (LinkMade(command.key, command.role),)


def untold(state: State, key: str) -> bool:
    """Say whether no fact tells who made a link: there may be others, made before links were facts, or elsewhere."""
    return key not in state.links.by_key or not state.links.by_key[key].made


def tell_links(state: State, command: TellLinks, asked: Asked) -> Facts | Rejection:
    if asked.by != NOBODY:
        return Rejection("J3", "forbidden")
    new = [link for link in command.links if untold(state, link.key)]
    made = (LinkMade(link.key, link.role, "elsewhere", link.at, link.parent) for link in new)
    return (*made, *(KeyRevoked(key, with_made=True) for key in _ended(state, new)))


def _ended(state: State, new: list[Told]) -> Iterator[str]:
    """Links told of only now, and made with one that was taken back with all made with it: they end too (L2)."""
    parents = {link.key: link.parent for link in state.links.by_key.values()} | {x.key: x.parent for x in new}
    for link in new:
        above, seen = link.parent, {link.key}
        while above and above not in seen and above not in state.links.revoked_below:
            seen.add(above)
            above = parents.get(above, "")
        if above in state.links.revoked_below and link.key not in state.links.revoked:
            yield link.key


def revoke_key(state: State, command: RevokeKey, asked: Asked) -> Facts | Rejection:
    if not command.key:  # who came by the code has no key: nobody's access hangs on it
        return Rejection("L2", "no_link")
    if command.key in (state.links.revoked_below if command.with_made else state.links.revoked):
        return _rest(state, command) or Rejection("L2", "already_so")
    return (KeyRevoked(command.key, command.with_made), *_rest(state, command))


def _rest(state: State, command: RevokeKey) -> Facts:
    """The end of what was made with a link, where that is chosen."""
    made = made_with(state, command.key) if command.with_made else ()
    return tuple(KeyRevoked(link.key, with_made=True) for link in made)


def crowded(state: State, key: str) -> Rejection | None:
    """Say why nobody more may come by this link; None when somebody may (L3)."""
    link = state.links.by_key.get(key)
    full = link is not None and len(link.people) >= MAX_DEVICES
    return Rejection("L3", "link_full", {"limit": MAX_DEVICES}) if full else None


def came_by(state: State, key: str, role: Role, person: PersonId) -> State:
    """The state in which one more device has come by a link; a link that no fact told of is known from then on."""
    link = state.links.by_key.get(key) or Link(key, role)
    return _put(state, change(link, people=(*link.people, person)))


def _put(state: State, link: Link) -> State:
    return change(state, links=change(state.links, by_key=state.links.by_key.set(link.key, link)))


def _made(state: State, fact: LinkMade, record: Record) -> State:
    known, maker = state.links.by_key.get(fact.key), state.people.by_id.get(record.by)
    link = Link(
        key=fact.key,
        role=fact.role,
        at=fact.since or record.at,
        by=record.by,
        made=fact.made,
        parent=fact.parent or (maker.key if maker else ""),
        people=known.people if known else (),
    )
    return change(_put(state, link), touched=frozenset({Touch.LINKS}))


def _revoked(state: State, fact: KeyRevoked, record: Record) -> State:
    links, key = state.links, frozenset({fact.key} if fact.key else ())
    below = links.revoked_below | key if fact.with_made else links.revoked_below
    return change(
        state,
        links=change(links, revoked=links.revoked | key, revoked_below=below),
        touched=frozenset({Touch.PEOPLE, Touch.LINKS}),
    )


PART = Part(
    judges={MakeLink: make_link, TellLinks: tell_links, RevokeKey: revoke_key},
    folds={LinkMade: _made, KeyRevoked: _revoked},
    rules=RULES,
    refusals=REFUSALS,
    sees={
        MakeLink: saw.ANEW,
        TellLinks: saw.BY_SERVER,
        RevokeKey: Absolute("ends a link, whatever came by it since: to end access never waits"),
    },
    aloud={
        LinkMade: Quiet("its page says so, to whoever made it"),
        KeyRevoked: at_desk(N_("Somebody’s access was ended.")),
    },
)
