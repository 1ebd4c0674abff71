"""Downloads of a forum's outcome, for the desk and for those who keep the plan. What is in them: ``forum.exports``.

A document that is made in a moment is the answer. Of another a page tells how far it is, since nobody knows what a browser does that
waits; whoever asks for no page waits for the document itself.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

import msgspec
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain.kernel import N_
from forum.domain.photographs.record import shown
from forum.domain.state import State
from forum.domain.steps.commitments import OUTSIDE, Readers
from forum.exports import Entry, Flavour, Made, kinds, ordered, pictured
from forum.fragments.surface import Site
from forum.language import Reader, documents
from forum.web import asking, errors, pages
from forum.web.asking import see_other
from forum.web.downloads import download, flavour_of
from forum.web.errors import spoken
from forum.web.identity import Surface, base_path
from forum.web.jobs import KEPT_SECONDS, Begun, Found, Job, Waits
from forum.web.own import Opened, with_access
from forum.web.service import service_of
from forum.web.turns import Crowded

MOMENT_SECONDS: Final = 1.5  # after which a page says how far it is
KEY: Final = re.compile("[0-9a-f]{32}")  # of a job, as ``Wish`` makes it: it becomes the name of a file
NO_KEY: Final = "0" * 32
PATIENCE_SECONDS: Final = 60.0  # of who asks for no page: proxies cut then


async def page(request: Request, *, surface: Surface) -> Response:
    """All that there is."""
    here = await with_access(request, surface)
    return pages.shelf(request, here.code, surface, here.shown)


async def export(request: Request, *, surface: Surface) -> Response:
    """One document of the state of this moment."""
    service, here = service_of(request), await with_access(request, surface)
    kind, flavour = request.path_params["kind"], flavour_of(request)
    wanted = request.query_params.get("readers", OUTSIDE[-1])
    readers = next((one for one in OUTSIDE if one == wanted), None)
    if kind not in kinds() or flavour is None or readers is None:
        return spoken(request.scope, 404, "not_found")
    wish = Wish(kind, flavour, readers, packs="gzip" in request.headers.get("accept-encoding", ""))
    job = wish.job(here, request.url)

    async def order() -> bytes:
        pictures = await _pictures(request, here) if pictured(kind) else {}
        return await service.turns.in_slices(wish.order(here, pictures))

    try:
        service.jobs.ask(job, here.who.person, order)
        await service.jobs.settled(job.key, MOMENT_SECONDS if _reads(request) else PATIENCE_SECONDS)
    except OSError:  # a disk that is full, say, just when somebody needs the document
        return _file(await service.jobs.make(await order()))
    found = service.jobs.find(job.forum, job.key, job.fence)
    if found and found.standing == "ready" and (made := await service.jobs.take(job.key)):
        return _file(made)
    if _reads(request):
        return see_other(f"{base_path(here.code, surface)}/making/{job.key}")
    raise Crowded


async def making(request: Request, *, surface: Surface) -> Response:
    """How far a document is: a page that goes on by itself, or JSON for its script."""
    here = await with_access(request, surface)
    found = service_of(request).jobs.find(here.code, _key(request), _fence(here.state))
    told = _told(found, here.reader)
    if errors.wants_json(request.scope):
        return JSONResponse(told)
    status = 202 if told["is"] in ("waits", "begun") else 200
    topic, form = documents.kinds()[found.job.kind] if found else (None, None)
    given: dict[str, Any] = {
        "code": here.code,
        "title": here.state.title,
        "base": base_path(here.code, surface),
    }
    given |= {"back": request.url.path, "of_desk": surface == "desk", "told": told}
    given |= {"job": found and found.job, "topic": topic, "form": form}
    return pages.plain(request, "making.html", here.reader, status, **given)


async def stop(request: Request, *, surface: Surface) -> Response:
    """A document is not wanted any more."""
    here = await with_access(request, surface)
    await asking.fields_of(request)
    service_of(request).jobs.stop(here.code, _key(request), here.who.person)
    return see_other(_shelf(here.code, surface))


async def made(request: Request, *, surface: Surface) -> Response:
    """A document that was found ready."""
    service, here = service_of(request), await with_access(request, surface)
    key = _key(request)
    found = service.jobs.find(here.code, key, _fence(here.state))
    if found and found.standing == "ready" and (document := await service.jobs.take(key)):
        return _file(document)
    return see_other(f"{base_path(here.code, surface)}/making/{key}")


# --- inside


def _key(request: Request) -> str:
    """The key in an address; one that no document has for what is none."""
    said: str = request.path_params["key"]
    return said if KEY.fullmatch(said) else NO_KEY


class Wish(msgspec.Struct, frozen=True):
    """Which document somebody asks for."""

    kind: str
    flavour: Flavour
    readers: Readers
    packs: bool

    def job(self, here: Opened, url: URL) -> Job:
        """Of this moment: whoever asks for the same one has the same key."""
        head, fence = here.shown.head, _fence(here.state)
        names = sorted(here.shown.view.names.items())
        of = [
            head.gen,
            head.seq,
            head.chain,
            names,
            here.reader.lang,
            here.reader.zone,
            fence,
            here.shown.view.site.join_url,
        ]
        key = blake2b(msgspec.json.encode([here.code, self, of]), digest_size=16).hexdigest()
        return Job(key, here.code, self.kind, url.query, head.seq, fence)

    def order(self, here: Opened, pictures: Mapping[str, bytes]) -> Any:
        """What its process is sent, in slices."""
        view, chain = here.shown.view, here.shown.head.chain
        told = (view.state, view.names, chain, self.kind, here.reader, self.flavour)
        return ordered(
            *told, packs=self.packs, readers=self.readers, entry=_entry(view.site), photographs=pictures
        )


async def _pictures(request: Request, here: Opened) -> Mapping[str, bytes]:
    """The photographs that documents show."""
    ids = [one.id for one in shown(here.state.photographs)]
    return await service_of(request).journal.photographs.of(here.code, ids) if ids else {}


def _entry(site: Site) -> Entry:
    return Entry(site.join_url, site.short_url, str(site.qr))


def _fence(state: State) -> str:
    """What was erased so far: a document from before is given to nobody."""
    keeping = state.keeping
    when = [sorted(keeping.erased_at.items()), sorted(keeping.unnamed_at.items())]
    asked = [erasure.seq for erasure in keeping.erasures]
    asked += [one.rev for one in state.photographs.by_id.values() if one.stands == "erased"]
    return blake2b(msgspec.json.encode([len(keeping.struck), asked, when]), digest_size=8).hexdigest()


def _told(found: Found | None, reader: Reader) -> dict[str, Any]:
    """How it stands, for a script: one word, one sentence, and how many documents of how many where that is known."""
    match found.standing if found else None:
        case Waits(0):
            said = reader.say(N_("Documents of other forums are being made. It follows in its turn."))
            return {"is": "waits", "said": said}
        case Waits(n):
            said = reader.say_many(
                "{n} document of this forum comes first.", "{n} documents of this forum come first.", n
            )
            return {"is": "waits", "said": said}
        case Begun(done, of) if of:
            said = reader.say(N_("{done} of {of} documents are made."), done=done, of=of)
            return {"is": "begun", "said": said, "done": done, "of": of}
        case Begun():
            return {"is": "begun", "said": reader.say(N_("It is being made."))}
        case "ready":
            return {"is": "ready", "said": reader.say(N_("It is ready."))}
        case "too much":
            said = reader.say(
                N_("It took longer, or more room, than one document may. Nothing is lost; try again later.")
            )
            return {"is": "over", "said": said}
        case _:
            said = reader.say(
                N_(
                    "It is not here: it was stopped, or its {n} minutes are over, or something was erased since."
                ),
                n=int(KEPT_SECONDS // 60),
            )
            return {"is": "over", "said": said}


def _reads(request: Request) -> bool:
    """Whether a page can be the answer."""
    return "text/html" in request.headers.get("accept", "")


def _shelf(code: str, surface: Surface) -> str:
    """Where all documents stand."""
    return base_path(code, surface) + ("/documents" if surface == "desk" else "")


def _file(made: Made) -> Response:
    answer = download(made.body, made.media_type, made.name)
    answer.headers["vary"] = "accept-encoding"
    if made.packed:
        answer.headers["content-encoding"] = "gzip"
    return answer
