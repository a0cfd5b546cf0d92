"""The HTTP application: every route is one call of one service."""

import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from gateway import requests
from gateway.domain.secrets import read
from gateway.domain.session import COOKIE, CSRF_HEADER, PREFIX, csrf_token
from gateway.problems import Unauthorised, WrongCsrfToken, http_problem, problem_response
from gateway.routing import OPEN, Route
from services.kernel.context import Context
from services.kernel.errors import Forbidden, Problem, Refusal, Unavailable
from services.kernel.rights import Rights
from services.kernel.store.claims import OutcomeUnknown

_log = structlog.get_logger(__name__)
_REQUESTS = Counter("reestr_http_requests", "HTTP requests", ["route", "method", "status"])
_SECONDS = Histogram("reestr_http_seconds", "Time to answer an HTTP request", ["route"])

ANYBODY = "anybody"
READING = ("GET", "HEAD", "OPTIONS")


class Calling(Protocol):
    """How the gateway reaches the services."""

    def __call__(self, service: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]: ...


class Keys(Protocol):
    """Who presents a key, or the cookie of a session; None where nobody is known by it."""

    def __call__(self, presented: str) -> "Caller | None": ...


class Caller(Protocol):
    @property
    def principal(self) -> str: ...

    @property
    def actor(self) -> str: ...

    def may(self, permission: str) -> bool: ...

    def rights(self, permission: str) -> Rights: ...


def create_app(routes: tuple[Route, ...], call: Calling, keys: Keys) -> Flask:
    app = Flask("gateway", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = requests.MAX_BODY
    app.url_map.strict_slashes = False
    app.before_request(_began)
    app.after_request(_ended)
    app.register_error_handler(Refusal, lambda refusal: problem_response(refusal.problem()))
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(Exception, _unexpected)
    app.register_error_handler(DBAPIError, _of_database)
    app.register_error_handler(NoConnectionFree, _own_database_away)
    app.register_error_handler(OutcomeUnknown, _own_database_away)
    for route in routes:
        if route.view:
            continue
        rule = route.path.replace("{", "<").replace("}", ">")
        view = _view(route, call, keys)
        app.add_url_rule(rule, f"{route.method} {route.path}", view, methods=[route.method])
    return app


def authorise(keys: Keys, permission: str) -> Caller:
    """The caller, who holds the permission; raises what is to be answered otherwise."""
    caller = _by_key(keys) if "Authorization" in request.headers else _by_cookie(keys)
    if caller is None:
        raise Unauthorised
    if not caller.may(permission):
        raise Forbidden(permission=permission)
    return caller


def circumstances(keys: Keys, route: Route) -> Context:
    """The circumstances of a request for the route, with its caller's rights; raises where he has none."""
    if route.permission == OPEN:
        return requests.context(route, ANYBODY, ANYBODY)
    caller = authorise(keys, route.permission)
    return replace(requests.context(route, caller.principal, caller.actor), rights=caller.rights(route.permission))


def presented_cookie() -> str:
    """The session's cookie; nothing else passes for one."""
    presented = request.cookies.get(COOKIE, "")
    return presented if read(PREFIX, presented) else ""


def _by_key(keys: Keys) -> Caller | None:
    scheme, _, presented = request.headers["Authorization"].partition(" ")
    presented = presented.strip()
    # a cookie sent as a key would do without the CSRF token
    return keys(presented) if scheme.lower() == "bearer" and not read(PREFIX, presented) else None


def _by_cookie(keys: Keys) -> Caller | None:
    presented = presented_cookie()
    caller = keys(presented) if presented else None
    if caller is not None and request.method not in READING:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(csrf_token(presented).encode(), sent.encode()):
            raise WrongCsrfToken
    return caller


def _view(route: Route, call: Calling, keys: Keys) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        context = circumstances(keys, route)
        answer = call(route.service, route.call, requests.arguments(route, path), context)
        return requests.response(route, answer)

    return view


def _began() -> None:
    g.began = time.perf_counter()
    # the server ends the body itself, so that one sent in chunks is not taken for none
    request.environ["wsgi.input_terminated"] = True


def _ended(response: Response) -> Response:
    rule = request.url_rule.rule if request.url_rule else "-"
    _REQUESTS.labels(rule, request.method, response.status_code).inc()
    _SECONDS.labels(rule).observe(time.perf_counter() - g.began)
    return response


def _unexpected(error: Exception) -> Response:
    _log.exception("gateway.unexpected", error=type(error).__name__)
    return problem_response(Problem("internal", 500, "Внутренняя ошибка", "Internal error"))


def _of_database(error: DBAPIError) -> Response:
    away = error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))
    return _own_database_away(error) if away else _unexpected(error)


def _own_database_away(error: Exception) -> Response:
    _log.warning("gateway.database_away", error=type(error).__name__)
    return problem_response(Unavailable(service="gateway").problem())
