"""The event feed as server-sent events: an answer that goes on as long as its reader reads."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import msgspec
from flask import Blueprint, Response, copy_current_request_context, request

from gateway import requests
from gateway.app import Calling, Keys, authorise, circumstances
from gateway.directory import Directory
from gateway.feed import check_types
from gateway.news import News
from gateway.routes.reporting import STREAM
from gateway.seats import Seats
from services.kernel.errors import Refusal, Unavailable
from services.kernel.message import SOURCE_PREFIX
from services.kernel.received import SourcePosition
from services.kernel.vector import read_vector, write_vector

HEARTBEAT = 10.0
RETRY_MS = 3000
AT_A_TIME = 100
# a reader who takes nothing for so long is dropped, and so much waits for him at the most
SEND_WITHIN = 30.0
SEND_BUFFER = 64 * 1024

Page = Mapping[str, Any]


class Reader:
    """One stream: where it stands, and what it is written."""

    def __init__(self, call: Calling, keys: Keys, news: News, arguments: dict[str, Any]) -> None:
        self._call, self._keys, self._news = call, keys, news
        self._arguments = arguments
        self._seen = 0

    def page(self) -> Page:
        """What follows; the right to it is looked at anew each time."""
        context = circumstances(self._keys, STREAM)
        self._seen = self._news.number
        page: Page = self._call(STREAM.service, STREAM.call, self._arguments, context)["result"]
        return page

    def written(self, first: Page, following: Callable[[], Page]) -> Iterator[bytes]:
        """Everything for this reader, until he has lost the right to it or his place in it."""
        yield f"retry: {RETRY_MS}\n\n".encode()
        page: Page | None = first
        while True:
            if page is not None:
                yield self._taken(page)
            if page is None or len(page["items"]) < int(self._arguments["limit"]):
                self._news.wait(self._seen, HEARTBEAT)
            try:
                page = following()
            except Unavailable:
                page = None
                yield b":\n\n"
            except Refusal:
                return

    def _taken(self, page: Page) -> bytes:
        """A page as it is sent; a page without events says where the stream stands, or only that it lives."""
        before, self._arguments["after"] = self._arguments.get("after", ""), page["next"]
        if page["items"]:
            return b"".join(_events(before, page))
        return b":\n\n" if page["next"] == before else f"id: {page['next']}\n\n".encode()


def _events(before: str, page: Page) -> Iterator[bytes]:
    """Each event with the cursor after it; the last one's is that of the page, which moves over
    what the filters left out."""
    place = read_vector(before)
    for event in page["items"]:
        source = event["source"].removeprefix(SOURCE_PREFIX)
        place[source] = SourcePosition(event["epoch"], int(event["position"]))
        last = event is page["items"][-1]
        id = page["next"] if last else write_vector(place)
        yield b"id: %s\ndata: %s\n\n" % (id.encode(), msgspec.json.encode(event))


def stream(call: Calling, keys: Keys, directory: Directory, news: News, seats: Seats) -> Blueprint:
    blueprint = Blueprint("stream", __name__)

    @blueprint.get(STREAM.path)
    def stream_events() -> Response:
        arguments = {"limit": str(AT_A_TIME), **requests.arguments(STREAM, {})}
        if "Last-Event-ID" in request.headers:
            arguments["after"] = request.headers["Last-Event-ID"]
        principal = authorise(keys, STREAM.permission).principal
        check_types(directory, arguments)
        reader = Reader(call, keys, news, arguments)
        first = reader.page()
        seat = ExitStack()
        seat.enter_context(seats.taken(principal))
        return _endless(reader, first, seat)

    return blueprint


def _endless(reader: Reader, first: Page, seat: ExitStack) -> Response:
    _send_at_once()
    # between two pages other requests run in the same thread of control
    written = reader.written(first, copy_current_request_context(reader.page))
    response = Response(written, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(seat.close)
    return response


def _send_at_once() -> None:
    """The server would keep small pieces back, and wait for ever for a reader who takes none."""
    request.environ["eventlet.minimum_write_chunk_size"] = 0
    if connection := request.environ.get("eventlet.input"):
        connection.get_socket().settimeout(SEND_WITHIN)
        connection.get_socket().setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
