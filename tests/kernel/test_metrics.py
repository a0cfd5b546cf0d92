import itertools
import os
import socket
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.events import Registry, event
from services.kernel.metrics import RELAY, Sampled, measured, serve, watch_parked, watch_unpublished
from services.kernel.store.claims import Append, CheckpointMove, StreamEvents
from services.kernel.store.store import open_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def calls(method, outcome):
    return REGISTRY.get_sample_value("reestr_calls_total", {"method": method, "outcome": outcome})


@pytest.mark.parametrize(("error", "outcome"), [(Refusal, "refused"), (RuntimeError, "failed"), (SystemExit, "failed")])
def test_a_call_that_raises_is_counted_by_how_it_ended(error, outcome, request):
    method = request.node.name
    with pytest.raises(error), measured(method):
        raise error
    assert calls(method, outcome) == 1


def test_a_call_is_counted_and_timed():
    with measured("ping"):
        pass
    assert calls("ping", "done") == 1
    assert REGISTRY.get_sample_value("reestr_call_seconds_count", {"method": "ping"}) == 1


def test_a_sampled_gauge_is_read_only_when_asked_for(registry):
    asked = itertools.count(1)
    registry.register(Sampled("depth", "Depth", ["queue"], lambda: {("a",): next(asked)}))
    assert registry.get_sample_value("depth", {"queue": "a"}) == 1
    assert registry.get_sample_value("depth", {"queue": "a"}) == 2


def test_an_unreachable_database_takes_away_its_own_gauge_only(registry):
    def unreachable():
        raise sa.exc.OperationalError("SELECT", {}, Exception("unreachable"))

    registry.register(Sampled("broken", "Broken", [], unreachable))
    registry.register(Sampled("whole", "Whole", [], lambda: {(): 3.0}))
    text = generate_latest(registry).decode()
    assert "whole 3.0" in text
    assert "broken" not in text


@event("Happened")
@dataclass(frozen=True)
class Happened:
    n: int


def test_the_oldest_unpublished_event_shows_its_age(registry, any_database, monkeypatch):
    store = open_store(any_database, "clients", Registry([Happened]), {Happened: lambda e: {"n": e.n}})
    watch_unpublished(store, registry)

    def age():
        return registry.get_sample_value("reestr_oldest_unpublished_seconds", {"source": "clients"})

    assert age() == 0
    for n in (1, 2):
        store.append(Append(Context("a", "p", "c", "c", NOW, NOW), [StreamEvents(f"x:{n}", 0, [Happened(n)])]))
    later = clock.now() + timedelta(seconds=90)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert 90 <= age() < 100
    store.move_checkpoint(CheckpointMove(RELAY, 0, 2))
    assert age() == 0
    store.database.close()


def test_parked_messages_are_shown_by_projection(registry):
    watch_parked(lambda: {"funnel": 2}, registry)
    assert registry.get_sample_value("reestr_parked_messages", {"projection": "funnel"}) == 2


def test_a_process_is_scraped_on_its_own_port(registry, unused_port):
    registry.register(Sampled("whole", "Whole", [], lambda: {(): 3.0}))
    server = serve("127.0.0.1", unused_port, registry)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{unused_port}/metrics", timeout=5) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            assert b"whole 3.0" in answer.read()
    finally:
        server.shutdown()
        server.server_close()


def test_a_process_of_greenlets_is_scraped_while_it_works(unused_port):
    script = (
        "import eventlet; eventlet.monkey_patch()\n"
        "import sys, time, urllib.request\n"
        "from services.kernel.metrics import measured, serve\n"
        "port = int(sys.argv[1]); server = serve('127.0.0.1', port)\n"
        "with measured('ping'): eventlet.sleep(0.01)\n"
        "address = f'http://127.0.0.1:{port}/metrics'\n"
        "scrape = lambda _: urllib.request.urlopen(address, timeout=5).read().decode()\n"
        "begun = time.monotonic()\n"
        "for text in eventlet.GreenPool().imap(scrape, range(5)):\n"
        '    assert \'reestr_calls_total{method="ping",outcome="done"} 1.0\' in text\n'
        "assert time.monotonic() - begun < 2\n"
        "server.shutdown()\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", script, str(unused_port)]
    subprocess.run(command, check=True, timeout=60, env=os.environ | {"PYTHONPATH": "."})
