import pytest

from gateway.commands import CreateCalendarFeed, RevokeCalendarFeed, RotateCalendarFeed
from gateway.domain import calendar_feed as feeds
from gateway.domain.secrets import hash_of
from gateway.events import CalendarFeedCreated, CalendarFeedRevoked, CalendarFeedRotated

CREATED = CalendarFeedCreated("f-1", "u-1", "hash", "Телефон")
REVOKED = CalendarFeedRevoked("f-1", "u-1")


def test_an_address_is_stored_as_a_hash_of_its_secret():
    command = CreateCalendarFeed("Телефон", feed_id="f-1")
    assert feeds.create_calendar_feed("u-1", command, "secret") == [
        CalendarFeedCreated("f-1", "u-1", hash_of("secret"), "Телефон")
    ]


def test_a_new_secret_takes_the_place_of_the_former():
    feed = feeds.evolve(None, CREATED)
    rotated = feeds.rotate_calendar_feed(feed, RotateCalendarFeed("f-1"), "new")
    assert rotated == [CalendarFeedRotated("f-1", "u-1", hash_of("new"))]
    assert feeds.evolve(feed, rotated[0]).active


def test_a_revoked_feed_is_not_rotated():
    feed = feeds.evolve(feeds.evolve(None, CREATED), REVOKED)
    with pytest.raises(feeds.CalendarFeedInactive):
        feeds.rotate_calendar_feed(feed, RotateCalendarFeed("f-1"), "new")


def test_a_feed_is_revoked_once():
    feed = feeds.evolve(None, CREATED)
    assert feeds.revoke_calendar_feed(feed, RevokeCalendarFeed("f-1")) == [REVOKED]
    assert feeds.revoke_calendar_feed(feeds.evolve(feed, REVOKED), RevokeCalendarFeed("f-1")) == []
