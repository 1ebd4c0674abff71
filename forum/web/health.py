"""Is everything all right? A page in plain words for the facilitator, and short answers for supervisors and scrapers.

``/healthz``: should this process be believed to live? ``/readyz``: should anybody be sent to it now? Both
report measurements: a subscription that died in silence is not healthy. Reasons and numbers are told on this
machine only.
"""

from ipaddress import ip_address
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from forum.domain import loss
from forum.domain.kernel import N_, NOBODY
from forum.domain.roles import LEADS
from forum.domain.state import State
from forum.health import CONTENT_TYPE, Finding, Level, exposition, findings, unready, unwell, worst
from forum.language import Reader
from forum.web import arrivals, errors, pages
from forum.web.identity import Surface, base_path
from forum.web.own import with_access
from forum.web.service import Service, service_of

ALL_WELL: Final = N_("Everything is all right.")
WORDS: Final = {Level.OK: "ok", Level.WATCH: "watch", Level.ACT: "act"}
ERASING_MS: Final = 60_000  # an erasure takes a moment; one that has waited so long is waited for
CROWD_MS: Final = 10 * 60 * 1000  # for so long the desk is told of a crowd after its last one waited
FORWARDED: Final = ("x-forwarded-for", "forwarded", "x-real-ip")

log = structlog.get_logger()


async def healthz(request: Request) -> Response:
    """The process lives, and hears what happens. 503 when its supervisor should start it again."""
    why = unwell(await service_of(request).health())
    if not why:
        return PlainTextResponse("ok\n")
    log.error("unwell", why=why)
    return PlainTextResponse(f"{' '.join(why)}\n", 503)


async def readyz(request: Request) -> Response:
    """The process can serve: facts would be taken, news is heard, and it is not about to end."""
    service = service_of(request)
    why = ("draining",) if service.draining() else unready(await service.health())
    if why:
        return JSONResponse({"ready": False, "why": why[0]}, 503)
    return JSONResponse({"ready": True})


async def metrics(request: Request) -> Response:
    """The numbers, for a scraper on this machine; for everybody else there is nothing here."""
    if not _from_here(request):
        return errors.spoken(request.scope, 404, "not_found")
    body = exposition(await service_of(request).health())
    return Response(body, headers={"content-type": CONTENT_TYPE})


async def page(request: Request, *, surface: Surface) -> Response:
    """What is wrong and what to do, for whoever leads; as JSON only the worst, for the mark on the desk."""
    service, (code, _, shown, reader) = service_of(request), await with_access(request, surface, LEADS)
    found = await _found(service, code, shown.view.state)
    if errors.wants_json(request.scope):
        first = worst(found)
        sentence = ALL_WELL if first.level == Level.OK else first.sentence
        said = reader.say(sentence, **_shown(reader, first))
        return JSONResponse({"level": WORDS[first.level], "sentence": said})
    return pages.plain(
        request,
        "health.html",
        reader,
        code=code,
        title=shown.view.state.title,
        base=base_path(code, surface),
        lines=[_line(reader, finding) for finding in found],
        acts=sum(finding.level == Level.ACT for finding in found),
        watches=sum(finding.level == Level.WATCH for finding in found),
        at=reader.clock(service.clock()),
        store=str((await service.health()).durability or ""),
    )


async def _found(service: Service, code: str, state: State) -> list[Finding]:
    addresses = service.addresses
    return findings(
        await service.health(),
        crowd=service.hub.crowd(code),
        forum=code,
        lost=bool(loss.unread(state)),
        copies=len(state.tabs.copied),
        filled=state.space.filled[NOBODY].share if NOBODY in state.space.filled else 0,
        turned_away=service.doorway.waited(code),
        erasing=any(service.clock() - erasure.at > ERASING_MS for erasure in state.keeping.erasures),
        crowded=service.clock() - await arrivals.crowded_at(service, code) < CROWD_MS,
        lan=addresses.lan,
        public=addresses.public_url is not None or not addresses.for_others,
    )


def _line(reader: Reader, finding: Finding) -> dict[str, str]:
    shown = _shown(reader, finding)
    return {
        "level": WORDS[finding.level],
        "sentence": reader.say(finding.sentence, **shown),
        "cure": reader.say(finding.cure, **shown) if finding.cure else "",
        "place": finding.place,
    }


def _shown(reader: Reader, finding: Finding) -> dict[str, str]:
    """A finding's numbers as its reader writes them."""
    return {
        name: value
        if isinstance(value, str)
        else reader.size(value)
        if name == "size"
        else reader.number(value)
        for name, value in finding.params.items()
    }


def _from_here(request: Request) -> bool:
    """Whether the asker is on this machine itself, and is no proxy that speaks for somebody else."""
    client = request.client
    if client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(client.host).is_loopback
    except ValueError:
        return False
