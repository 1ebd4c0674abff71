"""Codes and secrets as they arrive from mails, chats, slides and other keyboards."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.journal import CODE_LENGTH, CODE_LETTERS
from forum.opening import make_tickets, new_secret
from forum.web import pasted
from tests.web.conftest import Room, Visitor

GAPS = (
    *" _.·\t\n\r",
    "\r\n",
    *"\u00a0\u2002\u2009\u202f\u3000\u2028\u2029\u0085",  # spaces and line breaks
    *"-\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u301c\ufe58\ufe63\uff0d\u2043",  # dashes
    *"\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufe0f\ufeff",  # nothing to see
)
CODES = st.text(CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
FULL_WIDTH = {ord(c): chr(ord(c) - 0x21 + 0xFF01) for c in CODE_LETTERS}
BOLD = {ord(c): chr(0x1D400 + ord(c) - ord("A")) for c in CODE_LETTERS if c.isalpha()}
CYRILLIC = str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ")
GREEK = str.maketrans("ABEZHKMNPTXY", "ΑΒΕΖΗΚΜΝΡΤΧΥ")
ARABIC = str.maketrans("23456789", "٢٣٤٥٦٧٨٩")
DEVANAGARI = str.maketrans("23456789", "२३४५६७८९")
WRITINGS = (str, str.lower, *(lambda t, m=m: t.translate(m) for m in (FULL_WIDTH, BOLD, CYRILLIC, GREEK, ARABIC, DEVANAGARI)))  # fmt: skip


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: "".join(f"U+{ord(c):04X}" for c in gap))
def test_a_code_is_understood_with_any_gap_before_within_and_after_it(gap: str) -> None:
    assert pasted.code(gap.join(["", "abc", "234", ""])) == "ABC234"
    assert pasted.code(gap.join("ABC234")) == "ABC234"


@given(CODES, st.sampled_from(WRITINGS), st.lists(st.sampled_from(GAPS), min_size=7, max_size=7))
def test_every_code_is_understood_in_every_writing_and_with_every_gap(
    code: str, write, gaps: list[str]
) -> None:
    signs = [*map(write, code), ""]

    assert pasted.code("".join(gap + sign for gap, sign in zip(gaps, signs, strict=True))) == code


@given(st.text(max_size=60))
def test_whatever_is_pasted_is_a_code_or_none(written: str) -> None:
    found = pasted.code(written)

    assert found is None or re.fullmatch(f"[{CODE_LETTERS}]{{{CODE_LENGTH}}}", found)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://forum.example/f/ABC234", "/f/ABC234"),
        (" http://10.0.0.7:8000/f/abc234\n", "/f/ABC234"),
        ("forum.example/f/ABC234/", "/f/ABC234"),
        ("<https://forum.example/f/ABC234>", "/f/ABC234"),
        ("https://forum.example/f/ABC\n234?utm_source=mail&x=1", "/f/ABC234"),
        ("https://forum.example/f/ABC%20234", "/f/ABC234"),
        ("https://forum.example/f/AB\u00adC234/receipt/check", "/f/ABC234"),
        ("https://forum.example/f/ABC234/data", "/f/ABC234"),
        ("https://forum.example/?code=abc-234", "/f/ABC234"),
        (f"https://forum.example/f/ABC234/desk#{'s' * 22}", f"/f/ABC234/desk#{'s' * 22}"),
        (f"https://forum.example/f/ABC234/ticket#{'s' * 9}\r\n{'s' * 13}", f"/f/ABC234/ticket#{'s' * 22}"),
        ("https://forum.example/f/ABC234/screen", "/f/ABC234/screen"),
        (f"https://forum.example/f/ABC234/receipt#{'s' * 22}", "/f/ABC234"),
        (f"https://forum.example/f/ABC234/desk#{'s' * 22}\" onload=x", "/f/ABC234/desk"),
        ("ABC234", "/f/ABC234"),
        ("https://forum.example/f/ABC2345", None),
        ("https://forum.example/help", None),
        ("https://forum.example/f/", None),
        ("", None),
        ("x" * 100_000, None),
        ("-" * 100_000, None),
    ],
)  # fmt: skip
def test_a_whole_address_leads_where_it_says_on_this_server(written: str, meant: str | None) -> None:
    assert pasted.place(written) == meant


@pytest.mark.parametrize("written", ["O0I1LU", "ABC230", "abco23", "AB123C"])
def test_a_sign_that_no_code_holds_is_known_as_one(written: str) -> None:
    assert pasted.code(written) is None
    assert pasted.misread(written)
    assert not pasted.misread("hello!")
    assert not pasted.misread("ABC234")


def test_a_U_is_the_V_it_was_read_from() -> None:
    assert pasted.code("abu234") == "ABV234"


@given(
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", min_size=22, max_size=22),
    st.data(),
)
def test_a_secret_is_understood_through_line_breaks_and_signs_that_cannot_be_seen(secret: str, data) -> None:
    unseen = st.sampled_from(["", " ", "\n", "\r\n", "\u00ad", "\u200b", "\u2060", "\ufeff", "\u00a0"])
    broken = "".join(data.draw(unseen) + sign for sign in secret)

    assert pasted.secret(broken) == secret
    assert pasted.secret(f" https://forum.example/f/ABC234/desk#{broken}\n") == secret
    assert pasted.secret(f"<https://forum.example/f/ABC234/desk#{broken}>") == secret


def test_a_dash_of_a_secret_is_one_however_it_was_prettied() -> None:
    assert pasted.secret("ab\u2010cd\u2013ef\u2014gh\u2212ij-kl_mn") == "ab-cd-ef-gh-ij-kl_mn"


async def test_the_home_page_takes_a_code_from_a_mail_and_an_address_with_its_secret(
    visitor: Visitor, room: Room
) -> None:
    soft = f"{room.code[:3]}\u00ad\u200b{room.code[3:]}"
    by_code = await visitor.post("/", {"code": f"\u00ab {soft.lower()}\u00a0\u00bb"})
    by_address = await visitor.get("/", params={"code": f"http://elsewhere/f/{soft}"})
    link = f"{room.place.base}/f/{room.code}/desk#{room.opened.desk}"
    by_link = await visitor.post("/", {"code": link})
    wrong = await visitor.post("/", {"code": "ABC1O0"}, headers={"accept-language": "en"})

    assert (by_code.status_code, by_code.headers["location"]) == (303, f"/f/{room.code}")
    assert by_address.headers["location"] == f"/f/{room.code}"
    assert by_link.headers["location"] == f"/f/{room.code}/desk#{room.opened.desk}"
    assert wrong.status_code == 404
    assert "Codes never contain I, L, O, 0 or 1" in wrong.text
    at_field = wrong.text.partition('id="code-title"')[2]
    assert 'role="alert"' in at_field  # next to what it concerns, where one comes to at once
    assert " autofocus" in at_field
    assert wrong.text.count('role="alert"') == 1


async def test_a_secret_in_the_address_of_the_home_page_is_not_carried_on(
    visitor: Visitor, room: Room
) -> None:
    link = f"{room.place.base}/f/{room.code}/desk#{room.opened.desk}"
    answer = await visitor.get("/", params={"code": link})

    assert answer.headers["location"] == f"/f/{room.code}/desk"


async def test_a_ticket_and_a_link_broken_by_a_mail_open_their_place(visitor: Visitor, room: Room) -> None:
    [ticket] = await make_tickets(room.service.journal, room.code, 1, clock=room.place.clock)
    broken = f"{ticket.secret[:9]}\u00ad\r\n{ticket.secret[9:]}\u200b"
    entered = await visitor.post(f"{room.base()}/ticket/enter", {"secret": broken})
    desk = await visitor.post(
        f"{room.base('desk')}/enter", {"secret": f"\u2060{room.opened.desk[:5]} {room.opened.desk[5:]}"}
    )
    never = await visitor.post(f"{room.base('desk')}/enter", {"secret": new_secret()})

    assert (entered.status_code, desk.status_code, never.status_code) == (303, 303, 404)
