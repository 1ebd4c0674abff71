"""Addresses of stores, hash slots, and who owns which: without a store."""

from urllib.parse import urlsplit

import pytest

from forum.journal.layout import SLOTS, Layout, key_of, parse_slots, parse_url, slot_of, without_password

THIRDS = [
    [0, 5460, [b"10.0.0.1", 7000, b"a", []], [b"10.0.0.4", 7003, b"d", []]],
    [5461, 10922, [b"10.0.0.2", 7001, b"b", []]],
    [10923, 16383, [b"", 7002, b"c", []], [b"::1", 7005, b"f", []]],
]


@pytest.mark.parametrize(
    ("url", "nodes"),
    [
        ("redis://store", ("store:6379",)),
        ("redis://user:pass@store:7000/2", ("store:7000",)),
        ("rediss://a:1,b,c:3?ssl_cert_reqs=none", ("a:1", "b:6379", "c:3")),
        ("redis://[::1]:7000", ("[::1]:7000",)),
        ("redis+sentinel://a,b:2/hall", ("a:26379", "b:2")),
    ],
)
def test_an_address_names_the_servers_to_ask(url: str, nodes: tuple[str, ...]) -> None:
    assert parse_url(url).nodes == nodes


@pytest.mark.parametrize(
    "url",
    [
        "",
        "store:6379",
        "http://store",
        "redis://",
        "redis://a,,b",
        "redis://a:port",
        "redis+sentinel://a:1",
        "redis+sentinel://a/b/c",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"expected|Port"):
        parse_url(url)


def test_each_server_is_reached_with_the_login_and_the_options_given() -> None:
    url = parse_url("rediss://user:p%40ss@a:1,b:2/0?ssl_cert_reqs=none")

    assert url.at("b:2") == "rediss://user:p%40ss@b:2/0?ssl_cert_reqs=none"
    assert parse_url("unix:///run/store.sock").at("anything") == "unix:///run/store.sock"


def test_sentinels_have_a_login_of_their_own_and_no_database() -> None:
    url = parse_url(
        "rediss+sentinel://user:p%40ss@a:1/hall?db=2&sentinel_password=s%3Fcret&ssl_cert_reqs=none"
    )

    assert url.master == "hall"
    assert url.at("c:3") == "rediss://user:p%40ss@c:3?db=2&ssl_cert_reqs=none"
    assert url.sentinel_at("a:1") == "rediss://:s%3Fcret@a:1?ssl_cert_reqs=none"
    assert urlsplit(parse_url("redis+sentinel://x:y@a/hall").sentinel_at("a:1")).username is None


@pytest.mark.parametrize(
    "url",
    [
        "redis://u:secret@a:1,b:2/0?password=secret",
        "redis+sentinel://:secret@a/m?sentinel_password=secret",
        "redis://u:secret@[a",
    ],
)
def test_an_address_is_shown_without_its_passwords(url: str) -> None:
    assert "secret" not in without_password(url)


def test_keys_of_one_forum_share_a_slot_and_its_channel_does_too() -> None:
    assert len({slot_of(f"{{ABC234}}:{kind}") for kind in ("m", "j", "p", "k", "bell")}) == 1
    assert slot_of("{ABC234}:m") == slot_of(b"ABC234")
    assert slot_of("123456789") == 12739  # the specification's example


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("HGETALL", "k"), "k"),
        (("FCALL", "f", 2, "k", "j"), "k"),
        (("XINFO", "STREAM", "k"), "k"),
        (("INFO",), None),
        (("FUNCTION", "LIST"), None),
    ],
)
def test_a_command_goes_where_its_key_is(command: tuple, key: str | None) -> None:
    assert key_of(command) == key


def test_a_clusters_slots_are_read() -> None:
    layout = parse_slots(THIRDS, "10.0.0.3:7002", epoch=6)

    assert layout.primaries == ("10.0.0.1:7000", "10.0.0.2:7001", "10.0.0.3:7002")
    assert layout.replicas == ("10.0.0.4:7003", "[::1]:7005")
    assert [layout.owners[slot] for slot in (0, 5460, 5461, 16383)] == [
        "10.0.0.1:7000", "10.0.0.1:7000", "10.0.0.2:7001", "10.0.0.3:7002",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="somebody owns"):
        parse_slots([], "a:1", epoch=1)


def test_a_slot_that_moved_has_a_new_owner_and_no_other_slot_has() -> None:
    before = parse_slots(THIRDS, "10.0.0.3:7002", epoch=6)
    after = before.moved(5461, "10.0.0.9:7009")

    changed = [slot for slot in range(SLOTS) if before.owners[slot] != after.owners[slot]]
    assert changed == [5461]
    assert after.primaries == (*before.primaries, "10.0.0.9:7009")
    assert Layout(("only",)).moved(1, "other") == Layout(("only",))


def test_each_primary_has_a_tag_whose_keys_it_keeps() -> None:
    layout = parse_slots(THIRDS, "10.0.0.3:7002", epoch=6)

    for node in layout.primaries:
        assert layout.owner(f"{{{layout.tag_on(node, 'keep')}}}:m") == node
    assert layout.tag_on("10.0.0.4:7003", "keep") == ""
    assert Layout(("only",)).tag_on("only", "keep") == "keep"
