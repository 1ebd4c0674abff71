"""One Cluster for all tests that leave it as they found it."""

from collections.abc import AsyncIterator

import pytest

from tests.cluster.nodes import Cluster, cluster
from tests.journal.conftest import External, Listener, a_code, external_store


@pytest.fixture(scope="session")
async def six(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    """Three primaries and three replicas."""
    async with cluster(tmp_path_factory.mktemp("cluster")) as formed:
        yield formed


@pytest.fixture(scope="session")
async def external(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[External]:
    """One server of an operator's own."""
    async with external_store(tmp_path_factory.mktemp("external")) as store:
        yield store


@pytest.fixture
def code() -> str:
    return a_code()


@pytest.fixture
def listener() -> Listener:
    return Listener()
