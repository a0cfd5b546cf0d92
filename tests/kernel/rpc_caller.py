"""A process of its own, made green as services are: calls a nameko service and says what came of it."""

# ruff: noqa: E402

import eventlet

eventlet.monkey_patch()

import json
import sys
import time
from datetime import timedelta
from typing import Any

from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.rpc import Calls


class Answering:
    name = "answering"

    @rpc
    def echo(self, call):
        return {"result": call, "position": "answering:1"}

    @rpc
    def refuse(self, call):
        return {"problem": NotFound.on("id", what="thing", id="5").problem().to_dict()}

    @rpc
    def slow(self, call):
        eventlet.sleep(2)
        return {"result": "late"}

    @rpc
    def crash(self, call):
        raise ValueError("inside")


class Caller(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    calls = Calls()


class Calling:
    name = "calling"
    caller = Caller()


def context(seconds: float) -> Context:
    now = clock.now()
    return Context("u", "p", "c", "r", now, now + timedelta(seconds=seconds), min_position={"a": 5})


def main() -> None:
    config = {"AMQP_URI": sys.argv[1], "max_workers": 4, "serializer": "json"}
    containers = [ServiceContainer(service, config) for service in (Answering, Calling)]
    for container in containers:
        container.start()
    [calls] = [extension for extension in containers[1].subextensions if isinstance(extension, Calls)]

    def outcome(service: str, method: str, seconds: float = 5) -> dict[str, Any]:
        begun = time.monotonic()
        try:
            return {"answer": calls.call(service, method, {"name": "Ёж"}, context(seconds))}
        except Exception as error:
            problem = error.problem().to_dict() if hasattr(error, "problem") else None
            found = {"error": type(error).__name__, "problem": problem, "status": getattr(error, "status", None)}
            return {**found, "seconds": time.monotonic() - begun}

    found: dict[str, Any] = {
        "echo": outcome("answering", "echo"),
        "refuse": outcome("answering", "refuse"),
        "crash": outcome("answering", "crash"),
        "slow": outcome("answering", "slow", 0.2),
        "too_late": outcome("answering", "echo", -1),
        "nobody": outcome("nobody", "echo", 1),
    }
    eventlet.sleep(2.3)  # the late reply arrives, and nobody waits for it
    found["after"] = outcome("answering", "echo")
    found["waiting"] = len(calls.replies._reply_events)
    for container in containers:
        container.stop()
    print(json.dumps(found, default=str))


main()
