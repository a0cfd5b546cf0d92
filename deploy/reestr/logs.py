"""Logs of programs that only know how to write to an open file, kept from growing without end."""

import shutil
from pathlib import Path

LARGEST = 10 * 1024 * 1024


def rotate(log: Path, largest: int = LARGEST) -> None:
    """Moves the text of a large log to `<name>.1`; the writer goes on in the same file.

    Writers append, so after the cut they continue at the new end; a line written
    between the copy and the cut is lost.
    """
    if log.exists() and log.stat().st_size > largest:
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        with log.open("r+b") as file:
            file.truncate(0)
