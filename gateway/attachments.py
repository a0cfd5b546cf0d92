"""Attached files in and out. A browser saves what comes out and runs nothing of it."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from gateway import requests
from gateway.app import Calling, Keys, circumstances
from gateway.files import CHUNK
from gateway.routes.attachments import ATTACH, FILE
from gateway.uploads import sent_in_form
from services.kernel.context import Context


def attachments(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("attachments", __name__)

    @blueprint.post("/v1/attachments")
    def attach_file() -> Response:
        context = circumstances(keys, ATTACH)
        arguments = sent_in_form()
        told = {name: request.form[name] for name in ("what", "owner_id") if name in request.form}
        return requests.response(ATTACH, call(ATTACH.service, ATTACH.call, {**arguments, **told}, context))

    @blueprint.get("/v1/attachments/<attachment_id>/file")
    def attached_file(attachment_id: str) -> Response:
        context = circumstances(keys, FILE)
        arguments = requests.arguments(FILE, {"attachment_id": attachment_id})
        attached = call(FILE.service, FILE.call, arguments, context)["result"]
        response = Response(headers=_headers(attached))
        response.set_etag(attached["file_hash"])
        if not request.if_none_match.contains(attached["file_hash"]):
            response.set_data(_content(call, attached, context))
        response.make_conditional(request)
        return response

    return blueprint


def _content(call: Calling, attached: Mapping[str, Any], context: Context) -> bytes:
    return b"".join(
        b64decode(call("clients", "file", {"hash": attached["file_hash"], "offset": offset}, context)["result"])
        for offset in range(0, attached["size"], CHUNK)
    )


def _headers(attached: Mapping[str, Any]) -> dict[str, str]:
    """Bytes to a browser, whatever they are to people: what they are stands in the attachment."""
    name = attached["file_name"]
    plain = f"file.{name.rpartition('.')[2].lower()}"
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
