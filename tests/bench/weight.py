"""What a phone loads before anything moves: the page, and every file that it leads to, as the server sends them."""

import gzip
import re
import urllib.request
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

LOADED_LINKS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"})
IMPORT = re.compile(r"""(?:\bimport|\bfrom|\bnew URL\()\s*\(?\s*["']([^"']+\.js)["']""")
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
CSS_URL = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')\s]+)""")
KIB = 1024


class File(NamedTuple):
    """One answer of the server."""

    address: str
    sent: int  # bytes of the body on the wire
    plain: int  # bytes of the file
    gzipped: int  # what it would be, where the server does not compress

    @property
    def name(self) -> str:
        return self.address.rpartition("/")[2]

    @property
    def loose(self) -> bool:
        """Whether it is sent as it is, although compressing would save a tenth and more."""
        return self.sent == self.plain > KIB and self.gzipped < 0.9 * self.plain


class Weight(NamedTuple):
    """A page with all it loads."""

    files: tuple[File, ...]
    outside: tuple[str, ...]  # addresses on other servers

    @property
    def sent_kib(self) -> float:
        return sum(file.sent for file in self.files) / KIB

    @property
    def fonts_kib(self) -> float:
        return sum(file.sent for file in self.files if file.address.endswith(".woff2")) / KIB

    @property
    def gzipped_kib(self) -> float:
        return sum(file.gzipped for file in self.files) / KIB


def weight(page: str, cookie: str) -> Weight:
    """Load a page and what it references, scripts that scripts import included, each once."""
    waiting, seen, files, outside = [page], {page}, [], []
    while waiting:
        address = waiting.pop(0)
        file, kind, body = _fetched(address, cookie)
        files.append(file)
        for found in (urljoin(address, reference) for reference in _references(kind, body)):
            if urlsplit(found).netloc != urlsplit(page).netloc:
                outside.append(found)
            elif found not in seen:
                seen.add(found)
                waiting.append(found)
    return Weight(tuple(files), tuple(outside))


def _fetched(address: str, cookie: str) -> tuple[File, str, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Cookie": cookie})
    with urllib.request.urlopen(request, timeout=10) as answer:
        sent = answer.read()
        kind = answer.headers.get_content_type()
        plain = gzip.decompress(sent) if answer.headers.get("content-encoding") == "gzip" else sent
    body = "" if kind.startswith(("font/", "image/")) and "svg" not in kind else plain.decode()
    return File(address, len(sent), len(plain), min(len(sent), len(gzip.compress(plain)))), kind, body


def _references(kind: str, body: str) -> list[str]:
    if kind == "text/html":
        reader = _Links()
        reader.feed(body)
        return reader.found
    pattern = {"text/css": CSS_URL, "text/javascript": IMPORT, "application/javascript": IMPORT}.get(kind)
    body = COMMENT.sub("", body)
    return (
        [found for found in pattern.findall(body) if not found.startswith(("data:", "#"))] if pattern else []
    )


class _Links(HTMLParser):
    """What a browser loads by itself; links that people follow are none of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "link" and LOADED_LINKS & set(said.get("rel", "").split()):
            self.found.append(said["href"])
        if tag in ("script", "img", "source", "audio", "video") and said.get("src", "data:")[:5] != "data:":
            self.found.append(said["src"])
