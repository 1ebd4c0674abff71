"""Texts, cleaned or refused alike at every door that takes them: rows 38 to 53."""

import asyncio
import json
import unicodedata
from pathlib import Path

import pytest

from tests.attack.doors import (
    CARDS,
    JSON,
    NAMES,
    TITLES,
    Door,
    exit_code,
)
from tests.web.conftest import Place, Room, Visitor, a_ticket

FAMILY = "👨‍👩‍👧‍👦"


COMBINING = "\u0301\u0323"
TEXTS: list[tuple[int, str, str | None, str | None]] = [  # row, sent, kept as a card, kept as a name; "!code" refused
    (38, "", "!empty", ""),
    (38, " \u00a0 ", "!empty", ""),
    (38, "\u200b\u2060\ufeff\u3164", "!empty", ""),
    (39, "é" * 141, "!too_long", "!too_long"),
    (39, FAMILY * 140, FAMILY * 140, "!too_long"),
    (39, "x" * 30_000, "!too_long", "!too_long"),
    (40, "Z" + COMBINING * 1000, "Z" + COMBINING * 4, "Z" + COMBINING * 4),
    (41, f"{FAMILY} 🇫🇷 👍🏽 مرحبا שלום", f"{FAMILY} 🇫🇷 👍🏽 مرحبا שלום", f"{FAMILY} 🇫🇷 👍🏽 مرحبا שלום"),
    (41, "tie\u0302\u0301ng", "tiếng", "tiếng"),
    (42, "pay\u202eexe\u2066.txt", "payexe.txt", "payexe.txt"),
    (43, "a\x00b\x07c\x9fd\ufeffe\ufffef\ue000g\U000e0041h", "abcdefgh", "abcdefgh"),
    (45, "Admin", "Admin", "!name_reserved"),
    (45, "ＡＤＭＩＮ", "ＡＤＭＩＮ", "!name_reserved"),
    (45, "Аnna", "Аnna", "Аnna"),
    (46, "<script>alert(1)</script>", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    (46, "<img src=x onerror=alert(1)>{{7*7}}", "<img src=x onerror=alert(1)>{{7*7}}", "<img src=x onerror=alert(1)>{{7*7}}"),
    (46, "{0.__class__} %s ${7*7} {% x %}", "{0.__class__} %s ${7*7} {% x %}", "{0.__class__} %s ${7*7} {% x %}"),
    (47, "</script><!--\u2028x", "</script><!--\nx", "</script><!-- x"),
    (48, "http://evil.example/?q=[a](b)", "http://evil.example/?q=[a](b)", "http://evil.example/?q=[a](b)"),
    (50, "a" + "\n" * 400 + "b", "a\n\nb", None),
    (52, "a" * 10_000 + "!", "!too_long", "!too_long"),
    (53, "Léa\r\nSet-Cookie: a=b", "Léa\nSet-Cookie: a=b", "Léa Set-Cookie: a=b"),
]  # fmt: skip


def wanted(kept: str) -> tuple[str, str | None]:
    return (kept[1:], None) if kept.startswith("!") else ("", unicodedata.normalize("NFC", kept))


@pytest.mark.parametrize("door", CARDS, ids=lambda door: door.__name__)
async def test_a_card_is_cleaned_or_refused_alike_at_every_door(
    phone: Visitor, board: Room, door: Door
) -> None:
    got = []
    for row, sent, _, _ in TEXTS:
        answer = await door(phone, board, sent)
        got.append((row, answer.code, answer.kept))
        assert not answer.code or answer.told["msg"]
        assert answer.code != "too_long" or answer.told["limit"] in (140, 1000)

    assert got == [(row, *wanted(kept)) for row, _, kept, _ in TEXTS]


@pytest.mark.parametrize("door", NAMES, ids=lambda door: door.__name__)
async def test_a_name_is_cleaned_or_refused_alike_at_every_door(
    phone: Visitor, board: Room, door: Door
) -> None:
    for row, sent, _, kept in TEXTS:
        if kept is None:
            continue
        answer = await door(phone, board, sent)
        code, stored = wanted(kept)

        assert bool(answer.code) == bool(code), row
        assert answer.code in (code, "refused"), row
        assert answer.kept == (stored or ""), row


@pytest.mark.parametrize("door", TITLES, ids=lambda door: door.__name__)
async def test_a_title_is_cleaned_or_refused_alike_at_every_door(
    place: Place, phone: Visitor, board: Room, door: Door
) -> None:
    for row, sent, _, kept in TEXTS:
        if kept in (None, "") or row == 45:
            continue
        place.clock.crank(600)
        answer = await door(phone, board, sent)
        code, stored = wanted(kept or "")
        if row == 39 and sent == FAMILY * 140:
            code = "too_long"

        assert answer.code == code, row
        assert code or answer.kept == stored, row


async def test_half_a_character_comes_in_by_no_door(phone: Visitor, board: Room) -> None:
    """Row 44: JSON alone can say it; a form's bytes that are no UTF-8 become the sign for that."""
    content = b"step=ideas&text=a%ED%A0%80b&ticket=" + a_ticket().encode()
    headers = JSON | {"content-type": "application/x-www-form-urlencoded"}
    by_form = await phone.http.post(f"{board.base()}/commands/PostIdea", content=content, headers=headers)
    by_json = [await door(phone, board, "a\ud800b") for door in (CARDS[1], NAMES[1])]

    assert by_form.json()["t"] == "ack"
    assert all(text.encode() for text in await board.texts())
    assert [answer.code for answer in by_json] == ["bad_json", "bad_request"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Vision\u202e\x00 2025\r\n", "Vision 2025"),
        ("<b>=1+1</b>", "<b>=1+1</b>"),
        ("x" * 121, None),
        ("a\udcffb", "ab"),
    ],
)
async def test_the_command_line_cleans_a_title_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sent: str, kept: str | None
) -> None:
    words = ["new", "forum-eclair", "--title", sent, "--json", "--lang", "en", "--data", str(tmp_path)]
    ended = await asyncio.to_thread(exit_code, words)
    said = capsys.readouterr()
    if kept is None:
        assert (ended, "121 characters" in said.err) == (1, True)
        return
    code = json.loads(said.out)["code"]
    exported = await asyncio.to_thread(
        exit_code, ["export", code, "--format", "json", "--data", str(tmp_path)]
    )
    title = json.loads(capsys.readouterr().out)["forum"]["title"]

    assert (ended, exported, title) == (0, 0, kept)
