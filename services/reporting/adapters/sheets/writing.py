"""Has a file written by a process of its own, so that nothing else waits for it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from services.kernel import frames
from services.reporting.adapters.sheets.sheet import Sheet

_ROOT = Path(__file__).parents[4]
_INHERITED = ("PATH", "HOME", "LANG", "PYTHONTZPATH")


class WritingFailed(Exception):
    """No file was written: the process ended before it was done, or took too long."""


class TooLarge(Exception):
    """The file would be larger than it may."""


def write_sheet(sheet: Sheet, parts: Iterable[bytes], most: int, seconds: float) -> bytes:
    """The file of the rows, which come in parts that are JSON lists; in at most so many bytes
    and seconds."""
    until = time.monotonic() + seconds
    with _worker() as peer:
        try:
            _send(peer, msgspec.json.encode(sheet), until)
            for part in parts:
                _send(peer, part, until)
            _send(peer, b"", until)
            return b"".join(_pieces(peer, most, until))
        except (OSError, EOFError) as error:
            raise WritingFailed(type(error).__name__) from error


def _send(peer: socket.socket, frame: bytes, until: float) -> None:
    peer.settimeout(max(until - time.monotonic(), 0.001))
    frames.send(peer, frame)


def _pieces(peer: socket.socket, most: int, until: float) -> Iterator[bytes]:
    size = 0
    while True:
        peer.settimeout(max(until - time.monotonic(), 0.001))
        piece = frames.receive(peer)
        if not piece:
            return
        size += len(piece)
        if size > most:
            raise TooLarge(size)
        yield piece


@contextmanager
def _worker() -> Iterator[socket.socket]:
    """The one way of talking to a process that blocks no greenlets: a socket with a timeout. What
    the process leaves on the disk goes with it."""
    peer, theirs = socket.socketpair()
    os.set_blocking(theirs.fileno(), True)
    with tempfile.TemporaryDirectory(prefix="reestr-export-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.reporting.adapters.sheets.worker"],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _INHERITED if name in os.environ} | {"TMPDIR": folder},
        )
        theirs.close()
        try:
            yield peer
        finally:
            peer.close()
            process.kill()
            process.wait()
