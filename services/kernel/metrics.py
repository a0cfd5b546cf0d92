"""Metrics for Prometheus. Every process answers `GET /metrics` on a port of its own.

What a process does itself is counted as it happens, beside the code that does it. What lies
in a database is read when Prometheus asks, so that it is right even while whoever should
have dealt with it is stuck.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from services.kernel import clock
from services.kernel.errors import Refusal
from services.kernel.store.store import EventStore

RELAY = "relay"

_log = structlog.get_logger(__name__)
_calls = Counter("reestr_calls", "Calls answered, by how they ended", ["method", "outcome"])
_seconds = Histogram(
    "reestr_call_seconds",
    "Time to answer a call",
    ["method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

Read = Callable[[], Mapping[Sequence[str], float]]


@contextmanager
def measured(method: str) -> Iterator[None]:
    """Counts one call: `done`, `refused` by a rule, or `failed`; and the time it took."""
    begun = time.monotonic()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    except Refusal:
        outcome = "refused"
        raise
    finally:
        _calls.labels(method, outcome).inc()
        _seconds.labels(method).observe(time.monotonic() - begun)


class Sampled(Collector):
    """A gauge read when it is asked for: `read` gives the value for each set of labels.

    While the database cannot be reached the gauge is absent, and the others still answer.
    """

    def __init__(self, name: str, meaning: str, labels: Sequence[str], read: Read) -> None:
        self._name, self._meaning, self._labels, self._read = name, meaning, labels, read

    def describe(self) -> Iterable[GaugeMetricFamily]:
        yield GaugeMetricFamily(self._name, self._meaning, labels=self._labels)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            values = self._read()
        except SQLAlchemyError as error:
            _log.warning("metrics.unreadable", metric=self._name, error=error)
            return
        family = GaugeMetricFamily(self._name, self._meaning, labels=self._labels)
        for labels, value in values.items():
            family.add_metric(labels, value)
        yield family


def watch_unpublished(store: EventStore, registry: CollectorRegistry = REGISTRY) -> None:
    """Shows how long the oldest event has been waiting for the relay; 0 when none is."""

    def read() -> Mapping[Sequence[str], float]:
        waiting = store.public_after(store.checkpoint(RELAY), limit=1).messages
        seconds = (clock.now() - waiting[0].recorded_at).total_seconds() if waiting else 0.0
        return {(store.name,): max(seconds, 0.0)}

    meaning = "Age of the oldest event that the broker has not confirmed"
    registry.register(Sampled("reestr_oldest_unpublished_seconds", meaning, ["source"], read))


def watch_parked(counts: Callable[[], Mapping[str, int]], registry: CollectorRegistry = REGISTRY) -> None:
    """Shows how many messages are parked; `counts` gives the number by projection."""

    def read() -> Mapping[Sequence[str], float]:
        return {(projection,): count for projection, count in counts().items()}

    registry.register(Sampled("reestr_parked_messages", "Messages parked", ["projection"], read))


def watch_effects(status: Callable[[], Mapping[str, Any]], registry: CollectorRegistry = REGISTRY) -> None:
    """Shows how many effects are open, by their stage, and for how long the oldest of them has
    been due; `status` is that of the reactions."""

    def open_effects() -> Mapping[Sequence[str], float]:
        return {(stage,): count for stage, count in status()["stages"].items()}

    def overdue() -> Mapping[Sequence[str], float]:
        return {(): status()["overdue_seconds"]}

    meaning = "Effects not ended: planned, begun, unknown, or failed for good"
    registry.register(Sampled("reestr_open_effects", meaning, ["stage"], open_effects))
    meaning = "For how long the oldest effect has been due"
    registry.register(Sampled("reestr_effects_overdue_seconds", meaning, [], overdue))


def serve(host: str, port: int, registry: CollectorRegistry = REGISTRY) -> WSGIServer:
    """Serves the metrics until `shutdown()` is called on what it returns."""
    server, _thread = start_http_server(port, host, registry)
    return server
