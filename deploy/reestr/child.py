"""One supervised program: started, watched, started again with growing pauses."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from deploy.reestr.processes import ProcessId, identify

STEADY_SECONDS = 60.0  # a program that ran this long is taken to be well
LONGEST_PAUSE = 30.0
MOST_CRASHES = 10  # in a row, before it is given up


class State(StrEnum):
    RUNNING = "running"
    WAITING = "waiting"  # for its next start
    FAILED = "failed"  # given up


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    patience: float = 20.0  # seconds it gets to end by itself


@dataclass
class Child:
    program: Program
    log: Path
    state: State = State.WAITING
    crashes: int = 0  # in a row
    process: ProcessId | None = None
    next_start: float = 0.0
    _popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started: float = 0.0

    def watch(self) -> None:
        """Notices an end, and starts the program when its time has come."""
        if self.state is State.RUNNING:
            self._notice_end()
        if self.state is State.WAITING and time.monotonic() >= self.next_start:
            self._start()

    def describe(self) -> dict[str, Any]:
        return {
            "process": str(self.process) if self.process else "",
            "state": str(self.state),
            "crashes": self.crashes,
            "log": str(self.log),
        }

    def terminate(self) -> None:
        if self._popen and self._popen.poll() is None:
            self._popen.terminate()

    def finish(self, deadline: float) -> None:
        """Waits for the end until `deadline`, then kills whatever is left of the program."""
        if self._popen is None:
            return
        try:
            self._popen.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.trace("did not end in time and is killed")
        if self.process:
            self.process.kill_group()
        self._popen.wait(5)
        self.state = State.WAITING

    def trace(self, what: str) -> None:
        """A line in the program's own log, where the reason for it is read."""
        with self.log.open("a") as log:
            log.write(f"[supervisor] {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {self.program.name} {what}\n")

    def _start(self) -> None:
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.program.command,
                env=self.program.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.process = identify(self._popen.pid)
        self.state, self._started = State.RUNNING, time.monotonic()
        self.trace(f"started, pid {self._popen.pid}")

    def _notice_end(self) -> None:
        code = self._popen.poll() if self._popen else None
        if code is None:
            return
        if self.process:
            self.process.kill_group()  # workers it left behind
        steady = time.monotonic() - self._started > STEADY_SECONDS
        self.crashes = 1 if steady else self.crashes + 1
        self.process = None
        if self.crashes >= MOST_CRASHES:
            self.state = State.FAILED
            self.trace(f"ended with {code}, {self.crashes} times in a row; given up until the next start")
            return
        pause = min(LONGEST_PAUSE, 0.25 * 2**self.crashes)
        self.state, self.next_start = State.WAITING, time.monotonic() + pause
        self.trace(f"ended with {code}; starting again in {pause:g} s")
