"""Photographs of walls and paper at the desk and for the staff, without a script: added, captioned, removed, erased, served."""

import io
import re
import zipfile
from typing import Any

from PIL import Image

from forum.domain import records
from forum.domain.kernel import NOBODY, Millis, Record
from forum.domain.photographs.part import MOST, PhotographAdded
from forum.domain.roles import Role
from tests.photographs.pictures import NO_PICTURES, PLACE, a_photograph, a_telling_one
from tests.web.conftest import Room, Visitor
from tests.web.crowds import desk_of


async def added(
    visitor: Visitor, room: Room, who: dict, *bodies: bytes, surface: str = "desk", **said: str
) -> Any:
    """What the page says after a form with these files was sent."""
    page = await visitor.get(f"{room.base(surface)}/photographs", headers=who)
    files = [("file", (f"IMG_{n}.jpg", body, "image/jpeg")) for n, body in enumerate(bodies)]
    data = {"ticket": _field(page.text, "ticket"), "seen": _field(page.text, "seen"), **said}
    answer = await visitor.http.post(f"{room.base(surface)}/photographs", data=data, files=files, headers=who)
    if answer.status_code == 303:
        return await visitor.get(answer.headers["location"], headers=who)
    return answer


async def press(visitor: Visitor, room: Room, who: dict, kind: str, photograph: str, **said: str) -> Any:
    page = await visitor.get(f"{room.base('desk')}/photographs", headers=who)
    form = {"ticket": _field(page.text, "ticket"), "seen": _field(page.text, "seen")}
    form |= {"do": kind, "photograph": photograph, **said}
    answer = await visitor.post(f"{room.base('desk')}/photographs", form, headers=who)
    if answer.status_code == 303:
        return await visitor.get(answer.headers["location"], headers=who)
    return answer


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found, name
    return found[1]


async def kept(room: Room) -> list[Any]:
    found = (await room.state()).photographs.by_id.values()
    return sorted(found, key=lambda one: one.seq)


async def test_X1_photographs_come_in_with_a_caption_and_a_step_and_nothing_of_the_phone_is_kept(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    page = await added(
        visitor, board, desk, a_telling_one(), a_photograph(), caption="Mur nord ", step="ideas"
    )
    first, second = await kept(board)
    served = await visitor.get(f"{board.base('desk')}/photographs/{first.id}", headers=desk)
    again = {**desk, "if-none-match": served.headers["etag"]}
    unchanged = await visitor.get(f"{board.base('desk')}/photographs/{first.id}", headers=again)

    assert page.status_code == 200
    assert "2 photographs were added" in page.text
    assert (first.caption, first.step, first.width, first.height) == ("Mur nord", "ideas", 600, 800)
    assert first.digest != second.digest
    assert served.headers["content-type"] == "image/jpeg"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["cache-control"] == "private, no-cache"
    assert "sandbox" in served.headers["content-security-policy"]
    assert PLACE.encode() not in served.content
    assert Image.open(io.BytesIO(served.content)).size == (600, 800)
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_what_is_no_photograph_is_named_with_its_reason_and_the_others_come_in(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    bad = [NO_PICTURES[name] for name in ("svg", "heic", "bomb")]
    page = await added(visitor, board, desk, *bad, a_photograph())
    empty = await added(visitor, board, desk)
    large = await added(visitor, board, desk, b"x" * (49 * 1024 * 1024))

    assert (page.status_code, empty.status_code, large.status_code) == (422, 422, 413)
    assert "HEIC" in page.text
    assert "IMG_0.jpg" in page.text
    assert "2500 million" in page.text
    assert len(await kept(board)) == 1
    assert set(await board.service.journal.photographs.known(board.code)) == {(await kept(board))[0].id}


async def test_a_form_that_is_sent_again_adds_nothing_twice(board: Room, visitor: Visitor) -> None:
    desk = await desk_of(board, visitor)
    page = await visitor.get(f"{board.base('desk')}/photographs", headers=desk)
    data = {"ticket": _field(page.text, "ticket"), "seen": "0"}
    for _ in range(2):
        files = [("file", ("a.jpg", a_photograph(), "image/jpeg"))]
        await visitor.http.post(f"{board.base('desk')}/photographs", data=data, files=files, headers=desk)

    assert len(await kept(board)) == 1


async def test_X1_nobody_but_the_desk_and_the_staff_adds_or_sees_a_photograph(
    board: Room, visitor: Visitor
) -> None:
    desk = await desk_of(board, visitor)
    staff = {"cookie": await board.cookie(Role.STAFF), "accept-language": "en"}
    await added(visitor, board, staff, a_photograph(), surface="staff")
    [one] = await kept(board)
    phone = {"cookie": await board.cookie()}
    for surface in ("desk", "staff"):
        seen = await visitor.get(f"{board.base(surface)}/photographs/{one.id}", headers=phone)
        tried = await visitor.http.post(
            f"{board.base(surface)}/photographs", files={"file": ("a.jpg", a_photograph())}, headers=phone
        )
        assert "image" not in seen.headers["content-type"]
        assert tried.status_code in (302, 303, 401, 403)
    other = await visitor.get(f"{board.base('desk')}/photographs/{one.id}", headers=desk)
    none = await visitor.get(f"{board.base('desk')}/photographs/nothing0", headers=desk)

    assert len(await kept(board)) == 1
    assert (other.status_code, none.status_code) == (200, 404)


async def test_X2_what_was_removed_is_put_back_and_what_was_erased_is_gone_everywhere(
    board: Room, visitor: Visitor
) -> None:
    desk, code = await desk_of(board, visitor), board.code
    await added(visitor, board, desk, a_photograph(), caption=f"{PLACE} on the left")
    [one] = await kept(board)
    await press(visitor, board, desk, "CaptionPhotograph", one.id, caption=f"{PLACE} in the middle")
    await press(visitor, board, desk, "RemovePhotograph", one.id)
    removed = (await kept(board))[0].stands
    await press(visitor, board, desk, "RestorePhotograph", one.id)
    there = (await kept(board))[0]
    report = await visitor.get(f"{board.base('desk')}/export/report.docx", headers=desk)
    page = await press(visitor, board, desk, "ErasePhotograph", one.id)
    await board.service.keeper.erase(code)
    gone = await visitor.get(f"{board.base('desk')}/photographs/{one.id}", headers=desk)
    back = await press(visitor, board, desk, "RestorePhotograph", one.id)
    after = await visitor.get(f"{board.base('desk')}/export/report.docx", headers=desk)
    entries = await board.service.journal.read(code)

    assert removed == "removed"
    assert (there.stands, there.caption) == ("shown", f"{PLACE} in the middle")
    assert PLACE in _document(report.content)
    assert "erased" in page.text
    assert (gone.status_code, back.status_code) == (404, 422)
    assert await board.service.journal.photographs.known(code) == {}
    assert not any(PLACE.encode() in entry.body for entry in entries)
    assert any(one.digest.encode() in entry.body for entry in entries)
    assert PLACE not in _document(after.content)
    assert (await kept(board))[0].stands == "erased"


def _document(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        return parts.read("word/document.xml").decode()


async def test_X1_a_forum_keeps_so_many_photographs_and_no_more(board: Room, visitor: Visitor) -> None:
    desk, journal = await desk_of(board, visitor), board.service.journal
    for n in range(MOST):
        body = {"photograph": f"photo{n:04}", "digest": "0" * 64, "width": 9, "height": 9, "size": 9}
        await _told(board, body)
    page = await added(visitor, board, desk, a_photograph())

    assert page.status_code == 422
    assert len(await kept(board)) == MOST
    assert await journal.photographs.known(board.code) == {}


async def _told(room: Room, body: dict[str, Any]) -> None:
    """A photograph of which only the fact is there."""
    shown = await room.service.hub.shown(room.code)
    record = Record(PhotographAdded(**body), NOBODY, Millis(room.place.clock()))
    await room.service.journal.append(
        room.code, shown.head, [(f"operator-{body['photograph']}:1", records.encode(record))]
    )
