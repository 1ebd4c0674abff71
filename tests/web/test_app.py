"""The wiring: settings, starting, ending well."""

import asyncio
import socket
from pathlib import Path

import pytest

from forum.app import listening, running
from forum.journal import StoreProblem
from forum.opening import agendas, open_forum
from forum.settings import BadSetting, Settings
from forum.web.addresses import Addresses
from forum.web.qr import qr_svg
from tests.web.conftest import Place, Room, a_place


def test_settings_come_from_the_environment_and_arguments_win() -> None:
    environment = {
        "FORUM_HOST": "127.0.0.1",
        "PORT": "9000",
        "FORUM_PROXIES": "10.0.0.1, 10.0.1.0/24",
        "FORUM_REDIS_URL": "",
    }
    settings = Settings.from_environment(environment)

    assert (settings.host, settings.port, settings.redis) == ("127.0.0.1", 9000, None)
    assert settings.proxies == ("10.0.0.1", "10.0.1.0/24")
    assert Settings.from_environment(environment | {"FORUM_PORT": "9001"}).port == 9001
    assert Settings.from_environment(environment, port=9002).port == 9002
    assert Settings.from_environment({}).data == Path("data")
    assert Settings.from_environment({}).workers == 1
    assert Settings.from_environment({"WEB_CONCURRENCY": "3"}).workers == 3
    assert Settings.from_environment({"WEB_CONCURRENCY": "3", "FORUM_WORKERS": "2"}).workers == 2
    assert Settings.from_environment({"FORUM_REPLICAS": "0"}).store.replicas == 0
    assert Settings.from_environment({"FORUM_MOST_MB": "64"}).most_bytes == 64 * 1024**2
    assert Settings.from_environment({}).most_bytes == 0


@pytest.mark.parametrize(
    "environment",
    [
        {"PORT": "many"},
        {"PORT": "99999"},
        {"PORT": "-1"},
        {"FORUM_PUBLIC_URL": "forum.example"},
        {"FORUM_PUBLIC_URL": "ftp://x"},
        {"FORUM_PROXIES": "everybody"},
        {"FORUM_WORKERS": "0"},
        {"FORUM_MOST_MB": "-1"},
        {"FORUM_MOST_MB": "a lot"},
        {"FORUM_WORKERS": "many"},
        {"WEB_CONCURRENCY": "1000"},
        {"FORUM_REPLICAS": "-1"},
    ],
)
def test_settings_that_cannot_be_are_told_in_a_sentence(environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as told:
        Settings.from_environment(environment)

    assert str(told.value).endswith((".", "1"))


def test_phones_are_shown_an_address_that_they_can_reach() -> None:
    assert Addresses(8000, "https://forum.example/").base == "https://forum.example"
    assert Addresses(8000, listens_on="127.0.0.1").base == "http://localhost:8000"
    assert Addresses(8000).base.startswith("http://")
    assert Addresses(8000, "https://forum.example").join_url("ABC234") == "https://forum.example/f/ABC234"


def test_a_qr_is_plain_svg() -> None:
    drawn = qr_svg("https://forum.example/f/ABC234")

    assert drawn.startswith("<svg")
    assert drawn.endswith("</svg>")
    assert "style" not in drawn
    assert drawn != qr_svg("https://forum.example/f/ABC235")


async def test_a_port_in_use_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(host="127.0.0.1", port=taken.getsockname()[1], data=tmp_path)
        with pytest.raises(BadSetting, match="port"):
            async with listening(settings):
                pass


async def test_a_store_that_cannot_be_used_reaches_whoever_starts(tmp_path: Path) -> None:
    settings = Settings(host="127.0.0.1", port=0, data=tmp_path, redis="redis://127.0.0.1:1")
    with pytest.raises(StoreProblem):
        async with listening(settings):
            pass


async def test_a_server_that_runs_already_is_used(place: Place, tmp_path: Path) -> None:
    data = tmp_path / "never made"
    async with running(Settings(host="127.0.0.1", port=place.settings.port, data=data)):
        assert not data.exists()


async def test_a_server_that_ends_lets_everybody_know_when_to_come_back(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place, place.visitor() as visitor:
        opened = await open_forum(place.service.journal, agendas()["forum-eclair"], clock=place.clock)
        room = Room(place, opened)
        cookie = await room.cookie()
        async with visitor.socket(room.base(), cookie) as talk:
            await talk.hello()
            leaving = asyncio.create_task(place.app.state.leave())
            bye = await talk.hear("bye")
            code = await talk.ended()
            await leaving
        async with visitor.socket(room.base(), cookie) as talk:
            still = await talk.ended()
        ready = await visitor.get("/readyz")

    assert bye["code"] == code == 1012
    assert bye["after_ms"] > 0
    assert still == 1012
    assert ready.status_code == 503


async def test_what_was_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        opened = await open_forum(place.service.journal, agendas()["forum-eclair"], clock=place.clock)
        room = Room(place, opened)
        await room.lead("OpenStep", step="ideas")
        cookie = await room.cookie()
        async with place.visitor() as phone:
            await phone.op(room.base(), "PostIdea", cookie=cookie, id="idea001", text="Ouvrir", step="ideas")
    async with a_place(tmp_path) as place, place.visitor() as phone:
        page = await phone.get(f"/f/{opened.code}", headers={"cookie": cookie})

    assert "Ouvrir" in page.text
