"""A soak's verdict is one that can be lost: what grows is seen, what only comes and goes is not held against it."""

import msgspec
import pytest

from tests.soak.samples import KB, Process, Sample
from tests.soak.verdict import REST, judged, table, windows

SECONDS = 7200.0
EACH = 450.0  # of a forum and its rest


def sample(at: float, *, mb: float, descriptors: int = 40) -> Sample:
    resting = at % EACH >= 0.8 * EACH
    phones = 0 if resting else 120
    rss = round((mb if resting else mb + 20) * KB)
    server = Process(rss, rss, rss, descriptors + phones, 3, at / 20)
    store = Process(9 * KB, 9 * KB, 9 * KB, 30, 6, at / 100)
    return Sample(
        at, int(at / EACH), REST if resting else "forum", server, store, 10**6, not resting, phones, 90, 0.5
    )


def soaked(grows_mb: float = 0, leaks: int = 0) -> list[Sample]:
    """Two hours in which this much memory, and this many descriptors, are not given back each half hour."""
    return [
        sample(at, mb=80 + grows_mb * at / 1800, descriptors=40 + leaks * int(at / 1800))
        for at in map(float, range(0, 7200, 15))
    ]


def kept(samples: list[Sample], file: int = 110, fresh: int = 100) -> dict[str, bool]:
    return {one.what: one.kept for one in judged(windows(samples, SECONDS), file, fresh)}


def test_what_comes_and_goes_with_each_forum_is_no_growth():
    assert set(kept(soaked()).values()) == {True}


@pytest.mark.parametrize(
    ("samples", "broken"),
    [
        (soaked(grows_mb=4), {"resident memory"}),
        (soaked(leaks=1), {"descriptors at rest"}),
    ],
)
def test_what_grows_is_seen(samples: list[Sample], broken: set[str]):
    assert {what for what, fine in kept(samples).items() if not fine} == broken


def test_a_room_that_is_never_let_go_is_seen():
    never = [msgspec.structs.replace(one, rooms=1) for one in soaked()]

    assert not kept(never)["descriptors at rest"]


def test_a_file_that_keeps_what_a_fresh_copy_has_not_is_seen():
    assert not kept(soaked(), file=121)["the store's file"]


def test_the_windows_are_those_of_the_promise_and_their_table_has_a_line_for_each():
    found = windows(soaked(), SECONDS)

    assert [window.name for window in found] == ["0 to 30", "30 to 60", "60 to 90", "90 to 120"]
    assert {window.samples for window in found} == {120}
    assert len(table(found).splitlines()) == 5


def test_a_window_without_a_sample_says_so():
    with pytest.raises(ValueError, match="no sample"):
        windows(soaked()[:100], SECONDS)
