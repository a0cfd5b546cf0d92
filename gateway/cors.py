"""Which pages of other origins may use the API from a browser: those that are named, and with a
key only. A session's cookie is for the own origin."""

from collections.abc import Callable

from flask import Response, request

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_TAKEN = (
    "Accept-Language, Authorization, Content-Type, File-Name, Idempotency-Key, If-Match, If-None-Match, "
    "Last-Event-ID, Request-Id"
)
_EXPOSED = (
    "Allow, Content-Disposition, Content-Language, ETag, Location, RateLimit, RateLimit-Policy, "
    "Reestr-Position, Request-Id, Retry-After"
)
_REMEMBERED = "600"


def preflight(origins: frozenset[str]) -> Callable[[], Response | None]:
    """Answers what a browser asks before the request itself."""

    def answer() -> Response | None:
        asked = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asked or not _allowed(origins):
            return None
        response = Response(status=204)
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _TAKEN
        response.headers["Access-Control-Max-Age"] = _REMEMBERED
        return response

    return answer


def shared(origins: frozenset[str]) -> Callable[[Response], Response]:
    """Lets pages of the named origins read the answer."""

    def share(response: Response) -> Response:
        if origins:
            response.vary.add("Origin")
        if _allowed(origins):
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        return response

    return share


def _allowed(origins: frozenset[str]) -> bool:
    origin = request.headers.get("Origin", "")
    return origin in origins or ("*" in origins and origin != "")
