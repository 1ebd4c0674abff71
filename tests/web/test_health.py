"""Health as it is asked for: by supervisors, by scrapers, by whoever leads."""

import asyncio
from contextlib import asynccontextmanager

import httpx2
import pytest
from redis.asyncio import Redis

from forum.domain.roles import Role
from forum.health.readings import FRESH_SECONDS
from forum.opening import agendas, open_forum
from tests.journal.conftest import external_store
from tests.web.conftest import Room, a_place


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.FACILITATOR, 200), (Role.PARTICIPANT, 401), (Role.STAFF, 401), (Role.SCREEN, 401)],
)
async def test_the_page_is_for_whoever_leads_and_for_nobody_else(room, visitor, role, status):
    cookie = await room.cookie(role)

    answer = await visitor.get(f"{room.base('desk')}/health", headers={"cookie": cookie})

    assert answer.status_code == status
    assert ("Les données de ce forum sont complètes." in answer.text) is (status == 200)


async def test_a_facilitator_whose_link_was_taken_back_sees_nothing(room, visitor):
    cookie = await room.cookie(Role.FACILITATOR)
    keys = {p.key for p in (await room.state()).people.by_id.values() if p.role == Role.FACILITATOR}
    await room.lead("RevokeKey", key=keys.pop())

    answer = await visitor.get(f"{room.base('desk')}/health", headers={"cookie": cookie})

    assert answer.status_code == 410


async def test_the_mark_on_the_desk_asks_for_one_word(room, visitor):
    headers = {"cookie": await room.cookie(Role.FACILITATOR), "accept": "application/json"}

    said = (await visitor.get(f"{room.base('desk')}/health", headers=headers)).json()

    assert set(said) == {"level", "sentence"}
    assert said["level"] in ("ok", "watch", "act")


async def test_metrics_are_told_on_this_machine_and_to_no_proxy(place):
    async with httpx2.AsyncClient(base_url=place.base) as here:
        told = await here.get("/metrics")
        forwarded = await here.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})

    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/plain")
    assert "forum_store_up 1.0" in told.text
    assert forwarded.status_code == 404


@asynccontextmanager
async def on_a_store_of_its_own(folder):
    """A server, a forum in it, and a hand on its store."""
    (folder / "store").mkdir()
    async with (
        external_store(folder / "store") as store,
        a_place(folder, redis=store.url) as place,
        store.client() as hand,
    ):
        opened = await open_forum(place.service.journal, agendas()["forum-eclair"], clock=place.clock)
        async with place.visitor() as visitor:
            yield Room(place, opened), visitor, hand


async def until(visitor, path: str, status: int) -> httpx2.Response:
    """Ask until the answer has this status; readings are looked at again every two seconds."""
    async with asyncio.timeout(10 * FRESH_SECONDS):
        while (answer := await visitor.get(path)).status_code != status:
            pass
    return answer


async def test_a_store_that_is_full_makes_the_server_unready_and_the_page_says_what_to_do(tmp_path):
    async with on_a_store_of_its_own(tmp_path) as (room, visitor, hand):
        cookie = {"cookie": await room.cookie(Role.FACILITATOR)}
        await hand.config_set("maxmemory", 1)
        full = await until(visitor, "/readyz", 503)
        page = await visitor.get(f"{room.base('desk')}/health", headers=cookie)
        alive = await visitor.get("/healthz")
        await hand.config_set("maxmemory", 0)
        ready = await until(visitor, "/readyz", 200)

    assert full.json() == {"ready": False, "why": "full"}
    assert "Une chose à faire." in page.text
    assert "Le stockage est plein." in page.text
    assert alive.status_code == 200, "starting the process again would not help"
    assert ready.json() == {"ready": True}


async def deafen(hand: Redis) -> None:
    """The store goes on, but passes no messages on and lets nobody subscribe."""
    await hand.acl_setuser("default", enabled=True, reset_channels=True)
    await hand.client_kill_filter(_type="pubsub")


async def test_a_subscription_that_is_dead_is_not_healthy(tmp_path):
    async with on_a_store_of_its_own(tmp_path) as (_, visitor, hand):
        await deafen(hand)
        deaf = await until(visitor, "/healthz", 503)
        await hand.acl_setuser("default", enabled=True, channels=["*"])
        well = await until(visitor, "/healthz", 200)

    assert deaf.text == "deaf\n"
    assert well.text == "ok\n"
