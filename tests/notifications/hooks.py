"""A notifications service that hears numbered events and sends them to a receiver."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from services.kernel import clock
from services.kernel.message import Message
from tests.notifications.receiver import Receiver
from tests.system import NewUrl, System, eventually

SOURCE = "deals"


def numbered(numbers: Iterable[int], subjects: int = 10, source: str = SOURCE) -> list[Message]:
    """Messages of a source, position and number the same, dealt out to subjects in turn."""
    now = clock.now()
    return [
        Message(
            id=f"{source}-{n}",
            source=source,
            type="Numbered",
            subject=f"s-{n % subjects}",
            data={"number": n},
            epoch="e",
            position=n,
            previous=n - 1,
            version=n,
            schema_version=1,
            occurred_at=now,
            recorded_at=now,
            actor="u-1",
            correlation_id="c",
            causation_id="c",
        )
        for n in numbers
    ]


class Hooks:
    """The service with its deliverer at work, and calls to it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.begin()

    def begin(self) -> None:
        self.system.react("notifications")
        self.deliverer.start()

    @property
    def deliverer(self) -> Any:
        return self.runtime.workers[0]

    @property
    def runtime(self) -> Any:
        return self.system.runtimes["notifications"]

    def is_still(self) -> bool:
        """Whether no webhook is at work."""
        return not any(lane.is_alive for lane, _ in self.deliverer._lanes.values())

    def hear(self, messages: Iterable[Message]) -> None:
        found = list(messages)
        self.runtime.received.receive(found[0].source, found)

    def do(self, call: str, arguments: dict[str, Any], version: int | None = None) -> Any:
        return self.system.do("notifications", call, arguments, version)

    def act(self, call: str, hook: Any, **arguments: Any) -> Any:
        """A change of a webhook as it is now."""
        return self.do(call, {"webhook_id": hook["id"], **arguments}, self.get(hook)["version"])

    def get(self, hook: Any) -> Any:
        return self.do("get_webhook", {"webhook_id": hook["id"]})

    def create(self, receiver: Receiver, *, confirmed: bool = True, **asked: Any) -> Any:
        """A webhook for what is heard from deals, confirmed by its receiver."""
        hook = self.do("create_webhook", {"url": receiver.url, "sources": [f"/reestr/{SOURCE}"], **asked})
        if confirmed:
            self.until(hook, "active")
        return hook

    def until(self, hook: Any, state: str) -> Any:
        return eventually(lambda: (now := self.get(hook))["state"] == state and now, 30)

    def reached(self, hook: Any, position: int, source: str = SOURCE) -> Any:
        return eventually(lambda: self.get(hook)["positions"].get(f"/reestr/{source}", 0) >= position, 60)

    def attempts(self, hook: Any, **narrowed: Any) -> list[Any]:
        found: list[Any] = self.do("list_webhook_deliveries", {"webhook_id": hook["id"], "limit": 500, **narrowed})[
            "items"
        ]
        return found


@contextmanager
def running(folder: Any, new_url: NewUrl, names: Iterable[str] = ("notifications",)) -> Iterator[Hooks]:
    system = System(folder, new_url, list(names))
    try:
        yield Hooks(system)
    finally:
        system.close()


def in_order(numbers: list[int], subjects: int = 10) -> bool:
    """Whether the numbers of each subject came in their order."""
    lanes = [[n for n in numbers if n % subjects == lane] for lane in range(subjects)]
    return all(lane == sorted(lane) for lane in lanes)
