"""Texts are counted as people count them (W2): no field cuts one, each says its limit, and a refusal says by how much."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.domain.kernel import Rejection
from forum.domain.limits import Text
from forum.domain.roles import Role
from forum.language import Reader
from forum.places import templates_dir
from forum.web import verdicts, wire
from forum.web.text import checked, graphemes

FAMILY = "👨‍👩‍👧‍👦"
LONG = Text(2000, lines=True)
WITHOUT_LIMIT = {
    "code": "a code is read out of whatever is pasted",
    "permit": "a secret is right or wrong as a whole",
    "secret": "a secret is right or wrong as a whole",
    "receipt": "a receipt is checked line by line, however long",
    "amount": "a number is judged as one, with its spaces",
    "expected": "a number is judged as one, with its spaces",
    "heading": "a number is judged as one, with its spaces",
}
NOT_TYPED = {"hidden", "checkbox", "radio", "date", "time", "number", "file", "range", "submit"}


def typed_fields(file: Path) -> Iterator[str]:
    """The fields of a template in which a text is typed, each with its attributes."""
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", file.read_text(), flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", lambda said: re.sub('[">]', "", said[0]), source, flags=re.DOTALL)
    for field in re.findall(r"<(?:input|textarea)\b[^>]*>", source):
        kind = re.search(r'type="(\w+)"', field)
        if not (kind and kind[1] in NOT_TYPED) and not re.search(r"\breadonly\b(?!.*if)", field):
            yield field


FIELDS = [
    (str(file.relative_to(templates_dir())), field)
    for file in sorted(templates_dir().rglob("*.html"))
    for field in typed_fields(file)
]


def test_W2_no_field_cuts_what_is_typed_and_each_says_how_much_it_takes() -> None:
    excused, silent = set(), []
    for file, field in FIELDS:
        assert "maxlength" not in field, (file, field)
        name = re.search(r'name="(\w+)"', field)
        reason = (name[1] if name else "") or Path(file).stem
        if reason in WITHOUT_LIMIT or Path(file).stem in WITHOUT_LIMIT:
            excused.add(reason if reason in WITHOUT_LIMIT else Path(file).stem)
        elif "data-max=" not in field:
            silent.append((file, field))

    assert silent == []
    assert excused == set(WITHOUT_LIMIT), "an excuse that nobody needs"
    assert len(FIELDS) > 40


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (FAMILY * 2000, 2000),
        ("🇫🇷" * 2000, 2000),
        ("👍🏽" * 2000, 2000),
        ("क्षि" * 2000, 2000),
        ("日本" * 1000, 2000),
    ],
)
def test_W2_a_long_text_is_counted_to_its_end_in_every_script(text: str, count: int) -> None:
    started = time.perf_counter()

    assert graphemes(text) == count
    assert graphemes(text + "x") == count + 1
    assert time.perf_counter() - started < 1


def test_W2_what_people_write_may_be_as_long_in_japanese_as_in_french() -> None:
    assert checked("日" * 2000, LONG) == "日" * 2000
    assert checked("日" * 2001, LONG) == Rejection("W2", "too_long", {"count": 2001, "limit": 2000})
    assert checked(FAMILY * 1000, LONG) == Rejection("W2", "bad_text"), "some 25 bytes each"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_W2_a_refusal_says_by_how_many_characters_a_text_is_too_long(lang: str) -> None:
    refused = wire.form_command("MakeTheme", {"title": ["x" * 127]}, "made0001", Role.FACILITATOR)
    assert isinstance(refused, Rejection)
    said = verdicts.sentence(Reader(lang), refused.code, refused.params, lambda _: "")

    assert re.findall(r"\d+", said) == ["127", "7", "120"]
