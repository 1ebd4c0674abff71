"""Texts that would like to be something else: in every field a person can fill, on every page, in every document."""

import csv
import html
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page

from forum.domain.plan.words import EditAction, MakeAction, MakeAxis
from forum.domain.roles import Role
from forum.domain.steps.board import PostIdea
from forum.domain.steps.pledge import Pledge
from forum.exports import kinds, render
from forum.exports.markdown import inline
from forum.language import Reader
from forum.opening import agendas, make_tickets, open_forum
from tests.attack.doors import JSON
from tests.browser.people import DESK, PHONE, SCREEN
from tests.scenes import ANNE, FACILITATOR, LEA, a_room
from tests.web.conftest import Place, Room, Visitor

SCRIPTS: Final = (
    "<script>hit=1;alert(1)</script>",
    '"><img src=x onerror="hit=1;alert(2)">',
    "'onfocus='hit=1' autofocus x='",
    "<svg/onload=hit=1>{{7*7}}${7*7}",
    "</textarea></template><b id=hit>x</b>",
    "<a href=javascript:hit=1>a</a>",
    "</script><!--<script>hit=1//",
    "&lt;i&gt;&#60;b&#62;",
)
LONG_WORD: Final = "W" * 120
NAME: Final = "<b onclick=hit=1>Léa</b>"
CELLS: Final = (
    '=HYPERLINK("http://evil","x")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "＝1+1", "＋1", "－1", "＠x", "\t=1+1", "\r=1", " =1+1",
    "\u00a0=1", "'=1", "a;b,c\"d", "n°\n=1+1",
)  # fmt: skip
MARKS: Final = (
    "<script>alert(1)</script>", "[a](javascript:alert(1))", "![x](http://evil/x.png)", "http://evil.example/a", "https://e.vil",
    "www.evil.example", "<http://evil>", "# heading", "1. one", "- list", "* list", "> quote", "```code", "~~~", "===", "---",
    "| a | b |", "a \\ b", "&lt;b&gt; &#60; &copy;", "*a* _b_ **c** `d`", "[x]: http://evil", "ftp://evil", "R&D & Cie", "2.5 km",
)  # fmt: skip


# --- pages


@pytest.fixture
async def planted(place: Place, visitor: Visitor) -> Room:
    """A forum in which every text that anybody can write is one that would like to be a script."""
    store = place.service.journal
    opened = await open_forum(
        store, agendas()["forum-eclair"], title=SCRIPTS[0], question=SCRIPTS[1], lang="fr", clock=place.clock
    )
    room = Room(place, opened)
    place.clock.crank(3600)
    await visitor.post(f"{room.base()}/join", {"name": NAME})
    await room.lead(
        "EditStep", step="ideas", title={"fr": SCRIPTS[3], "en": SCRIPTS[3]}, instruction={"fr": SCRIPTS[4]}
    )
    await room.lead("OpenStep", step="ideas")
    for n, text in enumerate((*SCRIPTS, LONG_WORD)):
        said = await visitor.op(room.base(), "PostIdea", id=f"idea{n:04}", text=text, step="ideas")
        assert said["t"] == "ack", said
    await room.lead("RevealStep", step="ideas")
    await room.lead("HideIdea", idea="idea0006", reason=SCRIPTS[1])
    await room.lead("OpenStep", step="sort")
    for n in range(4):
        ideas = [f"idea{2 * n:04}", f"idea{2 * n + 1:04}"] if n != 3 else ["idea0007", "idea0008"]
        await visitor.op(room.base(), "GroupIdeas", ideas=ideas, theme=f"theme{n:03}", title=SCRIPTS[n + 1])
    return room


async def to_actions(room: Room, visitor: Visitor) -> None:
    await room.lead("OpenStep", step="actions")
    await room.lead("MakeAxis", axis="axis0001", title=SCRIPTS[2])
    await room.lead("MakeAction", action="action01", axis="axis0001", title=SCRIPTS[3], ideas=["idea0001"])
    texts = dict(zip(("description", "first_step", "budget"), SCRIPTS, strict=False))
    await room.lead("EditAction", action="action01", **texts)
    await visitor.op(room.base(), "Volunteer", action="action01", as_="pilot")


async def to_pledges(room: Room, visitor: Visitor) -> None:
    await room.lead("OpenStep", step="pledges")
    due = (datetime.fromtimestamp(room.place.clock() / 1000, UTC) + timedelta(days=5)).date().isoformat()
    said = await visitor.op(room.base(), "Pledge", id="pledge01", text=SCRIPTS[0], due=due, action="action01")
    assert said["t"] == "ack", said


class Watched:
    """A page of a real browser, and everything that must not happen in it."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog {dialog.message}"))
        page.on("pageerror", lambda error: self.wrong.append(f"error {error}"))
        page.on(
            "console", lambda said: self.wrong.append(said.text) if "Security Policy" in said.text else None
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((origin, "data:", origin.replace("http", "ws")))
                else self.wrong.append(f"asked {request.url}")
            ),
        )

    async def is_unharmed(self, *, shows: tuple[str, ...] = ()) -> None:
        """Nothing ran, nothing was asked elsewhere, and the texts stand there as they were written."""
        assert await self.page.evaluate("typeof hit") == "undefined"
        assert (
            await self.page.locator(
                "#hit, main b[onclick], img[src=x], svg[onload], [onfocus], [onerror]"
            ).count()
            == 0
        )
        assert await self.page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)") == 0
        content = " ".join((await self.page.locator("body").text_content() or "").split())
        assert [text for text in shows if " ".join(text.split()) not in content] == []
        assert self.wrong == []


async def watched(browser: Browser, room: Room, surface: str, look: dict[str, Any], role: Role) -> Watched:
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock, role=role)
    await room.service.journal.set_name(room.code, ticket.person, NAME)
    context = await browser.new_context(**look, locale="fr-FR")
    name = f"forum_{room.code}" + ("" if surface == "phone" else f"_{surface}")
    await context.add_cookies(
        [{"name": name, "value": ticket.secret, "url": room.place.base + room.base(surface)}]
    )
    page = Watched(await context.new_page(), room.place.base)
    await page.page.goto(room.place.base + room.base(surface))
    return page


@pytest.fixture
async def four(browser: Browser, planted: Room) -> AsyncIterator[dict[str, Watched]]:
    """A phone, a screen, a desk and a staff page of that forum."""
    pages = {
        "phone": await watched(browser, planted, "phone", PHONE, Role.PARTICIPANT),
        "screen": await watched(browser, planted, "screen", SCREEN, Role.SCREEN),
        "desk": await watched(browser, planted, "desk", DESK, Role.FACILITATOR),
        "staff": await watched(browser, planted, "staff", DESK, Role.STAFF),
    }
    yield pages
    for page in pages.values():
        await page.page.context.close()


async def test_what_people_write_is_shown_as_they_wrote_it_on_every_page(
    planted: Room, four: dict[str, Watched], visitor: Visitor
) -> None:
    live = [page for name, page in four.items() if name != "staff"]
    for page in live:
        await page.page.locator("html[data-link=live]").wait_for()
        await page.is_unharmed(shows=(SCRIPTS[1], SCRIPTS[3]))
    await four["staff"].is_unharmed(shows=(SCRIPTS[0],))
    await four["phone"].is_unharmed(shows=(SCRIPTS[0], SCRIPTS[7], LONG_WORD))

    await planted.lead("OpenStep", step="theme-vote")
    await planted.lead("CloseStep", step="theme-vote")
    await planted.lead("RevealStep", step="theme-vote")
    await four["screen"].page.get_by_text(SCRIPTS[2], exact=False).first.wait_for()
    for page in live:
        await page.is_unharmed(shows=(SCRIPTS[2],))
    await to_actions(planted, visitor)
    await four["desk"].page.get_by_text(SCRIPTS[3], exact=False).first.wait_for(state="attached")
    await four["phone"].page.get_by_text(SCRIPTS[3], exact=False).first.wait_for(state="attached")
    for page in live:
        await page.is_unharmed()
    await four["phone"].is_unharmed(shows=(SCRIPTS[2], SCRIPTS[3], NAME))
    await to_pledges(planted, visitor)
    await four["screen"].page.get_by_text(SCRIPTS[0], exact=False).first.wait_for(state="attached")
    for page in live:
        await page.is_unharmed()
    await four["desk"].page.reload()
    await four["desk"].is_unharmed(shows=(SCRIPTS[0],))


async def test_what_a_refused_form_gives_back_is_text_too(planted: Room, visitor: Visitor) -> None:
    written = SCRIPTS[1] + "x" * 40
    async with planted.place.visitor() as stranger:
        answers = [
            await stranger.post(f"{planted.base()}/join", {"name": written}),
            await stranger.post("/forums", {"agenda": "none", "title": written}),
            await stranger.get("/", params={"code": SCRIPTS[3]}),
            await visitor.post(f"{planted.base()}/commands/PostIdea", {"step": "nowhere", "text": written}),
            await visitor.post(f"{planted.base()}/commands/{SCRIPTS[4]}", {"text": written}),
            await visitor.post(f"{planted.base()}/name", {"name": written}),
        ]

    assert [answer.status_code for answer in answers] == [422, 422, 404, 422, 404, 422]
    for answer in answers:
        assert not re.search(r"<img src=x|<svg/onload|<b id=hit|onerror=[^&]", answer.text), answer.url
    assert written in html.unescape(answers[0].text)
    assert written in html.unescape(answers[1].text)


async def test_names_of_downloads_hold_no_sign_that_means_anything_in_a_header(
    place: Place, visitor: Visitor
) -> None:
    title = 'x"; filename="evil.exe\r\nSet-Cookie: a=b\\../é<>|💥'
    opened = await open_forum(
        place.service.journal, agendas()["forum-eclair"], title=title, clock=place.clock
    )
    room = Room(place, opened)
    cookie = await room.cookie(Role.STAFF)
    for kind in kinds():
        for flavour in ("standard", "fr-excel"):
            answer = await visitor.get(
                f"{room.base('staff')}/export/{kind}",
                params={"flavour": flavour},
                headers={"cookie": cookie} | JSON,
            )
            said = answer.headers["content-disposition"]
            shape = (
                r"""attachment; filename="[A-Za-z0-9.-]{1,90}"; filename\*=UTF-8''[A-Za-z0-9.%_~-]{1,400}"""
            )
            assert re.fullmatch(shape, said), said
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in answer.headers
            assert not answer.headers["content-type"].startswith("text/html")


# --- documents


def document(texts: tuple[str, ...]) -> Any:
    """A forum in which these texts stand in every place that a document tells of."""
    room = a_room().opened("ideas")
    for n, text in enumerate(texts):
        room.ask(PostIdea(f"idea{n:04}", text, "ideas", length=1), LEA)
    room.revealed("ideas").opened("sort")
    room.opened("plan")
    for n, text in enumerate(texts):
        room.ask(MakeAxis(f"axis{n:04}", text))
        room.ask(MakeAction(f"act{n:05}", f"axis{n:04}", text))
        room.ask(EditAction(f"act{n:05}", description=text, first_step=text, budget=text))
    room.opened("pledge")
    for n, text in enumerate(texts[:10]):
        room.ask(Pledge(f"pledge{n:02}", text, "2025-01-19", f"act{n:05}"), ANNE)
    return room


@pytest.mark.parametrize("flavour", ["standard", "fr-excel"])
@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind.endswith(".csv")])
def test_csv_of_planted_texts_computes_nothing(kind: str, flavour: Any) -> None:
    room = document(CELLS)
    names = {LEA: "=Léa", ANNE: "+Anne", FACILITATOR: "@Nadia"}
    body = render(room.state, names, "c0ffee", kind, Reader("fr"), flavour).body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=";" if flavour == "fr-excel" else ","))
    cells = [cell for row in rows for cell in row]

    assert len({len(row) for row in rows}) == 1, "no text broke its cell"
    assert [cell for cell in cells if re.match(r"\s*[=+\-@\t\r＝＋－＠]", cell)] == []
    if kind in ("ideas.csv", "plan.csv"):
        assert '\'=HYPERLINK("http://evil","x")' in cells


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_markdown_of_planted_texts_holds_no_markup_and_no_link(lang: str) -> None:
    room = document(MARKS)
    text = render(
        room.state, {LEA: "[Léa](http://x)", ANNE: "<Anne>"}, "c0ffee", "plan.md", Reader(lang)
    ).body.decode()
    ours = re.compile(r"^(#{1,4} |> |- \d+\. |\|(---:?|---)|---$|\| )")
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)  # without what is escaped
    stripped = "\n".join(ours.sub("", line) for line in bare.splitlines())

    assert re.findall(r"[<>`*_\[\]]", stripped) == []
    assert re.findall(r"://|\bwww\.", stripped) == []
    assert re.findall(r"&(?:#|\w+;)", stripped) == []
    tables = [line for line in bare.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} <= {3, 5}, "no text broke its row"


@pytest.mark.parametrize("text", [*MARKS, *SCRIPTS, *CELLS])
def test_a_text_in_markdown_is_one_line_and_reads_as_it_was_written(text: str) -> None:
    told = inline(text)

    assert "\n" not in told
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", told) == " ".join(text.split())


def test_json_of_planted_texts_holds_them_as_they_are_and_no_sign_that_ends_a_script() -> None:
    room = document((*SCRIPTS, *CELLS))
    body = render(room.state, {}, "c0ffee", "forum.json", Reader("fr")).body
    told = json.loads(body)

    assert {idea["text"] for idea in told["ideas"]} == {*SCRIPTS, *CELLS}
