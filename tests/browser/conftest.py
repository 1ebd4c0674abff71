"""A real Chromium and a real server: what people use, in tests."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests import chromium
from tests.servers import ServerProcess, serving

expect.set_options(timeout=30_000)  # ms; a bound on a busy machine, never waited for when all is well


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": list(chromium.FLAGS)}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    async with serving(tmp_path / "data") as running:
        yield running
