"""What insiders can find out about who wrote an anonymous card: by experiment, nothing.

Two forums in which the same things happen at the same moments, but for one: who of two people wrote which of two cards.
Whoever can tell the two apart, by all they can see and ask for, can find out who wrote a card. Each role looks at every
page, frame and document there is for it, and asks for whatever is about a card or a person; then the same is done by an
author, who must be able to tell: so the experiment sees what there is to be seen.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from forum.domain.roles import Role
from forum.exports import kinds
from forum.opening import agendas, make_tickets, open_forum
from forum.web.identity import SURFACE_OF
from tests.web.conftest import Place, Room, Visitor, a_ticket

NAMES = ("Léa", "Anne")
CARDS = ("idea0001", "idea0002")
WORDS = ("Ouvrir nos studios au quartier", "Partager un camion entre voisins")
OBSERVERS = [
    Role.FACILITATOR,
    Role.STAFF,
    Role.SECRETARY,
    Role.PARTICIPANT,
    Role.SCREEN,
    Role.OBSERVER,
    Role.JURY,
]
PATHS = ("", "/data", "/health", "/receipt", "/receipt/file?as=json", "/check")
NOISE = re.compile(
    r"forum1:[^\s\"<\\]+|M4 4\.5h[^\"\\]+|\bp[0-9a-f]{18}\b|[A-Za-z0-9_-]{20,}|\b[0-9a-f]{16}\b|\d{1,2}\s?[:h]\s?\d\d(:\d\d)?(\s?[ap]m)?"
    r"|\d{4}-\d\d-\d\d(T[\d:+Z-]+)?|\b\d{1,2}\s[A-Z][a-z]+\s\d{4}\b"
    r"|\b[A-HJ-NP-Z2-9]{4}( [A-HJ-NP-Z2-9]{4}){3}\b"
    r"|\b1[0-9]{12}\b|\b[\d.,]+\s(ms|GB|MB)\b"
)
"""The observer, secrets, one's own code, chains, moments, the square of the QR and readings of the machine: what is another in every forum."""


SHARED = "xl/sharedStrings.xml"


@dataclass
class World:
    """One of the two forums."""

    room: Room
    people: dict[str, str]  # name → person
    cookies: dict[str, str]

    def plain(self, text: str) -> str:
        """What somebody was shown, without what is another in every forum."""
        for name, person in self.people.items():
            text = text.replace(person, f"<{name}>")
        code = self.room.code
        text = re.sub(rf"{code[:3]}(\s|<[^>]*>)*{code[3:]}", "CODE", text)
        return NOISE.sub("#", text)


async def a_world(place: Place, *, swapped: bool) -> World:
    """Léa and Anne came in, in this order; the first card was written by the first of them, or by the other."""
    opened = await open_forum(
        place.service.journal, agendas()["forum-eclair"], title="Vision", clock=place.clock
    )
    room = Room(place, opened)
    people, cookies = {}, {}
    for name in NAMES:
        [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=place.clock)
        await room.service.journal.set_name(room.code, ticket.person, name)
        people[name], cookies[name] = ticket.person, f"forum_{room.code}={ticket.secret}"
    await room.lead("OpenStep", step="ideas")
    authors = NAMES[::-1] if swapped else NAMES
    async with place.visitor() as phone:
        for card, words, author in zip(CARDS, WORDS, authors, strict=True):
            said = await phone.op(
                room.base(), "PostIdea", cookie=cookies[author], id=card, text=words, step="ideas"
            )
            assert said["t"] == "ack", said
    await room.lead("RevealStep", step="ideas")
    return World(room, people, cookies)


def questions(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that can be asked about a card or a person, foolish or not; what changes nothing of a card first."""
    for name in NAMES:
        person = world.people[name]
        for card in (*CARDS, "nothing0"):
            yield "ErasePerson", {"person": person, "texts": "chosen", "chosen": [card]}
        yield "ErasePerson", {"person": person, "texts": "all"}
        yield "ErasePerson", {"person": person, "texts": "all", "name": False}
        yield "ErasePerson", {"person": person, "texts": "none", "chosen": [CARDS[0]]}
    for card in CARDS:
        yield "ErasePerson", {"texts": "chosen", "chosen": [card]}
        yield "EditIdea", {"idea": card, "text": "Autre chose"}
        yield "WithdrawIdea", {"idea": card}
    for deed in range(1, 40, 7):
        yield "Undo", {"deed": deed}
    for card in CARDS:
        yield "HideIdea", {"idea": card, "reason": "hors sujet"}
        yield "RestoreIdea", {"idea": card}
    for name in NAMES:
        yield "ErasePerson", {"person": world.people[name]}
        yield "RemovePerson", {"person": world.people[name]}


async def observed(world: World, role: Role, cookie: str) -> list[str]:
    """All that somebody of this role can see and hear, in order; then what they are answered, and see after it."""
    room, surface = world.room, SURFACE_OF.get(role, "phone")
    base, found = room.base(surface), []
    async with room.place.visitor() as visitor:
        headers = {"cookie": cookie, "accept-language": "en"}

        async def look() -> None:
            people = [f"/data?person={world.people[name]}" for name in NAMES]
            documents = [f"/export/{kind}" for kind in kinds()]
            for path in (*PATHS, *people, *documents):
                page = await visitor.get(base + path, headers=headers)
                said = (
                    "" if path == "/health" else words(page.content)
                )  # of the machine, which is busier at one moment
                found.append(world.plain(f"{path}: {page.status_code} {said}"))
            for name in NAMES:  # a mark that nobody sealed
                mark = f"forum1:{room.code}:{world.people[name]}:card:{CARDS[0]}:9:{'0' * 16}:{'a' * 20}"
                page = await visitor.post("/check", {"receipt": mark}, headers=headers)
                found.append(world.plain(page.text))
            if surface != "staff":
                async with visitor.socket(base, cookie) as talk:
                    await talk.hello()
                    found.append(world.plain(json.dumps(await talk.hear("full"), ensure_ascii=False)))
                    found.append(world.plain(json.dumps(await talk.hear("you"), ensure_ascii=False)))

        await look()
        for kind, body in questions(world):
            room.place.clock.crank(120)
            said = await visitor.op(base, kind, cookie=cookie, **body)
            # "p" seals one's own op for the day the store loses it: no two seals are alike
            told = {name: value for name, value in said.items() if name not in ("n", "g", "c", "p")}
            found.append(world.plain(f"{kind} {body}: {json.dumps(told, ensure_ascii=False)}"))
            if said["t"] == "ack":  # what became of it
                await room.service.keeper.erase(room.code)
                shows = f"{base}/export/ideas.csv" if surface == "staff" else base
                found.append(world.plain((await visitor.get(shows, headers=headers)).text))
        for name in NAMES:
            form = {"ticket": a_ticket(), "person": world.people[name], "texts": "all"}
            page = await visitor.post(f"{base}/data/erase", form, headers=headers)
            found.append(world.plain(f"{page.status_code} {page.text}"))
        await look()
    return found


def words(said: bytes) -> str:
    """What a page or a document says; of a workbook what is packed in it, without the moments of packing. Of a PDF
    nothing: the code that stands in it decides how its letters are packed. The Word document says the same words."""
    if said.startswith(b"%PDF"):
        return ""
    if not said.startswith(b"PK"):
        return said.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(said)) as book:
        parts = {name: words(book.read(name)) for name in book.namelist()}
    once = re.findall(r"<si>(.*?)</si>", parts.pop(SHARED, ""), re.DOTALL)  # what cells point to, by number
    return "\n".join(
        re.sub(r't="s"><v>(\d+)</v>', lambda at: once[int(at[1])], part) for part in parts.values()
    )


def parting(one: str, other: str) -> tuple[str, str, str]:
    """Where two observations differ, with a little of what is before."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[:30], one[max(0, at - 80) : at + 40], other[max(0, at - 80) : at + 40]


async def somebody(world: World, role: Role) -> str:
    return await world.room.cookie(role)


@pytest.fixture
async def worlds(visitor: Visitor, place: Place) -> tuple[World, World]:
    return await a_world(place, swapped=False), await a_world(place, swapped=True)


@pytest.mark.parametrize("role", OBSERVERS)
async def test_K4_no_role_can_tell_by_all_it_sees_and_asks_who_wrote_which_card(
    worlds: tuple[World, World], role: Role
) -> None:
    one, other = worlds

    first = await observed(one, role, await somebody(one, role))
    second = await observed(other, role, await somebody(other, role))

    assert [parting(a, b) for a, b in zip(first, second, strict=True) if a != b] == []
    assert any(WORDS[0] in page for page in first) or role == Role.STAFF


async def test_K4_an_author_can_tell_so_the_experiment_sees_what_there_is(
    worlds: tuple[World, World],
) -> None:
    one, other = worlds

    first = await observed(one, Role.PARTICIPANT, one.cookies["Léa"])
    second = await observed(other, Role.PARTICIPANT, other.cookies["Léa"])

    assert any(a != b for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("swapped", [False, True])
async def test_K4_no_refusal_tells_whose_words_were_erased_while_the_name_was_kept(
    place: Place, *, swapped: bool
) -> None:
    world = await a_world(place, swapped=swapped)
    author, base = NAMES[swapped], world.room.base("desk")
    desk = {"cookie": await world.room.cookie(Role.FACILITATOR), "accept-language": "en"}
    async with place.visitor() as visitor:
        said = await visitor.op(
            world.room.base(), "ErasePerson", cookie=world.cookies[author], texts="all", name=False
        )
        await world.room.service.keeper.erase(world.room.code)
        asked = []
        for name in NAMES:
            told = await visitor.get(f"{base}/data?erased={world.people[name]}", headers=desk)
            asked.append('role="status"' in told.text)
            answer = await visitor.op(base, "ErasePerson", cookie=desk["cookie"], person=world.people[name])
            asked.append(answer["t"])

    state = await world.room.state()
    assert said["t"] == "ack"
    assert [state.ideas.by_id[card].text == "" for card in CARDS] == [True, False]
    assert asked == [False, "ack"] * 2


async def test_K4_an_author_erases_their_own_words_and_nobody_elses_by_naming_them(
    visitor: Visitor, worlds: tuple[World, World]
) -> None:
    world, _ = worlds
    said = await visitor.op(
        world.room.base(), "ErasePerson", cookie=world.cookies["Léa"], texts="chosen", chosen=list(CARDS)
    )
    state = await world.room.state()

    assert said["t"] == "ack"
    assert [state.ideas.by_id[card].text for card in CARDS] == ["", WORDS[1]]


async def test_what_is_written_for_somebody_without_a_phone_is_listed_where_it_is_typed_as_security_says(
    visitor: Visitor, worlds: tuple[World, World]
) -> None:
    world, _ = worlds
    room = world.room
    await room.lead("ReopenStep", step="ideas")
    await room.lead("AddPerson", person="max00001")
    desk = await room.cookie(Role.FACILITATOR)
    body = {
        "cid": "desk-for-max-000001",
        "n": 1,
        "for": "max00001",
        "b": {"id": "idea0009", "text": "De Max", "step": "ideas"},
    }
    said = await visitor.post(f"{room.base('desk')}/commands/PostIdea", json=body, headers={"cookie": desk})
    erase = {
        "cid": "desk-for-max-000002",
        "n": 1,
        "for": "max00001",
        "b": {"texts": "chosen", "chosen": ["idea0009"]},
    }
    refused = await visitor.post(
        f"{room.base('desk')}/commands/ErasePerson", json=erase, headers={"cookie": desk}
    )

    assert said.json()["t"] == "ack"
    assert refused.json()["code"] == "words_of_others"
    assert (await room.state()).ideas.by_id["idea0009"].text == "De Max"
