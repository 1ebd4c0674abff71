"""What fuzzing found worth keeping is tried again: no input makes anything of ours break its word."""

import pytest

from tests.attack.fuzz import corpus
from tests.attack.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_ever_kept_keeps_its_target_whole(name: str) -> None:
    inputs = corpus.kept(name)

    assert inputs, f"make fuzz keeps none for {name}"
    for data in inputs:
        TARGETS[name](data)
