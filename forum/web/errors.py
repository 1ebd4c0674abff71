"""What is said if a request gets no page: one sentence that says what to do next, in both languages.

Needs neither templates nor the store, so it can speak when those are broken. Never says where in the code
something is, or whose it is.
"""

import math
import secrets
from html import escape
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from forum.domain.kernel import N_
from forum.language import LANGUAGES, Reader
from forum.places import static_dir
from forum.web import pasted
from forum.web.static import address, version_of

SENTENCES: Final = {
    "bad_request": N_("This request could not be understood. Go back, reload the page, then try again."),
    "secret_in_address": N_(
        "This address carries a secret where others can read it. Ask for the link again and use it as it is, "
        "with its # sign."
    ),
    "foreign_origin": N_("This request came from another site. Open the page itself, then try again."),
    "foreign_host": N_(
        "This server does not answer under this name. Use the address shown at its start, "
        "or give this one in FORUM_PUBLIC_URL."
    ),
    "not_found": N_("There is nothing at this address. Check it, or start from the home page."),
    "bad_method": N_("This page cannot be requested in this way. Go back to it, then try again."),
    "too_large": N_("This is too much at once. Shorten it, then send it again."),
    "address_too_long": N_("This address is too long. Use the link as it was given."),
    "bad_media": N_(
        "This was not sent in a form that is read here. Go back, reload the page, then try again."
    ),
    "too_many": N_("Too many attempts. Wait {seconds} seconds, then try again."),
    "crowded": N_(
        "Very many people are asking for this right now. Nothing is lost. Wait {seconds} seconds, then reload the page."
    ),
    "full": N_("This server has as many people as it can take. Wait a moment, then reload the page."),
    "unavailable": N_(
        "We cannot read or save right now. Nothing is lost. Wait a moment, then reload the page."
    ),
    "broken": N_(
        "Something went wrong on our side. Reload the page; if it happens again, tell the facilitator "
        "this number: {incident}"
    ),
} | pasted.REFUSALS

WAIT: Final = frozenset({429, 503})  # nothing is wrong with what was asked: only not now
STYLES: Final = ("css/tokens.css", "css/base.css", "css/pages.css")
PAPER: Final = "css/print.css"
WRITTEN: Final = N_("What you had written:")
HAVE_CODE: Final = N_("I have a code")
ENTER: Final = N_("Enter")
BACK: Final = N_("Back to the start")
HEADINGS: Final = {True: N_("One moment"), False: N_("This did not work")}


def wants_json(scope: Scope) -> bool:
    """Say whether the asker is a script: it sends JSON, or asks for it."""
    headers = Headers(scope=scope)
    return "application/json" in (headers.get("accept", ""), headers.get("content-type", "").split(";")[0])


def for_eyes(scope: Scope) -> bool:
    """Say whether what is answered may be shown as a page, rather than in the place of a picture or a script."""
    accept = Headers(scope=scope).get("accept", "*/*")
    return "text/html" in accept or accept.startswith("*/*")


def spoken(
    scope: Scope,
    status: int,
    code: str,
    headers: dict[str, str] | None = None,
    kept: str = "",
    **params: object,
) -> Response:
    """A refusal or failure as a page in both languages, or as JSON {t, code, msg, retry?}; retry in ms.

    kept   a text to give back; where there is nothing, what may have been meant for a code
    """
    readers = [Reader(lang) for lang in LANGUAGES]
    said = [reader.say(SENTENCES[code], **params) for reader in readers]
    if wants_json(scope):
        told = {"t": "error", "code": code, "msg": " ".join(said)}
        retry = {"retry": 1000 * int(headers["retry-after"])} if headers and "retry-after" in headers else {}
        return JSONResponse(told | retry, status, headers)
    title = HTTPStatus(status).phrase
    heading = _in_both(readers, HEADINGS[status in WAIT], "<br>")
    body = "".join(
        f'<p class="lead" lang="{lang}">{escape(text)}</p>'
        for lang, text in zip(LANGUAGES, said, strict=True)
    )
    if status == HTTPStatus.NOT_FOUND:
        text = _onward(readers, kept) if for_eyes(scope) else ""
    else:
        text = _given_back(readers, kept) if kept else ""
    page = (
        f'<!doctype html><html lang="{LANGUAGES[0]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{status} {title}</title>{STYLED}</head>'
        '<body><header class="masthead"><a class="masthead-name" href="/">Forum</a></header>'
        f'<main><section class="join"><p class="eyebrow">{status}</p><h1>{heading}</h1>'
        f'<div class="stack" role="alert">{body}</div>{text}</section></main></body></html>'
    )
    return HTMLResponse(page, status, headers)


def _given_back(readers: list[Reader], kept: str) -> str:
    words = _in_both(readers, WRITTEN)
    field = f'<textarea class="field" id="kept" readonly rows="6">{escape(kept)}</textarea>'
    return f'<label for="kept">{words}</label>{field}'


def _onward(readers: list[Reader], written: str) -> str:
    """Where a code is typed, as in ``parts/code.html``, and the way to the home page."""
    return (
        f'<form class="stack" method="post" action="/"><label for="code">{_in_both(readers, HAVE_CODE)}</label>'
        f'<input class="field code-field" id="code" name="code" required value="{escape(written)}" '
        'autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="go">'
        f'<button class="button">{_in_both(readers, ENTER)}</button></form>'
        f'<p><a class="button plain" href="/">{_in_both(readers, BACK)}</a></p>'
    )


def _in_both(readers: list[Reader], sentence: str, between: str = " · ") -> str:
    return between.join(f'<span lang="{r.lang}">{escape(r.say(sentence))}</span>' for r in readers)


def _styles() -> str:
    """The style sheets of the public pages, at the address where a browser has kept them."""
    version = version_of(static_dir())
    on_screen = "".join(f'<link rel="stylesheet" href="{address(version, path)}">' for path in STYLES)
    return f'{on_screen}<link rel="stylesheet" href="{address(version, PAPER)}" media="print">'


def new_incident() -> str:
    """A number by which a person and the log speak of the same failure."""
    return secrets.token_hex(4)


def too_many(scope: Scope, wait: float, kept: str = "") -> Response:
    """Come back in ``wait`` seconds; ``kept`` is a text to give back."""
    seconds = math.ceil(wait)
    return spoken(scope, 429, "too_many", {"retry-after": str(seconds)}, kept, seconds=seconds)


def crowded(scope: Scope, wait: float) -> Response:
    """Others were first, for as long as anybody waits: come back in ``wait`` seconds."""
    seconds = math.ceil(wait)
    return spoken(scope, 503, "crowded", {"retry-after": str(seconds)}, seconds=seconds)


STYLED: Final = _styles()  # read at the start: who has no descriptor left can open no sheet
