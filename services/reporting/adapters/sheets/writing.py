"""Has a file written by a process of its own, so that nothing else waits for it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from services.kernel import frames
from services.reporting.adapters.sheets.sheet import Sheet

_ROOT = Path(__file__).parents[4]
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONTZPATH")


class WritingFailed(Exception):
    """No file was written: the process ended before it was done, or took too long."""


def write_sheet(sheet: Sheet, parts: Iterable[bytes], seconds: float) -> bytes:
    """The file of the rows, which come in parts that are JSON lists; each step of the process
    may take so many seconds."""
    with _worker(seconds) as peer:
        try:
            frames.send(peer, msgspec.json.encode(sheet))
            for part in parts:
                frames.send(peer, part)
            frames.send(peer, b"")
            return b"".join(iter(lambda: frames.receive(peer), b""))
        except (OSError, EOFError) as error:
            raise WritingFailed(type(error).__name__) from error


@contextmanager
def _worker(seconds: float) -> Iterator[socket.socket]:
    """The one way of talking to a process that blocks no greenlets: a socket with a timeout."""
    peer, theirs = socket.socketpair()
    os.set_blocking(theirs.fileno(), True)
    process = subprocess.Popen(
        [sys.executable, "-m", "services.reporting.adapters.sheets.worker"],
        stdin=theirs.fileno(),
        stdout=subprocess.DEVNULL,
        cwd=_ROOT,
        env={name: os.environ[name] for name in _INHERITED if name in os.environ},
    )
    theirs.close()
    peer.settimeout(seconds)
    try:
        yield peer
    finally:
        peer.close()
        process.kill()
        process.wait()
