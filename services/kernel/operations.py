"""Long work on a service, run beside its calls: started, watched, called off."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from services.kernel.projections.rebuild import Cancelled

Progress = Callable[[str, int, int], None]
Work = Callable[[Progress, Callable[[], bool]], str]

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Operation:
    """`progress` gives, for each thing worked through, how far it is and how far it must come."""

    state: str = "running"
    progress: dict[str, tuple[int, int]] = field(default_factory=dict)
    result: str = ""

    def view(self) -> dict[str, Any]:
        return {"state": self.state, "progress": self.progress, "result": self.result}


class Operations:
    """One operation of a kind at a time. What a crash interrupts is begun again by the operator."""

    def __init__(self, works: Mapping[str, Work]) -> None:
        self._works = works
        self._operations: dict[str, Operation] = {}
        self._cancelled: set[str] = set()
        self._lock = threading.Lock()

    def start(self, name: str) -> dict[str, Any]:
        """Begins the work, unless it is running already."""
        with self._lock:
            running = self._operations.get(name)
            if running is None or running.state != "running":
                self._cancelled.discard(name)
                self._operations[name] = Operation()
                threading.Thread(target=self._run, args=(name,), name=f"operation-{name}", daemon=True).start()
            return self._operations[name].view()

    def look(self, name: str) -> dict[str, Any]:
        operation = self._operations.get(name)
        return operation.view() if operation else {"state": "none", "progress": {}, "result": ""}

    def cancel(self, name: str) -> None:
        self._cancelled.add(name)

    def _run(self, name: str) -> None:
        operation = self._operations[name]

        def progress(what: str, position: int, head: int) -> None:
            operation.progress[what] = (position, head)

        try:
            operation.result = self._works[name](progress, lambda: name in self._cancelled)
            operation.state = "done"
        except Cancelled:
            operation.state = "cancelled"
        except Exception as error:
            _log.exception("operation.failed", operation=name)
            operation.state, operation.result = "failed", type(error).__name__
