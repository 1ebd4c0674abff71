"""Everybody's cards, in runs: for a phone's page, which holds only the last ones at first, and as pages to read.

It shows what the phone's page shows, drawn once for both. Before the reveal this is nothing (B2). A page
without script, and a person who searches with their browser, read here what a live page inserts on request.
"""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from forum.fragments.surface import Audience, Put
from forum.language import LANGUAGES
from forum.web import errors, pages, wire
from forum.web.asking import JSON, code_of, reader_of, see_other
from forum.web.entering import NotIn, inside
from forum.web.identity import Surface, base_path, stands, watches
from forum.web.service import service_of

PLACE: Final = "ideas"  # the container on a phone's page
AT_ONCE: Final = 200


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which cards: those before an order, those after it, or, when neither is said, the last ones."""

    before: wire.Order = ""
    after: wire.Order = ""
    lang: str = ""


class More(msgspec.Struct, frozen=True, tag="more", tag_field="t"):
    """Earlier fragments of a list, as they stand at a position; ``begins`` is null when there are none before them."""

    g: int
    s: int
    place: str
    put: tuple[Put, ...]
    begins: str | None


async def cards(request: Request, *, surface: Surface) -> Response:
    """Some of everybody's cards: a page, or for a live page (``Accept: application/json``) its fragments."""
    service, code = service_of(request), code_of(request)
    who = await inside(request, code, surface)
    try:
        asked = msgspec.convert(dict(request.query_params), Asked)
    except msgspec.ValidationError:
        return errors.spoken(request.scope, 400, "bad_request")
    shown = await service.hub.readable(code)
    base, live = base_path(code, surface), errors.wants_json(request.scope)
    if not watches(shown.view.state, who):  # who waits to be let in is shown where they wait
        if not live and stands(shown.view.state, who):
            return see_other(base)
        raise NotIn("access_ended", base)
    reader = reader_of(request, shown.view.state)
    lang = asked.lang if asked.lang in LANGUAGES else reader.lang
    audience = Audience(surface, lang)  # type: ignore[arg-type]  # the phone's
    drawing = service.hub.drawn(code, shown, audience, who.person)
    shown, backdrop = await service.turns.in_slices(drawing)
    if asked.after:
        run = backdrop.after(PLACE, asked.after, AT_ONCE)
    else:
        run = backdrop.before(PLACE, asked.before, AT_ONCE)
    if live:
        more = More(shown.head.gen, shown.head.seq, PLACE, run.puts, run.puts[0].order if run.first else None)
        return Response(msgspec.json.encode(more), media_type=JSON)
    now = shown.view.state.now
    return pages.plain(
        request,
        "cards.html",
        reader,
        code=code,
        base=base,
        title=shown.view.state.title,
        step=now if run.total else None,
        run=run,
        beyond="after" if asked.after else "before",
    )
