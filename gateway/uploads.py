"""Files that are sent in, as services take them."""

from base64 import b64encode
from typing import Any

from flask import request

from services.kernel.errors import Refusal

MIB = 1024 * 1024
# it travels as text in one message, of which RabbitMQ takes 16 MiB
MAX_UPLOAD = 11 * MIB
# what a request has around its file
_AROUND = 64 * 1024


class FileTooLarge(Refusal):
    status = 413
    ru = "Файл больше {limit} МиБ"
    en = "The file is larger than {limit} MiB"


def sent_as_body() -> str:
    request.max_content_length = MAX_UPLOAD + _AROUND
    return _encoded(request.get_data())


def sent_in_form() -> dict[str, Any]:
    """The content and the name of the field `file` of a form."""
    request.max_content_length = MAX_UPLOAD + _AROUND
    upload = request.files.get("file")
    return {"content": _encoded(upload.read() if upload else b""), "file_name": (upload and upload.filename) or ""}


def _encoded(content: bytes) -> str:
    if len(content) > MAX_UPLOAD:
        raise FileTooLarge(limit=MAX_UPLOAD // MIB)
    return b64encode(content).decode()
