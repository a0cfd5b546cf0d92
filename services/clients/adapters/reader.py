"""The process that reads one table from its standard input, a socket, and answers on it."""

import resource
import socket
from typing import Any

import msgspec

from services.clients.adapters.file_errors import FileRefused
from services.clients.adapters.spreadsheet import Table, read_table

CPU_SECONDS = 40
MEMORY = 2 * 2**30


class Answer(msgspec.Struct, frozen=True):
    """The table, or why it was refused: the name of the refusal and what it tells."""

    table: Table | None = None
    refused: str = ""
    params: dict[str, Any] = {}


def answer(content: bytes) -> Answer:
    try:
        return Answer(table=read_table(content))
    except FileRefused as refusal:
        return Answer(refused=type(refusal).__name__, params=refusal.params)


def main() -> None:
    peer = socket.socket(fileno=0)
    peer.setblocking(True)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with peer.makefile("rb") as stream:
        content = stream.read()
    peer.sendall(msgspec.json.encode(answer(content)))


if __name__ == "__main__":
    main()
