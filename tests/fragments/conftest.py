"""Pages as the application makes them, for tests that need no server."""

import pytest

from forum.fragments.pages import Pages


@pytest.fixture(scope="session")
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/test/{path}")
