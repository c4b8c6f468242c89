"""What Prometheus is told: counters of this process, and figures of the last tick; reads no state when it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.health.board import Board, Known
from monitor.health.verdict import Level, Verdict
from monitor.model import PollResult, SourceState
from monitor.pipeline import PassReport
from monitor.store.vitals import SourceVitals, Vitals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: of a pass: from one poll to hosts that want pauses of minutes
_SECONDS = (1, 3, 10, 30, 60, 120, 300, 600, 1800)


class Metrics:
    """The counters of this process and the registry that holds everything."""

    def __init__(self, board: Board) -> None:
        self.registry = CollectorRegistry()
        self._board = board
        self._polls = Counter("monitor_polls", "Polls by result.", ["result"], registry=self.registry)
        self._pieces = Counter("monitor_pieces", "Pieces by what became of them.", ["outcome"], registry=self.registry)
        self._passes = Histogram(
            "monitor_pass_duration_seconds", "Passes that polled.", buckets=_SECONDS, registry=self.registry
        )
        # a series that is missing until its first event hides that event from rate()
        for result in PollResult:
            self._polls.labels(result.value)
        for outcome in ("new", "revised", "dropped"):
            self._pieces.labels(outcome)
        ProcessCollector(registry=self.registry)

    def passed(self, report: PassReport, seconds: float) -> None:
        """Count what a pass came to."""
        for poll in report.polls:
            self._polls.labels(poll.result.value).inc()
        for outcome in ("new", "revised", "dropped"):
            self._pieces.labels(outcome).inc(report.counts()[outcome])
        if report.polled:
            self._passes.observe(seconds)

    def text(self, now: datetime) -> bytes:
        """Return everything in the text format of Prometheus."""
        gathered = CollectorRegistry()
        gathered.register(_AsOf(self._board.known, self._board.verdict(now), now))
        return generate_latest(self.registry) + generate_latest(gathered)


class _AsOf(Collector):
    """The figures of one moment."""

    def __init__(self, known: Known, verdict: Verdict, now: datetime) -> None:
        self._known, self._verdict, self._now = known, verdict, now

    def collect(self) -> Iterable[Metric]:
        """Yield all figures."""
        known, verdict = self._known, self._verdict
        yield _labelled("monitor_build_info", "The version that runs.", "version", {known.version: 1})
        yield _gauge("monitor_ready", "1 while the monitor does its job.", int(verdict.is_ready))
        kinds = {problem.kind: int(problem.level is Level.TROUBLE) + 1 for problem in verdict.problems}
        yield _labelled("monitor_problem", "What is wrong: 1 wants attention, 2 is trouble.", "kind", kinds)
        yield _gauge("monitor_worker_alive_timestamp_seconds", "The last sign of life.", known.alive_at.timestamp())
        yield _gauge("monitor_config_refused", "1 while a changed file is not in use.", int(known.refused is not None))
        if known.vitals:
            yield from _of_state(known.vitals, self._now)
            yield from _of_sources(known.vitals.sources, self._now)


def _of_state(vitals: Vitals, now: datetime) -> Iterator[Metric]:
    """Yield the figures of the state."""
    totals = vitals.totals
    for name, key, what in (
        ("monitor_items", "items", "Items in the state."),
        ("monitor_stories", "stories", "Stories in the state."),
        ("monitor_copies", "copies", "Items that are copies of others."),
        ("monitor_settle_queue_items", "waiting_to_settle", "Items that are not in a story yet."),
    ):
        yield _gauge(name, what, totals[key])
    changes = CounterMetricFamily("monitor_story_changes", "Changes of stories by kind.", labels=["change"])
    for change, count in sorted(vitals.changes.items()):
        changes.add_metric([change], count)
    yield changes
    yield _gauge("monitor_database_bytes", "Size of the database.", vitals.database_bytes)
    yield _gauge("monitor_wal_bytes", "Size of its write-ahead log.", vitals.wal_bytes)
    yield _gauge("monitor_disk_free_bytes", "Free space beside the database.", vitals.free_bytes)
    yield _gauge("monitor_digests_due", "Digests that should have been written and were not.", len(vitals.digests_due))
    if vitals.last_digest_at:
        yield _gauge(
            "monitor_digest_age_seconds", "Since the newest final digest was written.",
            (now - vitals.last_digest_at).total_seconds(),
        )  # fmt: skip
    if vitals.pass_ended_at:
        yield _gauge(
            "monitor_last_pass_timestamp_seconds", "When the newest pass ended.", vitals.pass_ended_at.timestamp()
        )


def _of_sources(sources: tuple[SourceVitals, ...], now: datetime) -> Iterator[Metric]:
    """Yield the figures of the sources."""
    states = dict.fromkeys((state.value for state in SourceState), 0)
    for source in sources:
        states[source.state.value] += 1
    yield _labelled("monitor_sources", "Sources by how they are doing.", "state", states)
    lags = {source.source_id: source.lag_s(now) for source in sources}
    yield _labelled("monitor_source_lag_seconds", "For how long a source has been due.", "source", lags)
    good = {source.source_id: source.last_ok_at.timestamp() for source in sources if source.last_ok_at}
    name, what = "monitor_source_last_success_timestamp_seconds", "When a source last answered well."
    yield _labelled(name, what, "source", good)


def _gauge(name: str, what: str, value: float) -> Metric:
    """Return one figure."""
    return GaugeMetricFamily(name, what, value)


def _labelled(name: str, what: str, label: str, values: dict[str, int] | dict[str, float]) -> Metric:
    """Return one figure for each value of a label."""
    family = GaugeMetricFamily(name, what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
