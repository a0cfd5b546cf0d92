"""Tables read in a process of their own: it takes long, and the files come from strangers."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec

from services.clients.adapters import file_errors
from services.clients.adapters.reader import Answer
from services.clients.adapters.spreadsheet import Table

PATIENCE = 60.0
_CHUNK = 256 * 1024
_ROOT = Path(__file__).parents[3]
_INHERITED = ("PATH", "HOME", "LANG")


def read_table(content: bytes) -> Table:
    """The first table of a file; raises a `FileRefused` where it cannot be read."""
    ours, theirs = socket.socketpair()
    os.set_blocking(theirs.fileno(), True)
    process = subprocess.Popen(
        [sys.executable, "-m", "services.clients.adapters.reader"],
        stdin=theirs.fileno(),
        stdout=subprocess.DEVNULL,
        cwd=_ROOT,
        env={name: os.environ[name] for name in _INHERITED if name in os.environ},
    )
    theirs.close()
    try:
        written = _ask(ours, content)
    finally:
        ours.close()
        process.kill()
        process.wait()
    return _answered(written)


def _ask(peer: socket.socket, content: bytes) -> bytes:
    """What the reader says, nothing where it ended or took too long."""
    peer.settimeout(PATIENCE)
    try:
        peer.sendall(content)
        peer.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: peer.recv(_CHUNK), b""))
    except OSError:
        return b""


def _answered(written: bytes) -> Table:
    if not written:
        raise file_errors.BrokenFile
    answer = msgspec.json.decode(written, type=Answer)
    if answer.table is None:
        refusal: type[file_errors.FileRefused] = getattr(file_errors, answer.refused)
        raise refusal(**answer.params)
    return answer.table
