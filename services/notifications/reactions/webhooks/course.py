"""A way through the log: that of live events, or a range that is sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from services.notifications.domain.webhook import Webhook
from services.notifications.reactions.webhooks.log import EventLog
from services.notifications.reactions.webhooks.window import Item

BATCH = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Items to be sent, older ones first, and by source the position that is reached with them."""

    items: Sequence[Item]
    ends: Mapping[str, int]

    def first(self, count: int) -> "Batch":
        """The batch as far as its first items go, of all of which the ends are still to come."""
        left_out = self.items[count:]
        return Batch(self.items[:count], {source: _before(left_out, source, end) for source, end in self.ends.items()})

    def reached(self) -> dict[str, int]:
        """By source, up to where everything is delivered."""
        missing = [item for item in self.items if not item.delivered]
        return {source: _before(missing, source, end) for source, end in self.ends.items()}


def _before(items: Sequence[Item], source: str, end: int) -> int:
    return next((item.message.position - 1 for item in items if item.message.source == source), end)


@dataclass(slots=True)
class Course:
    """`until` bounds a replay. `ahead` is what was delivered beyond the cursor: ids, sources and
    positions; what came before is tried again without it."""

    kind: str
    until: Mapping[str, int] | None = None
    ahead: dict[str, tuple[str, int]] = field(default_factory=dict)

    def read(self, log: EventLog, webhook: Webhook, positions: Mapping[str, int]) -> Batch:
        """What comes next, of each source that has gone on."""
        items: list[Item] = []
        ends: dict[str, int] = {}
        for source in log.sources:
            at = positions.get(source, 0)
            if self._end(log, source) > at and (not webhook.sources or source in webhook.sources):
                found, ends[source] = self._read(log, webhook, source, at)
                items += found
        items.sort(key=lambda item: item.message.recorded_at)
        return Batch(items, ends)

    def is_over(self, positions: Mapping[str, int], webhook: Webhook) -> bool:
        return self.until is not None and all(
            positions.get(source, 0) >= end
            for source, end in self.until.items()
            if not webhook.sources or source in webhook.sources
        )

    def went(self, batch: Batch) -> None:
        """Remembers what was delivered behind something that was not."""
        reached = batch.reached()
        delivered = [item.message for item in batch.items if item.delivered]
        known = self.ahead | {message.id: (message.source, message.position) for message in delivered}
        self.ahead = {id: at for id, at in known.items() if at[1] > reached.get(at[0], 0)}

    def _end(self, log: EventLog, source: str) -> int:
        return log.head(source) if self.until is None else self.until.get(source, 0)

    def _read(self, log: EventLog, webhook: Webhook, source: str, at: int) -> tuple[list[Item], int]:
        messages, end = log.after(source, at, BATCH, webhook.types)
        if self.until is not None:
            last = self.until[source]
            messages, end = list(takewhile(lambda message: message.position <= last, messages)), min(end, last)
        wanted = [m for m in messages if webhook.wants(source, m.type, m.subject) and m.id not in self.ahead]
        return [Item(message) for message in wanted], end
