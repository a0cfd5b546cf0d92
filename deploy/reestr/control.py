"""Bringing an installation up and down from the command line, and looking at it."""

import fcntl
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deploy.reestr.broker import BIN, Broker
from deploy.reestr.child import State
from deploy.reestr.files import tail
from deploy.reestr.ports import LOOPBACK, is_free
from deploy.reestr.processes import ProcessId, parse, read_pid_file
from deploy.reestr.settings import Places, gateway_port
from deploy.reestr.supervisor import PID_FILE, STATE_FILE, read_state, stop_orphans

READY_SECONDS = 180.0
DOWN_SECONDS = 60.0
CRASHES_SHOWN = 3  # a program that fails so often while starting will not come up by waiting

Say = Callable[[str], None]


class NotUp(Exception):
    """Why the installation did not come up, and what to do about it."""


class Crashing(NotUp):
    """A program ends whenever it is started: waiting for it is of no use."""


def up(where: Places, say: Say) -> int:
    """Brings everything up and returns the gateway's port when it is ready; does no harm when it already is."""
    if where.restoring.exists():
        raise NotUp("A restore was begun and did not end: stores of different times lie together. Begin it again.")
    with _one_at_a_time(where):
        running = supervisor(where)
        if running and _crashing(read_state(where) or {}):
            down(where)  # what was wrong may have been put right since
            running = None
        if running is None:
            running = _launch(where, gateway_port())
        try:
            return _wait_ready(where, running, say)
        except Crashing:
            down(where)
            raise


def down(where: Places) -> bool:
    """Stops everything, also what a killed supervisor left behind; False when nothing ran."""
    running = supervisor(where)
    left = read_state(where) is not None
    if running:
        running.stop(DOWN_SECONDS)
    stop_orphans(where)
    broker = Broker(where.rabbitmq, where.log_of("broker"))
    left = left or broker.process() is not None
    broker.stop()
    (where.run / STATE_FILE).unlink(missing_ok=True)
    return bool(running) or left


def restart(where: Places, program: str) -> bool:
    """Ends a program, which its supervisor starts again; False where none runs here."""
    state = read_state(where)
    if state is None or supervisor(where) is None:
        return False
    process = parse(state["programs"][program]["process"])
    if process:
        process.stop(DOWN_SECONDS)
    return True


def supervisor(where: Places) -> ProcessId | None:
    return read_pid_file(where.run / PID_FILE)


def readiness(port: int) -> tuple[int, Any]:
    """What /health/ready answers: its status, 0 when nobody listens, and its body."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text)
    except (OSError, http.client.HTTPException):
        return 0, None
    except ValueError:
        return answer.status, text.decode(errors="replace")
    finally:
        connection.close()


def _launch(where: Places, port: int) -> ProcessId:
    if not (BIN / "rabbitmq-server").exists():
        raise NotUp("RabbitMQ is not installed. As an administrator: apt-get install rabbitmq-server")
    stop_orphans(where)
    if not is_free(port):
        raise NotUp(
            f"Port {port} of {LOOPBACK} is in use by another program. "
            f"Stop it, or choose another port for the gateway: GATEWAY_PORT={port + 10} make up"
        )
    with where.log_of("supervisor").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "deploy.reestr.supervisor"],
            env=os.environ | {"REESTR_VAR": str(where.var)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return _registered(where, child)


def _registered(where: Places, child: subprocess.Popen[bytes]) -> ProcessId:
    """Waits until the supervisor has its lock and has said who it is."""
    deadline = time.monotonic() + 20
    while child.poll() is None and time.monotonic() < deadline:
        process = supervisor(where)
        if process:
            return process
        time.sleep(0.05)
    raise NotUp(f"The supervisor did not start; its log:\n{tail(where.log_of('supervisor'))}")


def _wait_ready(where: Places, running: ProcessId, say: Say) -> int:
    deadline = time.monotonic() + READY_SECONDS
    told: set[str] = set()
    while time.monotonic() < deadline:
        state = read_state(where) or {}
        if not running.alive():
            raise NotUp(f"The supervisor has ended; its log:\n{tail(where.log_of('supervisor'))}")
        port = state.get("port")
        if port and state.get("programs") and readiness(port)[0] == http.client.OK:
            return int(port)
        for news in _news(state):
            if news not in told:
                told.add(news)
                say(news)
        _complain_of_crashes(where, state)
        time.sleep(0.2)
    raise NotUp(_what_is_missing(where))


def _news(state: dict[str, Any]) -> Iterator[str]:
    if state:
        yield "Starting the broker…"
    if state.get("programs"):
        yield "The broker is ready; starting the services…"


def _crashing(state: dict[str, Any]) -> list[str]:
    return [name for name, program in state.get("programs", {}).items() if program["crashes"] >= CRASHES_SHOWN]


def _complain_of_crashes(where: Places, state: dict[str, Any]) -> None:
    for name in _crashing(state):
        log = where.log_of(name)
        raise Crashing(f"{name} ends as soon as it is started. The end of {log}:\n{tail(log)}")


def _what_is_missing(where: Places) -> str:
    state = read_state(where) or {"port": gateway_port(), "programs": {}}
    stopped = [name for name, program in state["programs"].items() if program["state"] != State.RUNNING]
    names = stopped or ["gateway" if state["programs"] else "broker"]
    status, body = readiness(state["port"])
    ends = "\n".join(f"The end of {where.log_of(name)}:\n{tail(where.log_of(name))}" for name in names)
    answer = f"/health/ready answers {status} {body or ''}" if status else "the gateway does not answer"
    return f"{ends}\nNot ready after {READY_SECONDS:.0f} s: {answer}. It goes on starting; see make status, make down."


@contextmanager
def _one_at_a_time(where: Places) -> Iterator[None]:
    """A second `up` waits for the first and then finds everything running."""
    lock = os.open(where.run / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
