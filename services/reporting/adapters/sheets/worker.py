"""The process that writes one file: what it is of, then the rows part by part, then the file back.

An empty frame ends the rows, and another one the file. It ends with its parent: a closed socket
reads as the end.
"""

import os
import resource
import socket
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from services.kernel import frames
from services.reporting.adapters.sheets.csv_file import write_csv
from services.reporting.adapters.sheets.docx_file import write_docx
from services.reporting.adapters.sheets.html_file import write_html
from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.adapters.sheets.text_file import write_text
from services.reporting.adapters.sheets.vcard_file import write_vcards
from services.reporting.adapters.sheets.xlsx_file import write_xlsx

MEMORY = 1024 * 1024 * 1024
PIECE = 1024 * 1024
WRITERS = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "txt": write_text,
    "html": write_html,
    "docx": write_docx,
    "vcf": write_vcards,
}


def main() -> None:
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    peer = socket.socket(fileno=0)
    peer.setblocking(True)
    sheet = msgspec.json.decode(frames.receive(peer), type=Sheet)
    with tempfile.TemporaryFile() as file:
        WRITERS[sheet.format](sheet, _rows(peer), file)
        file.seek(0)
        _send(peer, file)


def _rows(peer: socket.socket) -> Iterator[Mapping[str, Any]]:
    while part := frames.receive(peer):
        yield from msgspec.json.decode(part)


def _send(peer: socket.socket, file: BinaryIO) -> None:
    while piece := file.read(PIECE):
        frames.send(peer, piece)
    frames.send(peer, b"")


if __name__ == "__main__":
    main()
