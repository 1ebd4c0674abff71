"""What stands before every request: who may call us, from where, how much, and what our answers forbid.

Checks in this order: method, size of address and body, Host (DNS rebinding), Origin (cross-site requests and
sockets), then lets the request through and adds the headers that bind the browser. Knows no forum, no person.
Leaves in the scope: ``forum.nonce`` (of this answer's script), ``forum.address`` (of the asker), ``forum.https``.
Reads there ``forum.framing``, which a page sets that shows another of ours in a frame, or is shown in one: the desk and its
small picture of the wall. No other page frames or is framed, and none of anybody else's. And ``forum.reaches``: the one other
address that a page may ask something, that to which its forum moved.
"""

import re
import secrets
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.imports.book import MOST_BYTES
from forum.web import errors
from forum.web.addresses import Addresses
from forum.web.limits import plain_address

BODY_BYTES: Final = 64 * 1024
FILE_BYTES: Final = MOST_BYTES + BODY_BYTES  # where a table is handed in, with the form around it
PHOTOGRAPH_BYTES: Final = 48 * 1024**2  # of some photographs, as phones take them
TAKES_TABLES: Final = re.compile(r"/f/[^/]{1,20}/desk/import")
TAKES_PHOTOGRAPHS: Final = re.compile(r"/f/[^/]{1,20}/(desk|staff)/photographs")
ADDRESS_BYTES: Final = 2048
METHODS: Final = frozenset({"GET", "HEAD", "POST"})
SAFE: Final = frozenset({"GET", "HEAD"})
SAME_SITE: Final = frozenset({"same-origin", "none"})
SECRET_WORDS: Final = frozenset({"secret", "token", "key", "cookie", "password"})
HSTS_SECONDS: Final = 180 * 24 * 3600
RETRY_SECONDS: Final = 2  # told with "not now" by whoever knows no better

FRAMES, FRAMED = "frames", "framed"
HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Not no-referrer: under it Chromium sends "Origin: null" with a page's own forms.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware; the outermost of ours."""

    def __init__(self, app: ASGIApp, addresses: Addresses, proxies: Iterable[str] = ()) -> None:
        """``proxies``: networks whose ``X-Forwarded-For`` and ``-Proto`` are believed; of others they are ignored."""
        self._app = app
        self._addresses = addresses
        self._proxies = [ip_network(proxy, strict=False) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host, refused = self._looked_at(scope)
        if scope["type"] == "http":
            send = _Bound(send, scope, host, hsts=scope["forum.https"]).send
        if refused:
            status, code = refused
            await errors.spoken(scope, status, code)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _looked_at(self, scope: Scope) -> tuple[str, tuple[int, str] | None]:
        """The host that was asked, and why not to answer; apart, since a socket would keep the headers here."""
        headers = Headers(scope=scope)
        self._note(scope, headers)
        return headers.get("host", ""), self._refusal(scope, headers)

    def _note(self, scope: Scope, headers: Headers) -> None:
        client = scope.get("client")
        address, proto = (client[0] if client else ""), scope["scheme"]
        if self._trusts(address):
            written = ",".join(headers.getlist("x-forwarded-for")).split(",")
            forwarded = [part for one in written if (part := _without_port(one))]
            address = next((part for part in reversed(forwarded) if not self._trusts(part)), address)
            proto = headers.get("x-forwarded-proto", proto)
        public = self._addresses.public_origin
        by_public_name = self._addresses.https and public is not None
        scope["forum.nonce"] = secrets.token_urlsafe(16)
        scope["forum.address"] = address
        scope["forum.https"] = proto in ("https", "wss") or (
            by_public_name and public == f"https://{headers.get('host', '').lower()}"
        )

    def _trusts(self, address: str) -> bool:
        try:
            parsed = plain_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._proxies)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        method = scope.get("method", "GET")
        if method not in METHODS:
            return 405, "bad_method"
        query: bytes = scope["query_string"]
        if len(scope.get("raw_path") or b"") + len(query) > ADDRESS_BYTES:
            return 414, "address_too_long"
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._addresses.known(hosts[0]):
            return 421, "foreign_host"
        if query and any(name.lower() in SECRET_WORDS for name, _ in parse_qsl(query.decode("latin-1"))):
            return 400, "secret_in_address"
        if (scope["type"] == "websocket" or method not in SAFE) and not self._from_here(scope, headers):
            return 403, "foreign_origin"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > most_bytes(scope):
            return 413, "too_large"
        return None

    def _from_here(self, scope: Scope, headers: Headers) -> bool:
        """Same origin, proven: a missing Origin is none, and "null" is nobody's."""
        origins = headers.getlist("origin")
        scheme = "https" if scope["forum.https"] else "http"
        ours = {f"{scheme}://{headers['host'].lower()}", self._addresses.public_origin}
        if len(origins) != 1 or origins[0].lower() not in ours:
            return False
        return headers.get("sec-fetch-site", "same-origin") in SAME_SITE


def most_bytes(scope: Scope) -> int:
    """How large a body may be at an address."""
    path = scope.get("path", "")
    if TAKES_PHOTOGRAPHS.fullmatch(path):
        return PHOTOGRAPH_BYTES
    return FILE_BYTES if TAKES_TABLES.fullmatch(path) else BODY_BYTES


class Bodies:
    """ASGI middleware: ends a body that is larger than its head said, or that has no end."""

    def __init__(self, app: ASGIApp) -> None:
        self._by_most = {
            most: RequestBodyLimitMiddleware(app, max_body_size=most)
            for most in (BODY_BYTES, FILE_BYTES, PHOTOGRAPH_BYTES)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._by_most[most_bytes(scope)](scope, receive, send)


def _without_port(written: str) -> str:
    """An address that a proxy names: with a port each connection would be an address of its own."""
    written = written.strip().strip('"')
    if written.startswith("["):
        return written[1:].partition("]")[0]
    return written.partition(":")[0] if written.count(":") == 1 else written


class _Bound:
    """Sends an answer with the headers that bind the browser; "not now" never without a time to come back."""

    def __init__(self, send: Send, scope: Scope, host: str, *, hsts: bool) -> None:
        self._send = send
        self._scope = scope
        self._nonce = scope["forum.nonce"]
        self._host = host if all(c.isalnum() or c in ".:-[]" for c in host) else ""
        self._hsts = hsts

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if self._scope.get("forum.framing") == FRAMED:
                headers.setdefault("x-frame-options", "SAMEORIGIN")
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", self._policy())
            headers.setdefault("cache-control", "no-store")
            if message["status"] in errors.WAIT:
                headers.setdefault("retry-after", str(RETRY_SECONDS))
            if self._hsts:
                headers.setdefault("strict-transport-security", f"max-age={HSTS_SECONDS}")
        await self._send(message)

    def _policy(self) -> str:
        # Older Safari does not take 'self' for sockets. 'self' for scripts counts only where 'strict-dynamic' is not
        # known (iOS to 15.3): there nothing else would let the page's script bring in the morpher.
        sockets = f" ws://{self._host} wss://{self._host}" if self._host else ""
        elsewhere = f" {found}" if (found := self._scope.get("forum.reaches")) else ""
        framing = self._scope.get("forum.framing")
        frames, ancestors = (
            "'self'" if framing == FRAMES else "'none'",
            "'self'" if framing == FRAMED else "'none'",
        )
        return (
            f"default-src 'none'; script-src 'nonce-{self._nonce}' 'strict-dynamic' 'self'; style-src 'self'; "
            f"connect-src 'self'{sockets}{elsewhere}; img-src 'self' data:; font-src 'self'; manifest-src 'self'; "
            f"frame-src {frames}; object-src 'none'; base-uri 'none'; frame-ancestors {ancestors}; form-action 'self'"
        )
