"""Rows 1–30 of the bad-input catalogue, as far as they are about reading one message."""

from typing import Any

import msgspec
import pytest

from forum.domain.flow import EditStep, InsertStep
from forum.domain.kernel import Rejection, Words
from forum.domain.loss import Skip
from forum.domain.people import AddPerson
from forum.domain.plan.words import EditAction, Volunteer
from forum.domain.roles import Role
from forum.domain.room import COMMANDS, FROM_SERVER
from forum.domain.settings import BoardSettings
from forum.domain.steps.ballot import AllocatePoints
from forum.domain.steps.board import PostIdea
from forum.domain.steps.sort import GroupIdeas
from forum.web import wire
from forum.web.wire import Beat, Hello, Malformed, Need, Op

CID = "abcdefghijklmnop"
OP = '{"t":"op","n":1,"k":"SayDone","b":{}}'
ME = Role.PARTICIPANT


def op(**changed: Any) -> str:
    return msgspec.json.encode({"t": "op", "n": 1, "k": "SayDone", "b": {}} | changed).decode()


@pytest.mark.parametrize(
    ("row", "message", "code"),
    [
        (1, "{", "bad_json"),
        (1, "hello", "bad_json"),
        (1, "", "bad_json"),
        (1, OP + OP, "bad_json"),
        (2, "[1]", "bad_shape"),
        (2, "3", "bad_shape"),
        (2, '"x"', "bad_shape"),
        (2, "null", "bad_shape"),
        (2, "true", "bad_shape"),
        (9, '{"t":"op","n":1,"k":"SayDone","b":' + "[" * 30_000, "bad_json"),
        (9, '{"t":"op","n":1,"k":"SayDone","b":' + "[" * 15_000 + "]" * 15_000 + "}", "bad_json"),
        (10, '{"t":"need","s":NaN}', "bad_json"),
        (10, '{"t":"need","s":Infinity}', "bad_json"),
        (10, '{"t":"need","s":1e999}', "bad_number"),
        (10, '{"t":"need","s":' + "9" * 5000 + "}", "bad_type"),
        (12, op(role="staff"), "unknown_field"),
        (12, op(by="p1"), "unknown_field"),
        (13, '{"t":"need","s":true}', "bad_type"),
        (13, '{"t":"need","s":1.0}', "bad_type"),
        (13, '{"t":"need","s":"1"}', "bad_type"),
        (13, op(k=3), "bad_type"),
        (13, op(again="yes"), "bad_type"),
        (13, op(again=1), "bad_type"),
        (13, op(again=None), "bad_type"),
        (14, op(__proto__={}), "unknown_field"),
        (14, op(constructor=1), "unknown_field"),
        (19, op(n=0), "bad_n"),
        (19, op(n=-1), "bad_n"),
        (19, op(n=2**53), "bad_n"),
        (19, op(n=2**63), "bad_n"),
        (19, op(n="1"), "bad_n"),
        (19, op(n=1.0), "bad_n"),
        (19, op(n=True), "bad_n"),
        (19, '{"t":"op","k":"SayDone","b":{}}', "bad_n"),
        (24, '{"t":"need","s":-1}', "bad_number"),
        (30, op(**{"for": "{R}"}), "bad_id"),
        (44, '{"t":"op","n":1,"k":"SayDone","b":{},"for":"\\ud800"}', "bad_json"),
        (0, '{"n":1}', "missing_field"),
        (0, '{"t":"zork"}', "bad_shape"),
        (0, '{"t":"op","n":1,"k":"SayDone"}', "missing_field"),
    ],
)
def test_a_message_that_is_none_of_ours_is_named_by_its_fault(row: int, message: str, code: str) -> None:
    said = wire.frame(message)

    assert isinstance(said, Malformed), row
    assert said.code == code, row
    assert said.code in wire.REFUSALS


@pytest.mark.parametrize(
    ("message", "n"),
    [
        ('{"t":"op","n":7,"k":"PostIdea","b":{"text":"\\ud83d"},"seen":1}', 7),
        ('{"t":"op","n":7,"k":"PostIdea","b":' + "[" * 30_000, 7),
        ('{"k":"PostIdea","b":{"n":3,"text":"\\ud83d"},"n":7,"t":"op"}', 7),
        (op(n=7, role="staff"), 7),
        (op(n=2**53), 0),
        (op(n="7"), 0),
        (op(n=True), 0),
        ('{"t":"op","n":NaN,"k":"SayDone","b":{}}', 0),
        ('{"t":"hello","v":2,"n":7,"cid":"\\ud800"}', 0),
        ('{"t":"need","s":NaN}', 0),
        ("[7]", 0),
        ("{", 0),
    ],
)
def test_W1_an_op_that_cannot_be_read_is_answered_under_its_number(message: str, n: int) -> None:
    said = wire.frame(message)

    assert isinstance(said, Malformed)
    assert said.n == n


@pytest.mark.parametrize(
    ("body", "n"),
    [
        (b'{"cid":"abcdefghijklmnop","n":7,"b":{"text":"\\ud83d"}}', 7),
        (b'{"cid":"abcdefghijklmnop","n":0,"b":{}}', 0),
        (b"{", 0),
    ],
)
def test_W1_so_is_one_that_came_by_http(body: bytes, n: int) -> None:
    said = wire.posted(body)

    assert isinstance(said, Malformed)
    assert said.n == n


@pytest.mark.parametrize(
    "resume",
    [
        {"g": 1, "s": -1, "c": ""},
        {"g": 1, "s": 1.5, "c": ""},
        {"g": 1, "s": 2**60, "c": ""},
        {"g": 1, "s": 1, "c": "X\n"},
        7,
    ],
)
def test_a_resume_that_cannot_be_one_is_malformed(resume: object) -> None:
    said = wire.frame(
        msgspec.json.encode({"t": "hello", "v": 1, "cid": CID, "n": 0, "resume": resume}).decode()
    )

    assert isinstance(said, Malformed)


@pytest.mark.parametrize(
    "cid", ["", "short", "x" * 41, "has space in it!!", "abcdefghijklmnop\n", "{R}:j:abcdefghijk"]
)
def test_a_tab_id_of_another_form_is_malformed(cid: str) -> None:
    said = wire.frame(msgspec.json.encode({"t": "hello", "v": 1, "cid": cid}).decode())

    assert said == Malformed("bad_id", "cid")


def test_good_frames_are_read() -> None:
    assert wire.frame(f'{{"t":"hello","v":1,"cid":"{CID}"}}') == Hello(1, CID)
    assert wire.frame('{"t":"need","s":7}') == Need(7)
    assert wire.frame('{"t":"hb","s":7}') == Beat(7)
    said = wire.frame(OP)
    assert isinstance(said, Op)
    assert (said.n, said.k, bytes(said.b)) == (1, "SayDone", b"{}")


def test_of_a_key_said_twice_the_last_counts_and_who_asks_is_never_read() -> None:
    said = wire.frame('{"t":"op","n":1,"n":2,"k":"SayDone","b":{}}')

    assert isinstance(said, Op)
    assert said.n == 2
    assert not {"role", "by", "person"} & set(Op.__struct_fields__)


def test_the_version_of_a_hello_is_known_though_the_rest_is_not() -> None:
    assert wire.spoken_version('{"t":"hello","v":999,"new":{"things":1}}') == 999
    assert wire.spoken_version('{"t":"hello"}') is None
    assert wire.spoken_version('{"t":"op","v":999}') is None
    assert wire.spoken_version("[[[") is None


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("Zork", b"{}", "unknown_command"),
        ("Join", b"{}", "unknown_command"),
        ("PostIdea", b"[]", "bad_shape"),
        ("PostIdea", b"{}", "missing_field"),
        ("PostIdea", b'{"id":"idea001","text":"a","step":"ideas","role":"staff"}', "unknown_field"),
        ("PostIdea", b'{"id":"idea001","text":3,"step":"ideas"}', "bad_type"),
        ("PostIdea", b'{"id":"idea001","text":"","step":"ideas"}', "empty"),
        ("PostIdea", b'{"id":"idea001","text":"\xe2\x80\x8b","step":"ideas"}', "empty"),
        ("PostIdea", b'{"id":"SHOUT","text":"a","step":"ideas"}', "bad_id"),
        ("PostIdea", b'{"id":"","text":"a","step":"ideas"}', "bad_id"),
        ("PostIdea", b'{"id":"idea001","text":"a","step":"{R}:j"}', "bad_id"),
        ("PostIdea", b'{"id":"idea001","text":"a","step":"ideas","source":"zork"}', "bad_choice"),
        ("AllocatePoints", b'{"step":"v","option":"t","points":-1}', "bad_number"),
        ("AllocatePoints", b'{"step":"v","option":"t","points":1.5}', "bad_type"),
        ("AllocatePoints", b'{"step":"v","option":"t","points":"2"}', "bad_type"),
        ("AllocatePoints", b'{"step":"v","option":"t","points":true}', "bad_type"),
        ("AllocatePoints", b'{"step":"v","option":"t","points":100000000}', "bad_number"),
        ("MoveIdeas", b'{"ideas":["a","../b"]}', "bad_id"),
        ("MoveIdeas", b'{"ideas":["a",""]}', "bad_id"),
        ("Volunteer", b'{"action":"a1","as_":"boss"}', "bad_choice"),
        ("InsertStep", b'{"step":"step01","settings":{"kind":"zork"},"title":{"fr":"x"}}', "bad_choice"),
        (
            "InsertStep",
            b'{"step":"step01","settings":{"kind":"board","max_chars":-5},"title":{}}',
            "bad_number",
        ),
        ("EditStep", b'{"step":"s","minutes":99999999999999999999}', "bad_number"),
    ],
)
def test_a_body_that_cannot_be_a_command_is_refused_and_nothing_of_it_is_repeated(
    kind: str, body: bytes, code: str
) -> None:
    refused = wire.command(kind, body, ME)

    assert isinstance(refused, Rejection)
    assert refused.code == code
    assert len(str(refused.params)) < 80


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b'{"from":3}', Skip(3)),
        (b"{}", "missing_field"),
        (b'{"from":"3"}', "bad_type"),
        (b'{"from":-1}', "bad_number"),
        (b'{"from_":3}', "unknown_field"),
        (b'{"from":3,"upto":9}', "unknown_field"),
    ],
)
def test_a_skip_says_where_it_begins_and_nothing_else(body: bytes, wanted: object) -> None:
    read = wire.command("Skip", body, ME)

    assert (read.code if isinstance(read, Rejection) else read) == wanted


def test_that_an_op_comes_again_is_read_on_the_socket_and_by_http() -> None:
    posted = wire.posted(msgspec.json.encode({"cid": CID, "n": 1, "b": {}, "again": True}))

    assert wire.frame(op(again=True)).again
    assert posted.again
    assert not wire.frame(op()).again


def test_no_command_of_the_server_can_be_asked_for() -> None:
    assert FROM_SERVER
    assert set(wire.ASKABLE) == set(COMMANDS) - FROM_SERVER


def test_a_text_is_cleaned_and_its_length_is_counted_here_whatever_the_client_says() -> None:
    body = '{"id":"idea001","text":" a\\u0000👨‍👩‍👧‍👦 ","step":"ideas","length":1,"source":"paper"}'.encode()

    assert wire.command("PostIdea", body, ME) == PostIdea("idea001", "a👨‍👩‍👧‍👦", "ideas", length=2)  # type: ignore[arg-type]
    by_desk = wire.command("PostIdea", body, Role.FACILITATOR)
    assert isinstance(by_desk, PostIdea)
    assert by_desk.source == "paper"


def test_both_languages_of_a_text_are_cleaned() -> None:
    body = b'{"step":"ideas","title":{"fr":" Id\xc3\xa9es\\u202e","en":" Ideas "}}'

    assert wire.command("EditStep", body, Role.FACILITATOR) == EditStep(
        "ideas", title=Words("Idées", "Ideas")
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "fields", "wanted"),
    [
        (
            "GroupIdeas",
            {"ideas": ["i1", "i2"], "theme": [""], "title": ["Se voir"]},
            GroupIdeas(("i1", "i2"), "made01", "Se voir"),  # type: ignore[arg-type]
        ),
        ("GroupIdeas", {"ideas": ["i1"], "theme": ["theme09"]}, GroupIdeas(("i1",), "theme09")),  # type: ignore[arg-type]
        ("AllocatePoints", {"step": ["v"], "option": ["t"], "points": ["2"]}, AllocatePoints("v", "t", 2)),  # type: ignore[arg-type]
        ("AddPerson", {}, AddPerson("made01")),  # type: ignore[arg-type]
        ("Volunteer", {"action": ["a1"], "as_": ["pilot"]}, Volunteer("a1", "pilot")),  # type: ignore[arg-type]
        ("EditAction", {"action": ["a1"], "due": [""], "axis": [""]}, EditAction("a1", due="")),  # type: ignore[arg-type]
        ("EditStep", {"step": ["s"], "phones_down": ["on"]}, EditStep("s", phones_down=True)),  # type: ignore[arg-type]
        (
            "InsertStep",
            {"settings.kind": ["board"], "title.fr": ["Idées"], "minutes": ["7"], "before": [""]},
            InsertStep("made01", BoardSettings(), Words("Idées"), minutes=7),  # type: ignore[arg-type]
        ),
    ],
)
def test_a_plain_form_says_the_same_commands(kind: str, fields: dict[str, list[str]], wanted: object) -> None:
    assert wire.form_command(kind, fields, "made01", Role.FACILITATOR) == wanted


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"step": ["v"], "option": ["t"], "points": ["many"]}, "bad_type"),
        ({"step": ["v"], "option": ["t"], "points": ["-1"]}, "bad_number"),
        ({"step": ["v"], "option": ["t"]}, "missing_field"),
        ({"step": ["v"], "option": ["t"], "points": ["1"], "role": ["staff"]}, "unknown_field"),
        ({"step": ["v"], "option.a.b.c.d.e": ["t"], "points": ["1"]}, "bad_type"),
        ({"step": ["v"], "option": ["t"], "option.x": ["u"], "points": ["1"]}, "unknown_field"),
    ],
)
def test_a_form_that_cannot_be_a_command_is_refused(fields: dict[str, list[str]], code: str) -> None:
    refused = wire.form_command("AllocatePoints", fields, "made01", ME)

    assert isinstance(refused, Rejection)
    assert refused.code == code


def test_every_free_text_of_every_command_has_a_limit_or_is_an_id() -> None:
    known = {f"{kind}.{field}" for kind, command in COMMANDS.items() for field in command.__struct_fields__}

    assert set(wire.FIELDS) <= known
    assert {f"{kind}.{field}" for kind, field in wire.NEW_IDS.items()} <= known


@pytest.mark.parametrize("more", [{"lang": "fr"}, {"stands_for": ["idea002"]}, {"group": "table1"}])
def test_what_no_surface_says_of_a_card_no_client_says(more):
    body = msgspec.json.encode({"id": "idea0001", "text": "Une idée", "step": "ideas"} | more)

    assert wire.command("PostIdea", body, Role.PARTICIPANT).code == "unknown_field"
    assert wire.command("PostIdea", body, Role.FACILITATOR).code == "unknown_field"


def test_what_is_chosen_of_a_step_travels_by_kind_and_field_in_a_form_as_in_a_frame() -> None:
    body = b'{"step":"step0001","chosen":{"board":{"max_chars":200,"visibility":"all"}}}'
    form = {"step": ["step0001"], "chosen.board.max_chars": ["200"], "chosen.board.visibility": ["all"]}
    framed = wire.command("EditStep", body, Role.FACILITATOR)
    posted = wire.form_command("EditStep", form, "", Role.FACILITATOR)

    assert isinstance(framed, EditStep)
    assert framed.chosen == {"board": {"max_chars": 200, "visibility": "all"}}
    assert isinstance(posted, EditStep)
    assert posted.chosen == {"board": {"max_chars": "200", "visibility": "all"}}


@pytest.mark.parametrize(
    ("value", "code"), [(f'"{"x" * 121}"', "too_long"), ("-1", "bad_number"), ("[1]", "bad_type")]
)
def test_what_is_chosen_of_a_step_is_a_few_words_or_a_number_within_bounds(value: str, code: str) -> None:
    said = wire.command(
        "EditStep", f'{{"step":"a","chosen":{{"board":{{"x":{value}}}}}}}'.encode(), Role.FACILITATOR
    )

    assert isinstance(said, Rejection)
    assert said.code == code
