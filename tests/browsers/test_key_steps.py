"""Ten key steps of a forum in Firefox and in WebKitGTK, as far as phones go; the whole flow is `make browsers`."""

from pathlib import Path

import pytest

from tests.browsers import flow
from tests.browsers.engines import engine


@pytest.mark.parametrize("name", ["Firefox ESR", "WebKitGTK"])
async def test_the_ten_key_steps_are_well(name: str, tmp_path: Path) -> None:
    outcomes = await flow.lived(engine(name), tmp_path, flow.KEY)

    assert [f"{outcome.step}: {outcome.why}" for outcome in outcomes if not outcome.well] == []
    assert len(outcomes) == len(flow.KEY) == 10
