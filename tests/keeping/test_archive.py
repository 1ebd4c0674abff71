"""The archive's file: the same bytes for the same number, and nothing believed when it is read."""

import gzip
import io
import json
from collections.abc import Callable
from hashlib import sha256

import pytest

from forum.domain import records
from forum.domain.keeping import Redacted, Struck
from forum.domain.kernel import Record
from forum.journal import Entry, body_hash
from forum.journal.contract import linked
from forum.keeping import BadArchive, Kept, read, write
from forum.keeping.archive import LINE_BYTES
from forum.keeping.moving import folded
from tests.scenes import LEA, a_room


def a_history(code: str = "ABC234") -> list[Entry]:
    """A real forum's facts, one card struck."""
    chain, entries = "", []
    for seq, op, record in a_room().opened("ideas").with_ideas(3).journal:
        body = records.encode(record)
        chain = linked(chain, seq, op or "opening:1", body)
        entries.append(Entry(seq, op or "opening:1", body, chain))
    gone = entries[-2]
    struck = Struck(gone.seq, gone.op, body_hash(gone.body), gone.chain, husk_of(gone.body))
    body = records.encode(Record(Redacted(LEA, (struck,)), LEA, 1))
    seq, op = len(entries) + 1, "redact-aaaa:1"
    entries.append(Entry(seq, op, body, linked(chain, seq, op, body)))
    entries[gone.seq - 1] = Entry(gone.seq, gone.op, struck.husk.encode(), gone.chain, struck.hash)
    return entries


def husk_of(body: bytes) -> str:
    return body.decode().replace("Idea number 2", "")


def kept(**changes: object) -> Kept:
    full = Kept(
        "ABC234", 5, {"lang": "fr"}, a_history(), {"lea": "Léa", "anne": "Anne"}, {"0" * 64: b'{"a":1}'}
    )
    return full._replace(**changes)


def packed(what: Kept) -> bytes:
    out = io.BytesIO()
    write(what, out)
    return out.getvalue()


def changed(change: Callable[[list[str]], object], *, check: bool = True) -> bytes:
    """An archive whose lines were changed by somebody who knows how to make the last one right again."""
    lines = gzip.decompress(packed(kept())).decode().splitlines()[:-1]
    lines = change(lines) or lines
    text = "".join(line + "\n" for line in lines).encode()
    last = {"lines": len(lines), "sha256": sha256(text).hexdigest() if check else "0" * 64}
    return gzip.compress(text + json.dumps(last).encode() + b"\n")


def swapped(number: int, old: str, new: str) -> Callable[[list[str]], None]:
    def change(lines: list[str]) -> None:
        assert old in lines[number - 1], lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new, 1)

    return change


def test_an_archive_is_read_as_it_was_written():
    assert read(io.BytesIO(packed(kept()))) == kept()
    assert read(io.BytesIO(packed(kept(names=None, keys=None)))) == kept(names=None, keys=None)
    assert folded(kept()).code == "ABC234"


def test_the_same_forum_is_the_same_bytes_and_its_names_may_come_in_any_order():
    turned = kept(names=dict(reversed(list(kept().names.items()))))

    assert packed(kept()) == packed(turned)


def test_an_archive_of_a_copy_that_leads_on_says_where():
    moved = kept(meta={"lang": "fr", "moved": "https://[2001:db8::7]:8000", "moved_at": "7"})

    assert read(io.BytesIO(packed(moved))) == moved


def test_a_struck_text_is_in_no_archive():
    text = gzip.decompress(packed(kept()))

    assert b"Idea number 1" in text
    assert b"Idea number 2" not in text


FACTS = len(a_history())
HOLE = FACTS - 2  # line 1 is the header
CHANGES = {
    "another format": (swapped(1, "archive/1", "archive/9"), "Line 1:"),
    "another code": (swapped(1, "ABC234", "abc"), "Line 1:"),
    "a head of its own": (swapped(1, f'"seq":{FACTS}', '"seq":3'), "Line 1:"),
    "a field of the store's": (swapped(1, '"lang"', '"chain"'), "Line 1:"),
    "a script for an address": (swapped(1, '"lang":"fr"', '"moved":"javascript:alert(1)"'), "Line 1:"),
    "a policy for an address": (swapped(1, '"lang":"fr"', '"moved":"https://a; script-src *"'), "Line 1:"),
    "a day that is none": (swapped(1, '"lang":"fr"', '"moved_at":"soon"'), "Line 1:"),
    "an impossible count": (swapped(1, '"names":2', '"names":999999999'), "Line 1:"),
    "another text": (swapped(3, "welcome", "goodbye"), "Line 3: the chain breaks at fact 2"),
    "another author": (swapped(FACTS - 2, '"op":"tab', '"op":"bat'), "the chain breaks"),
    "a fact left out": (lambda lines: lines[:3] + lines[4:], "Line 4: expected fact 3"),
    "facts turned round": (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "Line 4: expected fact 3"),
    "a fact struck without a redaction": (
        lambda lines: lines.__setitem__(3, hole_of(lines[3])),
        "that no erasure explains",
    ),
    "the text of a struck fact": (swapped(HOLE + 1, '"hash"', '"body":"x","hash"'), "expected fact"),
    "another hash of a struck fact": (lambda lines: lines.__setitem__(HOLE, rehashed(lines[HOLE])), "the chain breaks"),
    "a field that nobody knows": (swapped(4, '"seq"', '"x":1,"seq"'), "Line 4: this is not"),
    "no JSON": (lambda lines: lines.__setitem__(3, "}"), "Line 4: this is not"),
    "a name twice": (lambda lines: [*lines[:-2], lines[-3], *lines[-1:]], "cannot stand here"),
    "a key that is none": (swapped(FACTS + 4, "0" * 64, "0" * 63), "cannot stand here"),
    "an endless line": (lambda lines: lines.__setitem__(3, " " * (LINE_BYTES + 1)), "Line 4: this is far larger"),
    "deep nesting": (lambda lines: lines.__setitem__(3, "[" * 100_000), "Line 4: this is not"),
}  # fmt: skip


def hole_of(line: str) -> str:
    fact = json.loads(line)
    body = fact.pop("body")
    return json.dumps(fact | {"hash": body_hash(body.encode())})


def rehashed(line: str) -> str:
    return json.dumps(json.loads(line) | {"hash": "f" * 40})


@pytest.mark.parametrize("name", CHANGES)
def test_an_archive_that_was_changed_is_refused_with_the_place(name: str):
    change, said = CHANGES[name]

    with pytest.raises(BadArchive) as bad:
        read(io.BytesIO(changed(change)))

    assert said in str(bad.value)


def test_a_last_line_that_does_not_fit_is_refused():
    with pytest.raises(BadArchive, match="was changed since it was written"):
        read(io.BytesIO(changed(lambda lines: None, check=False)))
    with pytest.raises(BadArchive, match="There is more"):
        read(io.BytesIO(packed(kept()) + gzip.compress(b"more")))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused(share: float):
    whole = packed(kept())

    with pytest.raises(BadArchive, match="Line"):
        read(io.BytesIO(whole[: int(len(whole) * share)]))


@pytest.mark.parametrize(
    "junk", [b"PK\x03\x04", b"hello", b"\x1f\x8b\x08\x00" + b"\xff" * 100, b"\x00" * 1000]
)
def test_a_file_that_is_no_archive_is_refused(junk: bytes):
    with pytest.raises(BadArchive, match=r"Line 1|This is no archive"):
        read(io.BytesIO(junk))


def test_a_bomb_is_refused_before_it_goes_off():
    bomb = gzip.compress(b"\0" * 64 * 1024**2, compresslevel=9)
    assert len(bomb) < 100_000
    file = io.BytesIO(bomb)

    with pytest.raises(BadArchive, match="Line 1: this is far larger"):
        read(file)

    assert file.tell() < len(bomb)


def test_facts_of_another_forum_are_not_opened():
    with pytest.raises(BadArchive, match="not those of the forum"):
        folded(kept(code="ABC235"))


def test_facts_of_a_later_version_are_not_opened():
    later = Entry(FACTS + 1, "x:1", b'{"t":1,"f":{"k":"SomethingNew"}}', "c")

    with pytest.raises(BadArchive, match=f"Fact {FACTS + 1} says what this version cannot read"):
        folded(kept(entries=[*a_history(), later]))
