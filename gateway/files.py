"""Files out: the PDF of a document."""

import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from gateway.app import Calling, Keys, circumstances
from gateway.routes.files import PDF
from services.kernel.errors import NotFound, Refusal

CHUNK = 1024 * 1024


class PdfNotReady(Refusal):
    status = 503
    ru = "PDF документа ещё готовится"
    en = "The PDF of the document is still being made"


def files(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/v1/documents/<document_id>/pdf")
    def pdf(document_id: str) -> Response:
        context = circumstances(keys, PDF)
        document = call("documents", "get_document", {"document_id": document_id}, context)["result"]
        if document["state"] == "draft":
            raise NotFound(what="pdf", id=document_id)
        if document["pdf"] is None:
            raise PdfNotReady
        content = b"".join(
            b64decode(call("documents", "file", {"hash": document["pdf"], "offset": offset}, context)["result"])
            for offset in range(0, document["pdf_size"], CHUNK)
        )
        response = Response(content, content_type="application/pdf")
        response.headers["ETag"] = f'"{document["pdf"]}"'
        in_utf8 = {"filename*": f"UTF-8''{quote(_file_name(document), safe='')}"}
        response.headers.set("Content-Disposition", "inline", filename="invoice.pdf", **in_utf8)
        response.make_conditional(request)
        return response

    return blueprint


def _file_name(document: Mapping[str, Any]) -> str:
    """As people look for it, without what file systems give a meaning."""
    number = re.sub(r'[\\/:*?"<>|]', "-", document["number"])
    return f"Счёт № {number} от {date.fromisoformat(document['date']):%d.%m.%Y}.pdf"
