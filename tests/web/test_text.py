"""Rows 38–53 of the bad-input catalogue: what people write, cleaned at the entry."""

import time

import pytest

from forum.domain import spelling
from forum.domain.kernel import Rejection
from forum.domain.limits import NAME, Text
from forum.web.text import TEXT_BYTES, checked, clean, graphemes, name

CARD = Text(500, lines=True, needed=True)


@pytest.mark.parametrize(
    "written", ["", "   ", "\n\t \n", "\u200b\u200d\ufeff", "\u3164", "\u2800", "\u0301", "\x00\x07"]
)
def test_what_shows_nothing_is_empty(written: str) -> None:
    assert checked(written, CARD) == Rejection("W2", "empty")
    assert checked(written, Text(500)) == ""


def test_one_character_too_many_is_told_with_the_count() -> None:
    assert checked("é" * 500, CARD) == "é" * 500
    assert checked("é" * 501, CARD) == Rejection("W2", "too_long", {"count": 501, "limit": 500})


def test_a_text_of_few_but_very_heavy_characters_is_refused() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"

    assert graphemes(family * 160) == 160
    assert len((family * 164).encode()) > TEXT_BYTES
    assert checked(family * 160, CARD) == family * 160
    assert checked(family * 164, CARD) == Rejection("W2", "bad_text")


def test_heaps_of_marks_are_cut_and_the_marks_of_languages_are_kept() -> None:
    assert len(clean("Z" + "\u0301\u0323" * 10_000)) < 12
    assert clean("tie\u0302\u0301ng Vie\u0323\u0302t") == "tiếng Việt"


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("👨‍👩‍👧‍👦", 1),
        ("🇫🇷🇻🇳", 2),
        ("👍🏽", 1),
        ("❤️‍🔥", 1),
        ("🏳️‍🌈", 1),
        ("مرحبا", 5),
        ("می‌خواهم", 7),
        ("שלום", 4),
        ("क्‍ष", 1),
        ("œuvre d’été", 11),
        ("日本語", 3),
    ],
)
def test_what_people_write_with_is_kept_and_counted_as_they_count(written: str, count: int) -> None:
    assert clean(written) == written
    assert graphemes(written) == count


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("pay\u202eexe.txt", "payexe.txt"),
        ("a\u2066b\u2069c\u200ed", "abcd"),
        ("a\x00b\x08c\x85d", "abc d"),
        ("a\ufeffb\ufffec\uffffd", "abcd"),
        ("a\ue000b\U000f0000c", "abc"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("ad\u200dmin", "admin"),
        ("soft\u00adhyphen", "softhyphen"),
        ("two\u2028lines\r\nthree", "two lines three"),
        ("Name\r\nSet-Cookie: a=b", "Name Set-Cookie: a=b"),
        ("  \t around \n", "around"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(written: str, kept: str) -> None:
    assert clean(written) == kept


def test_400_line_breaks_become_10() -> None:
    assert clean("a\n" * 400, lines=True).count("\n") == 10
    assert clean("a\n" * 5, lines=True).count("\n") == 4
    assert clean("a\n\n\n\n\nb", lines=True) == "a\n\nb"


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "{{7*7}}",
        "{% x %}",
        "${7*7}",
        "&lt;",
        "javascript:x",
        "=HYPERLINK(1)",
        "http://evil",
    ],
)
def test_what_only_looks_dangerous_is_kept_as_it_is(written: str) -> None:
    assert clean(written) == written


def test_names_of_officials_are_reserved_and_lookalikes_are_not_guessed() -> None:
    assert name("Ádmin ") == Rejection("W2", "name_reserved")
    assert name("FORUM") == Rejection("W2", "name_reserved")
    assert name("Аnna") == "Аnna"
    assert name("Adminette") == "Adminette"
    assert name("") == ""
    assert name("x" * (NAME.most + 1)) == Rejection(
        "W2", "too_long", {"count": NAME.most + 1, "limit": NAME.most}
    )


def test_names_are_the_same_whatever_the_accents_and_capitals() -> None:
    assert spelling.same("Zoé  Martin", "zoe martin")
    assert not spelling.same("Zoé", "Zoë M")


@pytest.mark.parametrize(
    "bait",
    [
        "a" * 60_000 + "!",
        " " * 60_000 + "a",
        "\u200d" * 60_000,
        "\n " * 30_000,
        "\u0301\u0323" * 30_000,
        "👨\u200d" * 20_000,
    ],
)
def test_no_text_makes_the_cleaning_slow(bait: str) -> None:
    started = time.perf_counter()
    checked(bait, CARD)

    assert time.perf_counter() - started < 1


def test_a_body_full_of_flags_is_refused_without_counting_them() -> None:
    assert checked("\U0001f1e6" * 16_000, CARD).code == "too_long"
