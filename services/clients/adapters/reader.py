"""The process that reads one table from its standard input, a socket, and answers on it."""

import resource
import socket
import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from services.clients.adapters.file_errors import FileRefused
from services.clients.adapters.spreadsheet import Line, TableReader

CPU_SECONDS = 40
MEMORY = 2 * 2**30


PIECE = 1_000
_LENGTH = struct.Struct("!I")


class Piece(msgspec.Struct, frozen=True):
    """Some rows of a table; the last piece has its headings, or says why the file was refused: the
    name of the refusal and what it tells."""

    rows: list[Line] = []
    headings: tuple[str, ...] | None = None
    refused: str = ""
    params: dict[str, Any] = {}


def pieces(content: bytes) -> Iterator[Piece]:
    try:
        table = TableReader(content)
        rows = iter(table)
        while some := list(islice(rows, PIECE)):
            yield Piece(some)
        yield Piece(headings=table.headings)
    except FileRefused as refusal:
        yield Piece(refused=type(refusal).__name__, params=refusal.params)


def framed(piece: Piece) -> bytes:
    encoded = msgspec.json.encode(piece)
    return _LENGTH.pack(len(encoded)) + encoded


def read_frame(stream: BinaryIO) -> Piece | None:
    """The next piece; None where there is no whole one."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    encoded = stream.read(*_LENGTH.unpack(length))
    return msgspec.json.decode(encoded, type=Piece) if len(encoded) == _LENGTH.unpack(length)[0] else None


def main() -> None:
    peer = socket.socket(fileno=0)
    peer.setblocking(True)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with peer.makefile("rb") as stream:
        content = stream.read()
    for piece in pieces(content):
        peer.sendall(framed(piece))


if __name__ == "__main__":
    main()
