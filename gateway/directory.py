"""What the services behind the gateway can do, asked of them once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gateway.app import Calling
from gateway.routing import Route
from services.kernel import clock
from services.kernel.context import Context
from services.kernel.ids import new_id


def own_context(seconds: float) -> Context:
    """The circumstances of what the gateway does on its own account."""
    now, request_id = clock.now(), new_id()
    return Context("system", "gateway", request_id, request_id, now, now + timedelta(seconds=seconds))


class Directory:
    """Describes every service that a route leads to. What a service can do changes only with
    its release, so its description is kept for the life of this process."""

    def __init__(self, routes: tuple[Route, ...], call: Calling) -> None:
        self._services = sorted({route.service for route in routes})
        self._call = call
        self._known: dict[str, Mapping[str, Any]] = {}

    def described(self) -> Mapping[str, Mapping[str, Any]]:
        for service in self._services:
            if service not in self._known:
                self._known[service] = self._call(service, "describe", {}, own_context(5))["result"]
        return {service: self._known[service] for service in self._services}
