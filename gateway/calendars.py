"""Diaries by HTTP: day by day for who has a key, and for calendar programs at a secret address."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from gateway import ics, requests
from gateway.app import ANYBODY, Calling, Keys, authorise, circumstances
from gateway.diary import DEALS, INTERACTIONS, TASKS, Entry, Part, Section, Span, entries, part, parts
from gateway.routes.calendar import CALENDAR, FILE, MOST
from gateway.routing import SELF
from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.ids import new_id
from services.kernel.rights import Rights

SERVER_ERRORS = 500
BACK, AHEAD = timedelta(days=30), timedelta(days=180)
# to calendar programs only what is still to be done
TO_COME = (
    replace(INTERACTIONS, filter=INTERACTIONS.filter.replace("state != cancelled", "state = planned")),
    replace(TASKS, filter=TASKS.filter.replace("state != cancelled", "state = open")),
)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who reads by an address: its user, of whose own rows it shows some."""

    user_id: str
    shown: frozenset[str]
    masked: frozenset[str]

    def may(self, permission: str) -> bool:
        return permission in self.shown

    def rights(self, _permission: str) -> Rights:
        return Rights(frozenset({self.user_id}), self.masked)


def calendars(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("calendars", __name__)

    @blueprint.get(CALENDAR.path)
    def calendar() -> Response:
        context = circumstances(keys, CALENDAR)
        asked = requests.arguments(CALENDAR, {})
        days = call(CALENDAR.service, CALENDAR.call, asked, replace(context, min_position={}))["result"]
        caller = authorise(keys, SELF)
        span = _span(asked.get("user_id", caller.actor), days)

        def ask(section: Section) -> Part:
            try:
                return part(call, section, span, caller, context)
            except Refusal as trouble:  # its own, or that of its database
                if trouble.status < SERVER_ERRORS:
                    raise
                return Part(section, None)

        told = parts(ask, (one for one in (INTERACTIONS, TASKS, DEALS) if caller.may(one.permission)))
        return _answer({**days, "user_id": span.user_id, **_summed(told, span)})

    @blueprint.get(FILE.path.replace("{", "<").replace("}", ">"))
    def calendar_file(token: str) -> Response:
        """Whole or not at all: what is missing in it calendar programs delete."""
        context = requests.circumstances_of(ANYBODY, new_id())
        door = call(FILE.service, FILE.call, {"token": token}, context)["result"]
        reader = Subscriber(door["user_id"], frozenset(door["shown"]), frozenset(door["masked"]))
        today = clock.company_today()
        span = Span(reader.user_id, today - BACK, today + AHEAD)
        wanted = [one for one in TO_COME if reader.may(one.permission)]
        diary = entries(parts(lambda section: part(call, section, span, reader, context), wanted), span)
        return _file(diary, _kinds(call, context), context)

    return blueprint


def _span(user_id: str, days: Mapping[str, Any]) -> Span:
    return Span(user_id, date.fromisoformat(days["from"]), date.fromisoformat(days["to"]))


def _summed(told: list[Part], span: Span) -> dict[str, Any]:
    return {
        "entries": entries(told, span),
        "kinds": sorted(one.section.kind for one in told),
        "more": sorted(one.section.kind for one in told if one.more),
        "unavailable": sorted(one.section.kind for one in told if one.rows is None),
    }


def _kinds(call: Calling, context: Context) -> dict[str, str]:
    """What the company calls its kinds of interactions."""
    asked = {"filter": "dictionary = interaction_kinds", "fields": "code,name", "limit": MOST}
    page = call(INTERACTIONS.service, "list_dictionary_entries", asked, context)["result"]
    return {entry["code"]: entry["name"] for entry in page["items"]}


def _answer(told: dict[str, Any]) -> Response:
    made = Response(msgspec.json.encode(told), content_type="application/json")
    made.add_etag()
    made.make_conditional(request)
    return made


def _file(diary: list[Entry], kinds: Mapping[str, str], context: Context) -> Response:
    """The same for as long as the diary is; when it was written out does not count."""
    body = ics.written(diary, kinds, clock.company_zone().key, context.now)
    made = Response(body, content_type="text/calendar; charset=utf-8")
    made.set_etag(hashlib.sha256(msgspec.json.encode([diary, kinds])).hexdigest()[:32], weak=True)
    made.headers["Cache-Control"] = "private, no-cache"
    made.headers["Content-Disposition"] = 'inline; filename="reestr.ics"'
    made.make_conditional(request)
    return made
