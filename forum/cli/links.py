"""``forum links``: list a forum's links, make new ones, take them back; beside a running server too.

For whoever runs the server, when nobody can lead any more: a lost desk link would end a forum otherwise.
"""

import argparse
import asyncio
import secrets
from collections.abc import Callable
from typing import Final, NamedTuple

from forum.cli.export import folded
from forum.cli.new import now, print_link
from forum.cli.settings import add_address, settings_from, there
from forum.cli.terminal import Say, Terminal
from forum.domain import records
from forum.domain.kernel import N_, NOBODY, Asked, Fact, Facts, Millis, Record, Rejection, TabId
from forum.domain.link import Link
from forum.domain.links import (
    MAX_LINKS,
    REFUSALS,
    KeyRevoked,
    RevokeKey,
    TellLinks,
    Told,
    live_links,
    revoke_key,
    tell_links,
)
from forum.domain.roles import Role
from forum.domain.room import fold
from forum.domain.state import State
from forum.journal import Conflict, Journal, StoreAddress, Unavailable, open_journal
from forum.opening import PREFIX, digest, links_kept, new_secret, put_link
from forum.web.identity import SURFACE_OF, base_path

ABOUT = N_("List the links of a forum, make new ones, take them back.")
ROLES: Final = {surface: role for role, surface in SURFACE_OF.items()}
TRIES: Final = 5
LEAST_DIGITS: Final = 4  # of a link's name, to take it back


class Done(NamedTuple):
    """What became of a forum's links."""

    state: State
    secret: str = ""  # of a new one
    ended: int = 0  # links that were taken back


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", help=say("code of the forum"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--new", choices=tuple(ROLES), help=say("make one more link"))
    what.add_argument(
        "--renew",
        choices=tuple(ROLES),
        help=say("make a new link and take back every other one to the same place"),
    )
    what.add_argument(
        "--take-back", metavar=say("LINK"), help=say("take back one link, by its name in the list")
    )
    parser.add_argument("--with-made", action="store_true", help=say("take back the links made with it too"))
    add_address(parser, say)
    parser.add_argument("--json", action="store_true", help=say("print JSON"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code, settings = terminal.code(arguments.code), settings_from(arguments)
    wanted = arguments.new or arguments.renew
    if arguments.with_made and arguments.take_back is None and not arguments.renew:
        terminal.refuse("--with-made goes with --renew or --take-back: say which links are to end.")
    done = asyncio.run(_done(there(settings), code, arguments, terminal))
    url = f"{settings.address}{base_path(code, wanted)}#{done.secret}" if done.secret else ""
    if arguments.json:
        terminal.json(
            {"links": [_told(link) for link in _listed(done.state)], "ended": done.ended}
            | ({"url": url} if url else {})
        )
        return 0
    if url:
        print_link(terminal, wanted, url)
        terminal.line(terminal.say("It is shown only now; keep it."))
    if arguments.take_back is not None or arguments.renew:
        ended = terminal.reader.say_many("{n} link was taken back.", "{n} links were taken back.", done.ended)
        terminal.line(ended)
    if not wanted:
        for link in _listed(done.state):
            print_link(terminal, SURFACE_OF[link.role], _origin(terminal, link, done.state.zone))
    return 0


# --- inside


def _listed(state: State) -> list[Link]:
    """The links that open something, by what they open, oldest first."""
    return sorted(live_links(state), key=lambda link: tuple(ROLES.values()).index(link.role))


async def _done(address: StoreAddress, code: str, arguments: argparse.Namespace, terminal: Terminal) -> Done:
    async with open_journal(address) as journal:
        if await journal.head(code) is None:
            terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
        wanted = arguments.new or arguments.renew
        secret = new_secret() if wanted else ""
        new = digest(secret)[:PREFIX] if secret else ""
        if wanted:
            state, _ = await folded(journal, code)
            if len(live_links(state)) >= MAX_LINKS and not arguments.renew:
                full = REFUSALS["too_many_links"]
                terminal.refuse(full, limit=MAX_LINKS)
            await put_link(journal, code, secret, ROLES[wanted], now)
        kept = [
            Told(key.via, key.role, Millis(key.created), key.parent)
            for key in await links_kept(journal, code)
        ]

        def change(state: State) -> Facts:
            told = tell_links(state, TellLinks(tuple(kept)), _asked())
            assert not isinstance(told, Rejection), told
            state = _after(state, told)
            if arguments.take_back is not None:
                return (*told, *_taken_back(state, arguments.take_back, arguments.with_made, terminal))
            if arguments.renew:
                return (*told, *_renewed(state, ROLES[wanted], new, arguments.with_made))
            return told

        state, ended = await _changed(journal, code, change)
        return Done(state, secret, ended)


async def _changed(journal: Journal, code: str, change: Callable[[State], Facts]) -> tuple[State, int]:
    """The forum's state after what ``change`` makes of it, appended whoever else writes; and how many links ended. Unavailable."""
    for _ in range(TRIES):
        state, chain = await folded(journal, code)
        head = await journal.head(code)
        facts = change(state)
        if not facts:
            return state, 0
        if head is None or (head.seq, head.chain) != (state.seq, chain):
            continue
        op = f"operator-{secrets.token_hex(8)}:1"
        try:
            await journal.append(code, head, [(op, records.encode(_record(fact))) for fact in facts])
        except Conflict:
            continue
        return _after(state, facts), sum(isinstance(fact, KeyRevoked) for fact in facts)
    raise Unavailable("busy", "the journal grows faster than links can be changed")


def _renewed(state: State, role: Role, new: str, with_made: bool) -> Facts:
    """The end of every link of a role but the new one."""
    ended: list[KeyRevoked] = []
    for link in live_links(state):
        if link.role is role and link.key not in state.links.revoked | {new}:
            facts = revoke_key(state, RevokeKey(link.key, with_made), _asked())
            if not isinstance(facts, Rejection):
                state = _after(state, facts)
                ended += [fact for fact in facts if isinstance(fact, KeyRevoked)]
    return tuple(ended)


def _taken_back(state: State, written: str, with_made: bool, terminal: Terminal) -> Facts:
    named = written.strip().lower()
    found = (
        [link.key for link in live_links(state) if link.key.startswith(named)]
        if len(named) >= LEAST_DIGITS
        else []
    )
    if len(found) != 1:
        terminal.refuse(
            "{name} is not the name of one link of this forum. “forum links {code}” lists them.",
            name=written,
            code=state.code,
        )
    facts = revoke_key(state, RevokeKey(found[0], with_made), _asked())
    assert not isinstance(facts, Rejection), facts
    return facts


def _after(state: State, facts: Facts) -> State:
    for fact in facts:
        state = fold(state, state.seq + 1, "", _record(fact))
    return state


def _asked() -> Asked:
    return Asked(by=NOBODY, at=Millis(now()), tab=TabId("operator"), op=1)


def _record(fact: Fact) -> Record:
    return Record(fact, NOBODY, Millis(now()), secrets.token_urlsafe(16))


def _told(link: Link) -> dict[str, object]:
    return {
        "link": link.key,
        "opens": SURFACE_OF[link.role],
        "made": link.made,
        "at": link.at,
        "devices": len(link.people),
    }


def _origin(terminal: Terminal, link: Link, zone: str) -> str:
    say, reader = terminal.say, terminal.reader._replace(zone=zone)
    origin = {"opening": say("made when the forum was opened"), "desk": say("made at the desk")}.get(
        link.made, say("made outside the desk")
    )
    used = (
        reader.say_many("{n} device", "{n} devices", len(link.people)) if link.people else say("not used yet")
    )
    return say(
        "{link}  {origin}, {day}, {time}; {used}",
        link=link.key,
        origin=origin,
        day=reader.day(link.at),
        time=reader.clock(link.at),
        used=used,
    )
