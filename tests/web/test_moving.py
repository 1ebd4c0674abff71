"""A forum that moved away: what is asked of it here leads on, and who is carried there is who they were."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from forum.cli.export import folded
from forum.domain.roles import Role
from forum.journal import CODE_LETTERS
from forum.keeping import OWN_SEED, move, open_again
from forum.opening import agendas, open_forum
from forum.web.led_on import PASS_DAYS
from forum.web.seeds import kept_as, seed_of
from tests.web.conftest import Place, Room, Visitor, a_cid, a_place

DAY_SECONDS = 24 * 3600


@pytest.fixture(scope="session")
async def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    async with a_place(tmp_path_factory.mktemp("elsewhere")) as found:
        yield found


async def moves(room: Room, to: Place, *, arrives: bool = True) -> Room:
    """As ``forum move`` and ``forum unpack`` do."""
    journal = room.service.journal
    kept = await move(journal, room.code, to.base, room.place.clock())
    seed = await seed_of(journal, room.code, room.service.seed)
    if arrives:
        await open_again(to.service.journal, kept._replace(keys={**kept.keys, **kept_as(seed)}))
    return Room(to, room.opened)


def data_of(page: Response) -> dict[str, str]:
    """What the page that leads on tells its script."""
    return dict(re.findall(r'data-(to|path|surface|person|carried)="([^"]*)"', page.text))


async def carried(place: Place, code: str, said: str, visitor: Visitor) -> tuple[int, dict[str, Any]]:
    answer = await visitor.post(
        f"/f/{code}/carried/enter", json={"secret": said}, headers={"accept": "application/json"}
    )
    return answer.status_code, answer.json()


async def test_whoever_writes_while_it_moves_has_each_card_saved_once_here_or_there(
    board: Room, elsewhere: Place
) -> None:
    cids, started = [a_cid() for _ in range(8)], asyncio.Event()
    cookies = [await board.cookie() for _ in cids]
    acked: set[tuple[str, int]] = set()

    async def write(at: Room, cid: str, cookie: str, numbers: range) -> list[int]:
        """Post cards until one is not taken; return those that were not."""
        async with at.place.visitor() as somebody:
            for n in numbers:
                said = await somebody.op(
                    at.base(),
                    "PostIdea",
                    cookie=cookie,
                    cid=cid,
                    n=n,
                    step="ideas",
                    id=f"{cid[4:].lower()}x{n:03}",
                    text=f"{cid} {n}",
                )
                if said["t"] != "ack":
                    return [m for m in numbers if m >= n]
                acked.add((cid, n))
                started.set()
        return []

    writing = [
        asyncio.create_task(write(board, cid, cookie, range(1, 400)))
        for cid, cookie in zip(cids, cookies, strict=True)
    ]
    await started.wait()
    there = await moves(board, elsewhere)
    left = [numbers[:3] for numbers in await asyncio.gather(*writing)]
    saved_here, before = set(await board_texts(board)), len(acked)
    for cid, cookie, numbers in zip(cids, cookies, left, strict=True):
        last = numbers[0] - 1
        if last > 1:  # its answer was perhaps not heard: it goes again, and is the same card
            assert await write(there, cid, cookie, range(last, last + 1)) == []
        assert await write(there, cid, cookie, range(numbers[0], numbers[-1] + 1)) == []

    assert before
    assert all(numbers for numbers in left)
    assert saved_here == {f"{cid} {n}" for cid, n in acked if n < left[cids.index(cid)][0]}
    assert sorted(await there.texts()) == sorted(f"{cid} {n}" for cid, n in acked)


async def board_texts(room: Room) -> list[str]:
    """The cards of a copy that nobody can open any more."""
    state, _ = await folded(room.service.journal, room.code)
    return [idea.text for idea in state.ideas.by_id.values()]


async def test_a_live_page_is_told_where_it_goes_on_and_loads_anew(
    board: Room, elsewhere: Place, visitor: Visitor
) -> None:
    cookie = await board.cookie()
    async with visitor.socket(board.base(), cookie) as talk:
        await talk.hello()
        await moves(board, elsewhere)
        told, code = await talk.hear("moved"), await talk.ended()
    async with visitor.socket(board.base(), cookie) as late:
        again, later = await late.hear("moved"), await late.ended()
    op = await visitor.op(board.base(), "PostIdea", cookie=cookie, step="ideas", id="aaaaaa1", text="Zu spät")

    assert told == again == {"t": "moved", "to": f"{elsewhere.base}/f/{board.code}"}
    assert (code, later) == (4426, 4426)
    assert (op["status"], op["t"], op["to"]) == (426, "moved", told["to"])


@pytest.mark.parametrize(
    ("path", "onward"),
    [("", ""), ("/plan", "/plan"), ("/mine", "/mine"), ("/ticket", "/ticket"), ("/desk", "/desk"), ("/screen", "/screen"), ("/staff", "/staff")],
)  # fmt: skip
async def test_every_page_leads_to_the_same_one_there_and_knows_no_stranger(
    room: Room, elsewhere: Place, visitor: Visitor, path: str, onward: str
) -> None:
    await moves(room, elsewhere)

    page = await visitor.get(f"/f/{room.code}{path}")

    assert page.status_code == 410
    assert "Ce forum a déménagé" in page.text
    assert "This forum has moved" in page.text
    assert f"{elsewhere.base}/f/{room.code}{onward}" in page.text
    assert data_of(page)["carried"] == data_of(page)["person"] == ""
    assert (
        f"connect-src 'self' ws://localhost:{visitor.place.settings.port} wss://localhost:{visitor.place.settings.port} {elsewhere.base};"
        in page.headers["content-security-policy"]
    )


async def test_what_a_form_said_is_given_back(board: Room, elsewhere: Place, phone: Visitor) -> None:
    await moves(board, elsewhere)

    page = await phone.post(
        f"{board.base()}/commands/PostIdea",
        {"step": "ideas", "text": "Was ich <schrieb>", "ticket": "t" * 20},
    )

    assert page.status_code == 410
    assert "Was ich &lt;schrieb&gt;" in page.text
    assert data_of(page)["path"] == f"/f/{board.code}"


async def test_who_is_carried_there_is_who_they_were_with_their_own_code_and_receipt(
    board: Room, elsewhere: Place, phone: Visitor
) -> None:
    await phone.op(board.base(), "PostIdea", step="ideas", id="aaaaaa1", text="Meins")
    receipt = (await phone.get(f"{board.base()}/receipt/file")).text
    own = re.search(r'id="own-code"[^>]*value="([^"]+)"', (await phone.get(f"{board.base()}/data")).text)
    there = await moves(board, elsewhere)
    said = data_of(await phone.get(board.base()))
    async with elsewhere.visitor() as here, elsewhere.visitor() as other:
        status, came = await carried(elsewhere, board.code, said["carried"], here)
        twice, _ = await carried(elsewhere, board.code, said["carried"], here)
        page = await here.get(there.base())
        checked = await other.post("/check", {"receipt": receipt})
        back = await other.post(
            f"{there.base()}/mine/enter", json={"secret": own[1]}, headers={"accept": "application/json"}
        )

    assert (status, twice) == (200, 200)
    assert came == {"ok": True, "location": there.base(), "surface": "phone", "person": said["person"]}
    assert "Meins" in page.text
    assert back.json()["ok"]
    assert checked.status_code == 200
    assert "Compté, inchangé." in checked.text


@pytest.mark.parametrize(
    ("role", "surface"), [(Role.FACILITATOR, "desk"), (Role.SCREEN, "screen"), (Role.STAFF, "staff")]
)
async def test_who_leads_leads_there_too(
    board: Room, elsewhere: Place, visitor: Visitor, role: Role, surface: str
) -> None:
    cookie = await board.cookie(role)
    there = await moves(board, elsewhere)
    said = data_of(await visitor.get(f"{board.base(surface)}", headers={"cookie": cookie}))
    async with elsewhere.visitor() as here:
        _, came = await carried(elsewhere, board.code, said["carried"], here)
        page = await here.get(there.base(surface))
        link = await here.post(
            f"{there.base('desk')}/enter",
            json={"secret": board.opened.desk},
            headers={"accept": "application/json"},
        )

    assert came["location"] == there.base(surface)
    assert page.status_code == 200
    assert link.json()["ok"]


async def test_a_pass_opens_nothing_to_anybody_else(board: Room, phone: Visitor, tmp_path: Path) -> None:
    async with a_place(tmp_path) as elsewhere:  # whose clock is turned
        there = await moves(board, elsewhere)
        said = data_of(await phone.get(board.base()))["carried"]
        cookie, until, mark = said.split("-")
        forged = [
            f"{cookie}-{int(until, 16) + 1:x}-{mark}",
            f"{'0' * 64}-{until}-{mark}",
            f"{cookie}-{until}-{'0' * 32}",
            cookie,
            "",
        ]
        async with elsewhere.visitor() as here:
            refused = [(await carried(elsewhere, board.code, one, here))[0] for one in forged]
            foreign = await here.post(
                f"/f/{board.code}/carried/enter", json={"secret": said}, headers={"origin": board.place.base}
            )
            await here.post(f"{there.base()}/join", {"name": "Anne"})
            somebody_else = await carried(elsewhere, board.code, said, here)
        async with elsewhere.visitor() as late:
            ahead = (board.place.clock() - elsewhere.clock()) / 1000  # their clocks differ
            elsewhere.clock.crank(ahead + PASS_DAYS * DAY_SECONDS + 60)
            over, _ = await carried(elsewhere, board.code, said, late)

    assert refused == [404] * len(forged)
    assert foreign.status_code == 403
    assert (somebody_else[0], somebody_else[1]["code"]) == (409, "somebody_else")
    assert over == 404


async def test_nobody_finds_codes_of_forums_that_moved_faster_than_others(tmp_path: Path) -> None:
    async with a_place(tmp_path / "one") as place, a_place(tmp_path / "other") as elsewhere:
        opened = await open_forum(place.service.journal, agendas()["forum-eclair"], clock=place.clock)
        await moves(Room(place, opened), elsewhere)
        async with place.visitor() as guessing:
            first = (await guessing.get("/f/ABCDEF/desk/import")).status_code
            for a, b in itertools.product(CODE_LETTERS[:6], repeat=2):
                await guessing.get(f"/f/{a}{b}{a}{b}{a}{b}/changes")
            late = [
                (await guessing.get(f"/f/{opened.code}{path}")).status_code
                for path in ("/desk/import", "/changes", "/data")
            ]

    assert first == 401
    assert late == [401] * 3


@pytest.mark.parametrize("first", ["carried", "code"])
async def test_who_leaves_where_it_goes_on_has_left_where_it_moved_from_too(
    board: Room, elsewhere: Place, phone: Visitor, first: str
) -> None:
    own = re.search(r'id="own-code"[^>]*value="([^"]+)"', (await phone.get(f"{board.base()}/data")).text)
    there = await moves(board, elsewhere)
    said = data_of(await phone.get(board.base()))["carried"]
    async with elsewhere.visitor() as here, elsewhere.visitor() as their_other_phone:
        await carried(elsewhere, board.code, said, their_other_phone)  # its own access stays
        if first == "code":  # came in by themselves, then was led here as well
            await here.post(f"{there.base()}/mine/enter", {"secret": own[1]})
        came, _ = await carried(elsewhere, board.code, said, here)
        await here.post(f"{there.base()}/leave")
        again = data_of(await phone.get(board.base()))["carried"]
        led, _ = await carried(elsewhere, board.code, again, here)
        page = await their_other_phone.get(f"{there.base()}/data")

    assert (came, led, page.status_code) == (200, 404, 200)


async def test_pages_that_wait_are_told_once_it_is_open_and_guess_nothing_meanwhile(
    board: Room, elsewhere: Place, visitor: Visitor
) -> None:
    await moves(board, elsewhere, arrives=False)
    async with elsewhere.visitor() as waiting:
        before = [(await waiting.get(f"/f/{board.code}/carried/here")).status_code for _ in range(30)]
        await moves(board, elsewhere)
        there = await waiting.get(f"/f/{board.code}/carried/here", headers={"origin": board.place.base})
    back = await visitor.get(f"/f/{board.code}/carried/here", headers={"origin": elsewhere.base})
    further = await visitor.get(f"/f/{board.code}/carried/here", headers={"origin": "https://first.example"})

    assert set(before) == {404}
    assert (there.status_code, there.headers["access-control-allow-origin"]) == (204, "*")
    assert (back.status_code, further.status_code) == (404, 204)


async def test_a_forum_that_has_no_seed_of_its_own_keeps_the_one_of_its_first_server(
    place: Place, elsewhere: Place
) -> None:
    opened = await open_forum(place.service.journal, agendas()["forum-eclair"], lang="fr", clock=place.clock)
    own = await seed_of(place.service.journal, opened.code, place.service.seed)
    await place.service.journal._calls.write("HDEL", f"{{{opened.code}}}:m", OWN_SEED)
    shared = await seed_of(place.service.journal, opened.code, place.service.seed)
    await moves(Room(place, opened), elsewhere)
    there = await seed_of(elsewhere.service.journal, opened.code, elsewhere.service.seed)

    assert own != place.service.seed
    assert shared == there == place.service.seed != elsewhere.service.seed


async def test_what_is_left_after_all_else_was_deleted_leads_on_too(
    board: Room, elsewhere: Place, phone: Visitor
) -> None:
    await moves(board, elsewhere)
    journal = board.service.journal
    await board.service.keeper.purge(board.code, await journal.head(board.code))

    page = await phone.get(board.base())

    assert page.status_code == 410
    assert data_of(page) | {"carried": "", "person": ""} == data_of(page)
    assert f"{elsewhere.base}/f/{board.code}" in page.text
