import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.reestr import control
from deploy.reestr.broker import Broker
from deploy.reestr.ports import free_ports
from deploy.reestr.processes import parse
from deploy.reestr.settings import Places
from deploy.reestr.supervisor import read_state
from tests.servers import rabbit
from tests.servers.fixtures import require
from tests.servers.folders import server_folder


@pytest.fixture(scope="module")
def where():
    require(rabbit.missing())
    with server_folder() as folder:
        yield Places(folder)


@pytest.fixture
def installation(where):
    supervisors = []

    def start(programs: str, port: int | None = None):
        environment = os.environ | {
            "REESTR_VAR": str(where.var),
            "GATEWAY_PORT": str(port or free_ports(1)[0]),
            "DUMMIES": programs,
        }
        with where.log_of("supervisor").open("ab") as log:
            script = [sys.executable, str(Path(__file__).parent / "dummies.py")]
            path = str(Path(__file__).parents[2])
            supervisor = subprocess.Popen(script, env=environment | {"PYTHONPATH": path}, stderr=log)
        supervisors.append(supervisor)
        wait(lambda: control.supervisor(where) or supervisor.poll() is not None)
        return supervisor

    yield start
    control.down(where)
    for supervisor in supervisors:
        supervisor.wait(5)


def wait(condition, timeout=30):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def process(where, name):
    state = read_state(where) or {"programs": {}}
    return parse(state["programs"].get(name, {}).get("process", ""))


def up(where):
    news: list[str] = []
    return control.up(where, news.append), news


def test_up_returns_when_all_is_ready_and_down_leaves_nothing(where, installation):
    installation("worker,gateway,stubborn")
    port, news = up(where)
    assert control.readiness(port) == (200, {})
    assert "broker" in news[0]
    started = [process(where, name) for name in ("worker", "gateway", "stubborn")]
    assert all(one.alive() for one in started)
    assert control.down(where)
    assert not any(one.alive() for one in started)
    assert control.supervisor(where) is None
    assert not control.down(where)


def test_a_killed_program_is_started_again_with_a_trace(where, installation):
    installation("worker,gateway")
    up(where)
    first = process(where, "worker")
    assert first
    os.kill(first.pid, signal.SIGKILL)
    wait(lambda: process(where, "worker") not in (first, None))
    assert "ended with -9; starting again" in where.log_of("worker").read_text()


def test_a_killed_broker_is_started_again_on_its_port(where, installation):
    installation("gateway")
    up(where)
    broker = Broker(where.rabbitmq, where.log_of("broker"))
    url, first = broker.url, broker.process()
    assert first
    os.kill(first.pid, signal.SIGKILL)
    wait(lambda: broker.process() not in (first, None))
    broker.wait_ready()
    assert broker.url == url


def test_a_broker_cut_off_while_queues_are_declared_begins_anew(where, installation):
    installation("gateway").kill()
    wait(lambda: control.supervisor(where) is None)
    (where.run / "broker.unsettled").touch()
    marker = where.rabbitmq / "mnesia" / "old"
    marker.touch()
    installation("gateway")
    up(where)
    assert not marker.exists()


def test_what_a_killed_supervisor_left_is_taken_over(where, installation):
    first = installation("worker,gateway")
    up(where)
    orphan = process(where, "worker")
    first.kill()
    first.wait()
    assert orphan.alive()
    installation("worker,gateway")
    up(where)
    assert not orphan.alive()
    wait(lambda: (worker := process(where, "worker")) is not None and worker.alive())


def test_a_second_supervisor_leaves_the_first_alone(where, installation):
    installation("gateway")
    up(where)
    first = control.supervisor(where)
    assert installation("gateway").wait(10) == 0
    assert control.supervisor(where) == first


def test_a_program_that_cannot_start_is_named_with_its_log_and_all_is_stopped(where, installation):
    installation("broken,worker")
    with pytest.raises(control.NotUp, match=r"broken ends as soon as it is started(?s:.*)cannot start with amqp://"):
        up(where)
    assert control.supervisor(where) is None
    assert read_state(where) is None


def test_a_taken_port_is_named_with_a_way_on(where, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("GATEWAY_PORT", str(port))
        with pytest.raises(control.NotUp, match=rf"Port {port} .* is in use(?s:.*)GATEWAY_PORT={port + 10} make up"):
            up(where)
