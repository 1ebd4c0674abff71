"""T7: whether a room whose phones take compressed frames waits longer than one whose phones do not.

Both in turn, so that both meet the same machine. An age ends when the bytes have arrived, before the crowd inflates
anything; and what it inflated for one phone it does not inflate for the next, so that it does not measure itself.
"""

from statistics import median
from typing import Final

from tests.bench.crowd import Counted, Crowd, Load
from tests.bench.subject import subject
from tests.bench.table import Row, judged, say

PHONES, RATE = 731, 55
MOST: Final = 1.2


def a_packed_room(crowd: Crowd, seconds: float, rounds: int) -> list[Row]:
    """The 99th percentile of age, compressed and plain, and the middle one of their ratios."""
    found: dict[bool, list[Counted]] = {False: [], True: []}
    for number in range(rounds):
        for packs, runs in found.items():
            how = "compressed" if packs else "plain"
            say(f"  Forum, {PHONES} phones, {RATE}/s, {how}, round {number + 1}")
            with subject(people=PHONES) as there:
                load = Load(phones=PHONES, rate=RATE, seconds=seconds, packs=packs)
                runs.append(crowd.run(there.room(), load, f"Forum {PHONES} phones, {RATE}/s, {how}"))
    plain, packed = found[False], found[True]
    share = median(small.p99_ms / max(big.p99_ms, 0.1) for small, big in zip(packed, plain, strict=True))
    whole = all(counted.whole for counted in (*plain, *packed))
    ages = [median(counted.p99_ms for counted in runs) for runs in (packed, plain)]
    return [
        Row(
            id="T7",
            what=f"{PHONES} phones, {RATE}/s: p99, compressed to plain",
            forum=f"{ages[0]:.0f} ms to {ages[1]:.0f} ms = {share:.2f} x{'' if whole else ', NOT all arrived'}",
            target=f"<= {MOST} x",
            verdict=judged(whole and share <= MOST),
            why=f"The middle one of {rounds} pairs.",
        )
    ]
