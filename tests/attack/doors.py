"""The doors by which something comes in, each as one function: what was sent → how it was answered and what was kept."""

import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from forum.cli import main
from tests.web.conftest import Room, Visitor, a_cid, a_ticket

JSON: Final = {"accept": "application/json"}
_ideas = (f"idea{n:06}" for n in itertools.count(1))


class Answer(NamedTuple):
    """What a door said: "" when it took it, else the code; and what was kept of a text, None for nothing."""

    code: str
    kept: str | None = None
    told: dict[str, Any] = {}


Door = Callable[[Visitor, Room, str], Awaitable[Answer]]


async def names(board: Room) -> list[str]:
    return list((await board.service.journal.names(board.code)).values())


def _verdict(told: dict[str, Any], kept: list[str]) -> Answer:
    taken = told["t"] == "ack"
    return Answer("" if taken else told["code"], kept[-1] if kept and taken else None, told)


def exit_code(words: list[str]) -> int:
    """What a command ends with, run in this process."""
    try:
        return main(words)
    except SystemExit as error:
        return int(error.code or 0)


# --- texts


async def card_by_socket(visitor: Visitor, board: Room, text: str) -> Answer:
    async with visitor.socket(board.base()) as talk:
        await talk.hello()
        await talk.say(t="op", n=1, k="PostIdea", b={"id": next(_ideas), "text": text, "step": "ideas"})
        return _verdict(await talk.hear("ack", "nack"), await board.texts())


async def card_by_json(visitor: Visitor, board: Room, text: str) -> Answer:
    body = {"cid": a_cid(), "n": 1, "b": {"id": next(_ideas), "text": text, "step": "ideas"}}
    content = json.dumps(body).encode()
    headers = JSON | {"content-type": "application/json"}
    said = await visitor.http.post(f"{board.base()}/commands/PostIdea", content=content, headers=headers)
    return _verdict(said.json(), await board.texts())


async def card_by_form(visitor: Visitor, board: Room, text: str) -> Answer:
    fields = {"step": "ideas", "text": text, "ticket": a_ticket()}
    said = await visitor.post(f"{board.base()}/commands/PostIdea", fields, headers=JSON)
    return _verdict(said.json(), await board.texts())


CARDS: Final[tuple[Door, ...]] = (card_by_socket, card_by_json, card_by_form)


async def name_by_join(visitor: Visitor, board: Room, text: str) -> Answer:
    before = await board.service.journal.names(board.code)
    async with board.place.visitor() as somebody:
        said = await somebody.post(f"{board.base()}/join", {"name": text, "ticket": a_ticket()})
    new = [
        name
        for person, name in (await board.service.journal.names(board.code)).items()
        if person not in before
    ]
    return Answer("" if said.status_code == 303 else "refused", new[0] if new else "")


async def name_by_json(visitor: Visitor, board: Room, text: str) -> Answer:
    content = json.dumps({"name": text}).encode()
    headers = JSON | {"content-type": "application/json"}
    said = await visitor.http.post(f"{board.base()}/name", content=content, headers=headers)
    if said.status_code == 400:
        return Answer(said.json()["code"], "")
    return _name(said.json(), await names(board))


async def name_by_form(visitor: Visitor, board: Room, text: str) -> Answer:
    said = await visitor.post(f"{board.base()}/name", {"name": text}, headers=JSON)
    return _name(said.json(), await names(board))


def _name(told: dict[str, Any], kept: list[str]) -> Answer:
    taken = told["t"] == "ack"
    return Answer("" if taken else told["code"], kept[-1] if kept and taken else "", told)


NAMES: Final[tuple[Door, ...]] = (name_by_join, name_by_json, name_by_form)


async def title_by_form(visitor: Visitor, board: Room, text: str) -> Answer:
    fields = {"agenda": "forum-eclair", "title": text, "lang": "fr"}
    said = await visitor.post("/forums", fields, headers=JSON)
    if said.status_code != 201:
        return Answer(said.json()["code"], None, said.json())
    return Answer(
        "", (await Room(board.place, board.opened).service.hub.shown(said.json()["code"])).view.state.title
    )


async def title_by_desk(visitor: Visitor, board: Room, text: str) -> Answer:
    said = await board.lead("EditForum", title=text)
    return _verdict(said, [(await board.state()).title])


TITLES: Final[tuple[Door, ...]] = (title_by_form, title_by_desk)


# --- messages


async def frame_by_socket(visitor: Visitor, board: Room, message: str) -> Answer:
    async with visitor.socket(board.base()) as talk:
        await talk.hello()
        await talk.raw(message)
        return Answer((await talk.hear("nack", "ack")).get("code", ""))


async def body_by_json(visitor: Visitor, board: Room, message: str) -> Answer:
    headers = JSON | {"content-type": "application/json"}
    said = await visitor.http.post(
        f"{board.base()}/commands/SayDone", content=message.encode(), headers=headers
    )
    told = said.json()
    return Answer(told.get("code", ""), None, told)


async def fields_by_json(visitor: Visitor, board: Room, message: str) -> Answer:
    """The doors that read a flat object of texts."""
    headers = JSON | {"content-type": "application/json"}
    codes = set()
    for path in (
        "/lang",
        "/forums",
        f"{board.base()}/join",
        f"{board.base('desk')}/enter",
        f"{board.base()}/name",
    ):
        said = await visitor.http.post(path, content=message.encode(), headers=headers)
        codes.add(said.json()["code"] if said.status_code == 400 else str(said.status_code))
    return Answer(codes.pop() if len(codes) == 1 else str(codes))
