"""Receipts: a person's own, to see and to keep, and the check of an older one. ``forum.audit`` says what is in them.

A receipt is given only to the cookie of its person. Anybody who holds a receipt can check it. Only below the
phone's address, where the cookie is sent too, can a check recognise its person and tell what is theirs
alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from forum import audit
from forum.audit import Answer, NotAReceipt, Receipt
from forum.domain import records, things
from forum.domain.kernel import N_, PersonId, StepId
from forum.domain.state import State
from forum.domain.steps.voting import option_words
from forum.exports import named
from forum.journal import Unavailable
from forum.language import Reader
from forum.live import Shown
from forum.web import asking, errors, pages
from forum.web.asking import NoSuchRoom, code_of, reader_of
from forum.web.downloads import download
from forum.web.finding import found
from forum.web.guard import BODY_BYTES
from forum.web.identity import Surface, Who, base_path, whoever
from forum.web.own import opened
from forum.web.personal import grouped, own_code
from forum.web.service import Service, service_of

MULTIPART: Final = "multipart/form-data"
NO_RECEIPT: Final = {
    "empty": N_("Choose the file of your receipt, or paste its text, then check again."),
    "no_mark": N_(
        "This is not a receipt, or not a whole one: the lines that begin with forum1: are missing. Paste "
        "all of it."
    ),
    "cut": N_(
        "A line that begins with forum1: is cut or altered. Paste the whole receipt as it was given to you."
    ),
    "too_many": N_("This has more lines than a receipt. Check one receipt at a time."),
    "mixed": N_("These lines come from several receipts. Check one receipt at a time."),
    "no_forum": N_(
        "The forum of this receipt is not on this server. Check it where it took place, or ask its organisers."
    ),
}


async def receipt_page(request: Request, *, surface: Surface) -> Response:
    """A person's receipt, with what they gave: this page is theirs alone."""
    service, (code, who, shown, reader) = service_of(request), await opened(request, surface)
    stood, seed = await _stood(service, shown, _lines_of(shown, who)), await service.seeds.of(code)
    told = _receipt(service, seed, stood, who, shown, reader, points=True)
    kept = _receipt(service, seed, stood, who, shown, reader, points=False)
    return pages.plain(
        request,
        "receipt.html",
        reader,
        code=code,
        base=base_path(code, surface),
        person=who.person,
        told=told,
        headings=[audit.heading_of_line(line, reader) for line in told.lines],
        text=audit.as_text(kept, reader, _check_address(service)),
        own_code=grouped(own_code(seed, code, shown.view.state.people.by_id[who.person])),
    )


async def receipt_file(request: Request, *, surface: Surface) -> Response:
    """A person's receipt to take home; with their points only when they ask for them."""
    service, (code, who, shown, reader) = service_of(request), await opened(request, surface)
    stood = await _stood(service, shown, _lines_of(shown, who))
    points = request.query_params.get("points") == "1"
    told = _receipt(service, await service.seeds.of(code), stood, who, shown, reader, points=points)
    json = request.query_params.get("as") == "json"
    body = audit.as_json(told) if json else audit.as_text(told, reader, _check_address(service)).encode()
    rest = f"-{code}-{told.number}.{'json' if json else 'txt'}"
    media_type = "application/json" if json else "text/plain; charset=utf-8"
    return download(body, media_type, named(told.title, rest, otherwise="forum"))


async def check_page(request: Request, *, surface: Surface | None = None) -> Response:
    """Where a receipt is handed in."""
    return _check_form(request, surface)


async def checked(request: Request, *, surface: Surface | None = None) -> Response:
    """What the forum says to the receipt that was handed in."""
    service, text = service_of(request), await _handed_in(request)
    try:
        claims = audit.read(text)
    except NotAReceipt as error:
        return _check_form(request, surface, error.code, text)
    code = claims[0].forum
    wait = service.limits.check(code)
    if wait:
        return errors.too_many(request.scope, wait)
    try:
        shown = await found(request, code)
        asker = await _asker(request, surface, code)
        numbers = audit.needed(claims, shown.view.state)
        stood = await _stood(service, shown, numbers)
        if not numbers <= stood.keys():  # struck since the forum was looked at: look again, it says so now
            shown = await found(request, code)
            stood = await _stood(service, shown, audit.needed(claims, shown.view.state))
    except NoSuchRoom:
        return _check_form(request, surface, "no_forum", text)
    except Unavailable:
        return errors.spoken(request.scope, 503, "unavailable", {"retry-after": "2"}, kept=text)
    seal = audit.sealing(await service.seeds.of(code))
    answers = audit.check(claims, shown.view.state, _chains(stood), seal, asker)
    reader = reader_of(request, shown.view.state)
    return _answers_page(request, surface, reader, shown.view.state, answers, _moments(stood), asker)


# --- a receipt


class Stood(NamedTuple):
    """What the journal has at a number, struck or not."""

    chain: str
    at: int  # ms since the epoch; 0 where the fact cannot be read any more


def _lines_of(shown: Shown, who: Who) -> set[int]:
    return {c.number for c in audit.claims_of(shown.view.state, who.person)[-audit.MOST_LINES :]}


async def _stood(service: Service, shown: Shown, numbers: Iterable[int]) -> dict[int, Stood]:
    """These facts as the journal has them. One exchange for what is asked, however much was struck, and when.

    As this process holds them while the store does not answer; Unavailable where it does not.
    """
    struck = shown.view.state.keeping.struck
    stood = {number: Stood(*struck[number]) for number in numbers if number in struck}
    wanted = [number for number in numbers if number not in struck]
    held = service.hub.marks(shown.view.state.code, wanted)
    if held is not None and service.hub.vitals.unreadable:
        return stood | _held(held)
    try:
        lying = await service.journal.entries(shown.view.state.code, wanted)
    except Unavailable:
        if held is None:
            raise
        return stood | _held(held)
    return stood | {number: Stood(entry.chain, _moment(entry.body)) for number, entry in lying.items()}


def _held(marks: Mapping[int, tuple[str, int]]) -> dict[int, Stood]:
    return {number: Stood(*mark) for number, mark in marks.items()}


def _receipt(
    service: Service,
    seed: bytes,
    stood: Mapping[int, Stood],
    who: Who,
    shown: Shown,
    reader: Reader,
    *,
    points: bool,
) -> Receipt:
    state = shown.view.state
    return audit.receipt(
        state,
        who.person,
        _chains(stood),
        _moments(stood),
        audit.sealing(seed),
        lambda step, option: _option(state, step, option),
        chain=shown.head.chain,
        at=service.clock(),
        lang=reader.lang,
        points=points,
    )


def _chains(stood: Mapping[int, Stood]) -> dict[int, str]:
    return {number: there.chain for number, there in stood.items()}


def _moments(stood: Mapping[int, Stood]) -> dict[int, int]:
    return {number: there.at for number, there in stood.items()}


def _moment(body: bytes) -> int:
    try:
        return records.decode(body).at
    except records.UnknownFact:
        return 0


def _option(state: State, step: StepId, option: str) -> str:
    """What a choice is called, by the letter that it has on every surface."""
    found = state.step(step)
    if found is None:
        return ""
    words, letter = option_words(state, found, option), things.letter(state, found.settings.takes, option)
    return f"{letter} – {words}" if letter and words else words


def _check_address(service: Service) -> str:
    return f"{service.addresses.base}/check"


# --- a check


class Told(NamedTuple):
    """One line of the answer, as the page shows it."""

    answer: Answer
    heading: str
    sentence: str
    words: str = ""  # as they stand, for their author
    marks: tuple[tuple[str, int], ...] = ()  # choice, mark: as they count, for the voter
    method: str = ""  # of the vote
    blank: bool = False


async def _handed_in(request: Request) -> str:
    """The text of a file, else what was pasted. HTTPException 400, 413 or 415."""
    if asking.media_type(request) != MULTIPART:
        return asking.one(await asking.fields_of(request), "receipt")
    async with request.form(max_files=1, max_fields=4, max_part_size=BODY_BYTES) as form:
        file, pasted = form.get("file"), form.get("receipt")
        if isinstance(file, UploadFile) and file.size:
            return (await file.read(BODY_BYTES)).decode("utf-8", "replace")
        if isinstance(pasted, UploadFile):
            raise HTTPException(400)
        return pasted or ""


async def _asker(request: Request, surface: Surface | None, code: str) -> PersonId | None:
    """Who asks, where their cookie of the receipt's forum goes with the request."""
    if surface is None or code_of(request) != code:
        return None
    service = service_of(request)
    who = await whoever(request, service.journal, code, surface, service.clock)
    return who.person if isinstance(who, Who) else None


def _check_form(request: Request, surface: Surface | None, problem: str = "", given: str = "") -> Response:
    reader = reader_of(request)
    return pages.plain(
        request,
        "check.html",
        reader,
        422 if problem else 200,
        flash=reader.say(NO_RECEIPT[problem]) if problem else "",
        given=given,
        base=_base(request, surface),
        told=(),
        wrong=0,
    )


def _base(request: Request, surface: Surface | None) -> str:
    return base_path(code_of(request), surface) if surface else ""


def _answers_page(
    request: Request,
    surface: Surface | None,
    reader: Reader,
    state: State,
    answers: list[Answer],
    moments: Mapping[int, int],
    asker: PersonId | None,
) -> Response:
    return pages.plain(
        request,
        "check.html",
        reader,
        given="",
        base=_base(request, surface),
        told=tuple(_told(answers, reader, state, moments, asker)),
        wrong=sum(not a.held for a in answers),
    )


def _told(
    answers: Iterable[Answer],
    reader: Reader,
    state: State,
    moments: Mapping[int, int],
    asker: PersonId | None,
) -> Iterator[Told]:
    for answer in answers:
        at = moments.get(answer.now, 0)
        sentence = reader.say(
            audit.SENTENCES[answer.sentence],
            number=reader.number(answer.claim.number),
            now=reader.number(answer.now),
            time=reader.clock(at) if at else "–",
            reason=answer.reason,
        )
        if answer.says == "unsealed":
            yield Told(answer, reader.say("A line that is not sealed"), sentence)
            continue
        yield _own(Told(answer, audit.heading(answer.claim, state, reader), sentence), state, reader, asker)


def _own(told: Told, state: State, reader: Reader, asker: PersonId | None) -> Told:
    """The same line with what it is about, as it stands now: for its author, and for nobody else."""
    claim = told.answer.claim
    if asker != claim.person or claim.forum != state.code or not told.answer.now:
        return told
    notes = audit.CONTRIBUTIONS[claim.kind].notes(state, claim, reader.lang)
    if not notes.round:
        return told._replace(words=notes.words)
    option = partial(_option, state, notes.step)
    marks = tuple((audit.choice_words(notes, key, option, reader), mark) for key, mark in notes.marks.items())
    return told._replace(marks=marks, method=notes.method, blank=not marks)
