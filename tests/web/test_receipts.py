"""Receipts at the door: who is given one, what a check tells whom, and what is refused with a sentence."""

import json
import re

import pytest

from forum import audit
from forum.domain.roles import Role
from tests.web.conftest import Place, Room, Visitor

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Voter:
    """Somebody with a cookie of their own who wrote a card and voted."""

    def __init__(self, room: Room, visitor: Visitor, cookie: str) -> None:
        self.room, self.visitor, self.cookie = room, visitor, cookie

    async def page(self, path: str = "/receipt") -> str:
        answer = await self.visitor.get(self.room.base() + path, headers={"cookie": self.cookie})
        assert answer.status_code == 200, answer.text
        return answer.text

    async def kept(self, how: str = "?as=txt") -> str:
        return await self.page(f"/receipt/file{how}")

    async def op(self, kind: str, **body) -> None:
        said = await self.visitor.op(self.room.base(), kind, cookie=self.cookie, **body)
        assert said["t"] == "ack", said

    async def check(self, text: str, *, own: bool = True) -> str:
        """The answer's words: on one's own phone, or as anybody."""
        path = f"{self.room.base()}/receipt/check" if own else "/check"
        headers = {"cookie": self.cookie} if own else {}
        answer = await self.visitor.http.post(
            path, files={"receipt": (None, text.encode())}, headers={**headers, "accept-language": "en"}
        )
        assert answer.status_code == 200, answer.text
        main = answer.text.partition("<main")[2]  # around it stands who it is that asks
        return words(main).partition("Check another one")[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
async def voting(board: Room, visitor: Visitor) -> Voter:
    """Léa, whose vote is open; somebody else wrote the second card."""
    room = board
    lea = Voter(room, visitor, await room.cookie())
    await lea.op("PostIdea", id="idea0001", text="Une carte de Léa", step="ideas")
    await lea.op("PostIdea", id="idea0002", text="Une autre carte", step="ideas")
    await room.lead("OpenStep", step="sort")
    await lea.op("GroupIdeas", ideas=["idea0001"], theme="theme001", title="Un thème")
    await lea.op("GroupIdeas", ideas=["idea0002"], theme="theme002", title="Un second thème")
    await room.lead("OpenStep", step="theme-vote")
    await lea.op("GiveMark", step="theme-vote", key="theme001", mark=1)
    return lea


async def test_O7_a_person_is_given_their_receipt_with_numbers_and_chains(voting: Voter):
    page, text = await voting.page(), await voting.kept()
    told = json.loads(await voting.kept("?as=json"))
    entries = {e.seq: e for e in await voting.room.service.journal.read(voting.room.code)}

    assert "Une carte de Léa" in page
    assert [line["kind"] for line in told["lines"]] == ["card", "card", "ballot"]
    for line in told["lines"]:
        assert line["mark"].split(":")[6] == entries[line["number"]].chain
        assert str(line["number"]) in page
    assert audit.read(text) == audit.read(json.dumps(told))


async def test_after_each_save_the_phone_leads_to_its_line_of_the_receipt(voting: Voter):
    page = await voting.page("")
    state = await voting.room.state()
    [ballot] = state.rounds.latest("theme-vote").ballots.values()

    assert f'href="{voting.room.base()}/receipt#n{ballot.number}"' in page
    assert f'id="n{ballot.number}"' in await voting.page()


async def test_without_the_cookie_of_a_person_there_is_no_receipt(voting: Voter):
    for path in ("/receipt", "/receipt/file?as=json"):
        answer = await voting.visitor.get(voting.room.base() + path)
        wall = await voting.visitor.get(
            voting.room.base() + path, headers={"cookie": await voting.room.cookie(Role.SCREEN)}
        )

        assert (answer.status_code, wall.status_code) == (401, 401)
        assert "Une carte" not in answer.text + wall.text


async def test_another_persons_receipt_holds_nothing_of_mine(voting: Voter):
    other = Voter(voting.room, voting.visitor, await voting.room.cookie())
    everything = await other.page() + await other.kept("?as=txt&points=1") + await other.kept("?as=json")

    assert "Une carte" not in everything
    assert ":card:" not in everything
    assert ":ballot:" not in everything


async def test_O8_points_are_in_the_file_only_when_asked_for(voting: Voter):
    bare, told = await voting.kept("?as=txt"), await voting.kept("?as=txt&points=1")

    assert "Un thème" not in bare
    assert re.search(r"1 point\s?: A – Un thème", told)


async def test_a_receipt_holds_and_its_owner_is_told_what_counts(voting: Voter):
    said = await voting.check(await voting.kept())

    assert "4 lines, and all hold." in said
    assert said.count("Counted, unchanged.") == 3
    assert "Une carte de Léa" in said
    assert "1 point: A – Un thème" in said


async def test_O8_anybody_else_hears_nothing_of_how_or_whether_it_was_changed(voting: Voter):
    text = await voting.kept()
    before = await voting.check(text, own=False)
    await voting.op("GiveMark", step="theme-vote", key="theme001", mark=0)
    await voting.op("GiveMark", step="theme-vote", key="theme002", mark=1)
    after, own = await voting.check(text, own=False), await voting.check(text)
    other = Voter(voting.room, voting.visitor, await voting.room.cookie())

    assert before == after == await other.check(text)
    assert "In the journal, and in the count." in after
    assert "thème" not in after
    assert "Une carte" not in after
    assert "You have changed this since" in own
    assert "1 point: B – Un second thème" in own


async def test_a_card_that_was_hidden_since_is_said_to_be_with_the_reason(voting: Voter):
    text = await voting.kept()
    await voting.room.lead("HideIdea", idea="idea0001", reason="Vise quelqu’un")

    assert "Vise quelqu’un" in await voting.check(text, own=False)


async def test_an_altered_line_is_answered_as_one_that_was_never_ours(voting: Voter):
    text = await voting.kept()
    forged = text.replace(":card:idea0001:", ":card:idea0002:")
    said = await voting.check(forged, own=False)

    assert "1 line does not hold" in said
    assert "was not written by this server" in said


@pytest.mark.parametrize(
    ("given", "says"),
    [("", "Choose the file"), ("Bonjour", "not a receipt"), ("\x00" * 40, "not a receipt"), ("{" * 5000, "not a receipt"),
     ("forum1:" + "A" * 40_000, "not a receipt")],
)  # fmt: skip
async def test_what_is_no_receipt_is_refused_with_a_sentence_and_given_back(visitor: Visitor, given, says):
    answer = await visitor.http.post(
        "/check", files={"receipt": (None, given.encode())}, headers={"accept-language": "en"}
    )

    assert answer.status_code == 422
    assert says in words(answer.text)
    assert given.strip("\x00")[:50] in answer.text


async def test_a_file_is_read_before_what_was_pasted_and_bytes_that_are_no_text_break_nothing(voting: Voter):
    text = await voting.kept()
    files = {"file": ("receipt.txt", text.encode()), "receipt": (None, b"something else")}
    answer = await voting.visitor.http.post("/check", files=files)
    binary = await voting.visitor.http.post("/check", files={"file": ("x", bytes(range(256)) * 20)})
    plain = await voting.visitor.post("/check", {"receipt": text})
    json_ = await voting.visitor.http.post("/check", json={"receipt": text})
    other = await voting.visitor.http.post("/check", content=b"x", headers={"content-type": "text/csv"})

    assert answer.status_code == plain.status_code == json_.status_code == 200
    assert (binary.status_code, other.status_code) == (422, 415)


async def test_too_much_is_refused_at_the_door(visitor: Visitor):
    answer = await visitor.http.post("/check", files={"file": ("x", b"x" * 70_000)})
    fields = {f"f{n}": (None, b"x") for n in range(10)}

    assert answer.status_code == 413
    assert (await visitor.http.post("/check", files=fields)).status_code == 400


async def test_a_receipt_of_a_forum_that_is_not_here_is_said_to_be_and_guessing_is_slowed(
    visitor: Visitor, stopped
):
    mark = "forum1:ZZZZZZ:lea:card:idea0001:12:0123456789abcdef:" + "A" * 20

    async def answer() -> tuple[int, str]:
        said = await visitor.http.post("/check", files={"receipt": (None, mark.encode())})
        return said.status_code, said.text

    first = await answer()
    statuses = {first[0]} | {(await answer())[0] for _ in range(30)}

    assert first[0] == 422
    assert mark in first[1]
    assert statuses == {422, 429}


async def test_the_pages_of_a_check_are_there_for_everybody(place: Place, room: Room, visitor: Visitor):
    for path in ("/check", f"{room.base()}/receipt/check"):
        answer = await visitor.get(path)

        assert answer.status_code == 200
        assert f'action="{path}"' in answer.text
    assert 'href="/check"' in (await visitor.get("/help")).text


async def test_a_receipt_is_told_also_after_access_ended(voting: Voter):
    person = next(p.id for p in (await voting.room.state()).people.by_id.values() if p.number == 1)
    await voting.room.lead("RemovePerson", person=person)

    assert "Une carte de Léa" in await voting.page()
