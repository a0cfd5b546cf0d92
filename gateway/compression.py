"""Answers in gzip for those who take it, from a size on where that is worth the work."""

import gzip

from flask import Response, request

LEAST = 1024
_LEVEL = 5
_KINDS = ("application/json", "application/problem+json", "text/")


def compressed(response: Response) -> Response:
    """Streams go out as they are written."""
    if response.is_streamed or not (response.mimetype or "").startswith(_KINDS):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= LEAST and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
