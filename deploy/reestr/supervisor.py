"""The process that keeps broker, mailbox and services of one installation running."""

import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from deploy.reestr.broker import Broker, BrokerFailed
from deploy.reestr.child import Child, Program
from deploy.reestr.files import write_private
from deploy.reestr.logs import rotate
from deploy.reestr.processes import identify, parse
from deploy.reestr.programs import programs
from deploy.reestr.settings import Places, gateway_port, places

TICK_SECONDS = 0.2
SETTLED_SECONDS = 60.0
BROKER_PAUSE = 5.0
STATE_FILE = "state.json"
PID_FILE = "supervisor.pid"

MakePrograms = Callable[[Places, str, int], Sequence[Program]]


class Supervisor:
    """Runs until it is told to stop; what it does is written to its log and its state file."""

    def __init__(self, where: Places, port: int, make_programs: MakePrograms) -> None:
        self._where = where
        self._port = port
        self._make_programs = make_programs
        self._broker = Broker(where.rabbitmq, where.log_of("broker"))
        self._unsettled = where.run / "broker.unsettled"
        self._settled_at = 0.0
        self._broker_restarts = 0
        self._children: list[Child] = []
        self._stopping = False
        self._written: dict[str, Any] = {}

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        stop_orphans(self._where)
        try:
            self._keep_broker()
            self._children = [
                Child(program, self._where.log_of(program.name))
                for program in self._make_programs(self._where, self._broker.url, self._port)
            ]
            while not self._stopping:
                self._tick()
                time.sleep(TICK_SECONDS)
        finally:
            self._end()

    def _tick(self) -> None:
        if self._broker.process() is None:
            self._broker_restarts += 1
            say("the broker has ended and is started again")
            self._keep_broker()
        if time.monotonic() > self._settled_at:
            self._unsettled.unlink(missing_ok=True)
        for child in self._children:
            child.watch()
            rotate(child.log)
        rotate(self._broker.log)
        self._write_state()

    def _keep_broker(self) -> None:
        """Has the broker running, however often it takes.

        A node cut off seconds after a quorum queue was declared may come back with a
        queue that elects no leader and hangs its clients. What a node held that was
        cut off while services were declaring is therefore given up: the stores have it.
        """
        while not self._stopping:
            try:
                self._write_state()
                if self._unsettled.exists():
                    self._broker.wipe()
                self._unsettled.touch()
                self._broker.ensure()
                self._settled_at = time.monotonic() + SETTLED_SECONDS
            except BrokerFailed as error:
                say(str(error))
                time.sleep(BROKER_PAUSE)
            else:
                say(f"the broker is ready on port {self._broker.identity.amqp}")
                return

    def _end(self) -> None:
        """Services first, so that what they publish last still finds the broker."""
        for child in self._children:
            child.terminate()
        started = time.monotonic()
        for child in self._children:
            child.finish(started + child.program.patience)
        self._broker.stop()
        self._unsettled.unlink(missing_ok=True)
        (self._where.run / STATE_FILE).unlink(missing_ok=True)
        say("stopped")

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _write_state(self) -> None:
        state = {
            "port": self._port,
            "broker": {"running": self._broker.process() is not None, "restarts": self._broker_restarts},
            "programs": {child.program.name: child.describe() for child in self._children},
        }
        if state != self._written:
            write_private(self._where.run / STATE_FILE, json.dumps(state, indent=1))
            self._written = state


def read_state(where: Places) -> dict[str, Any] | None:
    try:
        state: dict[str, Any] = json.loads((where.run / STATE_FILE).read_text())
    except FileNotFoundError:
        return None
    return state


def stop_orphans(where: Places) -> None:
    """Ends programs whose supervisor was killed: each service has one writer, and it is to be ours."""
    state = read_state(where) or {"programs": {}}
    found = [parse(program["process"]) for program in state["programs"].values()]
    orphans = [process for process in found if process and process.alive()]
    for process in orphans:
        process.terminate()
    for process in orphans:
        process.stop(10)


def say(what: str) -> None:
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), what, file=sys.stderr, flush=True)


def keep(where: Places, make_programs: MakePrograms = programs) -> None:
    """Supervises the installation, unless another process does."""
    lock = os.open(where.run / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another supervisor keeps this installation")
        return
    pid_file: Path = where.run / PID_FILE
    write_private(pid_file, str(identify(os.getpid())))
    try:
        Supervisor(where, gateway_port(), make_programs).run()
    finally:
        pid_file.unlink(missing_ok=True)


if __name__ == "__main__":
    keep(places())
