"""Photographs of walls and paper, for the desk and those who keep the plan: handed in, captioned, removed, erased, and served.

Plain pages, with a script or without. Each file is drawn anew in a process apart; what came is kept nowhere. The picture is kept
before the fact that names it; where the fact is refused, it goes again. Nobody else is served a picture, and none is ever served
as a page.
"""

from contextlib import suppress
from hashlib import sha256
from typing import Any, Final, NamedTuple

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from forum.domain.kernel import N_, Asked, Command, Millis, PhotographId, Rejection, StepId
from forum.domain.photographs.part import (
    CAPTION,
    MOST,
    AddPhotograph,
    CaptionPhotograph,
    ErasePhotograph,
    RemovePhotograph,
    RestorePhotograph,
)
from forum.domain.photographs.record import in_order
from forum.domain.roles import KEEPS_PLAN
from forum.domain.room import refusal_of
from forum.journal import NoForum, Unavailable
from forum.live import Accepted, Busy, Verdict
from forum.opening import new_secret
from forum.photographs import SENTENCES, Unreadable
from forum.photographs.apart import Redrawn, redrawn_of
from forum.web import asking, errors, pages, verdicts, wire
from forum.web.acting import Numbered, act, form_tab, pause_ms, short_hash
from forum.web.asking import Fields, one, see_other, seen_of, ticket_of
from forum.web.guard import BODY_BYTES, PHOTOGRAPH_BYTES
from forum.web.handed_in import PHOTOGRAPHS, TookTooLong, answered_apart
from forum.web.identity import Surface, base_path
from forum.web.own import Opened, with_access
from forum.web.receipts import MULTIPART
from forum.web.service import service_of

AT_ONCE: Final = 8  # files of one form
NAME_CHARS: Final = 60  # of a file, where it is refused
MEDIA_TYPE: Final = "image/jpeg"
HEADERS: Final = {
    "cache-control": "private, no-cache",  # asked for again each time: it may have been erased, or the access be over
    "content-security-policy": "default-src 'none'; sandbox",
}
COMMANDS: Final = {
    command.__name__: command
    for command in (CaptionPhotograph, RemovePhotograph, RestorePhotograph, ErasePhotograph)
}
ENVELOPE: Final = frozenset({"ticket", "seen", "do"})
DONE: Final = {
    "CaptionPhotograph": N_("Saved."),
    "RemovePhotograph": N_("The photograph was removed. You can put it back."),
    "RestorePhotograph": N_("The photograph is there again."),
    "ErasePhotograph": N_("The photograph was erased."),
}
NO_FILE: Final = N_("Choose a photograph first.")


class Refused(NamedTuple):
    """A file that did not come in, and why."""

    name: str
    sentence: str


class Came(NamedTuple):
    """One form of photographs: what is said of all of them."""

    ticket: str
    seen: int
    caption: str
    step: str


async def page(request: Request, *, surface: Surface) -> Response:
    """All photographs, and where more are handed in."""
    return _page(request, await with_access(request, surface, KEEPS_PLAN), surface)


async def deed(request: Request, *, surface: Surface) -> Response:
    """Photographs are handed in; or one is changed, removed, put back, erased."""
    here = await with_access(request, surface, KEEPS_PLAN)
    if asking.media_type(request) == MULTIPART:
        return await _handed_in(request, here, surface)
    fields = await asking.fields_of(request)
    verdict = await _done(request, here, fields)
    if isinstance(verdict, Accepted):
        return see_other(f"{_path(here, surface)}?done={one(fields, 'do')}#said")
    here = await with_access(request, surface, KEEPS_PLAN)
    flash = verdicts.said(here.reader, verdict, here.shown.view.name)
    return _page(request, here, surface, verdicts.status(verdict), flash=flash, sent=fields)


async def picture(request: Request, *, surface: Surface) -> Response:
    """One picture, as it was drawn anew."""
    here = await with_access(request, surface, KEEPS_PLAN)
    known = here.state.photographs.by_id.get(PhotographId(request.path_params["photograph"]))
    if known is None or known.stands == "erased":
        return errors.spoken(request.scope, 404, "not_found")
    headers = {**HEADERS, "etag": f'"{known.digest}"'}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    body = await service_of(request).journal.photographs.one(here.code, known.id)
    if body is None:
        return errors.spoken(request.scope, 404, "not_found")
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


# --- what is done with one that is there


async def _done(request: Request, here: Opened, fields: Fields) -> Verdict:
    service, kind = service_of(request), one(fields, "do")
    ticket = ticket_of(fields) or new_secret()
    content = {name: values for name, values in fields.items() if name not in ENVELOPE}
    words = (kind, *(word for name in sorted(content) for word in (name, *content[name])))
    what = wire.form_command(kind, content, "", here.who.role)
    what = what if kind in COMMANDS else Rejection(wire.RULE, "unknown_command")
    op = Numbered(here.who, form_tab(service.seed, ticket, *words), 1, seen_of(fields))
    return Busy() if pause_ms(service, here.code, op) else await act(service, here.code, what, op)


# --- files


async def _handed_in(request: Request, here: Opened, surface: Surface) -> Response:
    async with request.form(max_files=AT_ONCE, max_fields=8, max_part_size=BODY_BYTES) as form:
        files = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
        came = _said(form)
        if not files:
            return _page(request, here, surface, 422, flash=here.reader.say(NO_FILE))
        refused = [no for file in files if (no := await _one(request, here, surface, file, came))]
    added = len(files) - len(refused)
    if not refused:
        return see_other(f"{_path(here, surface)}?added={added}#said")
    here = await with_access(request, surface, KEEPS_PLAN)
    return _page(request, here, surface, 422, added=added, refused=refused)


def _said(form: FormData) -> Came:
    fields = {name: [value] for name, value in form.multi_items() if isinstance(value, str)}
    return Came(
        ticket_of(fields) or new_secret(), seen_of(fields), one(fields, "caption"), one(fields, "step")
    )


async def _one(
    request: Request, here: Opened, surface: Surface, file: UploadFile, came: Came
) -> Refused | None:
    """Take in one file; or why not."""
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2][-NAME_CHARS:]
    body = await file.read(PHOTOGRAPH_BYTES)
    try:
        redrawn = redrawn_of(await _redrawn_apart(body))
    except Unreadable as error:
        return Refused(name, here.reader.say(SENTENCES[error.code], **error.params))
    verdict = await _added(request, await with_access(request, surface, KEEPS_PLAN), redrawn, came)
    if isinstance(verdict, Accepted):
        return None
    return Refused(name, verdicts.said(here.reader, verdict, here.shown.view.name))


async def _redrawn_apart(body: bytes) -> bytes:
    try:
        return await answered_apart(PHOTOGRAPHS, body)
    except TookTooLong:
        raise Unreadable("took_too_long") from None


async def _added(request: Request, here: Opened, redrawn: Redrawn, came: Came) -> Verdict:
    service, digest = service_of(request), sha256(redrawn.jpeg).hexdigest()
    words = ("photograph", digest, came.caption, came.step)
    op = Numbered(here.who, form_tab(service.seed, came.ticket, *words), 1, came.seen)
    photograph = PhotographId(short_hash(service.seed, here.code, came.ticket, *words))
    what = wire.settled(
        AddPhotograph(
            photograph,
            digest,
            redrawn.width,
            redrawn.height,
            len(redrawn.jpeg),
            came.caption,
            StepId(came.step),
        ),
        here.who.role,
    )
    if pause_ms(service, here.code, op):
        return Busy()
    kept = isinstance(what, Command) and not _refused(here, what, service.clock())
    if kept:
        await service.journal.photographs.keep(here.code, photograph, redrawn.jpeg, service.clock())
    verdict = await act(service, here.code, what, op)
    known = (await service.hub.readable(here.code)).view.state.photographs.by_id
    if kept and not isinstance(verdict, Accepted | Busy) and photograph not in known:
        with suppress(NoForum, Unavailable):  # the keeper lets go of it later
            await service.journal.keeping.drop_photographs(here.code, (photograph,))
    return verdict


def _refused(here: Opened, what: Command, at: int) -> bool:
    """Whether it would be refused as things stand: then its picture need not be kept first."""
    return refusal_of(here.state, what, Asked(here.who.person, Millis(at))) is not None


# --- the page


def _path(here: Opened, surface: Surface) -> str:
    return f"{base_path(here.code, surface)}/photographs"


def _page(
    request: Request,
    here: Opened,
    surface: Surface,
    status: int = 200,
    *,
    flash: str = "",
    added: int = 0,
    refused: list[Refused] | None = None,
    sent: Fields | None = None,
) -> Response:
    query = request.query_params
    reader, path = here.reader, _path(here, surface)
    said = DONE.get(query.get("done", ""), "") if status == 200 else ""
    count = query.get("added", "")
    added = added or (int(count) if status == 200 and count.isdecimal() and len(count) <= 2 else 0)
    given: dict[str, Any] = {
        "code": here.code,
        "title": here.state.title,
        "base": base_path(here.code, surface),
        "of_desk": surface == "desk",
        "back": path,
        "seen": here.shown.head.seq,
        "ticket": new_secret(),
        "most_kept": MOST,
        "at_once": AT_ONCE,
        "caption_chars": CAPTION.most,
        "photographs": [p for p in in_order(here.state.photographs) if p.stands != "erased"],
        "erased": sum(p.stands == "erased" for p in here.state.photographs.by_id.values()),
        "steps": [(step.id, step.title.get(reader.lang)) for step in here.state.steps],
        "done": reader.say(said) if said else "",
        "added": added,
        "refused": refused or [],
        "typed": {one(sent, "photograph"): sent} if sent and one(sent, "do") == "CaptionPhotograph" else {},
    }
    return pages.plain(request, "photographs.html", reader, status, flash=flash, **given)
