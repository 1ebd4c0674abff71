"""The engines: which there are, how this machine gets each, how each is started. ``page_in`` gives a page in one.

Debian's packages are installed where they may be (root on Debian); old Chromes come from ``fetched``. An engine that
cannot be had here raises NotHad with the cure: nothing is ever left out in silence.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import httpx2

from tests import chromium
from tests.browsers import fetched
from tests.browsers.channel import Channel
from tests.browsers.fetched import NotHad
from tests.browsers.pages import SECONDS, BidiPage, ChromePage, DriverPage, NotWell, Page
from tests.servers import free_port

STARTED_SECONDS: Final = 60.0
SCREEN: Final = "1280x1024x24"


class Engine(NamedTuple):
    """A browser under test."""

    name: str
    kind: Literal["chrome", "firefox", "webkitgtk", "wpe"]
    level: str  # which phones have it
    version: int = 0  # of an old Chrome
    floor: bool = True  # promised to be live; below it, plain forms


ENGINES: Final = (
    Engine("Chrome 83", "chrome", "below the floor: plain forms", 83, floor=False),
    Engine("Chrome 88", "chrome", "the floor of Chrome", 88),
    Engine("Chrome 92", "chrome", "Samsung Internet 16", 92),
    Engine("Chrome 103", "chrome", "Samsung Internet 20", 103),
    Engine("Chrome 105", "chrome", "the last with the cache's fault", 105),
    Engine("Chrome 109", "chrome", "the last for Windows 7", 109),
    Engine("Chrome 119", "chrome", "Samsung Internet 25", 119),
    Engine("Chromium", "chrome", "of today"),
    Engine("Firefox ESR", "firefox", "of today"),
    Engine("WebKitGTK", "webkitgtk", "Safari of today"),
    Engine("WPE 2.38", "wpe", "iOS 16.0"),
)
DERIVED: Final = (
    ("iOS 15.4", "between WPE 2.38 (iOS 16.0), which runs here, and what the data says of Safari 15.4"),
    ("Samsung Internet 15", "is Chrome 90: between Chrome 88 and Chrome 92, which run here"),
    ("Firefox 97", "no build of it can be had here: what the data says of it, Firefox ESR beside it"),
)
"""Floors that no engine here can run; ``floor`` proves what is used against the data."""

DEBIAN: Final[dict[str, dict[str, str]]] = {
    "firefox": {"firefox-esr": "firefox-esr"},
    "webkitgtk": {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"},
    "wpe": {"WPEWebDriver": "wpewebkit-driver", "cog": "cog"},
    "chrome": {},
}
"""By kind: the programs it takes, and the packages that have them."""


def engine(name: str) -> Engine:
    return next(engine for engine in ENGINES if engine.name == name)


def had(engine: Engine) -> None:
    """See that this machine has an engine, installing what it may. Raises NotHad."""
    programs = DEBIAN[engine.kind]
    lacking = _lacking(programs)
    if lacking and chromium._may_install():
        chromium._install(lacking)
        lacking = _lacking(programs)
    if lacking:
        raise NotHad(
            f"{engine.name} is not here. Cure on Debian: sudo apt-get install -y {' '.join(lacking)}"
        )
    if engine.version:
        fetched.chrome(engine.version)
    elif engine.kind == "chrome" and not chromium.find():
        raise NotHad("Chromium is not here. Cure on Debian: sudo apt-get install -y chromium")


def _lacking(programs: dict[str, str]) -> list[str]:
    return sorted(package for program, package in programs.items() if not shutil.which(program))


@asynccontextmanager
async def page_in(engine: Engine) -> AsyncIterator[Page]:
    """A page in an engine that was started for it, with a fresh profile. Raises NotHad."""
    await asyncio.to_thread(had, engine)
    with tempfile.TemporaryDirectory(prefix="forum-browser-", ignore_cleanup_errors=True) as profile:
        start = {"chrome": _chrome, "firefox": _firefox, "webkitgtk": _webkitgtk, "wpe": _wpe}[engine.kind]
        async with start(engine, Path(profile)) as page:
            yield page


# --- one for each kind


@asynccontextmanager
async def _chrome(engine: Engine, profile: Path) -> AsyncIterator[Page]:
    faults: list[str] = []
    async with (
        chrome_at(engine, profile) as address,
        Channel(address, lambda name, what: _chrome_told(faults, name, what)) as channel,
    ):
        yield await ChromePage.new(channel, faults)


@asynccontextmanager
async def chrome_at(engine: Engine, profile: Path) -> AsyncIterator[str]:
    """The address at which a Chrome's DevTools listen, for as long as the block lasts."""
    folder = fetched.chrome(engine.version) if engine.version else None
    program = str(folder / "chromium") if folder else chromium.find()
    libraries = {"LD_LIBRARY_PATH": f"{folder / 'lib'}:{folder}"} if folder else {}
    words = [
        program, "--headless", *chromium.FLAGS, "--no-zygote", "--no-proxy-server", "--hide-scrollbars",
        f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank",
    ]  # fmt: skip
    async with _running(words, profile, HOME=str(profile), **libraries):
        port, path = (await _written(profile / "DevToolsActivePort", lines=2))[:2]
        yield f"ws://127.0.0.1:{port}{path}"


def _chrome_told(faults: list[str], name: str, what: dict[str, Any]) -> None:
    if name == "Runtime.exceptionThrown":
        details = what["exceptionDetails"]
        faults.append(details.get("exception", {}).get("description", details["text"]))
    elif (
        name == "Log.entryAdded"
        and what["entry"]["source"] == "security"
        and what["entry"]["level"] == "error"
    ):
        faults.append(what["entry"]["text"])


@asynccontextmanager
async def _firefox(engine: Engine, profile: Path) -> AsyncIterator[Page]:
    (profile / "user.js").write_text(
        'user_pref("network.proxy.type", 0);\nuser_pref("app.update.enabled", false);\n'
    )
    words = [
        "firefox-esr", "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile), "about:blank",
    ]  # fmt: skip
    async with _running(words, profile, HOME=str(profile)):
        found = await _written(profile / "WebDriverBiDiServer.json", lines=2)
        port = "".join(found).partition('"ws_port":')[2].strip(" }\n").split(",")[0]
        faults: list[str] = []
        address = f"ws://127.0.0.1:{int(port)}/session"
        async with Channel(address, lambda name, what: _firefox_told(faults, what)) as channel:
            yield await BidiPage.new(channel, faults)


def _firefox_told(faults: list[str], what: dict[str, Any]) -> None:
    lost = "connection to the server"  # it was killed on purpose
    if what.get("type") == "javascript" and what.get("level") == "error" and lost not in what["text"]:
        faults.append(what["text"])


@asynccontextmanager
async def _webkitgtk(engine: Engine, profile: Path) -> AsyncIterator[Page]:
    display = f":{100 + free_port() % 800}"
    async with (
        _running(["Xvfb", display, "-screen", "0", SCREEN, "-nolisten", "tcp"], profile),
        _driven("WebKitWebDriver", {}, profile, DISPLAY=display) as page,
    ):
        await page.fit()
        yield page


@asynccontextmanager
async def _wpe(engine: Engine, profile: Path) -> AsyncIterator[Page]:
    options = {"binary": shutil.which("cog"), "args": ["--automation", "--platform=headless"]}
    async with _driven("WPEWebDriver", {"wpe:browserOptions": options}, profile) as page:
        yield page


# --- processes


@asynccontextmanager
async def _driven(
    driver: str, wanted: dict[str, Any], profile: Path, **environment: str
) -> AsyncIterator[DriverPage]:
    port = free_port()
    words = [driver, f"--port={port}"]
    async with (
        _running(words, profile, HOME=str(profile), XDG_RUNTIME_DIR=str(profile), **environment),
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS + 5, trust_env=False) as http,
    ):
        async with asyncio.timeout(STARTED_SECONDS):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.05)
        page = await DriverPage.new(http, wanted)
        try:
            yield page
        finally:
            with suppress(NotWell):
                await page.leave()


@asynccontextmanager
async def _running(words: Iterable[str | None], profile: Path, **environment: str) -> AsyncIterator[None]:
    """A program for as long as the block lasts; what it says is in the profile's ``log``."""
    with (profile / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(word or "" for word in words), env={**os.environ, **environment}, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)  # with its helpers
        await process.wait()


async def _written(file: Path, lines: int) -> list[str]:
    """Wait until a file has so many lines."""
    try:
        async with asyncio.timeout(STARTED_SECONDS):
            while True:
                with suppress(OSError):
                    found = file.read_text().splitlines()
                    if len(found) >= lines:
                        return found
                await asyncio.sleep(0.05)
    except TimeoutError:
        said = (file.parent / "log").read_text(errors="replace")[-400:]
        raise NotHad(f"it does not start here: {said}") from None
