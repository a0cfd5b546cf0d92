"""What is open to everybody: health, metrics, the two specifications, the docs."""

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway import asyncapi, openapi
from gateway.directory import Directory
from gateway.docs import PAGE, POLICY
from gateway.routing import Route
from services.kernel.errors import NotFound
from services.kernel.message import SOURCE_PREFIX

PAGES = "pages"
# asked by machines, often
ALWAYS_OPEN = frozenset(f"{PAGES}.{view}" for view in ("live", "is_ready", "metrics"))


def pages(routes: tuple[Route, ...], directory: Directory, ready: Callable[[], dict[str, bool]]) -> Blueprint:
    """`ready` tells of each service whether it answers."""
    blueprint = Blueprint(PAGES, __name__)
    _add_health(blueprint, ready)
    _add_specifications(blueprint, routes, directory)
    return blueprint


def _add_health(blueprint: Blueprint, ready: Callable[[], dict[str, bool]]) -> None:
    @blueprint.get("/health/live")
    def live() -> Response:
        return _json({"status": "live"})

    @blueprint.get("/health/ready")
    def is_ready() -> Response:
        services = ready()
        whole = all(services.values())
        answer = _json({"status": "ready" if whole else "starting", "services": services}, 200 if whole else 503)
        if not whole:
            answer.headers["Retry-After"] = "1"
        return answer

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _add_specifications(blueprint: Blueprint, routes: tuple[Route, ...], directory: Directory) -> None:
    @blueprint.get("/openapi.json")
    def openapi_document() -> Response:
        return _lasting(_json(openapi.document(routes, directory.described())))

    @blueprint.get("/asyncapi.json")
    def asyncapi_document() -> Response:
        return _lasting(_json(asyncapi.document(directory.described())))

    @blueprint.get("/v1/event-types")
    def event_types() -> Response:
        return _lasting(_json(asyncapi.event_types(directory.described())))

    @blueprint.get("/v1/event-types/<source>/<kind>/<int:version>")
    def event_schema(source: str, kind: str, version: int) -> Response:
        return _json(_schema_of(directory, source, kind, version))

    @blueprint.get("/docs")
    def docs() -> Response:
        response = Response(PAGE, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = POLICY
        return _lasting(response)


def _schema_of(directory: Directory, source: str, kind: str, version: int) -> dict[str, Any]:
    """What `dataschema` of an event points at."""
    for item in asyncapi.event_types(directory.described())["items"]:
        if (item["source"], item["type"], item["version"]) == (SOURCE_PREFIX + source, kind, version):
            schema: dict[str, Any] = item["schema"]
            return schema
    raise NotFound(what="event-type", id=f"{source}/{kind}/{version}")


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, content_type="application/json")


def _lasting(response: Response) -> Response:
    """Sent again only when it has changed."""
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
