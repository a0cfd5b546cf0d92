"""Renders in a process patched as services are, while other greenlets count. Run by its test."""

import eventlet

eventlet.monkey_patch()

import time  # noqa: E402 (nothing may be imported before the patch)

from services.documents.adapters.pdf.renderer import Limits, PdfRenderer, RenderTimedOut  # noqa: E402

FEWEST_TICKS = 30
SUMS = {"debit": "", "credit": ""}
TEXTS = (
    *("title", "created", "period", "contract", "between", "currency", "ours", "theirs"),
    *("date_from", "date_to", "conclusion", "position", "signer"),
)
CONTEXT = {
    **dict.fromkeys(TEXTS, "Акт"),
    **dict.fromkeys(("opening", "turnover", "closing"), SUMS),
    "entries": [{"date": "", "document": "", **SUMS}] * 50,
}
ticks: list[float] = []


def tick() -> None:
    while True:
        eventlet.sleep(0.01)
        ticks.append(time.monotonic())


def cut_short(renderer: PdfRenderer) -> bool:
    """A deadline of the caller's own ends a job in the middle."""
    try:
        with eventlet.Timeout(0.02):
            renderer.render("reconciliation.html", CONTEXT)
    except eventlet.Timeout:
        return True
    return False


def timed_out() -> bool:
    hasty = PdfRenderer(1, Limits(seconds=0.05))
    try:
        hasty.render("reconciliation.html", CONTEXT)
    except RenderTimedOut:
        return True
    return False


renderer = PdfRenderer(1)
eventlet.spawn(tick)
jobs = [eventlet.spawn(renderer.render, "reconciliation.html", CONTEXT) for _ in range(2)]
made = [job.wait() for job in jobs]
assert len(ticks) > FEWEST_TICKS, f"the hub stood still: {len(ticks)} ticks"
assert made[0].startswith(b"%PDF-")
assert made[0] == made[1]
assert cut_short(renderer)
assert timed_out()
assert renderer.render("reconciliation.html", CONTEXT) == made[0], "another worker made another document"
renderer.close()
print("ok", len(ticks))
