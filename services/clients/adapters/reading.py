"""Tables read in a process of their own: it takes long, and the files come from strangers."""

import os
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

from services.clients.adapters import file_errors
from services.clients.adapters.reader import Piece, read_frame

PATIENCE = 60.0
_ROOT = Path(__file__).parents[3]
_INHERITED = ("PATH", "HOME", "LANG")


def read_table(content: bytes) -> Generator[Piece]:
    """The first table of a file, piece by piece, the last with its headings; raises a `FileRefused`
    where it cannot be read."""
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
        yield from _asked(ours, content)
    finally:
        ours.close()
        process.kill()
        process.wait()


def _asked(peer: socket.socket, content: bytes) -> Iterator[Piece]:
    """What the reader says; it may end or take too long at any time."""
    peer.settimeout(PATIENCE)
    try:
        peer.sendall(content)
        peer.shutdown(socket.SHUT_WR)
        with peer.makefile("rb") as stream:
            while (piece := read_frame(stream)) is not None:
                yield _accepted(piece)
                if piece.headings is not None:
                    return
    except OSError as error:
        raise file_errors.BrokenFile from error
    raise file_errors.BrokenFile


def _accepted(piece: Piece) -> Piece:
    if piece.refused:
        refusal: type[file_errors.FileRefused] = getattr(file_errors, piece.refused)
        raise refusal(**piece.params)
    return piece
