"""Plain pages, languages, files, exports, opening a forum, and what is said when nothing works."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.requests import Request
from starlette.routing import Route

from forum.domain.roles import Role
from forum.domain.room import RULES
from forum.domain.sheets import SCHEMAS
from forum.exports import kinds
from forum.opening import agendas, open_forum
from forum.places import static_dir
from forum.web import errors, verdicts, wire
from tests.markup import wrong
from tests.names import alike
from tests.web.conftest import Place, Room, Visitor, a_ticket


async def test_opening_begins_with_every_agenda_and_the_help_every_rule(visitor: Visitor) -> None:
    home, rules = await visitor.get("/open"), await visitor.get("/help")

    assert (home.status_code, rules.status_code) == (200, 200)
    assert "forum-eclair" in home.text
    assert [rule for rule in RULES | wire.RULES if f'<dt id="{rule}">' not in rules.text] == []


@pytest.mark.parametrize(
    ("accepts", "cookie", "lang"),
    [
        ("fr-FR,fr;q=0.9", "", "fr"),
        ("en-GB", "", "en"),
        ("de,en;q=0.5", "", "en"),
        ("en", "fr", "fr"),
        ("*", "zz", "fr"),
        ("", "", "fr"),
    ],
)
async def test_a_page_speaks_the_language_chosen_then_the_browsers(
    visitor: Visitor, accepts: str, cookie: str, lang: str
) -> None:
    headers = {"accept-language": accepts} | ({"cookie": f"lang={cookie}"} if cookie else {})

    assert f'<html lang="{lang}"' in (await visitor.get("/help", headers=headers)).text


@pytest.mark.parametrize(
    ("back", "leads"),
    [("/f/ABC234/desk", "/f/ABC234/desk"), ("", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/"),
     ("/x\r\nSet-Cookie: a=b", "/"), ("javascript:alert(1)", "/"), ("/é", "/")],
)  # fmt: skip
async def test_choosing_a_language_leads_back_to_our_own_pages_only(
    visitor: Visitor, back: str, leads: str
) -> None:
    answer = await visitor.post("/lang", {"lang": "en", "back": back})

    assert (answer.status_code, answer.headers["location"]) == (303, leads)
    assert "lang=en" in answer.headers["set-cookie"]


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_nothing_is_wrong_with_the_markup_of_a_plain_page_nor_of_a_failure(
    visitor: Visitor, room: Room, lang: str
) -> None:
    headers = {"accept-language": lang}
    desk = headers | {"cookie": await room.cookie(Role.FACILITATOR)}
    staff = headers | {"cookie": await room.cookie(Role.STAFF)}
    voice = headers | {"cookie": await room.cookie()}
    asked = [
        *(("GET", path, headers) for path in ("/", "/help", "/check", "/nowhere", "/f/ZZZ234", "/?secret=a")),
        *(("GET", room.base() + path, headers) for path in ("", "/desk", "/ticket", "/mine", "/receipt")),
        *(("GET", room.base() + path, voice) for path in ("/receipt", "/receipt/check", "/data", "/leave")),
        *(("GET", room.base("desk") + path, desk) for path in ("/health", "/arrivals", "/data", "/leave")),
        ("GET", room.base("staff"), staff),
        ("DELETE", "/", headers),
    ]
    found = {
        path: faults
        for method, path, sent in asked
        if (faults := faults_of((await visitor.http.request(method, path, headers=sent)).text))
    }

    assert found == {}


def faults_of(page: str) -> list[str]:
    return wrong(page) + alike(page)


async def test_a_text_that_a_failure_gives_back_has_a_label() -> None:
    page = bytes(errors.too_many({"type": "http", "headers": []}, 3, "Une idée").body).decode()

    assert "Une idée</textarea>" in page
    assert 'for="kept"' in page
    assert wrong(page) == []


async def test_a_language_that_we_do_not_speak_is_not_kept(visitor: Visitor) -> None:
    assert "set-cookie" not in (await visitor.post("/lang", {"lang": "<script>", "back": "/"})).headers


async def test_files_are_kept_for_ever_under_the_hash_of_them_all(visitor: Visitor) -> None:
    address = re.search(r'href="(/static/[0-9a-f]{16}/icon\.svg)"', (await visitor.get("/")).text)
    assert address
    now = await visitor.get(address[1])
    older = await visitor.get("/static/0123456789abcdef/icon.svg")

    assert now.content == (static_dir() / "icon.svg").read_bytes()
    assert "immutable" in now.headers["cache-control"]
    assert older.status_code == 200
    assert "immutable" not in older.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "../forum/app.py",
        "..%2f..%2fpyproject.toml",
        "%2e%2e/app.py",
        "icon.svg%00",
        "",
        ".",
        "css",
        "nothing.js",
        "/etc/passwd",
        "%2fetc%2fpasswd",
    ],
)
async def test_no_other_file_is_served(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(f"/static/x/{path}", follow_redirects=True)).status_code == 404


async def test_a_thousand_ranges_are_no_work(visitor: Visitor) -> None:
    ranges = ",".join(f"{n}-{n}" for n in range(1000))
    answer = await visitor.get("/static/x/icon.svg", headers={"range": f"bytes={ranges}"})

    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) < 1_000_000


async def test_robots_health_and_readiness(visitor: Visitor) -> None:
    assert "Disallow: /" in (await visitor.get("/robots.txt")).text
    assert (await visitor.get("/healthz")).text == "ok\n"
    assert (await visitor.get("/readyz")).json() == {"ready": True}


async def test_nothing_is_at_other_addresses(visitor: Visitor, room: Room) -> None:
    page = await visitor.get("/nowhere")
    script = await visitor.get(f"{room.base()}/nowhere", headers={"accept": "application/json"})

    assert page.status_code == 404
    assert 'lang="fr"' in page.text
    assert 'lang="en"' in page.text
    assert (script.status_code, script.json()["code"]) == (404, "not_found")


async def test_a_page_about_a_failure_looks_like_the_others_and_says_in_its_heading_what_kind_it_is(
    visitor: Visitor,
) -> None:
    wrong = (await visitor.get("/nowhere")).text
    later = bytes(errors.spoken({"type": "http", "headers": []}, 503, "unavailable").body).decode()
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', wrong)

    assert "This did not work" in wrong
    assert "One moment" in later
    assert styles == re.findall(r'<link rel="stylesheet" href="([^"]+)"', (await visitor.get("/help")).text)
    assert [(await visitor.get(style)).status_code for style in styles] == [200] * len(styles)


async def test_a_mistake_of_ours_is_told_by_a_number_and_nothing_else(place: Place, visitor: Visitor) -> None:
    async def mistaken(request: Request) -> None:
        raise RuntimeError("/secret/path and a token")

    route = Route("/mistaken", mistaken)
    place.app.router.routes.append(route)
    try:
        page = await visitor.get("/mistaken")
    finally:
        place.app.router.routes.remove(route)
    number = re.search(r"\b[0-9a-f]{8}\b", page.text)

    assert page.status_code == 500
    assert number
    assert "RuntimeError" not in page.text
    assert "secret" not in page.text
    assert page.headers["content-security-policy"]
    assert (await visitor.get("/healthz")).status_code == 200


async def test_a_forum_is_opened_from_the_home_page_and_its_links_open_its_surfaces(visitor: Visitor) -> None:
    fields = {"agenda": "forum-eclair", "title": " Vision 2025 ", "lang": "fr", "ticket": a_ticket()}
    headers = {"accept": "application/json"}
    page = await visitor.post("/forums", fields)
    links = (await visitor.post("/forums", fields, headers=headers)).json()
    other = (await visitor.post("/forums", fields | {"ticket": a_ticket()}, headers=headers)).json()

    assert page.status_code == 201
    assert page.headers["cache-control"] == "no-store"
    assert links["code"] in page.text  # the same form sent again is the same forum
    assert other["code"] != links["code"]
    [kept] = re.findall(r'download="forum-\w+.txt"\s+href="data:text/plain;charset=utf-8,([^"]+)"', page.text)
    assert [url for url in links.values() if url.startswith("http") and url not in unquote(kept)] == []
    assert f"body={kept}" in page.text  # and in a mail to oneself
    assert "<svg" in page.text
    for surface in ("desk", "screen", "staff"):
        path, _, secret = links[f"{surface}_url"].partition("#")
        assert path.endswith(f"/f/{links['code']}/{surface}")
        assert (await visitor.post(f"{path}/enter", {"secret": secret})).status_code == 303
    assert "Vision 2025" in (await visitor.get(f"/f/{links['code']}")).text


@pytest.mark.parametrize(
    "fields",
    [{}, {"agenda": "zork"}, {"agenda": "../../etc"}, {"agenda": "forum-eclair", "title": "x" * 121}],
)
async def test_a_forum_that_cannot_be_opened_gives_back_what_was_written(
    visitor: Visitor, fields: dict[str, str]
) -> None:
    before = len(await visitor.place.service.journal.forums())
    answer = await visitor.post("/forums", fields | {"lang": "zz"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert len(await visitor.place.service.journal.forums()) == before


async def test_nobody_opens_forums_without_end(visitor: Visitor, stopped: None) -> None:
    fields = {"agenda": "forum-eclair", "lang": "fr"}
    statuses = [(await visitor.post("/forums", fields)).status_code for _ in range(22)]

    assert statuses == [201] * 20 + [429] * 2


async def test_the_desk_and_the_staff_download_and_nobody_else(visitor: Visitor, board: Room) -> None:
    desk, staff, phone = [await board.cookie(r) for r in (Role.FACILITATOR, Role.STAFF, Role.PARTICIPANT)]
    for kind in kinds():
        for surface, cookie in (("desk", desk), ("staff", staff)):
            answer = await visitor.get(f"{board.base(surface)}/export/{kind}", headers={"cookie": cookie})
            assert answer.status_code == 200, kind
            assert kind.partition(".")[2] in answer.headers["content-disposition"]
            assert answer.headers["cache-control"] == "no-store"
    french = await visitor.get(
        f"{board.base('desk')}/export/plan.csv?flavour=fr-excel", headers={"cookie": desk}
    )

    assert french.content.startswith(b"\xef\xbb\xbf")
    json.loads(
        (await visitor.get(f"{board.base('desk')}/export/forum.json", headers={"cookie": desk})).content
    )
    for path in (f"{board.base()}/export/plan.md", f"{board.base('screen')}/export/plan.md"):
        assert (await visitor.get(path, headers={"cookie": phone})).status_code == 404
    assert (
        await visitor.get(f"{board.base('desk')}/export/plan.md", headers={"cookie": phone})
    ).status_code == 401


async def test_the_desk_and_the_staff_are_offered_every_document_there_is_and_nobody_else_is(
    visitor: Visitor, board: Room
) -> None:
    desk, staff, phone = [await board.cookie(r) for r in (Role.FACILITATOR, Role.STAFF, Role.PARTICIPANT)]
    of_forum = [kind for kind in kinds() if kind.removesuffix(".csv") not in SCHEMAS]
    for page, cookie in ((f"{board.base('desk')}/documents", desk), (board.base("staff"), staff)):
        told = (await visitor.get(page, headers={"cookie": cookie})).text
        assert [kind for kind in of_forum if f"/export/{kind}" not in told] == []
        assert "plan.md?readers=members" in told

    answer = await visitor.get(f"{board.base('desk')}/documents", headers={"cookie": phone})
    assert answer.status_code == 401


async def test_downloads_are_called_by_their_title_with_its_accents_and_without(
    visitor: Visitor, place: Place
) -> None:
    agenda = agendas()["forum-eclair"]
    opened = await open_forum(place.service.journal, agenda, title="Idées été", clock=place.clock)
    room = Room(place, opened)
    phone, staff = await room.cookie(), await room.cookie(Role.STAFF)
    named = {
        path: (await visitor.get(path, headers={"cookie": cookie})).headers["content-disposition"]
        for path, cookie in (
            (f"{room.base('staff')}/export/plan.csv", staff),
            (f"{room.base()}/receipt/file?as=txt", phone),
            (f"{room.base()}/receipt/file?as=json", phone),
        )
    }

    for path, said in named.items():
        assert 'filename="Idees-ete-' in said, path
        assert "filename*=UTF-8''Id%C3%A9es-%C3%A9t%C3%A9-" in said, path


def test_every_download_is_sent_by_one_function() -> None:
    said = {
        f.name
        for f in Path("forum/web").glob("*.py")
        if "content-disposition" in f.read_text("utf-8").lower()
    }

    assert said == {"downloads.py"}


@pytest.mark.parametrize("what", ["zork.md", "plan.md?flavour=zork", "..%2fplan.md", "plan"])
async def test_there_are_no_other_downloads(visitor: Visitor, board: Room, what: str) -> None:
    headers = {"cookie": await board.cookie(Role.FACILITATOR)}

    assert (await visitor.get(f"{board.base('desk')}/export/{what}", headers=headers)).status_code == 404


def test_every_sentence_can_be_said_and_asks_for_nothing_that_is_not_given() -> None:
    given = {
        "field",
        "count",
        "first",
        "limit",
        "seconds",
        "incident",
        "name",
        "time",
        "left",
        "example",
        "label",
        "over",
        "title",
        "least",
        "words_least",
        "words_most",
        "most",
        "which",
        "sign",
    }
    for sentence in (*verdicts.SENTENCES.values(), *errors.SENTENCES.values()):
        assert set(re.findall(r"\{(\w+)\}", sentence)) <= given
    assert set(wire.REFUSALS) <= set(verdicts.SENTENCES)


def test_no_module_of_the_web_holds_a_rule_or_markup() -> None:
    for module in Path("forum/web").glob("*.py"):
        source = module.read_text("utf-8")
        assert "|safe" not in source
        assert "markupsafe" not in source
