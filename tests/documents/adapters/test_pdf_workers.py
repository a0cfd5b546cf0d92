import os
import signal
import threading

import pytest

from services.documents.adapters.pdf.renderer import Limits, PdfRenderer, RenderFailed, RenderTimedOut, WorkerCrashed
from services.documents.adapters.printing import print_invoice
from tests.documents.domain.samples import issued


@pytest.fixture
def job(monkeypatch):
    """A template and its context, as they go to a worker."""
    monkeypatch.setattr("services.documents.adapters.printing.render", lambda *job: job)
    invoice = issued().issued
    assert invoice is not None
    return print_invoice(invoice)


@pytest.fixture
def open_renderer():
    opened = []

    def make(size=1, **limits):
        opened.append(PdfRenderer(size, Limits(**limits)))
        return opened[-1]

    yield make
    for renderer in opened:
        renderer.close()


def test_a_template_or_context_that_is_wrong_says_so_and_the_worker_stays(open_renderer, job):
    renderer = open_renderer()
    with pytest.raises(RenderFailed):
        renderer.render("no-such.html", {})
    with pytest.raises(RenderFailed, match="Undefined"):
        renderer.render(job[0], {})
    assert renderer.render(*job).startswith(b"%PDF-")


def test_a_killed_worker_is_replaced(open_renderer, job):
    renderer = open_renderer()
    renderer.render(*job)
    worker = renderer._places.get()
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    renderer._places.put(worker)
    assert renderer.render(*job).startswith(b"%PDF-")


def test_a_worker_that_takes_too_long_is_ended_and_replaced(open_renderer, job):
    renderer = open_renderer(seconds=0.05)
    with pytest.raises(RenderTimedOut):
        renderer.render(*job)
    assert renderer._places.get() is None
    renderer._places.put(None)


def test_a_worker_that_takes_too_much_ends_and_says_how(open_renderer, job):
    with pytest.raises(WorkerCrashed):
        open_renderer(cpu_seconds=1).render(job[0], {**job[1], "lines": job[1]["lines"] * 3000})


def test_workers_are_shared_by_who_comes(open_renderer, job):
    renderer = open_renderer(2)
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(renderer.render(*job))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 5
    assert len(set(made)) == 1
