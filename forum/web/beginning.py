"""Opening a forum, one thing a page: each page asks one question and carries what was answered before, in the form itself.

Nothing is kept between two pages, so nothing is lost by going back, by a reload or by another tab. An answer leads to an
address of its own as long as that is short enough; where it is not, the next page is the answer itself.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.dates import parse_year, today
from forum.domain.flow import EditForum
from forum.domain.kernel import N_, Rejection
from forum.domain.limits import texts
from forum.domain.sessions.words import EXPECTED
from forum.fragments.given import Given
from forum.language import LANGUAGES, zones
from forum.opening import Agenda, agendas, new_secret
from forum.web import pages, text, verdicts, wire
from forum.web.asking import Fields, fields_of, one, reader_of, see_other
from forum.web.guard import ADDRESS_BYTES
from forum.web.questions import QUESTIONS
from forum.web.service import Service, service_of

PATH: Final = "/open"
ASKED: Final = tuple(QUESTIONS)
"""What is asked, a page each, in this order; on the last one all of it is read once more."""
CARRIED: Final = ("agenda", "title", "question", "horizon", "expected", "lang", "zone", "keep_days")
THEN: Final = "then"
"""The field that names the page after a changed answer: the last one, from which it was changed."""
MOST_CHARS: Final = 4000  # of what is carried in one field: whatever is longer is refused beyond doubt
LIMITS: Final = texts(EditForum)
NO_AGENDA: Final = N_("Choose one of the agendas, then open the forum.")


class Wanted(NamedTuple):
    """A forum as somebody wants it; its texts are clean."""

    agenda: Agenda
    title: str
    question: str  # "": the agenda's own
    horizon: int
    expected: int  # people, about; 0: nobody said
    zone: str


class Refused(NamedTuple):
    """The first answer that cannot be taken, by the page that asks for it."""

    at: str
    why: Rejection


def wanted(service: Service, fields: Fields) -> Wanted | Refused:
    """What these answers say, read in the order in which they are asked for."""
    agenda = agendas().get(one(fields, "agenda"))
    if agenda is None:
        return Refused("agenda", Rejection(wire.RULE, "bad_choice", {"field": "agenda"}))
    title = text.checked(one(fields, "title"), LIMITS["title"])
    if isinstance(title, Rejection):
        return Refused("title", title)
    question = text.checked(one(fields, "question"), LIMITS["question"])
    if isinstance(question, Rejection):
        return Refused("question", question)
    horizon = parse_year(one(fields, "horizon"))
    if horizon is None:
        example = today(service.clock()).year + 5
        return Refused("horizon", Rejection("F9", "bad_year", {"example": example}))
    expected = _expected(one(fields, "expected"))
    if isinstance(expected, Rejection):
        return Refused("expected", expected)
    zone = zone_of(fields)
    if isinstance(zone, Rejection):
        return Refused("check", zone)
    return Wanted(agenda, title, _own(question), horizon, expected, zone)


def _own(question: str) -> str:
    """The question that somebody wrote; "" where it is an agenda's, which is said in the room's language, and which another
    agenda does not keep.
    """
    proposed = (one.horizon_question for one in agendas().values())
    return "" if any(question in (one.fr, one.en) for one in proposed) else question


def _expected(said: str) -> int | Rejection:
    """How many people are expected; 0 where nothing is said."""
    fine = not said.strip() or (
        said.strip().isascii() and said.strip().isdecimal() and len(said.strip()) <= 5
    )
    number = int(said.strip() or 0) if fine else -1
    return number if EXPECTED.holds(number) else Rejection("D1", "session_people", {"limit": EXPECTED.most})


def zone_of(fields: Fields) -> str | Rejection:
    """Whose hours its pages say; the server's own zone, by name, where nobody says."""
    zone = one(fields, "zone") or zones.own()
    return zone if zones.known(zone) else Rejection(wire.RULE, "bad_choice", {"field": "zone"})


async def page(request: Request) -> Response:
    """One page of it; without an answer, the first."""
    given = request.query_params
    return _page(request, {name: [given[name]] for name in ("at", THEN, *CARRIED) if name in given})


async def turn(request: Request) -> Response:
    """An answer: on to the next page, or back to the one before."""
    fields = await fields_of(request)
    answers = {name: one(fields, name) for name in ("at", THEN, *CARRIED) if one(fields, name)}
    if answers.get("at") == answers.get(THEN):
        del answers[THEN]
    there = f"{PATH}?{urlencode(answers)}"
    if len(there) <= ADDRESS_BYTES:
        return see_other(there)
    return _page(request, fields)


def refused(
    request: Request, at: str, fields: Fields, sentence: str, status: int = 422, sent: Given | None = None
) -> Response:
    """The page that asks for what cannot be taken, with the answer and the reason."""
    return _drawn(request, at, fields, status, sentence, sent)


def said(request: Request, why: Rejection) -> str:
    """Why an answer cannot be taken, in words."""
    reader = reader_of(request)
    return (
        reader.say(NO_AGENDA)
        if why.params.get("field") == "agenda"
        else verdicts.said(reader, verdicts.of(why), str)
    )


def _page(request: Request, fields: Fields) -> Response:
    service = service_of(request)
    if service.permits.way == "closed":
        return see_other("/")
    at = one(fields, "at") if one(fields, "at") in ASKED else ASKED[0]
    found = wanted(service, fields)
    if isinstance(found, Refused) and ASKED.index(found.at) < ASKED.index(at):
        return refused(request, found.at, fields, said(request, found.why))
    return _drawn(request, at, fields)


def _then(at: str, fields: Fields) -> dict[str, str]:
    """The page to which a changed answer leads back, as a field; none where one goes from page to page."""
    then = one(fields, THEN)
    return {THEN: then} if then == ASKED[-1] != at else {}


def _drawn(
    request: Request,
    at: str,
    fields: Fields,
    status: int = 200,
    flash: str = "",
    sent: Given | None = None,
) -> Response:
    service, reader, number = service_of(request), reader_of(request), ASKED.index(at)
    given: Mapping[str, str] = {name: one(fields, name)[:MOST_CHARS] for name in CARRIED}
    given = {**given, "question": _own(given["question"])}
    agenda, then = agendas().get(given["agenda"]), _then(at, fields)
    here = f"{PATH}?{urlencode({'at': at} | then | {name: value for name, value in given.items() if value})}"
    lang = given["lang"]
    return pages.plain(
        request,
        "open.html",
        reader,
        status,
        flash=flash,
        at=at,
        number=number + 1,
        all=len(ASKED),
        before=ASKED[number - 1] if number and not then else "",
        after=then.get(THEN) or (ASKED[number + 1] if number + 1 < len(ASKED) else ""),
        then=then.get(THEN, ""),
        given=given,
        agendas=tuple(agendas().values()),
        agenda=agenda,
        room_lang=lang if lang in LANGUAGES else reader.lang,
        year=today(service.clock()).year,
        back=here if len(here) <= ADDRESS_BYTES else PATH,
        keep_days=service.keep_days,
        keep_most=service.keep_most_days,
        opening=service.permits.way,
        ticket=new_secret(),
        zones=zones.offered(reader.locale, given["zone"]),
        sent=sent,
    )
