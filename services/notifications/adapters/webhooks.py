"""Posting to addresses that strangers have given: no way inside, and no waiting without end.

The name is looked up once for each connection, and the connection goes to the address that
was found and checked; the name stays in `Host` and in TLS, whose certificate is verified.
Redirects are not followed, proxies of the environment not asked.
"""

import http.client
import io
import ipaddress
import select
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Literal

from services.kernel import clock
from services.notifications.domain.webhook_url import Target, allowed_address, target_of

CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 15.0
READ_ON = 1.0  # seconds for an answer's body once its status is known
MOST_OF_ANSWER, MOST_OF_BODY = 128 * 1024, 16 * 1024
MOST_ADDRESSES = 4
KEPT_SECONDS = 30.0
LONGEST_DEMAND = 86_400.0

Reason = Literal["no-address", "address-not-allowed", "no-connection", "tls", "timeout", "broken-answer"]


class NotAnswered(Exception):
    """There was no answer; whether the receiver has the message is not known."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """`retry_after` are the seconds for which the receiver asks to be left alone."""

    status: int
    body: bytes
    retry_after: float

    @property
    def accepted(self) -> bool:
        return self.status in range(200, 300)


class Receiver:
    """One address, and the connections to it that are open. Used by several threads at once."""

    def __init__(self, url: str, *, loopback: bool) -> None:
        self._target = target_of(url)
        self._loopback = loopback
        self._idle: list[_Connection] = []

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The receiver's answer; raises `NotAnswered`."""
        deadline = time.monotonic() + ANSWER_WITHIN
        while kept := self._kept():
            if time.monotonic() < kept.until:
                with suppress(_Closed):
                    return self._post(kept, body, headers, deadline)
            kept.close()
        return self._post(self._connect(), body, headers, deadline)

    def close(self) -> None:
        while kept := self._kept():
            kept.close()

    def _kept(self) -> "_Connection | None":
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connect(self) -> "_Connection":
        return _Connection(self._target, _addresses(self._target, loopback=self._loopback))

    def _post(self, connection: "_Connection", body: bytes, headers: Mapping[str, str], deadline: float) -> Answer:
        try:
            answer, usable = connection.post(body, headers, deadline)
        except BaseException:
            connection.close()
            raise
        if usable:
            self._idle.append(connection)
        else:
            connection.close()
        return answer


class _Closed(NotAnswered):
    """A kept connection was closed before anything was answered: another one may serve."""


class _Connection:
    """One connection, to an address that was checked."""

    def __init__(self, target: Target, addresses: list[str]) -> None:
        self._target = target
        self._wire = _Wire(_opened(target, addresses))
        make = http.client.HTTPSConnection if target.tls else http.client.HTTPConnection  # for the port in `Host`
        self._http: Any = make(target.host, target.port)
        self._http.sock = self._wire
        self._used = False
        self.until = time.monotonic() + KEPT_SECONDS

    def post(self, body: bytes, headers: Mapping[str, str], deadline: float) -> tuple[Answer, bool]:
        """The answer, and whether the connection can be used again."""
        self._wire.allow(deadline, MOST_OF_ANSWER)
        try:
            self._http.request("POST", self._target.path, body, dict(headers))
            response = self._http.getresponse()
        except TimeoutError:
            raise NotAnswered("timeout") from None
        except (ConnectionError, ssl.SSLError, http.client.RemoteDisconnected) as error:
            raise (_Closed if self._used else NotAnswered)("no-connection") from error
        except (OSError, http.client.HTTPException) as error:
            raise NotAnswered("broken-answer") from error
        self._used = True
        content, whole = self._read(response, deadline)
        return Answer(response.status, content, _retry_after(response.headers)), whole and not response.will_close

    def _read(self, response: http.client.HTTPResponse, deadline: float) -> tuple[bytes, bool]:
        """What there is of the body, and whether it was all: the status alone decides."""
        self._wire.allow(min(deadline, time.monotonic() + READ_ON), MOST_OF_ANSWER)
        try:
            content = response.read(MOST_OF_BODY)
            return content, response.isclosed() or not response.read(1)
        except (OSError, http.client.HTTPException):
            return b"", False

    def close(self) -> None:
        self._wire.hang_up()


class _Wire:
    """A socket as `http.client` sees it: every step ends by one deadline, and what comes is bounded."""

    def __init__(self, peer: Any) -> None:
        self._peer = peer
        self._deadline = 0.0
        self._left = 0

    def allow(self, deadline: float, most: int) -> None:
        self._deadline, self._left = deadline, most

    def sendall(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            self._arm()
            rest = rest[self._peer.send(rest) :]

    def receive(self, buffer: Any) -> int:
        self._arm()
        count: int = self._peer.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise http.client.HTTPException("the answer is too long")
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """`http.client` closes before it has read the body: `hang_up` is when it is over."""

    def hang_up(self) -> None:
        with suppress(OSError):
            self._peer.close()

    def _arm(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._peer.settimeout(left)


class _Incoming(io.RawIOBase):
    def __init__(self, wire: _Wire) -> None:
        super().__init__()
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._wire.receive(buffer)


def _addresses(target: Target, *, loopback: bool) -> list[str]:
    """What the name stands for now; refused when any of it leads inside."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotAnswered("no-address") from error
    addresses = list(dict.fromkeys(str(at[0]) for *_, at in found))
    if not all(allowed_address(ipaddress.ip_address(at), loopback=loopback) for at in addresses):
        raise NotAnswered("address-not-allowed")
    return addresses[:MOST_ADDRESSES]


def _opened(target: Target, addresses: list[str]) -> Any:
    deadline = time.monotonic() + CONNECT_WITHIN
    trouble: OSError = TimeoutError()
    for address in addresses:
        try:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            peer = socket.create_connection((address, target.port), left)
        except OSError as error:
            trouble = error
            continue
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _secured(peer, target.host, deadline) if target.tls else peer
    raise NotAnswered("timeout" if isinstance(trouble, TimeoutError) else "no-connection") from trouble


def _secured(peer: socket.socket, host: str, deadline: float) -> Any:
    secured = tls_context().wrap_socket(peer, server_hostname=host, do_handshake_on_connect=False)
    try:
        _shake_hands(secured, deadline)
    except OSError as error:
        secured.close()
        raise NotAnswered("timeout" if isinstance(error, TimeoutError) else "tls") from error
    return secured


def _shake_hands(secured: ssl.SSLSocket, deadline: float) -> None:
    """Step by step, as the time limit of a socket holds for each step alone."""
    secured.setblocking(False)
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            secured.do_handshake()
        except ssl.SSLWantReadError:
            select.select([secured], [], [], left)
        except ssl.SSLWantWriteError:
            select.select([], [secured], [], left)
        else:
            secured.setblocking(True)
            return


@cache
def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds, or a date; nonsense counts as nothing asked."""
    text = headers.get("Retry-After", "")
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_DEMAND)
    try:
        seconds = (parsedate_to_datetime(text) - clock.now()).total_seconds()
    except (TypeError, ValueError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_DEMAND)
