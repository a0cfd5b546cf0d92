"""Addresses by which a user's calendar program reads his diary; everybody has only his own."""

from dataclasses import replace

from gateway.commands import CreateCalendarFeed, RevokeCalendarFeed, RotateCalendarFeed
from gateway.domain import calendar_feed as feeds
from gateway.domain.secrets import new_secret, written
from gateway.handlers.aggregates import CALENDAR_FEED, USER
from gateway.handlers.granting import demand, role_grants
from gateway.routes.calendar import ADDRESS, SHOWN
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.store.aggregates import Loaded, load


def create_calendar_feed(tools: Tools, command: CreateCalendarFeed, context: Context) -> Written:
    _demand(tools, context)
    secret = new_secret()
    events = feeds.create_calendar_feed(context.actor, command, secret)
    return _told(tools.append(context, tools.begin(CALENDAR_FEED, command.feed_id), events), command.feed_id, secret)


def rotate_calendar_feed(tools: Tools, command: RotateCalendarFeed, context: Context) -> Written:
    loaded = _own(tools, command.feed_id, context)
    _demand(tools, context)
    secret = new_secret()
    rotated = tools.append(context, loaded, feeds.rotate_calendar_feed(loaded.state, command, secret))
    return _told(rotated, command.feed_id, secret)


def revoke_calendar_feed(tools: Tools, command: RevokeCalendarFeed, context: Context) -> Written:
    loaded = _own(tools, command.feed_id, context)
    return tools.append(context, loaded, feeds.revoke_calendar_feed(loaded.state, command))


def _demand(tools: Tools, context: Context) -> None:
    """A key of few scopes gives no way to read what it does not open itself."""
    user = load(tools.store, USER, context.actor).state
    demand(tools, context, role_grants(tools, user.role).narrowed(SHOWN))


def _own(tools: Tools, feed_id: str, context: Context) -> Loaded[feeds.CalendarFeed]:
    loaded = tools.load(CALENDAR_FEED, feed_id, context)
    if loaded.state.user_id != context.actor:
        raise NotFound(what="calendar-feed", id=feed_id)
    return loaded


def _told(made: Written, feed_id: str, secret: str) -> Written:
    return replace(made, reveal={"address": ADDRESS.replace("{token}", written(feeds.PREFIX, feed_id, secret))})
