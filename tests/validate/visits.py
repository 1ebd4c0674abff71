"""Who comes to the forum by plain requests, and what they ask for, so that every kind of page is among the answers.

Every page is asked for in both languages. What is done here is done in a forum of its own beside the demo's, where a page
needs it: a room that is locked, somebody who waits or was removed, words that were erased.
"""

import itertools
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx2

from forum.web.identity import TRIAL
from tests.pictures.theatre import Theatre

LANGS: Final = ("fr", "en")
SECONDS: Final = 30.0
IN_APP: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Instagram 300.0"
_cids = (f"visit-{n:016}" for n in itertools.count(1))

Keep = Callable[[str, str], None]


class Visitor:
    """A browser without scripts: cookies are kept, redirects are followed, and every page is kept under its name."""

    def __init__(self, http: httpx2.AsyncClient, keep: Keep) -> None:
        self._http, self._keep = http, keep

    async def sees(self, name: str, path: str, **more: Any) -> None:
        """A page as it comes, in both languages."""
        for lang in LANGS:
            await self._answer(f"{name}, {lang}", "GET", path, lang, **more)

    async def sends(self, name: str, path: str, data: dict[str, Any], langs: tuple[str, ...] = LANGS) -> None:
        """What comes of a form, in both languages: it is sent once in each."""
        for lang in langs:
            await self._answer(f"{name}, {lang}", "POST", path, lang, data=data)

    async def asks(self, name: str, method: str, path: str, **more: Any) -> None:
        """What comes of a request that no page makes; it speaks both languages at once."""
        await self._answer(name, method, path, "fr", **more)

    async def does(self, base: str, command: str, **body: Any) -> dict[str, Any]:
        """A command, by the JSON door. Must be accepted."""
        said: dict[str, Any] = (
            await self._http.post(f"{base}/commands/{command}", json={"cid": next(_cids), "n": 1, "b": body})
        ).json()
        if said["t"] != "ack":
            raise AssertionError(f"{command}: {said}")
        return said

    async def comes(self, path: str, **data: str) -> None:
        """In by a form, such as a code or a secret."""
        answer = await self._http.post(path, data=data)
        assert answer.status_code < 400, f"{path}: {answer.text[-400:]}"

    async def text(self, path: str) -> str:
        return (await self._http.get(path)).text

    async def _answer(self, name: str, method: str, path: str, lang: str, **more: Any) -> None:
        more["headers"] = {"accept-language": lang} | more.get("headers", {})
        answer = await self._http.request(method, path, **more)
        assert answer.headers["content-type"].startswith("text/html"), f"{name}: {answer.status_code}"
        self._keep(name, answer.text)


@asynccontextmanager
async def visitor(address: str, keep: Keep) -> AsyncIterator[Visitor]:
    async with httpx2.AsyncClient(
        base_url=address, headers={"origin": address}, timeout=SECONDS, follow_redirects=True, trust_env=False,
        cookies={TRIAL: "1"},
    ) as http:  # fmt: skip
        yield Visitor(http, keep)


async def opened(address: str, **fields: str) -> dict[str, str]:
    """A new forum: its code and its links."""
    async with httpx2.AsyncClient(base_url=address, trust_env=False) as http:
        headers = {"origin": address, "accept": "application/json"}
        form = {"title": "Une autre salle", "agenda": "forum-participatif", "lang": "fr"} | fields
        told: dict[str, str] = json.loads((await http.post("/forums", data=form, headers=headers)).text)
        return told


async def public(address: str, code: str, keep: Keep) -> None:
    """What anybody may ask for, and what they are told when it is not there or not to be read."""
    async with visitor(address, keep) as anybody:
        await anybody.sees("home", "/")
        await anybody.sees("help", "/help")
        await anybody.sees("check", "/check")
        await anybody.sees("join", f"/f/{code}")
        await anybody.sees("join, inside an app", f"/f/{code}", headers={"user-agent": IN_APP})
        await anybody.sees("printed ticket", f"/f/{code}/ticket")
        await anybody.sees("personal code", f"/f/{code}/mine")
        for surface in ("desk", "screen", "staff"):
            await anybody.sees(f"way in to the {surface}", f"/f/{code}/{surface}")
            await anybody.sends(
                f"{surface}: a wrong link", f"/f/{code}/{surface}/enter", {"secret": "a" * 32}
            )
        await anybody.sees("no such forum", "/f/ZZZ234")
        await anybody.sees("no code", "/f/nothing")
        await anybody.sees("not in", f"/f/{code}/receipt")
        await anybody.sends("home: a wrong code", "/", {"code": "ZZZ 234"})
        await anybody.sends(
            "home: no title", "/forums", {"title": "", "agenda": "forum-eclair", "lang": "fr"}
        )
        await anybody.sends(
            "links", "/forums", {"title": "Une salle", "agenda": "forum-eclair", "lang": "fr"}
        )
        await anybody.sends("join: a name that cannot be", f"/f/{code}/join", {"name": "Admin"})
        await anybody.sends(
            "personal code: wrong", f"/f/{code}/mine/enter", {"secret": "AAAA BBBB CCCC DDDD"}
        )
        await anybody.sends("printed ticket: wrong", f"/f/{code}/ticket/enter", {"secret": "a" * 32})
        await anybody.sends("check: no receipt", "/check", {"receipt": "nothing"})
        await anybody.asks("failure 404", "GET", "/nowhere")
        await anybody.asks("failure 405", "DELETE", "/")
        await anybody.asks("failure 400", "GET", "/?secret=abc")
        await anybody.asks("failure 403", "POST", "/lang", data={}, headers={"origin": "https://example.org"})
        await anybody.asks("failure 413", "POST", "/", content=b"a" * 70_000)
        await anybody.asks("failure 414", "GET", "/" + "a" * 3000)
        await anybody.asks("failure 415", "POST", "/", content=b"a", headers={"content-type": "text/csv"})
        await anybody.asks("failure 421", "GET", "/", headers={"host": "elsewhere.example"})


async def people(address: str, keep: Keep) -> None:
    """A forum in which people are refused, wait, are removed, have words erased, and leave."""
    told = await opened(address)
    base = f"/f/{told['code']}"
    async with visitor(address, keep) as desk, visitor(address, keep) as lea, visitor(address, keep) as late:
        await desk.comes(f"{base}/desk/enter", secret=told["desk_url"].partition("#")[2])
        await lea.comes(f"{base}/join", name="Léa")
        steps = json.loads(await _exported(desk, base))["steps"]
        board = next(step["id"] for step in steps if step["kind"] == "board")
        await desk.does(f"{base}/desk", "OpenStep", step=board)
        column = _one(r'name="column" value="([^"]+)"', await lea.text(base))
        await lea.does(base, "PostIdea", id="leas0001", text="Ouvrir un lieu", step=board, column=column)
        await lea.sends(
            "phone: a card that is refused",
            f"{base}/commands/PostIdea",
            {"step": board, "column": column, "text": "a" * 2000},
        )
        await desk.sends(
            "desk: a refusal", f"{base}/desk/commands/HideIdea", {"idea": "leas0001", "reason": ""}
        )
        await desk.does(f"{base}/desk", "FreezeStep", step=board)
        for surface, browser, path in (("phone", lea, ""), ("desk", desk, "/desk")):
            await browser.sees(f"{surface}: a board that is frozen", base + path)
        await lea.sees("my data", f"{base}/data")
        await desk.sees("data of the forum", f"{base}/desk/data")
        await desk.sees("arrivals, few", f"{base}/desk/arrivals")
        await desk.sends("new link, screen", f"{base}/desk/keys", {"role": "screen"})
        await desk.sends("new link, desk", f"{base}/desk/keys", {"role": "facilitator"})
        await desk.sends("new link, exports", f"{base}/desk/keys", {"role": "staff"})
        await desk.does(f"{base}/desk", "SetEntry", mode="approval")
        await late.sees("join, on approval", base)
        await late.comes(f"{base}/join", name="Omar")
        await late.sees("phone: waiting to be let in", base)
        await desk.sees("desk: somebody waits", f"{base}/desk")
        await desk.does(f"{base}/desk", "SetEntry", mode="locked")
        await lea.sends(
            "my data: erased", f"{base}/data/erase", {"texts": "all", "name": "true"}, langs=("fr",)
        )
        async with visitor(address, keep) as stranger:
            await stranger.sees("join, locked", base)
        await lea.sees("phone: to leave", f"{base}/leave")
        await lea.sends("phone: left", f"{base}/leave", {}, langs=("fr",))
        await desk.sees("desk: to leave", f"{base}/desk/leave")
        await desk.sends("desk: left", f"{base}/desk/leave", {}, langs=("en",))


def _one(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found, f"the page has no {pattern}"
    return found[1]


async def _exported(desk: Visitor, base: str) -> str:
    return await desk.text(f"{base}/desk/export/forum.json")


class Insider:
    """Somebody in the demo's forum, with every link of it in one browser."""

    def __init__(self, browser: Visitor, code: str) -> None:
        self._browser, self._base = browser, f"/f/{code}"

    async def does_their_part(self, step: str, moment: str) -> None:
        """What a page of one's own needs to hold something."""
        base, desk, does = self._base, f"{self._base}/desk", self._browser.does
        match step, moment:
            case "ideas", "open":
                for n, text in enumerate(("Un lieu ouvert", "Une idée de trop"), 1):
                    await does(base, "PostIdea", id=f"ines000{n}", text=text, step="ideas")
                await does(desk, "SetTimer", seconds=300)
            case "ideas", "over":
                await does(desk, "HideIdea", idea="ines0002", reason="C’est hors sujet.")
            case "actions", "busy":
                action = json.loads(await self._export())["plan"][0]["actions"][0]["id"]
                await does(base, "Volunteer", action=action, as_="pilot")
            case "pledges", "open":
                await does(base, "Pledge", id="ines0003", text="J’appelle la mairie", due=await self._due())

    async def sees_surfaces(self, name: str) -> None:
        """The live pages as they come."""
        for surface, path in (("phone", ""), ("desk", "/desk"), ("screen", "/screen")):
            await self._browser.sees(f"{surface}: {name}, as it comes", self._base + path)

    async def sees_the_rest(self) -> None:
        """The pages around a forum that is over."""
        base, sees, sends = self._base, self._browser.sees, self._browser.sends
        receipt = await self._browser.text(f"{base}/receipt/file?as=txt")
        for name, path in (
            ("plan", "/plan"), ("receipt", "/receipt"), ("check, own", "/receipt/check"), ("my data, full", "/data"),
            ("data of the forum, full", "/desk/data"), ("health", "/desk/health"), ("arrivals", "/desk/arrivals?minutes=90"),
            ("exports", "/staff"), ("exports: data", "/staff/data"), ("exports: to leave", "/staff/leave"),
        ):  # fmt: skip
            await sees(name, base + path)
        await sends("check: own receipt", f"{base}/receipt/check", {"receipt": receipt})
        await sends("check: a receipt", "/check", {"receipt": receipt})
        await sends(
            "check: a receipt that does not hold",
            "/check",
            {"receipt": receipt.replace(":card:", ":ballot:")},
        )
        person = json.loads(await self._browser.text(f"{base}/receipt/file?as=json"))["person"]
        await sees("data of the forum: somebody", f"{base}/desk/data?person={person}")

    async def exports(self, folder: Path) -> list[Path]:
        """The JSON export, as a file."""
        file = folder / "forum.json"
        file.write_text(await self._export())
        return [file]

    async def _export(self) -> str:
        return await self._browser.text(f"{self._base}/desk/export/forum.json")

    async def _due(self) -> str:
        return _one(r'name="due" required min="([^"]+)"', await self._browser.text(self._base))


@asynccontextmanager
async def inside(where: Theatre, keep: Keep) -> AsyncIterator[Insider]:
    code = where.opened.code
    async with visitor(where.address, keep) as browser:
        await browser.comes(f"/f/{code}/join", name="Inès")
        for surface in ("desk", "screen", "staff"):
            await browser.comes(f"/f/{code}/{surface}/enter", secret=getattr(where.opened, surface))
        yield Insider(browser, code)
