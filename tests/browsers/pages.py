"""One page in an engine under test, of a phone's size. What a phone does is written with these few words only.

Three ways to drive: the DevTools protocol (every Chrome since 60), WebDriver BiDi (Firefox), WebDriver (WebKit). All
press with a real pointer at a place of the page, so that what is covered, too small or outside is not pressed.
"""

import asyncio
import base64
import json
from typing import Any, Final, Protocol

import httpx2

from tests.browsers.channel import Channel, Refused

WIDTH: Final = 360
HEIGHT: Final = 740
SECONDS: Final = 20.0  # a bound for what must come about in a page
LOOK_SECONDS: Final = 0.05
READY: Final = "return document.readyState === 'complete' && location.href !== 'about:blank'"


ENTER: Final = {
    "type": "key", "id": "keys", "actions": [{"type": f"key{way}", "value": "\ue007"} for way in ("Down", "Up")],
}  # fmt: skip
"""As WebDriver says it."""


class NotWell(Exception):
    """Something did not come about in the page; the argument says what."""


class Page(Protocol):
    """A page. ``faults``: errors that its console told, where the engine tells them."""

    faults: list[str]

    async def open(self, address: str) -> None:
        """Go there; return when the page is complete. Raises NotWell."""

    async def run(self, body: str, *given: Any) -> Any:
        """Run the body of a function of ``given`` in the page; what it returns, through JSON. Raises NotWell."""

    async def tap(self, x: float, y: float) -> None:
        """Press with a pointer at a place of the view."""

    async def enter(self) -> None:
        """Press Enter where the caret is."""

    async def picture(self) -> bytes:
        """A PNG of the view."""


async def until(page: Page, body: str, *given: Any, what: str, seconds: float = SECONDS) -> Any:
    """Wait until a function's body gives something; return that. Raises NotWell, naming ``what``."""
    last = ""
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    if found := await page.run(body, *given):
                        return found
                except NotWell as error:  # the page is going; another comes
                    last = f" ({error})"
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise NotWell(f"{what}: not within {seconds:.0f} s{last}") from None


def called(body: str, given: tuple[Any, ...]) -> str:
    """An expression that calls a function's body and gives JSON."""
    return f"JSON.stringify((function(...given){{{body}}})(...{json.dumps(given)})) || 'null'"


class ChromePage:
    """By the DevTools protocol, in a target of its own."""

    def __init__(self, channel: Channel, session: str, faults: list[str]) -> None:
        self._channel, self._session, self.faults = channel, session, faults

    @classmethod
    async def new(cls, channel: Channel, faults: list[str], *, apart: bool = True) -> "ChromePage":
        """``apart``: with cookies of its own, else with those of the browser's profile."""
        # A context of its own keeps its cookies in memory: some old builds lose all when they first write them down.
        own = await channel.ask("Target.createBrowserContext") if apart else {}
        target = await channel.ask("Target.createTarget", url="about:blank", **own)
        attached = await channel.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = cls(channel, attached["sessionId"], faults)
        for domain in ("Page", "Runtime", "Log"):
            await page._ask(f"{domain}.enable")
        await page._ask(
            "Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=2, mobile=True
        )
        return page

    async def open(self, address: str) -> None:
        await self._ask("Page.navigate", url=address)
        await until(self, READY, what="the page does not finish loading")

    async def run(self, body: str, *given: Any) -> Any:
        said = await self._ask("Runtime.evaluate", expression=called(body, given), returnByValue=True)
        if "exceptionDetails" in said:
            raise NotWell(said["exceptionDetails"].get("exception", {}).get("description", "an error"))
        return json.loads(said["result"]["value"])

    async def tap(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            await self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def enter(self) -> None:
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        await self._ask("Input.dispatchKeyEvent", type="keyDown", text="\r", **key)
        await self._ask("Input.dispatchKeyEvent", type="keyUp", **key)

    async def picture(self) -> bytes:
        return base64.b64decode((await self._ask("Page.captureScreenshot", format="png"))["data"])

    async def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        try:
            return await self._channel.ask(method, self._session, **params)
        except Refused as error:
            raise NotWell(str(error)) from None
        except TimeoutError:
            raise NotWell(f"the engine hangs: no answer to {method}") from None


class BidiPage:
    """By WebDriver BiDi, in the one tab that is open."""

    def __init__(self, channel: Channel, context: str, faults: list[str]) -> None:
        self._channel, self._context, self.faults = channel, context, faults

    @classmethod
    async def new(cls, channel: Channel, faults: list[str]) -> "BidiPage":
        await channel.ask("session.new", capabilities={})
        await channel.ask("session.subscribe", events=["log.entryAdded"])
        tree = await channel.ask("browsingContext.getTree")
        context = tree["contexts"][0]["context"]
        view = {"width": WIDTH, "height": HEIGHT}
        await channel.ask("browsingContext.setViewport", context=context, viewport=view)
        return cls(channel, context, faults)

    async def open(self, address: str) -> None:
        await self._ask("browsingContext.navigate", url=address, wait="interactive")
        await until(self, READY, what="the page does not finish loading")

    async def run(self, body: str, *given: Any) -> Any:
        said = await self._ask(
            "script.evaluate",
            expression=called(body, given),
            target={"context": self._context},
            awaitPromise=True,
        )
        if said["type"] != "success":
            raise NotWell(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])

    async def tap(self, x: float, y: float) -> None:
        await self._ask("input.performActions", actions=[pointer(x, y)])

    async def enter(self) -> None:
        await self._ask("input.performActions", actions=[ENTER])

    async def picture(self) -> bytes:
        return base64.b64decode((await self._ask("browsingContext.captureScreenshot"))["data"])

    async def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        where = {} if method == "script.evaluate" else {"context": self._context}
        try:
            return await self._channel.ask(method, **where, **params)
        except Refused as error:
            raise NotWell(str(error)) from None
        except TimeoutError:
            raise NotWell(f"the engine hangs: no answer to {method}") from None


class DriverPage:
    """By WebDriver, whose driver listens at ``base`` and starts the browser itself."""

    def __init__(self, http: httpx2.AsyncClient, session: str) -> None:
        self._http, self._session = http, session
        self.faults: list[str] = []  # this protocol does not tell

    @classmethod
    async def new(cls, http: httpx2.AsyncClient, wanted: dict[str, Any]) -> "DriverPage":
        page = cls(http, "")
        made = await page._ask("POST", "", capabilities={"alwaysMatch": wanted})
        page._session = f"/{made['sessionId']}"
        await page._ask("POST", "/timeouts", pageLoad=int(SECONDS * 1000), script=int(SECONDS * 1000))
        return page

    async def fit(self) -> None:
        """Make the window a phone's, where the driver can."""
        await self._ask("POST", "/window/rect", width=WIDTH, height=HEIGHT + 80, x=0, y=0)

    async def open(self, address: str) -> None:
        await self._ask("POST", "/url", url=address)
        await until(self, READY, what="the page does not finish loading")

    async def run(self, body: str, *given: Any) -> Any:
        said = await self._ask("POST", "/execute/sync", script=f"return {called(body, given)}", args=[])
        return json.loads(said)

    async def tap(self, x: float, y: float) -> None:
        await self._ask("POST", "/actions", actions=[pointer(x, y)])

    async def enter(self) -> None:
        await self._ask("POST", "/actions", actions=[ENTER])

    async def picture(self) -> bytes:
        return base64.b64decode(await self._ask("GET", "/screenshot"))

    async def leave(self) -> None:
        """End the session, and the browser with it."""
        await self._ask("DELETE", "")

    async def _ask(self, method: str, path: str, **params: Any) -> Any:
        body = None if method != "POST" else json.dumps(params)
        try:
            answer = await self._http.request(method, f"/session{self._session}{path}", content=body)
        except httpx2.HTTPError as error:
            raise NotWell(f"the engine does not answer {path}: {type(error).__name__}") from None
        value = answer.json()["value"]
        if answer.status_code >= 400:
            raise NotWell(f"{path}: {value['error']}: {value['message']}")
        return value


def pointer(x: float, y: float) -> dict[str, Any]:
    """Move, press, release, as WebDriver says it."""
    return {
        "type": "pointer", "id": "finger", "parameters": {"pointerType": "mouse"},
        "actions": [
            {"type": "pointerMove", "x": int(x), "y": int(y), "duration": 0},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0},
        ],
    }  # fmt: skip
