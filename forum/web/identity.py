"""Who asks: secrets of links exchanged for cookies, and cookies for a person and a role.

A link's secret and a cookie's value are 128 random bits each; the store keeps their SHA-256 with a ``Key``.
A cookie belongs to one surface of one forum, by its name and its path, so that two roles live side by side in
one browser. Says nothing of what a person may do: the rules judge that, at every command.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from forum.domain.kernel import N_, PersonId
from forum.domain.roles import Role
from forum.domain.state import State
from forum.journal import Journal, Unavailable
from forum.opening import DAY_MS, PREFIX, Clock, Key, digest, new_secret
from forum.web.service import Service, service_of

Surface = Literal["phone", "screen", "desk", "staff"]
SURFACES: Final[tuple[Surface, ...]] = ("phone", "screen", "desk", "staff")
SURFACE_OF: Final[dict[Role, Surface]] = {
    Role.FACILITATOR: "desk",
    Role.STAFF: "staff",
    Role.SCREEN: "screen",
}
"""Where a role works; every other one has a phone in hand."""

KNOWN_DAYS: Final = 400  # a device is known for as long as browsers allow, from its latest visit
KNOWN_MS: Final = KNOWN_DAYS * DAY_MS
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")

NO_COOKIES: Final = N_(
    "This browser did not give our cookie back, so you could not be known again, and you have not come in. Press again; if "
    "this comes again, allow cookies for this address, or open it in another browser."
)
TRIAL: Final = "trial"
TRIAL_SECONDS: Final = (
    24 * 3600
)  # longer than a browser that was put away keeps the page before it asks for it anew


class Who(NamedTuple):
    """Somebody who showed a valid cookie."""

    person: PersonId
    role: Role
    key: str  # digest prefix of the link they came by; "" = the code
    cookie: str = ""  # digest of what they showed
    until: int = 0  # when that opens nothing any more, ms since the epoch; 0 = with the forum


class Ended(NamedTuple):
    """A cookie was shown that opens nothing: expired, unknown, or of another surface. One answer for all."""


def base_path(code: str, surface: Surface) -> str:
    """The address below which a surface lives."""
    return f"/f/{code}" if surface == "phone" else f"/f/{code}/{surface}"


def cookie_name(code: str, surface: Surface, *, https: bool) -> str:
    """The cookie's name; under https one that no page of plain http, ours or forged, can write."""
    name = f"forum_{code}" if surface == "phone" else f"forum_{code}_{surface}"
    return f"__Secure-{name}" if https else name


def cookie_of(connection: HTTPConnection, code: str, surface: Surface) -> str:
    """The digest of the cookie that came along; "" when none did."""
    secret = connection.cookies.get(cookie_name(code, surface, https=connection.scope["forum.https"]))
    return digest(secret) if secret else ""


async def whoever(
    connection: HTTPConnection, journal: Journal, code: str, surface: Surface, clock: Clock
) -> Who | Ended | None:
    """Who shows a cookie of this surface; None: nobody did. One store round trip."""
    secret = connection.cookies.get(cookie_name(code, surface, https=connection.scope["forum.https"]))
    if not secret:
        return None
    key = await _recognised(service_of(connection), journal, code, secret, clock)
    if key is None or not key.person or SURFACE_OF.get(key.role, "phone") != surface:
        return Ended()
    return Who(PersonId(key.person), key.role, key.via, digest(secret), key.expires)


async def _recognised(service: Service, journal: Journal, code: str, secret: str, clock: Clock) -> Key | None:
    """What a cookie opens; while the store does not answer, what it opened when it was last shown here. Unavailable."""
    known = service.acquaintances.of(code, secret)
    if known and not known.opens(clock()):
        known = None
    if known and service.hub.vitals.unreadable:
        return known
    try:
        key = await find(journal, code, secret, clock)
    except Unavailable as error:
        service.hub.vitals.unanswered(error.reason)
        if known is None:
            raise
        return known
    if key is not None:
        service.acquaintances.note(code, secret, key)
    elif service.hub.orphaned(code):
        key = known
    return key


async def find(journal: Journal, code: str, secret: str, clock: Clock) -> Key | None:
    """What a secret opens in this forum; None when nothing, or no longer. One store round trip."""
    if not _SECRET.fullmatch(secret):
        return None
    found = await journal.key(code, digest(secret))
    if found is None:
        return None
    key = msgspec.json.decode(found, type=Key)
    return key if key.opens(clock()) else None


async def admit(
    journal: Journal, code: str, person: PersonId, role: Role, via: str, clock: Clock, brought: str = ""
) -> str:
    """Make a cookie's value for a person and return it. One store round trip.

    brought   the digest of the cookie that this device has elsewhere, which ends with this one
    """
    secret, now = new_secret(), clock()
    key = Key("cookie", role, now, now + KNOWN_MS, via, person, brought=brought)
    await journal.put_key(code, digest(secret), msgspec.json.encode(key))
    return secret


async def visited(request: Request, response: Response, code: str, who: Who) -> None:
    """Let a device be known for as long again from this visit on; the store is asked once a day at most.

    While the store cannot be asked or written to, nobody waits for it, and nothing is promised anew.
    """
    service, surface = service_of(request), SURFACE_OF.get(who.role, "phone")
    secret = request.cookies.get(cookie_name(code, surface, https=request.scope["forum.https"]), "")
    lately = not who.until or who.until - service.clock() > KNOWN_MS - DAY_MS
    if lately or digest(secret) != who.cookie or service.hub.vitals.unreadable:
        return
    try:
        found = await service.journal.key(code, who.cookie)
        if found is None:
            return
        key = msgspec.json.decode(found, type=Key)
        if key.kind != "cookie" or not key.opens(service.clock()):
            return
        anew = msgspec.json.encode(msgspec.structs.replace(key, expires=service.clock() + KNOWN_MS))
        known = await service.journal.replace_key(code, who.cookie, found, anew)
    except Unavailable:
        return
    if not known:  # meanwhile somebody left on this device
        return
    give_cookie(response, code, who.role, secret, https=request.scope["forum.https"])


def give_cookie(response: Response, code: str, role: Role, secret: str, *, https: bool) -> None:
    """Hand a cookie out, for its surface's path only."""
    surface = SURFACE_OF.get(role, "phone")
    response.set_cookie(
        cookie_name(code, surface, https=https),
        secret,
        max_age=KNOWN_MS // 1000,
        path=base_path(code, surface),
        httponly=True,
        samesite="lax",
        secure=https,  # browsers refuse Secure on a plain-http address of the LAN
    )


def take_cookie(response: Response, code: str, surface: Surface, *, https: bool) -> None:
    """Have a browser forget its cookie of a surface."""
    response.delete_cookie(
        cookie_name(code, surface, https=https),
        path=base_path(code, surface),
        httponly=True,
        samesite="lax",
        secure=https,
    )


async def end(journal: Journal, code: str, who: Who, clock: Clock) -> None:
    """Let a cookie open nothing any more, at every process, nor the one that its device has where the forum moved from. A
    ticket goes on opening its place.

    Its record stays, so that a connection that still speaks under it can be told from one whose cookie the store lost.
    """
    cookie, ended = who.cookie, set[str]()
    while cookie and cookie not in ended:
        ended.add(cookie)
        found = await journal.key(code, cookie)
        key = msgspec.json.decode(found, type=Key) if found else None
        if key is None or key.kind != "cookie" or key.person != who.person:
            return
        over = msgspec.structs.replace(key, expires=min(key.expires, clock()))
        await journal.put_key(code, cookie, msgspec.json.encode(over))
        cookie = key.brought


async def bring(journal: Journal, code: str, who: Who, brought: str) -> None:
    """Note of a cookie which one its device has elsewhere: it ends with it. Two store round trips."""
    found = await journal.key(code, who.cookie)
    key = msgspec.json.decode(found, type=Key) if found else None
    if found and key and key.kind == "cookie" and not key.brought and brought != who.cookie:
        await journal.replace_key(
            code, who.cookie, found, msgspec.json.encode(msgspec.structs.replace(key, brought=brought))
        )


async def end_others(journal: Journal, code: str, who: Who, clock: Clock) -> list[str]:
    """Let every other cookie of a person's phones open nothing any more; return them. Cost: every access of the forum."""
    ended, now = [], clock()
    for cookie, record in (await journal.keys(code)).items():
        key = msgspec.json.decode(record, type=Key)
        theirs = key.kind == "cookie" and key.person == who.person and cookie != who.cookie
        if (
            theirs
            and key.opens(now)
            and SURFACE_OF.get(key.role, "phone") == SURFACE_OF.get(who.role, "phone")
        ):
            over = msgspec.structs.replace(key, expires=now)
            await journal.put_key(code, cookie, msgspec.json.encode(over))
            ended.append(cookie)
    return ended


async def over(journal: Journal, code: str, cookies: Sequence[str], clock: Clock) -> list[str]:
    """Those of these cookies whose time is over. What the store does not know is not among them: it may have lost it."""
    records = await journal.keys_of(code, cookies)
    keys = {cookie: msgspec.json.decode(record, type=Key) for cookie, record in records.items()}
    return [cookie for cookie, key in keys.items() if not key.opens(clock())]


def try_cookie(response: Response, code: str, *, https: bool) -> None:
    """Hand out a cookie that says nothing, with a way in: whether it comes back shows whether cookies are kept."""
    response.set_cookie(
        TRIAL, "1", max_age=TRIAL_SECONDS, path=f"/f/{code}", httponly=True, samesite="lax", secure=https
    )


def keeps_cookies(connection: HTTPConnection, ticket: str) -> bool:
    """Say whether who comes in can be known again.

    Only pages are asked, by the ``ticket`` that their forms carry: they handed out a cookie to try. Where it did not
    come back, every press would make one more person whom nobody ever is again.
    """
    return not ticket or bool(connection.cookies)


def stands(state: State, who: Who) -> bool:
    """Say whether this person still has access: neither removed nor let in by a link that was taken back.

    Nor by a cookie of such a link, whoever they are by another one since.
    """
    person = state.people.by_id.get(who.person)
    return person is not None and person.state != "out" and not {person.key, who.key} & state.links.revoked


def watches(state: State, who: Who) -> bool:
    """Say whether this person is given the room live: who waits to be let in sees nothing of it yet (J2)."""
    return stands(state, who) and state.people.by_id[who.person].state == "in"


def prefix(secret: str) -> str:
    """The name by which facts speak of a link."""
    return digest(secret)[:PREFIX]
