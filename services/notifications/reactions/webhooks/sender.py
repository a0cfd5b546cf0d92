"""One message to one receiver: opened as far as the owner may see it, signed and posted."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from prometheus_client import Counter

from services.kernel import clock, log
from services.kernel.ids import new_id
from services.kernel.lists.masks import masked_data
from services.kernel.message import CONTENT_TYPE, Message
from services.kernel.projections.sources import DATABASE
from services.notifications.adapters.webhooks import Answer, NotAnswered, Receiver
from services.notifications.domain.webhook import Webhook
from services.notifications.domain.webhook_secret import signed_headers
from services.notifications.reactions.webhooks.book import Attempt

LONGEST_EXCERPT = 200
UNREADABLE = "unreadable"

_sent = Counter("reestr_webhook_attempts", "Attempts at webhooks, by how they ended", ["kind", "outcome"])


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt, and what the receiver answered, if it did."""

    attempt: Attempt
    answer: Answer | None


class Sender:
    """Sends to the receiver of a webhook as it stands; `opened` opens personal fields."""

    def __init__(self, webhook: Webhook, *, loopback: bool, opened: Callable[[Message], Message]) -> None:
        self._webhook = webhook
        self._opened = opened
        self._receiver = Receiver(webhook.url or "", loopback=loopback)

    def send(self, message: Message, kind: str, number: int = 1) -> Sent:
        began = time.monotonic()
        answer: Answer | None = None
        try:
            answer = self._post(message)
            outcome = "delivered" if answer.accepted else "refused"
        except NotAnswered as failure:
            outcome = failure.reason
        except DATABASE:
            raise
        except Exception:  # sealed fields that do not open
            outcome = UNREADABLE
        _sent.labels(kind, outcome).inc()
        return Sent(_attempt(message, kind, number, outcome, answer, time.monotonic() - began), answer)

    def close(self) -> None:
        self._receiver.close()

    def _post(self, message: Message) -> Answer:
        opened = self._opened(message)
        body = replace(opened, data=masked_data(opened.data, self._webhook.masked)).to_json()
        now = clock.now()
        headers = signed_headers(self._webhook.keys(now), message.id, now, body)
        return self._receiver.post(body, {"Content-Type": CONTENT_TYPE, "User-Agent": "Reestr", **headers})


def own_message(kind: str, webhook: Webhook, data: dict[str, str]) -> Message:
    """A message that is no event: it is sent to one receiver and stands in no log."""
    now, id = clock.now(), new_id()
    return Message(id, "notifications", kind, webhook.id, data, "-", 0, 0, 0, 1, now, now, "system", id, id)


def _attempt(message: Message, kind: str, number: int, outcome: str, answer: Answer | None, seconds: float) -> Attempt:
    return Attempt(
        kind,
        message.id,
        message.type,
        message.source,
        message.position,
        number,
        outcome,
        answer.status if answer else None,
        round(seconds * 1000),
        _excerpt(answer.body) if answer and not answer.accepted else "",
        clock.to_micros(clock.now()),
    )


def _excerpt(body: bytes) -> str:
    """How an answer begins; it may repeat what it was sent."""
    return log.mask(body[:LONGEST_EXCERPT].decode("utf-8", "replace").replace("\0", ""))
