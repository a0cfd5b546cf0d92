"""How a green process looks names up."""

from typing import Any

from eventlet.support import greendns


class FreshNames(greendns.ResolverProxy):  # type: ignore[misc]  # eventlet has no types
    """Asks each time: eventlet's own remembers an address for minutes, and as long that there is none.

    A server that was away and is back, or has moved, is found at the next attempt.
    """

    _resolver: Any

    def clear(self) -> None:
        super().clear()
        self._resolver.cache = None


def look_up_anew() -> None:
    greendns.resolver = FreshNames(hosts_resolver=greendns.HostsResolver())
