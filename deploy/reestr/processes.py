"""Processes that outlive us: known by pid and start time, so that a reused pid is never taken for ours."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STARTED_FIELD = 19  # of /proc/<pid>/stat, counted after the command name


@dataclass(frozen=True)
class ProcessId:
    """A process that leads a group of its own."""

    pid: int
    started: str  # boot id and ticks since boot

    def alive(self) -> bool:
        return _started(self.pid) == self.started

    def terminate(self) -> None:
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def kill_group(self) -> None:
        """Kills the process and what it has started, also when it has ended before them."""
        if self.alive() or (_started(self.pid) is None and self.started.startswith(_boot())):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def stop(self, patience: float) -> None:
        """Asks the process to end, and kills what is left of its group after `patience` seconds."""
        self.terminate()
        self.wait_gone(patience)
        self.kill_group()
        self.wait_gone(5)

    def wait_gone(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def __str__(self) -> str:
        return f"{self.pid} {self.started}"


def identify(pid: int) -> ProcessId | None:
    """The identity of a running process, or None when there is none of that number."""
    started = _started(pid)
    return None if started is None else ProcessId(pid, started)


def parse(text: str) -> ProcessId | None:
    """Reads what `str(ProcessId)` wrote; anything else is no process."""
    pid, _, started = text.strip().partition(" ")
    return ProcessId(int(pid), started) if pid.isdecimal() and started else None


def read_pid_file(path: Path) -> ProcessId | None:
    """The living process a pid file names."""
    try:
        process = parse(path.read_text())
    except FileNotFoundError:
        return None
    return process if process and process.alive() else None


def _started(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(") ")[2].split()
    if fields[0] in "ZX":  # ended, whether or not its parent has noticed
        return None
    return f"{_boot()}/{fields[STARTED_FIELD]}"


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
