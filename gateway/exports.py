"""Exports in and out: a request that is checked as the list itself would check it, and the file."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response

from gateway import requests
from gateway.app import Calling, Keys, authorise, circumstances
from gateway.files import CHUNK
from gateway.routes.exports import FILE, MEDIA_TYPES, REQUESTS
from gateway.routing import Route
from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import Forbidden, NotYetVisible

NAMES = {
    "clients": "Клиенты",
    "contacts": "Контактные лица",
    "deals": "Сделки",
    "documents": "Документы",
    "interactions": "Взаимодействия",
    "messages": "Сообщения",
    "payments": "Платежи",
    "tasks": "Задачи",
}
ASKED = ("filter", "q", "sort")


def exports(routes: tuple[Route, ...], call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("exports", __name__)
    lists = {route.path: route for route in routes if route.kind == "list"}
    for route in REQUESTS:
        view = _requesting(route, lists[route.path.removesuffix("/export")], call, keys)
        blueprint.add_url_rule(route.path, route.view, view, methods=["POST"])

    @blueprint.get("/v1/exports/<export_id>/file")
    def file(export_id: str) -> Response:
        context = circumstances(keys, FILE)
        export = call(FILE.service, FILE.call, requests.arguments(FILE, {"export_id": export_id}), context)["result"]
        permission, caller = f"{export['resource']}.export", authorise(keys, FILE.permission)
        if not caller.may(permission):
            raise Forbidden(permission=permission)
        downloading = replace(context, rights=caller.rights(permission))
        call("reporting", "download_export", {"export_id": export_id}, downloading)
        if export["hash"] is None:
            raise NotYetVisible(position=f"export {export_id}")
        response = Response(_content(call, export, context), content_type=_media_type(export["format"]))
        response.content_length = export["size"]
        in_utf8 = {"filename*": f"UTF-8''{quote(_file_name(export), safe='')}"}
        name = f"{export['resource']}.{export['format']}"
        response.headers.set("Content-Disposition", "attachment", filename=name, **in_utf8)
        response.headers["Cache-Control"] = "no-store"
        response.set_etag(export["hash"])
        return response

    return blueprint


def _requesting(route: Route, of_list: Route, call: Calling, keys: Keys) -> Callable[[], Response]:
    def view() -> Response:
        context = circumstances(keys, route)
        arguments = requests.arguments(route, {})
        _check(of_list, arguments, call, context)
        return requests.response(route, call(route.service, route.call, arguments, context))

    return view


def _check(of_list: Route, arguments: Mapping[str, Any], call: Calling, context: Context) -> None:
    """Asks the list for one row in the same way, so that what it would refuse is refused now."""
    asked = {name: arguments[name] for name in ASKED if arguments.get(name)}
    fields = arguments.get("fields")
    if isinstance(fields, list) and all(isinstance(name, str) and "," not in name for name in fields):
        asked["fields"] = ",".join(fields)
    call(of_list.service, of_list.call, {**asked, "limit": 1}, replace(context, idempotency_key=None))


def _content(call: Calling, export: Mapping[str, Any], context: Context) -> Iterator[bytes]:
    """Piece by piece; each may take as long as any call."""
    for offset in range(0, export["size"], CHUNK):
        now = replace(context, deadline=clock.now() + requests.DEADLINE)
        yield b64decode(call("reporting", "file", {"hash": export["hash"], "offset": offset}, now)["result"])


def _media_type(format: str) -> str:
    kind = MEDIA_TYPES[format]
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _file_name(export: Mapping[str, Any]) -> str:
    """As people look for it."""
    named = export["language"] == "ru"
    taken = date.fromisoformat(export["ended_at"][:10])
    what = NAMES[export["resource"]] if named else export["resource"].capitalize()
    return f"{what} {taken:%d.%m.%Y}.{export['format']}" if named else f"{what} {taken}.{export['format']}"
