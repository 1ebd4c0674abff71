"""Opening a forum: an agenda becomes a journal's first facts, and the links by which people come in.

Used by the web (home page, demo) and by the command line, with or without a running server. Keeps no secret:
what it returns is shown once, and the store has digests. After the opening it never touches a forum's
journal, except to add participations made ahead.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec

from forum.domain import records
from forum.domain.flow import ForumOpened, StepInserted
from forum.domain.kept import BALLOT_DAYS, WORDS_DAYS
from forum.domain.kernel import Fact, Millis, PersonId, Record, StepId, Words
from forum.domain.links import LinkMade
from forum.domain.people import PersonJoined
from forum.domain.roles import Role
from forum.domain.settings import Settings
from forum.domain.state import Step
from forum.domain.steps.kinds import KINDS
from forum.journal import CODE_LENGTH, CODE_LETTERS, Conflict, Head, Journal, NoForum, Taken
from forum.keeping import OWN_SEED

DAY_MS: Final = 24 * 3600 * 1000
KEEP_DAYS: Final = 3 * 365  # a plan is followed up for three years; contacts are kept no longer
SECRET_BYTES: Final = 16
SEED_BYTES: Final = 32
PREFIX: Final = 16  # hex digits of a digest by which facts name a capability
CODE_TRIALS: Final = 20  # of 7 × 10^8 codes: one trial is enough, in practice
TICKETS_AT_ONCE: Final = 500  # facts of one batch, and store calls under way
MOST_TICKETS: Final = 20_000

_OPEN: Final = "open"
_PERMIT: Final = re.compile(f"{_OPEN}-[0-9a-f]{{1,12}}-[0-9a-f]{{16}}-[0-9a-f]{{32}}")

Clock = Callable[[], int]
"""Milliseconds since the epoch."""


class Key(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the store knows of a secret, under its SHA-256."""

    kind: Literal["link", "ticket", "cookie", "hand", "seed"]  # the last is itself a secret (``web.seeds``)
    role: Role
    created: int  # ms since the epoch
    expires: int  # ms since the epoch, for a cookie or a code of the desk; a link or ticket opens for as long as its forum is kept
    via: str  # digest prefix of the link or ticket it came by; of itself, for a link or ticket; what stands for a code of the desk
    person: str = ""  # a ticket's or cookie's participation; a link lets anybody in
    parent: str = ""  # the link that whoever made this one came by, should the journal lose that
    by: str = ""  # of a code of the desk ("hand"): who made it
    used: str = ""  # what stands for the press that used it, once
    brought: str = ""  # of a cookie: that of its device where the forum moved from

    def opens(self, now: int) -> bool:
        """Say whether it is not over; what was taken back, the journal knows."""
        return self.kind in ("link", "ticket") or self.expires > now


class Opened(NamedTuple):
    """A new forum and its links' secrets; nobody can tell them again."""

    code: str
    desk: str
    screen: str
    staff: str


class Ticket(NamedTuple):
    """A participation made ahead: its secret opens ``/f/CODE/ticket#secret`` once and for all, and is its cookie."""

    person: PersonId
    secret: str


class AgendaStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step as an agenda's file says it."""

    id: str
    kind: str
    minutes: int
    title: Words
    instruction: Words
    hint: Words = Words()
    phones_down: bool = False
    anonymous: bool = True
    params: dict[str, Any] = {}


class Agenda(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to run a forum, as its file in ``forum/agendas`` says it."""

    id: str
    version: int
    title: Words
    summary: Words
    people: str
    minutes: int
    steps: tuple[AgendaStep, ...]
    horizon_question: Words = Words()
    start: str = ""  # the hour at which a forum of this kind usually begins


class BadAgenda(ValueError):
    """An agenda's file that cannot be used; the message names the file and the place in it."""


@cache
def agendas() -> Mapping[str, Agenda]:
    """Every agenda by its id, shortest first. Raises BadAgenda."""
    found = sorted(_agenda_files(), key=lambda agenda: (agenda.minutes, agenda.id))
    return {agenda.id: agenda for agenda in found}


def read_agenda(name: str, body: bytes) -> Agenda:
    """An agenda from its file's bytes; ``name`` is the file as people know it. Raises BadAgenda."""
    try:
        agenda = msgspec.json.decode(body, type=Agenda)
        steps(agenda)
    except (msgspec.MsgspecError, BadAgenda, UnicodeDecodeError, RecursionError) as error:
        raise BadAgenda(f"{name}: {error}") from error
    return agenda


def steps(agenda: Agenda) -> tuple[Step, ...]:
    """The agenda's steps as the domain knows them. Raises BadAgenda."""
    return tuple(_step(agenda.id, step) for step in agenda.steps)


def steps_again(agenda: Agenda, session: str) -> tuple[Step, ...]:
    """The agenda's steps for one more session of a forum: with ids of their own, by which they also name each other."""

    def own(step: str) -> StepId:
        return StepId(f"{session}-{step}")

    def renamed(settings: Settings) -> Settings:
        of: tuple[StepId, ...] = getattr(settings, "of", ())
        return msgspec.structs.replace(settings, of=tuple(own(i) for i in of)) if of else settings

    again = msgspec.structs.replace
    return tuple(again(step, id=own(step.id), settings=renamed(step.settings)) for step in steps(agenda))


async def open_forum(
    journal: Journal,
    agenda: Agenda,
    *,
    title: str = "",
    lang: str = "fr",
    question: str = "",
    keep_until: str = "",
    keep_most: str = "",
    days: tuple[int, int] = (BALLOT_DAYS, WORDS_DAYS),
    horizon: int = 0,
    expected: int = 0,
    zone: str = "",
    clock: Clock,
    seed: bytes | None = None,
) -> Opened:
    """Make a forum and its three links; five round trips.

    title, question   clean already; empty: the agenda's own
    keep_until        ISO date after which the forum is deleted; empty: never by itself
    keep_most         ISO date beyond which nobody may keep it; empty: only what holds for all
    days              for which ballots are kept after a reveal, and words with no part in the plan
    horizon           the year that it looks to; 0: none
    expected          how many people, about; 0: nobody said
    zone              whose hours its pages say, a name that is known; empty: the server's own, whatever it will be
    seed              32 secret bytes make the same request again open the same forum; None: by chance

    Raises Unavailable; Taken only when chance fails twenty times.
    """
    for attempt in range(CODE_TRIALS):
        opened = _drawn(seed, attempt)
        if seed and await _exists(journal, opened):
            return opened
        try:
            said = title or agenda.title.get(lang), question or agenda.horizon_question.get(lang)
            about = (*said, horizon, zone, expected)
            batch = _first_facts(opened, agenda, lang, about, (keep_until, keep_most, *days), clock())
            await journal.create(opened.code, batch, {"agenda": agenda.id, "lang": lang, OWN_SEED: "1"})
        except Taken:
            continue
        await _put_links(journal, opened, clock)
        return opened
    raise Taken("every code tried")


async def make_links(journal: Journal, code: str, clock: Clock) -> Opened:
    """Make new links to a forum that exists; three round trips at once. Its journal tells of them when one is used."""
    opened = Opened(code, new_secret(), new_secret(), new_secret())
    await _put_links(journal, opened, clock)
    return opened


async def put_link(
    journal: Journal, code: str, secret: str, role: Role, clock: Clock, parent: str = ""
) -> Key:
    """Let whoever holds ``secret`` in as ``role``; ``parent``: the link by which whoever makes this one came."""
    now = clock()
    found = digest(secret)
    key = Key("link", role, now, 0, found[:PREFIX], parent=parent)
    await journal.put_key(code, found, msgspec.json.encode(key))
    return key


async def links_kept(journal: Journal, code: str) -> list[Key]:
    """What is known beside the journal of a forum's links. Cost: every cookie of the forum."""
    kept = await journal.keys(code)
    keys = (msgspec.json.decode(record, type=Key) for record in kept.values())
    return [key for key in keys if key.kind == "link"]


async def make_tickets(
    journal: Journal, code: str, count: int, *, clock: Clock, role: Role = Role.PARTICIPANT
) -> list[Ticket]:
    """Make participations ahead, in a forum that exists; one batch of facts per 500. NoForum, Unavailable."""
    if not 1 <= count <= MOST_TICKETS:
        raise ValueError(f"expected 1 to {MOST_TICKETS} tickets, got {count}")
    tickets = [Ticket(new_person(), new_secret()) for _ in range(count)]
    for start in range(0, count, TICKETS_AT_ONCE):
        part = tickets[start : start + TICKETS_AT_ONCE]
        await asyncio.gather(*(_put_ticket(journal, code, ticket, role, clock()) for ticket in part))
        await _join(journal, code, part, role, clock())
    return tickets


def new_secret() -> str:
    """128 random bits, fit for an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_person() -> PersonId:
    """An id for a person, of the form that ids have everywhere."""
    return PersonId("p" + secrets.token_hex(9))


def digest(secret: str) -> str:
    """What is kept of a secret. A plain hash is enough: 128 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived(seed: bytes, *words: str) -> bytes:
    """32 bytes that only who holds ``seed``, 32 bytes too, can make again from the same words."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"expected a seed of {SEED_BYTES} bytes, got {len(seed)}")
    return hmac.digest(seed, "\n".join(words).encode(), "sha256")


def opening_link(seed: bytes, until: int) -> str:
    """What an address carries after # for somebody who may open forums until an instant, ms since the epoch."""
    words = [f"{until:x}", secrets.token_hex(8)]
    return "-".join([_OPEN, *words, _signed(seed, *words)])


def opens(seed: bytes, permit: str, now: int) -> bool:
    """Say whether this is what ``opening_link`` made, and its day has not passed. In constant time."""
    if not _PERMIT.fullmatch(permit):
        return False
    _, until, chance, mark = permit.split("-")
    return hmac.compare_digest(mark, _signed(seed, until, chance)) and int(until, 16) > now


def _signed(seed: bytes, *words: str) -> str:
    return derived(seed, "opening-link", *words).hex()[:32]


# --- inside


def _agenda_files() -> Iterator[Agenda]:
    for file in (files("forum") / "agendas").iterdir():
        if file.name.endswith(".json"):
            yield read_agenda(f"forum/agendas/{file.name}", file.read_bytes())


def _step(agenda: str, said: AgendaStep) -> Step:
    # The file may name parameters of kinds or versions to come: what this version cannot do is an error,
    # so that no agenda silently loses a part.
    fields = {
        field
        for kind in get_args(Settings)
        if kind.__struct_config__.tag == said.kind
        for field in kind.__struct_fields__
    }
    unknown = said.params.keys() - fields
    if unknown:
        raise BadAgenda(
            f"{agenda}, step {said.id}: {said.kind} has no parameter {', '.join(sorted(unknown))}"
        )
    try:
        settings: Settings = msgspec.convert({"kind": said.kind, **said.params}, Settings)
    except msgspec.ValidationError as error:
        raise BadAgenda(f"{agenda}, step {said.id}: {error}") from error
    if not KINDS[said.kind].sensible(settings):
        raise BadAgenda(f"{agenda}, step {said.id}: {said.kind} cannot be as {said.params}")
    return Step(
        id=StepId(said.id),
        settings=settings,
        title=said.title,
        instruction=said.instruction,
        hint=said.hint,
        minutes=said.minutes,
        phones_down=said.phones_down,
        anonymous=said.anonymous,
    )


_About = tuple[str, str, int, str, int]  # title, question, horizon, zone, people expected


_Kept = tuple[str, str, int, int]  # until when, and at most; for how many days ballots, and words


def _first_facts(
    forum: Opened, agenda: Agenda, lang: str, about: _About, kept: _Kept, at: int
) -> list[tuple[str, bytes]]:
    opened = ForumOpened(
        forum.code,
        about[0],
        lang,
        about[1],
        agenda.id,
        *kept,
        horizon=about[2],
        zone=about[3],
        expected=about[4],
    )
    facts = (opened, *(StepInserted(step) for step in steps(agenda)), *_links_made(forum))
    return [("opening:1", _entry(fact, "", at)) for fact in facts]


def _entry(fact: Fact, by: str, at: int) -> bytes:
    return records.encode(Record(fact, PersonId(by), Millis(at), secrets.token_urlsafe(SECRET_BYTES)))


def _drawn(seed: bytes | None, attempt: int) -> Opened:
    if seed is None:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        return Opened(code, new_secret(), new_secret(), new_secret())
    number = int.from_bytes(derived(seed, "code", str(attempt)))
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[place])
    return Opened(
        "".join(letters), *(derived(seed, w).hex()[: 2 * SECRET_BYTES] for w in ("desk", "screen", "staff"))
    )


def _links_of(opened: Opened) -> tuple[tuple[str, Role], ...]:
    return (opened.desk, Role.FACILITATOR), (opened.screen, Role.SCREEN), (opened.staff, Role.STAFF)


def _links_made(opened: Opened) -> list[LinkMade]:
    return [LinkMade(digest(secret)[:PREFIX], role, "opening") for secret, role in _links_of(opened)]


async def _put_links(journal: Journal, opened: Opened, clock: Clock) -> None:
    links = _links_of(opened)
    await asyncio.gather(*(put_link(journal, opened.code, s, role, clock) for s, role in links))


async def _exists(journal: Journal, opened: Opened) -> bool:
    return await journal.key(opened.code, digest(opened.desk)) is not None


async def _put_ticket(journal: Journal, code: str, ticket: Ticket, role: Role, now: int) -> None:
    found = digest(ticket.secret)
    key = Key("ticket", role, now, 0, found[:PREFIX], ticket.person)
    await journal.put_key(code, found, msgspec.json.encode(key))


async def _join(journal: Journal, code: str, tickets: list[Ticket], role: Role, at: int) -> None:
    """Append the arrivals after whatever the head is: no rule depends on the state between."""
    batch = [
        (
            f"ticket-{t.person}:1",
            _entry(PersonJoined(t.person, role, digest(t.secret)[:PREFIX]), t.person, at),
        )
        for t in tickets
    ]
    head: Head | None = await journal.head(code)
    if head is None:
        raise NoForum(code)
    while True:
        try:
            await journal.append(code, head, batch)
        except Conflict as conflict:
            head = conflict.head
        else:
            return
