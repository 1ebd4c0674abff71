"""Paper ballots at the desk, by plain forms: printed as PDF, entered by keyboard, taken back, void; told apart in the result."""

import io
import re
from html import unescape

import pypdfium2
import pytest
from pikepdf import Pdf

from forum.domain.methods import METHODS
from forum.domain.roles import Role
from forum.domain.steps.papers import read_code
from tests.methods.known import KNOWN
from tests.web.conftest import Room, Visitor
from tests.web.crowds import desk_of

STEP = "vote0001"
WORDS = {"fr": "Notre vote", "en": "Our vote"}


async def a_vote(visitor: Visitor, board: Room, method: str = "approval", choices: int = 3) -> None:
    """A vote on themes by a method, open."""
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    for n in range(choices):
        await visitor.op(board.base(), "PostIdea", id=f"idea00{n:02}", text=f"Idée {n}", step="ideas")
    await board.lead("OpenStep", step="sort")
    for n in range(choices):
        await board.lead("GroupIdeas", ideas=[f"idea00{n:02}"], theme=f"theme0{n:02}", title=f"Thème {n}")
    settings = {"kind": "ballot", "method": method, **KNOWN[method].settings}
    said = await board.lead("InsertStep", step=STEP, settings=settings, title=WORDS, before="theme-vote")
    assert said["t"] == "ack", said
    said = await board.lead("OpenStep", step=STEP)
    assert said["t"] == "ack", said


async def page(visitor: Visitor, room: Room, who: dict) -> str:
    return unescape((await visitor.get(f"{room.base('desk')}/papers?step={STEP}", headers=who)).text)


async def send(visitor: Visitor, room: Room, who: dict, what: str, **more: str):
    """Send the form of a deed as the page has it, filled in."""
    html = await page(visitor, room, who)
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)
    form = next(form for form in forms if re.search(rf'name="deed"\s+value="{what}"', form))
    more = {"deed": what} | more
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)"\s+value="([^"]*)"', form))
    return await visitor.post(f"{room.base('desk')}/papers", {**fields, **more}, headers=who)


async def codes(room: Room) -> tuple[str, ...]:
    return (await room.state()).rounds.printed[-1].codes


def text_of(body: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(body)
    return [document[n].get_textpage().get_text_range() for n in range(len(document))]


async def test_V77_a_paper_is_entered_by_its_code_without_a_script_and_the_field_for_the_next_is_first(
    visitor: Visitor, board: Room
) -> None:
    await a_vote(visitor, board)
    who = await desk_of(board, visitor)
    before = await page(visitor, board, who)
    made = await send(visitor, board, who, "print", papers="4")
    first, second, *_ = await codes(board)
    typed = f"{first[:3].lower()} {first[3:]}"
    entered = await send(visitor, board, who, "enter", paper=typed, **{"mark.theme000": "1"})
    after = unescape((await visitor.get(entered.headers["location"], headers=who)).text)
    ballots = (await board.state()).rounds.latest(STEP).ballots

    assert "Code of the paper" not in before
    assert made.status_code == entered.status_code == 303
    assert [dict(ballot.marks) for ballot in ballots.values()] == [{"theme000": 1}]
    assert "1 of 4 papers entered" in after
    assert f"{first[:3]}\u00a0{first[3:]} is entered." in after
    assert re.search(r'<input[^>]*id="paper"[^>]*autofocus', after)
    assert 'value="1" checked' not in after, "what was entered is secret here too"
    assert second not in after.replace("\u00a0", "")


async def test_V77_what_is_refused_is_said_and_what_was_typed_stays_in_its_fields(
    visitor: Visitor, board: Room
) -> None:
    await a_vote(visitor, board, "majority")
    who = await desk_of(board, visitor)
    await send(visitor, board, who, "print", papers="4")
    code, *_ = await codes(board)
    wrong = await send(
        visitor, board, who, "enter", paper=code, **{"mark.theme000": "5", "mark.theme001": "9"}
    )
    mistyped = await send(visitor, board, who, "enter", paper=code[:-1], **{"mark.theme000": "5"})
    await send(visitor, board, who, "enter", paper=code, **{"mark.theme000": "5"})
    twice = await send(visitor, board, who, "enter", paper=code, **{"mark.theme000": "1"})
    ballots = (await board.state()).rounds.latest(STEP).ballots

    assert wrong.status_code == mistyped.status_code == twice.status_code == 422
    assert "Choice B: what was typed does not stand on the paper." in unescape(wrong.text)
    assert re.search(r'name="mark.theme001"[^>]*value="9"', wrong.text)
    assert "This code has a typing mistake." in unescape(mistyped.text)
    assert "This paper is already entered, and what was entered stands." in unescape(twice.text)
    assert len({tuple(b.marks.items()) for b in ballots.values()}) == len(ballots) == 1


async def test_V78_a_paper_is_taken_back_and_declared_void_by_its_code(visitor: Visitor, board: Room) -> None:
    await a_vote(visitor, board)
    who = await desk_of(board, visitor)
    await send(visitor, board, who, "print", papers="4")
    first, second, *_ = await codes(board)
    await send(visitor, board, who, "enter", paper=first, **{"mark.theme000": "1"})
    back = await send(visitor, board, who, "back")  # of the last one: its code stands in the form
    void = await send(visitor, board, who, "void", paper=second)
    refused = await send(visitor, board, who, "enter", paper=second)
    said = unescape((await visitor.get(void.headers["location"], headers=who)).text)

    assert back.status_code == void.status_code == 303
    assert not (await board.state()).rounds.latest(STEP).ballots
    assert "0 of 4 papers entered; 1 is void." in said
    assert "This paper was declared void." in unescape(refused.text)


async def test_V76_late_papers_are_told_apart_in_the_result_on_every_page(
    visitor: Visitor, board: Room
) -> None:
    await a_vote(visitor, board)
    who = await desk_of(board, visitor)
    await visitor.op(board.base(), "GiveMark", step=STEP, key="theme001", mark=1)
    await send(visitor, board, who, "print", papers="4")
    first, second, third, _ = await codes(board)
    await send(visitor, board, who, "enter", paper=first, **{"mark.theme000": "1"})
    await board.lead("CloseStep", step=STEP)
    closed = await page(visitor, board, who)
    await send(visitor, board, who, "enter", paper=second, **{"mark.theme000": "1"})
    said = await board.lead("RevealStep", step=STEP, knowing=True)
    shown = await page(visitor, board, who)
    late = await visitor.post(
        f"{board.base('desk')}/papers", {"deed": "enter", "step": STEP, "paper": third}, headers=who
    )

    assert said["t"] == "ack", said
    assert "The vote is closed. What you enter now still counts" in closed
    assert "nothing changes in this round any more" in shown
    assert "The result has been shown" in unescape(late.text)
    told = "1 by phone, 2 on paper, 1 of these entered after the close"
    for surface, role in (("phone", None), ("screen", Role.SCREEN), ("desk", Role.FACILITATOR)):
        headers = {"accept-language": "en"} | ({"cookie": await board.cookie(role)} if role else {})
        html = (await visitor.get(board.base(surface), headers=headers)).text
        assert told in html or "1 par téléphone, 2 sur papier, dont 1 saisi après la clôture" in html, surface


async def test_no_code_is_on_the_wall_on_a_phone_or_on_the_desk_before_one_is_typed(
    visitor: Visitor, board: Room
) -> None:
    await a_vote(visitor, board)
    who = await desk_of(board, visitor)
    await send(visitor, board, who, "print", papers="4")
    pages = [
        (await visitor.get(board.base(), headers={})).text,
        (await visitor.get(board.base("screen"), headers={"cookie": await board.cookie(Role.SCREEN)})).text,
        (await visitor.get(board.base("desk"), headers=who)).text,
        await page(visitor, board, who),
        (await visitor.get(f"{board.base('desk')}/export/forum.json", headers=who)).text,
    ]

    for code in await codes(board):
        assert not any(code in html or f"{code[:3]}\u00a0{code[3:]}" in html for html in pages)
    secret = (await board.state()).rounds.printed[-1]
    assert secret.codes
    assert "0 of 4 papers entered" in pages[2]


@pytest.mark.parametrize("method", sorted(name for name, one in METHODS.items() if one.asked))
async def test_V75_the_page_says_which_way_to_vote_has_no_paper(
    visitor: Visitor, board: Room, method: str
) -> None:
    await a_vote(visitor, board, method, choices=6)
    who = await desk_of(board, visitor)

    assert "It cannot be printed." in await page(visitor, board, who)
    assert "/papers" not in (await visitor.get(board.base("desk"), headers=who)).text


async def test_V75_the_pdf_has_every_choice_and_a_code_of_its_own_on_each_paper(
    visitor: Visitor, board: Room
) -> None:
    await a_vote(visitor, board, "dots")
    who = await desk_of(board, visitor)
    await send(visitor, board, who, "print", papers="10")
    number = (await board.state()).rounds.printed[-1].number
    answer = await visitor.get(f"{board.base('desk')}/papers/{number}.pdf", headers=who)
    pages_ = text_of(answer.content)
    found = {code for code in map(read_code, re.findall(r"\b[A-Z]{3}\s[A-Z]{3}\b", " ".join(pages_))) if code}

    assert answer.headers["content-type"] == "application/pdf"
    assert found - {board.code} == set(await codes(board)) - {board.code}, (
        "the code of the room looks like one"
    )
    assert len(pages_) == 3, "four on a sheet"
    for n in range(3):
        assert " ".join(pages_).count(f"Thème {n}") == 10
    with Pdf.open(io.BytesIO(answer.content)) as document:
        assert document.open_metadata()["pdfuaid:part"] == "1"
    missing = await visitor.get(f"{board.base('desk')}/papers/999999.pdf", headers=who)
    assert missing.status_code == 303
