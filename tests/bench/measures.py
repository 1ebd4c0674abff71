"""The figures themselves. Each measure returns its rows; what could not be measured says why, and what cures it."""

import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import erasing, events, handset, machine, packing, patience, plans, taps
from tests.bench.crowd import Counted, Crowd, Load, Room
from tests.bench.subject import serving, subject
from tests.bench.table import Row, judged, say
from tests.bench.weight import weight
from tests.bench.yardsticks import ALL as YARDSTICKS

ALL_BUT_FAN_OUT_SECONDS = 170
HALL = 500
BUSY, PACKED, CALM = 100, 400, 20  # ideas a second
LEAN = "nchan"
T1_SHARE = {BUSY: 0.5, PACKED: 0.3}
T2_P99_MS, T2_P50_MS = 100, 40
T3_PHONES, T3_P99_MS = 10_000, 500
T4_KB = 30
T5_PHONES, T5_CARDS, T5_SECONDS = 2_000, 200, 5
T6_CARDS, T6_PHONES, T6_SHARE = 5_000, 50, 1.2
T7_BYTES, T7_CPU, T7_ROUNDS = 0.4, 1.3, 3
T8_KIB = 40
T9_CARDS, T9_EDITS, T9_SECONDS = 15_000, 15_000, 1.0
T10_A_SECOND, T10_UNDER_WAY = 2_000, 4
T10_TOTAL = 4_500  # below the burst that a forum's limit allows (forum.web.limits.FORUM); beyond, the limit is measured
T11_SHARE = 1.5
T12_SECONDS, T12_TIMES = 2.0, 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often."""

    crowd: Crowd
    seconds: float  # of each measured run
    rounds: int
    seed: int
    quick: bool
    until: float  # by time.monotonic: nothing is begun after it

    def __post_init__(self) -> None:
        assert self.rounds > 0, f"expected at least one round, got {self.rounds}"

    @property
    def late(self) -> bool:
        """Whether so much of the time is used that nothing is to be measured twice."""
        return self.until - time.monotonic() < ALL_BUT_FAN_OUT_SECONDS


Measure = Callable[[Plan], list[Row]]


def fan_out(plan: Plan) -> list[Row]:
    """T1, T2, T4 and T7: the same work for Forum and its yardsticks, in turn, so that all meet the same machine."""
    servers: dict[str, Callable[[], AbstractContextManager[Room]]] = {"Forum": _forum, **YARDSTICKS}
    found: dict[tuple[str, int], list[Counted]] = defaultdict(list)
    packed: list[Counted] = []
    absent: dict[str, str] = {}
    for rate in (CALM, BUSY, PACKED) if not plan.quick else (BUSY, PACKED):
        for number in range(plan.rounds if rate != CALM else 1):
            if number and plan.late:
                say("  no further round: this machine is slow today")
                break
            for name, room in servers.items():
                if name in absent or (rate == CALM and name not in ("Forum", LEAN)):
                    continue
                try:
                    with room() as there:
                        say(f"  {name}, {HALL} phones, {rate}/s, round {number + 1}")
                        load = Load(phones=HALL, rate=rate, seconds=plan.seconds)
                        found[name, rate].append(plan.crowd.run(there, load, f"{name} {rate}/s"))
                except machine.Missing as why:
                    if name == "Forum":
                        raise
                    absent[name] = str(why)
                    say(f"  {why}")
            if rate == BUSY:
                with _forum() as there:
                    say(f"  Forum, {HALL} phones, {rate}/s, compressed, round {number + 1}")
                    load = Load(phones=HALL, rate=rate, seconds=plan.seconds, packs=True)
                    packed.append(plan.crowd.run(there, load, f"Forum {rate}/s compressed"))
    shrunk = _packed_row(found["Forum", BUSY], packed)
    return [*_cpu_rows(found, absent), *_age_rows(found), *_memory_rows(found), shrunk]


def _packed_row(plain: Sequence[Counted], packed: Sequence[Counted]) -> Row:
    """T7: frames compressed once and shared."""
    smaller = median(c.bytes_per_delivery for c in packed) / median(c.bytes_per_delivery for c in plain)
    dearer = median(c.server_us for c in packed) / median(c.server_us for c in plain)
    whole = all(c.whole for c in packed)
    sent = median(c.bytes_per_delivery for c in packed)
    return Row(
        id="T7",
        what=f"compressed frames, {HALL} phones, {BUSY}/s",
        forum=f"{smaller:.2f} x bytes ({sent:.0f} B each), {dearer:.2f} x CPU{'' if whole else ', NOT all arrived'}",
        target=f"<= {T7_BYTES} x bytes, <= {T7_CPU} x CPU",
        verdict=judged(whole and smaller <= T7_BYTES and dearer <= T7_CPU),
    )


def _cpu_rows(found: dict[tuple[str, int], list[Counted]], absent: dict[str, str]) -> Iterator[Row]:
    for rate, share in T1_SHARE.items():
        cpu = {name: median(c.server_us for c in runs) for (name, r), runs in found.items() if r == rate}
        ours, lean = cpu.pop("Forum"), cpu.get(LEAN)
        store = median(c.store_us for c in found["Forum", rate])
        sent = median(c.bytes_per_delivery for c in found["Forum", rate])
        together = median(c.deliveries / max(1, c.frames) for c in found["Forum", rate])
        ratio = f" = {ours / lean:.2f} x {LEAN}" if lean else ""
        yield Row(
            id="T1",
            what=f"CPU per delivery, {HALL} phones, {rate}/s",
            forum=f"{ours:.2f} us{ratio}",
            beside={name: f"{us:.2f} us" for name, us in cpu.items()} | dict.fromkeys(absent, "not here"),
            target=f"<= {share} x {LEAN}",
            verdict=judged(ours <= share * lean if lean else None),
            why="; ".join(absent.values()),
        )
        yield Row(
            id="",
            what="  its store; bytes each; ideas a frame",
            forum=f"{store:.2f} us; {sent:.0f} B; {together:.1f}",
        )


def _age_rows(found: dict[tuple[str, int], list[Counted]]) -> Iterator[Row]:
    for rate in sorted({rate for _, rate in found}):
        runs = {name: cs for (name, r), cs in found.items() if r == rate}
        p50 = median(c.p50_ms for c in runs["Forum"])
        p99 = median(c.p99_ms for c in runs["Forum"])
        lost = sum(c.expected - c.deliveries for c in runs["Forum"])
        wanted = {CALM: f"p50 <= {T2_P50_MS}, p99 <= {T2_P99_MS} ms", BUSY: f"p99 <= {T2_P99_MS} ms"}.get(
            rate, ""
        )
        met = p99 <= T2_P99_MS and (rate != CALM or p50 <= T2_P50_MS) and not lost
        yield Row(
            id="T2",
            what=f"age at {HALL} phones, {rate}/s: p50, p99",
            forum=_ages(runs["Forum"]),
            beside={name: _ages(cs) for name, cs in runs.items() if name != "Forum"},
            target=wanted,
            verdict=judged(met) if wanted else "",
        )


def _ages(runs: Sequence[Counted]) -> str:
    whole = sum(c.deliveries for c in runs) / max(1, sum(c.expected for c in runs))
    lost = "" if whole == 1 else f", {1 - whole:.0%} not within 10 s"
    return f"{median(c.p50_ms for c in runs):.0f}, {median(c.p99_ms for c in runs):.0f} ms{lost}"


def _memory_rows(found: dict[tuple[str, int], list[Counted]]) -> Iterator[Row]:
    runs = {name: cs for (name, rate), cs in found.items() if rate == BUSY}
    kb = {name: median(c.kb_per_phone for c in cs) for name, cs in runs.items()}
    yield Row(
        id="T4",
        what=f"memory per phone, of the first {HALL}",
        forum=f"{kb.pop('Forum'):.0f} KB",
        beside={name: f"{value:.0f} KB" for name, value in kb.items()},
        why="With the pages and templates that the first phone brings in; T4 is judged on the larger room.",
    )


def large_room(plan: Plan) -> list[Row]:
    """T3, and T4 where it counts."""
    phones = min(2_000 if plan.quick else T3_PHONES, machine.most_phones())
    say(f"  Forum, {phones} phones, {BUSY}/s")
    with subject(people=phones) as there:
        load = Load(phones=phones, rate=BUSY, seconds=plan.seconds, publishers=1_000)
        counted = plan.crowd.run(there.room(), load, f"Forum {phones} phones")
    less = (
        ""
        if phones == T3_PHONES
        else f"Only {phones} phones: --quick, or the limit of open files (ulimit -Hn)."
    )
    whole = "all" if counted.whole else f"{counted.deliveries / max(1, counted.expected):.1%}"
    met = counted.whole and counted.p99_ms <= T3_P99_MS
    return [
        Row(
            id="T3",
            what=f"{phones} phones, {BUSY}/s, one process: arrived, p99",
            forum=f"{whole}, {counted.p99_ms:.0f} ms, {counted.server_us:.2f} us each",
            target=f"all, p99 <= {T3_P99_MS} ms",
            verdict=judged(met if not less else None),
            why=less,
        ),
        Row(
            id="T4",
            what=f"memory per phone, of {phones}",
            forum=f"{counted.kb_per_phone:.1f} KB",
            target=f"<= {T4_KB} KB",
            verdict=judged(counted.kb_per_phone <= T4_KB),
        ),
    ]


def comes_back(plan: Plan) -> list[Row]:
    """T5: everybody is cut off and back in the same moment, knowing nothing any more."""
    say(f"  Forum, {T5_PHONES} phones cut off and back")
    phones = min(T5_PHONES, machine.most_phones() // 2)
    with subject(people=phones, cards=T5_CARDS, seed=plan.seed) as there:
        counted = plan.crowd.run(there.room(), Load(phones=phones, cut=True), "Forum cut off and back")
    back = counted.served == phones and not counted.dead
    return [
        Row(
            id="T5",
            what=f"{phones} phones cut off and back, {T5_CARDS} cards",
            forum=f"{counted.back_s:.1f} s, {counted.dead} refused, {phones - counted.served} not back",
            target=f"<= {T5_SECONDS} s, none refused",
            verdict=judged(back and counted.back_s <= T5_SECONDS),
            why="Without a position to resume from, so that each is given the whole page: the worst case.",
        )
    ]


def long_board(plan: Plan) -> list[Row]:
    """T6: a card costs the same, however many there are."""
    found = []
    for cards in (0, T6_CARDS):
        say(f"  Forum, a board of {cards} cards")
        with subject(people=T6_PHONES, cards=cards, seed=plan.seed) as there:
            load = Load(phones=T6_PHONES, rate=BUSY, seconds=plan.seconds)
            found.append(plan.crowd.run(there.room(), load, f"Forum {cards} cards"))
    empty, full = (c.server_us for c in found)
    few, many = (c.bytes_per_delivery for c in found)
    return [
        Row(
            id="T6",
            what=f"a post on a board of {T6_CARDS} cards, to an empty one",
            forum=f"{full / max(empty, 1e-9):.2f} x CPU, {many / max(few, 1):.2f} x bytes",
            target=f"<= {T6_SHARE} x CPU, same bytes",
            verdict=judged(full <= T6_SHARE * empty and many <= 1.02 * few),
        )
    ]


def first_load(plan: Plan) -> list[Row]:
    """T8."""
    with subject(people=1) as there:
        found = weight(there.base, there.cookie(0))
    biggest = sorted(found.files, key=lambda file: -file.sent)[:3]
    named = ", ".join(f"{file.name} {file.sent / 1024:.1f}" for file in biggest)
    return [
        Row(
            id="T8",
            what=f"first load of the phone page, {len(found.files)} files",
            forum=f"{found.sent_kib:.1f} KiB, {len(found.outside)} outside",
            target=f"<= {T8_KIB} KiB, 0 outside",
            verdict=judged(found.sent_kib <= T8_KIB and not found.outside),
            why=f"Largest, as sent (KiB): {named}.",
        )
    ]


def opening(plan: Plan) -> list[Row]:
    """T9: from the journal to the first page of the forum."""
    say(f"  Forum, opening {T9_CARDS + T9_EDITS} facts")
    with subject(people=1, cards=T9_CARDS, edits=T9_EDITS, seed=plan.seed) as first:
        _page(first.base)  # the first server has read it all, and is idle from here
        port = machine.free_port()
        with serving(first.folder / "data", port):  # a second process, which knows nothing of the forum yet
            beside = _seconds(f"http://127.0.0.1:{port}/help")
            took = _seconds(f"http://127.0.0.1:{port}/f/{first.code}") - beside
    return [
        Row(
            id="T9",
            what=f"opening a forum of {T9_CARDS + T9_EDITS} facts",
            forum=f"{took:.2f} s",
            target=f"<= {T9_SECONDS:.0f} s",
            verdict=judged(took <= T9_SECONDS),
        )
    ]


def acknowledged(plan: Plan) -> list[Row]:
    """T10: every phone keeps some ideas under way; an acknowledgement means fsynced."""
    rows = []
    for shown in (False, True):
        board = "shown to all" if shown else "hidden until the reveal"
        say(f"  Forum, {T10_TOTAL} ideas as fast as they are acknowledged, {board}")
        with subject(people=HALL, shown=shown) as there:
            load = Load(phones=HALL, under_way=T10_UNDER_WAY, total=T10_TOTAL)
            counted = plan.crowd.run(there.room(), load, f"Forum acknowledged, {board}")
        speed = counted.acks / max(counted.ack_s, 1e-9)
        refused = f", {counted.nacks} refused" if counted.nacks else ""
        rows.append(
            Row(
                id="T10",
                what=f"acknowledged ideas, {HALL} phones, {board}",
                forum=f"{speed:,.0f}/s{refused}",
                target=f">= {T10_A_SECOND:,}/s",
                verdict=judged(speed >= T10_A_SECOND and not counted.nacks),
                why=f"{T10_TOTAL} ideas in a burst: a forum's own limit is a burst of 5,000, then 1,000/s.",
            )
        )
    return rows


def two_processes(plan: Plan) -> list[Row]:
    """T11: half of the phones at each of two servers on one store."""
    ages = []
    for processes in (1, 2):
        say(f"  Forum, {processes} process(es), {HALL} phones, {BUSY}/s")
        with subject(people=HALL, processes=processes) as there:
            load = Load(phones=HALL, rate=BUSY, seconds=plan.seconds)
            ages.append(plan.crowd.run(there.room(), load, f"Forum {processes} processes"))
    one, two = ages
    return [
        Row(
            id="T11",
            what="two server processes on one store: arrived, p99",
            forum=f"{'all' if two.whole else 'NOT all'}, {two.p99_ms:.0f} ms = {two.p99_ms / max(one.p99_ms, 0.1):.2f} x one",
            target=f"all, p99 <= {T11_SHARE} x one",
            verdict=judged(two.whole and two.p99_ms <= T11_SHARE * one.p99_ms),
        )
    ]


def start(plan: Plan) -> list[Row]:
    """T12: from the command to the home page, on an empty folder."""
    took = []
    for _ in range(T12_TIMES):
        with tempfile.TemporaryDirectory(prefix="forum-bench-") as made:
            began = time.monotonic()
            with serving(Path(made) / "data", machine.free_port()):
                took.append(time.monotonic() - began)
    return [
        Row(
            id="T12",
            what="forum serve, to the first home page",
            forum=f"{median(took):.2f} s",
            target=f"<= {T12_SECONDS:.0f} s",
            verdict=judged(median(took) <= T12_SECONDS),
        )
    ]


@contextmanager
def _forum() -> Iterator[Room]:
    with subject(people=HALL) as there:
        yield there.room()


def _page(address: str) -> None:
    with urllib.request.urlopen(address, timeout=60) as page:
        page.read()


def _seconds(address: str) -> float:
    began = time.monotonic()
    _page(address)
    return time.monotonic() - began


SECTIONS: tuple[tuple[str, Measure], ...] = (
    ("T12", start),
    ("T8", first_load),
    ("T1 T2 T4 T7", fan_out),
    ("T3 T4", large_room),
    ("T7", lambda plan: packing.a_packed_room(plan.crowd, plan.seconds, 1 if plan.quick else T7_ROUNDS)),
    ("T10", acknowledged),
    ("T5", comes_back),
    ("T6", long_board),
    ("T9", opening),
    ("T11", two_processes),
    ("T13", lambda plan: taps.a_tap(plan.seed)),
    ("T14", lambda plan: handset.an_idea(plan.seconds)),
    ("T15", lambda _: handset.cold_page()),
    ("T16", lambda plan: patience.crowd_loads(plan.seconds)),
    ("T17", lambda plan: patience.one_person_alone(plan.seconds)),
    ("T18", lambda plan: erasing.a_crowd_erases(plan.seed)),
    ("T19", lambda plan: events.an_event(plan.seed)),
    ("T20", lambda plan: plans.a_large_plan(plan.crowd, plan.seconds, plan.seed)),
)
