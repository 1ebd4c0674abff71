"""A real Chromium, a toy room, and an eye on what the page must never do."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from tests.browser.client.toydoors import served
from tests.browser.client.toyroom import CODE, SECONDS, Room

STATE, SAY = "#link-state", "[data-say]"
UNANSWERED = "waiting"  # how a page stands that no server has answered yet
PREFIX = f"forum/{CODE}/phone/"  # of all that a page keeps
FORBIDDEN = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {get() { throw new DOMException("no", "SecurityError"); }});"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with served() as room:
        yield room


@pytest.fixture
async def faults(page: Page) -> AsyncIterator[list[str]]:
    """Errors of scripts and violations of the policy; none is expected by any test."""
    seen: list[str] = []
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on(
        "console", lambda said: seen.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield seen
    assert seen == []


@pytest.fixture
async def live(page: Page, room: Room, faults: list[str]) -> Page:
    """A page that is connected."""
    return await opened(page, room)


async def opened(page: Page, room: Room, link: str = "live") -> Page:
    await page.goto(room.address)
    await page.wait_for_selector(f"html[data-link={link}]")
    return page


async def until(page: Page, holds: str) -> None:
    """Wait until a JavaScript expression holds, looked at in every frame. (Playwright's own way needs eval.)"""
    look = "const look = () => (" + holds + ") ? done() : requestAnimationFrame(look); look();"
    async with asyncio.timeout(SECONDS):
        await page.evaluate("() => new Promise((done) => { " + look + " })")


async def write(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")
