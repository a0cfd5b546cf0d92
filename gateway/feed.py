"""The event feed, which may wait for the first event when there is none yet."""

import time
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from gateway import requests
from gateway.app import Calling, Keys, authorise, circumstances
from gateway.directory import Directory
from gateway.news import News
from gateway.routes.reporting import FEED
from gateway.seats import Seats
from services.kernel.errors import FieldError, Invalid


def feed(call: Calling, keys: Keys, directory: Directory, news: News, seats: Seats) -> Blueprint:
    blueprint = Blueprint("feed", __name__)

    def ask(arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The right to read is looked at anew each time: a key may be revoked while it waits."""
        return call(FEED.service, FEED.call, arguments, circumstances(keys, FEED))

    @blueprint.get(FEED.path)
    def list_events() -> Response:
        arguments = requests.arguments(FEED, {})
        principal = authorise(keys, FEED.permission).principal
        check_types(directory, arguments)
        began, seen = time.monotonic(), news.number
        answer = ask(arguments)
        if answer["result"]["items"] or not _wait():
            return requests.response(FEED, answer)
        with seats.taken(principal):
            while not answer["result"]["items"] and (left := began + _wait() - time.monotonic()) > 0:
                news.wait(seen, left)
                seen = news.number
                answer = ask(_from(arguments, answer["result"]["next"]))
        return requests.response(FEED, answer)

    return blueprint


def _wait() -> float:
    """As it was asked for; the service has found the number good by now."""
    return float(request.args.get("wait", 0))


def _from(arguments: Mapping[str, Any], cursor: str) -> dict[str, Any]:
    return {**{name: value for name, value in arguments.items() if name != "after_position"}, "after": cursor}


def check_types(directory: Directory, arguments: Mapping[str, Any]) -> None:
    """Refuses types that no service publishes: a reader would wait for them for ever."""
    wanted = set(filter(None, arguments.get("types", "").split(",")))
    if not wanted:
        return
    known = {event["type"] for service in directory.described().values() for event in service["events"]}
    if unknown := ", ".join(sorted(wanted - known)):
        ru, en = f"Нет таких типов событий: {unknown}", f"There are no such event types: {unknown}"
        raise Invalid([FieldError("types", "unknown-type", ru, en)])
