"""The PDF worker's process: reads jobs from its standard input, answers on the same socket.

It ends with its parent: a closed socket reads as the end.
"""

import argparse
import contextlib
import socket

import msgspec
from weasyprint.urls import FatalURLFetchingError

from services.documents.adapters.pdf import jail
from services.documents.adapters.pdf.engine import Engine
from services.documents.adapters.pdf.jobs import Answer, Job
from services.kernel import frames


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory-mb", type=int, required=True)
    parser.add_argument("--cpu-seconds", type=int, required=True)
    options = parser.parse_args()
    peer = socket.socket(fileno=0)
    peer.setblocking(True)
    engine = Engine()
    jail.enter(options.memory_mb)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            job = msgspec.json.decode(frames.receive(peer), type=Job)
            jail.allow_cpu(options.cpu_seconds)
            frames.send(peer, _answer(engine, job))


def _answer(engine: Engine, job: Job) -> bytes:
    try:
        return bytes([Answer.PDF]) + engine.pdf(job.template, job.context)
    except MemoryError:
        raise  # nothing in this process can be trusted any more
    except (Exception, FatalURLFetchingError) as error:
        reason = f"{type(error).__name__}: {error}"
        return bytes([Answer.FAILED]) + reason.encode(errors="replace")


if __name__ == "__main__":
    main()
