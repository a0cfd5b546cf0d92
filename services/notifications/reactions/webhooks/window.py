"""Several messages on their way at once, and never two of one subject."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.kernel.message import Message
from services.notifications.reactions.webhooks.sender import Sent

NEXT_LOOK = 1.0


@dataclass(eq=False, slots=True)
class Item:
    """One message to be sent, and what became of it."""

    message: Message
    sent: Sent | None = field(default=None)

    @property
    def subject(self) -> tuple[str, str]:
        return self.message.source, self.message.subject

    @property
    def delivered(self) -> bool:
        return self.sent is not None and self.sent.attempt.delivered


class Window:
    """Hands out the items of a batch in order, those of one subject one after the other, until
    one is not delivered."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._waiting = list(items)
        self._on_their_way: set[tuple[str, str]] = set()
        self._changed = threading.Condition()

    def take(self) -> Item | None:
        """The next that may go, waited for while its subject is on its way; None when it is over."""
        with self._changed:
            while self._waiting:
                for item in self._waiting:
                    if item.subject not in self._on_their_way:
                        self._waiting.remove(item)
                        self._on_their_way.add(item.subject)
                        return item
                self._changed.wait(NEXT_LOOK)
            return None

    def ended(self, item: Item, sent: Sent) -> None:
        with self._changed:
            item.sent = sent
            self._on_their_way.discard(item.subject)
            if not sent.attempt.delivered:
                self._waiting.clear()
            self._changed.notify_all()

    def stop(self) -> None:
        """Lets nothing more go."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()
