"""The readings for machines, in the text form that Prometheus reads.

Numbers only: no code of a forum, no name, no address. Each process tells its own; a scraper sees one at a time.
"""

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from forum.health.readings import Readings
from forum.live import BOUNDS

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


def exposition(now: Readings) -> bytes:
    """All metrics as one text; about a millisecond."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(now))
    ProcessCollector(registry=registry)  # memory, processor time, open files; nothing where there is no /proc
    return generate_latest(registry)


class _Told(Collector):
    def __init__(self, now: Readings) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        now = self._now
        yield _gauge("forum_store_up", "1 when the store would take a fact now", not now.away)
        yield _gauge("forum_store_answer_seconds", "How long the store took to say so", now.answer_ms / 1000)
        yield _gauge("forum_bells_up", "1 when the subscription stands and was heard lately", now.bells)
        checked = now.vitals.checked_seconds
        yield _gauge("forum_position_check_seconds", "Since the store last told where journals end", checked)
        lag = now.vitals.lag_ms / 1000
        yield _gauge("forum_loop_lag_seconds", "How late turns came, the worst of half a minute", lag)
        yield _gauge("forum_forums_open", "Forums that live in this process", now.forums)
        yield _gauge("forum_tasks", "Tasks under way in this process", now.tasks)
        frozen = len(now.frozen)
        yield _gauge("forum_forums_frozen", "Forums whose journal cannot be explained", frozen)
        connected = GaugeMetricFamily("forum_connected", "Browsers connected", labels=["surface"])
        for surface in ("phones", "screens", "desks"):
            connected.add_metric([surface], getattr(now.crowd, surface))
        yield connected
        behind = "Browsers whose network does not take what they are owed"
        yield _gauge("forum_behind", behind, now.crowd.behind)
        yield _appends(now)
        yield CounterMetricFamily("forum_facts", "Facts this process has appended", value=now.vitals.facts)
        verdicts = CounterMetricFamily("forum_commands", "Commands answered", labels=["verdict"])
        for verdict, count in sorted(now.vitals.verdicts.items()):
            verdicts.add_metric([verdict.lower()], count)
        yield verdicts
        if now.condition:
            used, most = now.condition.memory_bytes, now.condition.memory_max_bytes
            yield _gauge("forum_store_memory_bytes", "Memory the store uses", used)
            yield _gauge("forum_store_memory_max_bytes", "Memory it may use; 0: all there is", most)
            if now.condition.disk_free_bytes is not None:
                free = now.condition.disk_free_bytes
                yield _gauge("forum_disk_free_bytes", "Space left where the embedded store writes", free)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _appends(now: Readings) -> Metric:
    names = [*(f"{bound}" for bound in BOUNDS), "+Inf"]
    buckets = list(zip(names, map(float, accumulate(now.vitals.append_classes)), strict=True))
    about = "How long an append to the journal took, fsync included"
    return HistogramMetricFamily(
        "forum_append_seconds", about, buckets=buckets, sum_value=now.vitals.append_seconds
    )
