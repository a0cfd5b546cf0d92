"""A diary to subscribe to: `rc_<id>_<secret>` in its address; the store knows only a hash of the secret."""

from dataclasses import dataclass, replace

from gateway.commands import CreateCalendarFeed, RevokeCalendarFeed, RotateCalendarFeed
from gateway.domain.secrets import hash_of
from gateway.events import CalendarFeedCreated, CalendarFeedRevoked, CalendarFeedRotated
from services.kernel.errors import Refusal

PREFIX = "rc"

Event = CalendarFeedCreated | CalendarFeedRotated | CalendarFeedRevoked


class CalendarFeedInactive(Refusal):
    ru = "Подписка на календарь отозвана"
    en = "The calendar feed is revoked"


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    id: str
    user_id: str
    active: bool


def create_calendar_feed(user_id: str, command: CreateCalendarFeed, secret: str) -> list[CalendarFeedCreated]:
    return [CalendarFeedCreated(command.feed_id, user_id, hash_of(secret), command.name)]


def rotate_calendar_feed(feed: CalendarFeed, command: RotateCalendarFeed, secret: str) -> list[CalendarFeedRotated]:
    """The former address opens nothing from then on: it is changed when somebody else knows it."""
    if not feed.active:
        raise CalendarFeedInactive
    return [CalendarFeedRotated(command.feed_id, feed.user_id, hash_of(secret))]


def revoke_calendar_feed(feed: CalendarFeed, command: RevokeCalendarFeed) -> list[CalendarFeedRevoked]:
    return [CalendarFeedRevoked(command.feed_id, feed.user_id)] if feed.active else []


def evolve(feed: CalendarFeed | None, event: Event) -> CalendarFeed:
    if isinstance(event, CalendarFeedCreated):
        return CalendarFeed(event.feed_id, event.user_id, active=True)
    assert feed is not None
    return replace(feed, active=feed.active and not isinstance(event, CalendarFeedRevoked))
