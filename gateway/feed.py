"""The event feed, which may wait for the first event when there is none yet."""

import time

from flask import Blueprint, Response, request

from gateway import requests
from gateway.app import Calling, Keys, authorise
from gateway.routes.reporting import FEED

LOOK_EVERY = 0.2


def feed(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("feed", __name__)

    @blueprint.get(FEED.path)
    def list_events() -> Response:
        caller = authorise(keys, FEED.permission)
        arguments = requests.arguments(FEED, {})
        began = time.monotonic()
        while True:
            context = requests.context(FEED, caller.principal, caller.actor)
            answer = call(FEED.service, FEED.call, arguments, context)
            # the service has found the number good by now
            wait = float(request.args.get("wait", 0))
            if answer["result"]["items"] or time.monotonic() - began >= wait:
                return requests.response(FEED, answer)
            arguments = {**arguments, "after": answer["result"]["next"]}
            arguments.pop("after_position", None)
            time.sleep(LOOK_EVERY)

    return blueprint
