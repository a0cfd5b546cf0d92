"""Folders of servers that this session started, and the ends of those a killed session left running."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.reestr.files import write_private
from deploy.reestr.processes import identify, read_pid_file

PREFIX = "reestr-test-"


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that other users may enter: PostgreSQL does not run as root."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)
    write_private(folder / "owner.pid", str(identify(os.getpid())))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Stops the servers of sessions that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder / "owner.pid"
        if owner.exists() and os.access(owner, os.R_OK) and read_pid_file(owner) is None:
            for pid_file in sorted(folder.glob("**/*.pid")):
                process = read_pid_file(pid_file)
                if process:
                    process.stop(5)
            shutil.rmtree(folder, ignore_errors=True)
