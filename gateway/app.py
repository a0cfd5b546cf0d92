"""The HTTP application: every route is one call of one service."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from gateway import requests
from gateway.problems import Unauthorised, http_problem, problem_response
from gateway.routing import Route
from services.kernel.context import Context
from services.kernel.errors import Forbidden, Problem, Refusal, Unavailable
from services.kernel.store.claims import OutcomeUnknown

_log = structlog.get_logger(__name__)
_REQUESTS = Counter("reestr_http_requests", "HTTP requests", ["route", "method", "status"])
_SECONDS = Histogram("reestr_http_seconds", "Time to answer an HTTP request", ["route"])


class Calling(Protocol):
    """How the gateway reaches the services."""

    def __call__(self, service: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]: ...


class Keys(Protocol):
    """Who the bearer of a key is: its id and permissions, or None."""

    def __call__(self, presented: str) -> "Caller | None": ...


class Caller(Protocol):
    @property
    def principal(self) -> str: ...

    @property
    def actor(self) -> str: ...

    def may(self, permission: str) -> bool: ...


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
    scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
    caller = keys(presented.strip()) if scheme.lower() == "bearer" else None
    if caller is None:
        raise Unauthorised
    if not caller.may(permission):
        raise Forbidden(permission=permission)
    return caller


def _view(route: Route, call: Calling, keys: Keys) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        caller = authorise(keys, route.permission)
        context = requests.context(route, caller.principal, caller.actor)
        g.correlation_id = context.correlation_id
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
    if "correlation_id" in g:
        response.headers["Request-Id"] = g.correlation_id
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
