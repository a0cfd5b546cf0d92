"""The service's side: a small pool of PDF worker processes.

Talks over socket pairs with timeouts, the one way of talking to a process that blocks
neither threads nor the greenlets of a patched process.
"""

import os
import queue
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from services.documents.adapters.pdf.jobs import Answer, Job
from services.kernel import frames

_ROOT = Path(__file__).parents[4]
_INHERITED = ("PATH", "HOME", "LANG", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "XDG_DATA_HOME")


class PdfError(Exception):
    """No PDF was made."""


class RenderFailed(PdfError):
    """The template or its context is wrong: trying again gives the same."""


class RenderTimedOut(PdfError):
    """It took too long, or no worker became free in time."""


class WorkerCrashed(PdfError):
    """The worker ended: out of memory or processor time, or killed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take. A worker is replaced after so many jobs, for what libraries leak."""

    seconds: float = 60
    cpu_seconds: int = 40
    memory_mb: int = 1024
    jobs: int = 200


class PdfRenderer:
    """Workers are started when first needed and kept; a broken one is replaced."""

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._places: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._places.put(None)

    def render(self, template: str, context: Mapping[str, Any]) -> bytes:
        """The PDF of a template filled with a context of plain JSON values."""
        job = msgspec.json.encode(Job(template, dict(context)))
        deadline = time.monotonic() + self._limits.seconds
        try:
            worker = self._places.get(timeout=self._limits.seconds)
        except queue.Empty:
            raise RenderTimedOut("no PDF worker became free") from None
        keep = None
        try:
            if worker is None or not worker.usable:
                worker = _Worker(self._limits)
            answer = worker.run(job, deadline)
            keep = worker
        finally:
            # whatever cut the job short, a greenlet's end included, its worker is out of step
            if keep is None and worker is not None:
                worker.stop()
            self._places.put(keep)
        return _pdf(answer)

    def close(self) -> None:
        """Ends the idle workers."""
        for _ in range(self._places.qsize()):
            worker = self._places.get()
            if worker is not None:
                worker.stop()
            self._places.put(None)


def _pdf(answer: bytes) -> bytes:
    if answer[0] == Answer.FAILED:
        raise RenderFailed(answer[1:].decode())
    return answer[1:]


class _Worker:
    def __init__(self, limits: Limits) -> None:
        self._jobs_left = limits.jobs
        self._peer, theirs = socket.socketpair()
        os.set_blocking(theirs.fileno(), True)
        options = ["--memory-mb", str(limits.memory_mb), "--cpu-seconds", str(limits.cpu_seconds)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "services.documents.adapters.pdf.worker", *options],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            cwd=_ROOT,
            env=_environment(),
        )
        theirs.close()

    @property
    def usable(self) -> bool:
        """False too when it died while idle."""
        if self._jobs_left > 0 and self._process.poll() is None:
            return True
        self.stop()
        return False

    def run(self, job: bytes, deadline: float) -> bytes:
        self._jobs_left -= 1
        self._peer.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            frames.send(self._peer, job)
            return frames.receive(self._peer)
        except TimeoutError:
            raise RenderTimedOut("the PDF took too long") from None
        except (OSError, EOFError):
            raise WorkerCrashed(f"the PDF worker ended: {self._end()}") from None

    def stop(self) -> None:
        self._peer.close()
        self._process.kill()
        self._process.wait()

    def _end(self) -> str:
        try:
            return f"code {self._process.wait(timeout=5)}"
        except subprocess.TimeoutExpired:
            return "it closed its socket"


def _environment() -> dict[str, str]:
    """No secrets of the service; a fixed hash seed, for the same bytes every time."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | {"PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", "SOURCE_DATE_EPOCH": "0"}
