"""Hurried hands: a code behind the address, in capitals, with a dot; an address in the code's field; and what is no code."""

import re

import pytest

from forum.web import pasted
from tests.web.conftest import Place, Room, Visitor

PERSON = {"accept": "text/html,application/xhtml+xml", "accept-language": "en"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://forum.example/F/ABC234", "/f/ABC234"),
        ("HTTPS://FORUM.EXAMPLE/F/ABC234/DESK", "/f/ABC234/desk"),
        ("forum.example/abc234", "/f/ABC234"),
        ("https://forum.example:8443/ABC234.", "/f/ABC234"),
        ("<https://forum.example/ABC-234/>", "/f/ABC234"),
        ("10.0.0.7:8000/ABC 234 ?utm_source=mail", "/f/ABC234"),
        ("https://forum.example/f/abc234.", "/f/ABC234"),
        ("/ABC234", "/f/ABC234"),
        ("/f/abc 234 ,", "/f/ABC234"),
        ("f/ABC234", "/f/ABC234"),
        ("f/ABC23", None),
        ("forum.example/ABC234/Desk)", "/f/ABC234/desk"),
        ("Code : ABC234", "/f/ABC234"),
        ("Code ABC234!", "/f/ABC234"),
        ("Le code de la salle : abc 234.", "/f/ABC234"),
        ("ABC234 ABC234", "/f/ABC234"),
        ("ABC 234 (abc-234)", "/f/ABC234"),
        ("#ABC234", "/f/ABC234"),
        ("ABC234 or ABC235", None),
        ("https://forum.example/ABC2345", None),
        ("https://forum.example/ABC230", None),
        ("https://forum.example/static/ABC234", None),
        ("https://ABC234", None),
        ("https://forum.example/", None),
    ],
)
def test_an_address_with_nothing_but_a_code_or_in_capitals_means_its_forum(
    written: str, meant: str | None
) -> None:
    assert pasted.place(written) == meant


def test_a_path_of_ours_is_never_led_elsewhere() -> None:
    for path in (
        "/f/ABC234/nowhere",
        "/f/abc234",
        "/ab/c234",
        "/wp/abcd/",
        "/static/ABC234",
        "/static/x/ABC234",
        "/",
        "",
        "//",
        "/help",
    ):
        assert pasted.astray(path) is None, path


async def test_a_code_behind_the_address_however_it_is_written_leads_to_the_way_in(
    visitor: Visitor, room: Room
) -> None:
    code, other = room.code, room.code.swapcase()
    spaced = f"{code[:3]}%20{code[3:]}"
    ways = [
        f"/{code}", f"/{code.lower()}", f"/{spaced}", f"/{code}.", f"/{code}/", f"/{code[:3]}-{code[3:]}", f"/F/{code}",
        f"/F/{other}", f"/f/{other}", f"/f/{code}.", f"/f/{spaced}", f"/F/{code}/", f"/f/{code}/",
        f"/{code})", f"/f/{code})", f"/f/{code}!", f"/f/{code},", f"/f/({code}", f"/f/[{code}]", f"/f/{code}*", f"/f/{code}%3F",
        f"/http://forum.example/f/{code}", f"/forum.example/{code}", f"/forum.example/F/{other}",
    ]  # fmt: skip
    led = {}
    for way in ways:
        answer = await visitor.get(way, headers=PERSON)
        while answer.status_code in (303, 307):
            answer = await visitor.get(
                answer.headers["location"].removeprefix(visitor.place.base), headers=PERSON
            )
        led[way] = answer.status_code, f'action="/f/{code}/join"' in answer.text

    assert {way: seen for way, seen in led.items() if seen != (200, True)} == {}


async def test_a_surface_behind_capitals_is_kept_and_a_secret_is_left_to_the_browser(
    visitor: Visitor, room: Room
) -> None:
    code = room.code
    for way in (
        f"/F/{code.lower()}/DESK",
        f"/{code}/desk",
        f"/{code.lower()}/Desk/",
        f"/f/{code}/Desk",
        f"/f/{code}/desk)",
    ):
        desk = await visitor.get(way, headers=PERSON)
        assert (desk.status_code, desk.headers.get("location")) == (303, f"/f/{code}/desk"), way


async def test_an_address_in_capitals_leads_where_the_small_one_does_and_once_only(
    visitor: Visitor, room: Room
) -> None:
    led = {
        way: (await visitor.get(way, headers=PERSON)).headers.get("location")
        for way in (
            "/HELP",
            "/Check/",
            f"/f/{room.code}/Receipt/Check",
            f"/f/{room.code}/Nowhere",
            f"/f/{room.code}/nowhere",
        )
    }

    assert list(led.values()) == [
        "/help", "/check", f"/f/{room.code}/receipt/check", f"/f/{room.code}/nowhere", None,
    ]  # fmt: skip


@pytest.mark.parametrize("accept", [PERSON["accept"], "*/*"])
@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/f", ""), ("/f/", ""), ("/F/", ""), ("/6C6M", "6C6M"), ("/ABC23O", "ABC23O"), ("/f/ABC23O/Desk", "ABC23O"),
        ("/nowhere", "nowhere"), ("/nowhere/else", ""), ("/static/x/none.js", ""), ("/wp-login.php", ""), ("/.env", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("lang", "home"), [("fr", "Retour à l’accueil"), ("en", "Back to the start")])
async def test_every_page_that_finds_nothing_takes_a_code_and_leads_home(
    visitor: Visitor, path: str, kept: str, accept: str, lang: str, home: str
) -> None:
    page = await visitor.get(path, headers={"accept": accept, "accept-language": lang})

    assert page.status_code == 404
    assert re.search(r'<form [^>]*method="post" action="/"', page.text)
    assert re.search(rf'<input [^>]*name="code"[^>]* value="{kept}"', page.text)
    assert re.search(rf'<a class="button plain" href="/">[^\n]*{home}', page.text)


CUT = {"fr": "Ce lien est incomplet", "en": "This link is incomplete"}
MISREAD = {"fr": "Un code ne contient ni I", "en": "Codes never contain I, L, O, 0 or 1"}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("accept", [PERSON["accept"], "*/*"])
async def test_a_cut_link_is_called_one_and_a_sign_of_no_code_is_named_wherever_it_stands(
    visitor: Visitor, lang: str, accept: str
) -> None:
    headers = {"accept": accept, "accept-language": lang}
    cut = {
        path: (await visitor.get(path, headers=headers)).text for path in ("/f", "/f/", "/6C6M", "/f/6C6M")
    }
    misread = {
        path: (await visitor.get(path, headers=headers)).text
        for path in ("/ABC23O", "/f/ABC23O", "/f/ABC23O/desk")
    }
    pasted_ = {
        written: (await visitor.post("/", {"code": written}, headers=headers)).text
        for written in (
            "http://host/f/6C6M",
            "http://host/f/",
            "http://host/f",
            "host.example/f/",
            "https://host/",
        )
    }
    other = [
        (await visitor.post("/", {"code": "6C6M"}, headers=headers)).text,
        (await visitor.post("/", {"code": "http://host/f/6C6M6N7"}, headers=headers)).text,
        (await visitor.get("/nowhere", headers=headers)).text,
    ]

    assert [path for path, text in (cut | pasted_).items() if CUT[lang] not in text] == []
    assert [path for path, text in misread.items() if MISREAD[lang] not in text] == []
    assert not any(CUT[lang] in text or MISREAD[lang] in text for text in other)


async def test_what_robots_try_takes_nobodys_turn(visitor: Visitor, place: Place) -> None:
    """Answered at once also when the line of pages is full for this address, without a template."""
    for n in range(60):
        for path in ("/wp-login.php", "/.env", "/wp-admin/setup.php", "/xmlrpc.php"):
            page = await visitor.get(path, headers=PERSON)
            assert (page.status_code, len(page.content) < 3000) == (404, True), (n, path)


@pytest.mark.parametrize("way", ["/f/{}", "/F/{}", "/{}", "/?code={}"])
async def test_a_wrong_code_is_answered_as_by_the_field_with_what_was_typed_to_be_put_right(
    visitor: Visitor, way: str
) -> None:
    field = await visitor.post("/", {"code": "ZZZZZZ"}, headers=PERSON)
    answer = await visitor.get(way.format("ZZZZZZ"), headers=PERSON)
    while answer.status_code == 303:
        answer = await visitor.get(answer.headers["location"], headers=PERSON)

    said = [re.search(r'role="alert">([^<]+)<', page.text) for page in (field, answer)]
    assert (field.status_code, answer.status_code) == (404, 404)
    assert said[0]
    assert said[1]
    assert said[0][1] == said[1][1]
    for page in (field, answer):
        assert re.search(r'<input [^>]*name="code"[^>]* value="ZZZZZZ"', page.text)


@pytest.mark.parametrize("way", ["/f/{}", "/{}"])
@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ABC2O4", "Codes never contain I, L, O, 0 or 1"),
        ("abc1i3", "Codes never contain I, L, O, 0 or 1"),
        ("ABC23", ""),
        ("<b>", ""),
    ],
)
async def test_what_is_no_code_stays_in_the_field_and_its_look_alikes_are_named(
    visitor: Visitor, way: str, written: str, says: str
) -> None:
    page = await visitor.get(way.format(written.replace("<", "%3C").replace(">", "%3E")), headers=PERSON)
    kept = written.replace("<", "&lt;").replace(">", "&gt;")

    assert page.status_code == 404
    assert f'value="{kept}"' in page.text
    assert says in page.text
    assert "<b>" not in page.text


async def test_guesses_count_the_same_by_every_way_and_right_codes_are_no_exception(
    place: Place, room: Room, stopped: None
) -> None:
    """Twenty wrong ones of one address, mixed; then the same wait for what exists and for what does not."""

    async def asked(guesser: Visitor, way: str) -> int:
        answer = await guesser.get(way, headers=PERSON)
        while answer.status_code == 303:
            answer = await guesser.get(answer.headers["location"], headers=PERSON)
        return answer.status_code

    async with place.visitor("198.51.100.201") as guesser:
        wrong = [
            await asked(guesser, f"{base}ZZZZ{a}{b}")
            for a, base in zip("ABCDE", ("/", "/F/", "/f/", "/?code=", "/x.example/"), strict=True)
            for b in "GHJK"
        ]
        after = [
            await asked(guesser, f"{base}{code}") for base in ("/", "/F/") for code in ("ZZZZZZ", room.code)
        ]

    assert wrong == [404] * 20
    assert after == [429] * 4


async def test_a_machine_that_asks_for_what_is_nowhere_is_answered_in_few_bytes(visitor: Visitor) -> None:
    icon = await visitor.get("/favicon.ico", headers={"accept": "image/*"})
    script = await visitor.get("/ABC2O4", headers={"accept": "application/json"})
    posted = await visitor.post("/ABC234", {"name": "Zoé"})

    assert (icon.status_code, script.status_code, posted.status_code) == (404, 404, 404)
    assert script.json()["code"] == "not_found"
    assert 'name="code"' not in icon.text
    assert len(icon.content) < 2000


@pytest.mark.parametrize("path", ["/README.md", "/SECURE.txt", "/new.php", "/static/x/../../README.md"])
def test_the_name_of_a_file_is_no_code(path: str) -> None:
    assert pasted.astray(path) is None
    assert pasted.astray("/ABC.234") == "/f/ABC234"
