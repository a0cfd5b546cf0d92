"""Tables in, and what was not taken in of them out."""

from base64 import b64decode
from typing import Any
from urllib.parse import quote, unquote

from flask import Blueprint, Response, request

from gateway import requests
from gateway.app import Calling, Keys, authorise, circumstances
from gateway.files import CHUNK
from gateway.routes.files import COLUMNS, FAILED_ROWS, UPLOAD
from gateway.uploads import sent_as_body, sent_in_form

# what is done with clients that are in the base already, and what else that needs
SKIP, CHANGING = "skip", "clients.write"


def imports(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("imports", __name__)

    @blueprint.post("/v1/imports")
    def start_import() -> Response:
        context = circumstances(keys, UPLOAD)
        arguments = {**_upload(), **_how()}
        if arguments.get("existing", SKIP) != SKIP:
            authorise(keys, CHANGING)
        return requests.response(UPLOAD, call("clients", "start_import", arguments, context))

    @blueprint.post("/v1/imports/columns")
    def propose_import() -> Response:
        context = circumstances(keys, COLUMNS)
        return requests.response(COLUMNS, call("clients", "propose_import", {"content": _upload()["content"]}, context))

    @blueprint.get("/v1/operations/<operation_id>/failed-rows")
    def failed_rows(operation_id: str) -> Response:
        context = circumstances(keys, FAILED_ROWS)
        arguments = requests.arguments(FAILED_ROWS, {"operation_id": operation_id})
        kept = call("clients", "get_failed_rows", arguments, context)["result"]
        content = b"".join(
            b64decode(call("clients", "file", {"hash": kept["hash"], "offset": offset}, context)["result"])
            for offset in range(0, kept["size"], CHUNK)
        )
        response = Response(content, content_type="text/csv; charset=utf-8")
        named = f"Не принято {kept['file_name']}".strip()
        in_utf8 = {"filename*": f"UTF-8''{quote(named, safe='')}.csv"}
        response.headers.set("Content-Disposition", "attachment", filename="failed-rows.csv", **in_utf8)
        response.headers["Cache-Control"] = "no-store"
        response.set_etag(kept["hash"])
        return response

    return blueprint


def _upload() -> dict[str, Any]:
    """A table as the body itself, or as the field `file` of a form."""
    if request.mimetype == "multipart/form-data":
        return sent_in_form()
    return {"content": sent_as_body(), "file_name": unquote(request.headers.get("File-Name", ""))}


def _how() -> dict[str, Any]:
    """What the other fields of a form say of an import."""
    told: dict[str, Any] = {name: request.form[name] for name in ("existing", "source") if name in request.form}
    for name in ("columns", "dry_run"):
        if name in request.form:
            told[name] = requests.read_json(request.form[name].encode(errors="surrogateescape"))
    return told
