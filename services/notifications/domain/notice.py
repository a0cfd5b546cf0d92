"""A notice to a user: planned, then sent or failed, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.notifications.events import NoticeFailed, NoticePlanned, NoticeSent

Event = NoticePlanned | NoticeSent | NoticeFailed


@dataclass(frozen=True, slots=True)
class Notice:
    id: str
    user_id: str
    template: str
    facts: Mapping[str, Any]
    address: str | None
    recipient: str | None
    about: str | None
    state: str = "planned"


def plan_notice(planned: NoticePlanned) -> Sequence[Event]:
    """To a user without an address it fails at once, so that it is seen."""
    return [planned] if planned.address else [planned, *notice_failed(evolve(None, planned), "no-address")]


def notice_sent(notice: Notice) -> Sequence[Event]:
    return [NoticeSent(notice.id, notice.user_id, notice.template)] if notice.state == "planned" else []


def notice_failed(notice: Notice, reason: str) -> Sequence[Event]:
    return [NoticeFailed(notice.id, notice.user_id, notice.template, reason)] if notice.state == "planned" else []


def evolve(notice: Notice | None, event: Event) -> Notice:
    if isinstance(event, NoticePlanned):
        return Notice(
            event.notice_id,
            event.user_id,
            event.template,
            event.facts,
            event.address,
            event.recipient,
            event.about,
        )
    assert notice is not None
    return replace(notice, state="sent" if isinstance(event, NoticeSent) else "failed")
