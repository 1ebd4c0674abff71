"""A real Chromium and a real server: what people use, in tests."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests import chromium
from tests.further import leave_out
from tests.servers import ServerProcess, serving
from tests.unhurried import UNHURRIED

expect.set_options(timeout=30_000)  # ms; a bound on a busy machine, never waited for when all is well


NO_SECURE_CONTEXT = "forum.test"  # a name of this machine that browsers trust no more than a hall's address


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    leave_out(items)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """One browser for the whole session, so the same flags for everybody."""
    flags = [*chromium.FLAGS, f"--host-resolver-rules=MAP {NO_SECURE_CONTEXT} 127.0.0.1", "--no-proxy-server"]
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": flags}


@pytest.fixture
async def browser(browser: Browser) -> AsyncIterator[Browser]:
    """Whoever uses it reads before they press, and goes when the test is over.

    A page that stays open works on: it looks for its server, which is gone, and the tests that follow wait for it.
    """
    new_context = browser.new_context

    async def unhurried(**look: Any) -> BrowserContext:
        context = await new_context(**look)
        await context.add_init_script(UNHURRIED)
        return context

    browser.new_context = unhurried  # type: ignore[method-assign]
    yield browser
    browser.new_context = new_context  # type: ignore[method-assign]
    for context in list(browser.contexts):
        await context.close()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    async with serving(tmp_path / "data") as running:
        yield running
