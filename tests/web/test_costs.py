"""What an address costs, and that it is bounded: written down for each, and held by the real server before a crowd."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.domain.roles import Role
from forum.exports import HowFar, kinds, ordered, render
from forum.exports.documents import untold
from forum.language import Reader
from forum.opening import agendas, open_forum
from forum.places import static_dir
from forum.slices import at_once
from forum.web import costs, limits, making
from forum.web.costs import Cost
from forum.web.routes import routes
from forum.web.static import Static
from forum.web.turns import Crowded
from tests.web.conftest import Place, Room, Visitor, a_cid, a_place, a_ticket

WAITED_SECONDS = 30


def priced() -> Iterator[tuple[str, str, object]]:
    for route in routes(Static(static_dir())):
        for method in sorted((getattr(route, "methods", None) or {"SOCKET"}) - {"HEAD"}):
            yield method, route.path, getattr(route, "cost", None)  # type: ignore[attr-defined]


def test_every_address_says_what_it_costs() -> None:
    assert [(method, path) for method, path, cost in priced() if not isinstance(cost, Cost)] == []
    assert [path for _, path, cost in priced() if isinstance(cost, Cost) and not cost.bounded_by] == []


def test_what_draws_reads_or_makes_for_who_asks_stands_in_a_line() -> None:
    """Whatever is asked for with GET and is no file, no look and no live page, or leads to one, waits its turn."""
    without = {
        path
        for method, path, cost in priced()
        if method == "GET" and isinstance(cost, Cost) and not cost.bounds
    }

    assert without == {
        "/healthz", "/readyz", "/metrics", "/robots.txt", "/static/{version}/{path:path}", "/f/{code}/desk/health",
        "/f/{code}/changes", "/f/{code}/screen/changes", "/f/{code}/desk/changes",
        "/f/{code}/desk/wall/changes", "/f/{code}/carried/here",
    }  # fmt: skip
    lines = {cost.name: cost.bounds for _, _, cost in priced() if isinstance(cost, Cost) and cost.bounds}
    assert all(bounds.of_one == 1 for bounds in lines.values())
    assert all(bounds.of_one < bounds.at_once for bounds in lines.values()), (
        "one person never has all there is"
    )


def test_the_bounds_written_down_are_those_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "SECURITY.md").read_text("utf-8")
    for cost in (costs.PAGE, costs.RECEIPT, costs.CHECK, costs.EXPORT, costs.IMPORT):
        bounds = cost.bounds
        assert bounds
        row = (
            f"| {bounds.at_once}, of one forum {bounds.of_forum}, of one person {bounds.of_one} "
            f"| {bounds.rate.burst:.0f}, then one in {1 / bounds.rate.a_second:g} s | {bounds.waiting} "
            f"| {bounds.patience_seconds:.0f} s |"
        )
        assert row in page, cost.name


# --- a server


async def test_sixty_four_loads_of_one_person_leave_room_for_others(
    place: Place, board: Room, visitor: Visitor
) -> None:
    """Row 86 of the catalogue."""
    headers = {"cookie": await board.cookie()}
    await visitor.get(board.base(), headers=headers)  # from here on they are known
    loads = [asyncio.create_task(visitor.get(board.base(), headers=headers)) for _ in range(64)]
    async with place.visitor() as other:
        page = await other.get(board.base(), headers={"cookie": await board.cookie()})
    unanswered = sum(not load.done() for load in loads)
    served = (answer for load in asyncio.as_completed(loads) if (answer := await load).status_code == 200)
    answers = [await anext(served) for _ in range(RATE_BURST)]
    for load in loads:
        load.cancel()
    await asyncio.gather(*loads, return_exceptions=True)

    assert page.status_code == 200
    assert unanswered, "the other one was served before"
    assert len(answers) == RATE_BURST


RATE_BURST = 10  # of ``PAGE``


async def test_who_floods_with_refused_forms_is_answered_by_pages_in_turn(
    board: Room, visitor: Visitor, stopped: None
) -> None:
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    await visitor.get(board.base())

    async def form(n: int) -> tuple[int, bool]:
        said = {"text": f"Zanzibar {n}", "step": "nowhere", "ticket": a_ticket()}
        answer = await visitor.post(f"{board.base()}/commands/PostIdea", said)
        return answer.status_code, f"Zanzibar {n}" in answer.text

    forms = [asyncio.create_task(form(n)) for n in range(100)]
    told = asyncio.as_completed(forms)
    answers = [await next(told) for _ in range(RATE_BURST)]  # the others wait: for themself
    async with board.place.visitor() as other:
        page = await other.get(board.base(), headers={"cookie": await board.cookie()})
    waiting = sum(not one.done() for one in forms)
    for one in forms:
        one.cancel()
    await asyncio.gather(*forms, return_exceptions=True)

    assert all(given_back for _, given_back in answers)
    assert 200 not in {status for status, _ in answers}
    assert page.status_code == 200
    assert waiting, "who floods waits for themself"


async def test_two_hundred_people_of_one_hall_load_their_page_at_once_and_none_is_refused(
    place: Place, board: Room, visitor: Visitor
) -> None:
    await board.lead("RevealStep", step="ideas")
    cookies = [await board.cookie() for _ in range(200)]

    async def load(cookie: str) -> int:
        return (await visitor.get(board.base(), headers={"cookie": cookie})).status_code

    assert await asyncio.gather(*map(load, cookies)) == [200] * 200


async def test_twenty_exports_of_one_desk_are_made_one_after_another_and_are_the_same_bytes(
    tmp_path: Path,
) -> None:
    """Row 87 of the catalogue."""
    under_way, most = 0, 0

    async def counted(order: bytes, far: HowFar) -> making.Made:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await making.made_apart(order, far)
        finally:
            under_way -= 1

    async with a_place(tmp_path, documents=counted) as place, place.visitor() as visitor:
        room = Room(
            place, await open_forum(place.service.journal, agendas()["forum-eclair"], clock=place.clock)
        )
        headers = {"cookie": await room.cookie(Role.FACILITATOR)}
        path = f"{room.base('desk')}/export/forum.json"
        first = await visitor.get(path, headers=headers)
        some = await asyncio.gather(*(visitor.get(path, headers=headers) for _ in range(6)))

    assert [answer.status_code for answer in some] == [200] * 6
    assert {answer.content for answer in some} == {first.content}
    assert most == 1


@pytest.mark.parametrize("kind", kinds())
async def test_a_document_made_in_a_process_of_its_own_knows_nothing_of_the_server(
    board: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    monkeypatch.setenv("FORUM_REDIS_URL", "redis://user:secret@elsewhere")
    shown = await board.service.hub.shown(board.code)
    told = shown.view.state, shown.view.names, shown.head.chain, kind, Reader("fr")
    made = await making.made_apart(at_once(ordered(*told, "standard", packs=False)), untold)

    assert (made.body, made.media_type, made.name) == tuple(render(*told))
    assert "export_without_process" not in caplog.text, "the process made it, not we"
    assert "FORUM_REDIS_URL" in os.environ
    assert not {name for name in making.INHERITED if name.startswith("FORUM")}


async def test_where_no_process_can_be_started_the_document_is_made_all_the_same(
    board: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PROGRAM", ("/nowhere/python",))
    shown = await board.service.hub.shown(board.code)
    told = shown.view.state, shown.view.names, shown.head.chain, "plan.md", Reader("fr")
    made = await making.made_apart(at_once(ordered(*told, "standard", packs=False)), untold)

    assert made.body.decode().startswith("# ")


@pytest.mark.parametrize(
    "ends", ["os.kill(os.getpid(), 9)", "apart.made = lambda *order: bytes(2**62); apart.main()"]
)
async def test_what_is_too_much_for_a_process_is_not_made_in_the_server_instead(
    board: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, ends: str
) -> None:
    program = f"import os; from forum.exports import apart; {ends}"
    monkeypatch.setattr(making, "PROGRAM", (sys.executable, "-P", "-c", program))
    shown = await board.service.hub.shown(board.code)
    told = shown.view.state, shown.view.names, shown.head.chain, "plan.md", Reader("fr")

    with pytest.raises(Crowded):
        await making.made_apart(at_once(ordered(*told, "standard", packs=False)), untold)
    assert "export_without_process" not in caplog.text


async def test_who_asks_for_the_whole_page_without_end_is_given_it_now_and_then(
    board: Room, visitor: Visitor, stopped: None
) -> None:
    """Row 88 of the catalogue: no time passes, so only what may come at once comes."""
    cookie = await board.cookie()
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        for _ in range(200):
            await talk.say(t="need", s=0)
        await talk.say(t="op", n=1, k="PostIdea", b={"id": "idea0001", "text": "Oui", "step": "ideas"})
        whole, verdict = 0, ""
        while verdict != "ack":
            said = await talk.hear("full", "ack", "nack")
            whole += said["t"] == "full"
            verdict = said["t"]
            verdict = "" if verdict == "full" else verdict

    assert 1 <= whole <= limits.NEEDS.burst + 1


async def test_who_opens_sockets_without_end_is_told_to_slow_down(
    board: Room, visitor: Visitor, stopped: None
) -> None:
    cookie, codes = await board.cookie(), []
    for _ in range(int(limits.CONNECTIONS.burst) + 1):
        async with visitor.socket(board.base(), cookie) as talk:
            await talk.raw(json.dumps({"t": "hello", "v": 2, "cid": a_cid(), "n": 0, "resume": None}))
            try:
                await talk.hear("welcome")
            except Exception:  # noqa: BLE001  closed instead
                codes.append(await talk.ended())

    assert codes == [4429]


async def test_struck_words_are_on_no_page_that_was_kept(board: Room, visitor: Visitor) -> None:
    await board.lead("RevealStep", step="ideas")
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    await visitor.op(board.base(), "PostIdea", id="idea0001", text="Zanzibar", step="ideas")
    before = (await visitor.get(board.base())).text
    cookie = await board.cookie()
    async with board.place.visitor() as other:
        seen = (await other.get(board.base(), headers={"cookie": cookie})).text
        told = await visitor.post(f"{board.base()}/data/erase", {"texts": "all", "ticket": a_ticket()})
        async with asyncio.timeout(WAITED_SECONDS):
            while "data-erased" not in (await visitor.get(told.headers["location"])).text:
                pass  # it says so when it is so
        after = (await other.get(board.base(), headers={"cookie": cookie})).text

    assert "Zanzibar" in before
    assert "Zanzibar" in seen
    assert "Zanzibar" not in after
