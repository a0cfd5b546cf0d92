"""How often one may ask: so many requests in a window of time by each key or session, and by
each address where nobody is known."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, g, request

from gateway.app import Caller, Keys
from gateway.pages import ALWAYS_OPEN, PAGES
from gateway.problems import Unauthorised, problem_response
from gateway.routing import OPEN, Route
from services.kernel.errors import Refusal

# whom one process remembers of each kind
MOST = 20_000
_COUNTED = "reestr.counted"


class TooManyRequests(Refusal):
    status = 429
    ru = "Слишком много запросов: больше {quota} за {window} с"
    en = "Too many requests: more than {quota} in {window} s"


@dataclass(frozen=True, slots=True)
class Policy:
    """At most `quota` requests in a window of so many seconds."""

    name: str
    quota: int
    window: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left after a request, and for how many seconds; below none the request was one too many."""

    policy: Policy
    left: int
    seconds: int


class Windows:
    """Counts by name. A window begins with the first request in it; of too many names the one
    whose window is the oldest is forgotten."""

    def __init__(self, policy: Policy, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self.policy = policy
        self._most, self._clock = most, clock
        self._began: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, name: str) -> Standing:
        now = self._clock()
        with self._lock:
            began, counted = self._began.get(name, (now, 0))
            if now - began >= self.policy.window:
                began, counted = now, 0
            if not counted:
                self._began.pop(name, None)
            self._began[name] = (began, counted + 1)
            while len(self._began) > self._most:
                self._began.popitem(last=False)
        left = self.policy.quota - counted - 1
        return Standing(self.policy, left, max(1, math.ceil(began + self.policy.window - now)))


class Limits:
    """Counts every request once: at the door where that is open to all, else when it is known who
    asks. Keys named as unlimited are not counted."""

    def __init__(self, by_key: Policy | None, by_address: Policy | None, unlimited: frozenset[str]) -> None:
        self._by_key = Windows(by_key) if by_key else None
        self._by_address = Windows(by_address) if by_address else None
        self._unlimited = unlimited

    def guarding(self, keys: Keys) -> Keys:
        """The same keys; whoever presents one too often is refused, and so is whoever guesses."""

        def known(presented: str) -> Caller | None:
            caller = keys(presented)
            if caller is None:
                _count(self._by_address, str(request.remote_addr))
            elif caller.principal not in self._unlimited:
                _count(self._by_key, caller.principal)
            return caller

        return known

    def watch(self, app: Flask, routes: tuple[Route, ...]) -> None:
        """Forms have limits of their own."""
        open_to_all = (route for route in routes if route.permission == OPEN and route.kind != "form")
        opened = {route.path.replace("{", "<").replace("}", ">") for route in open_to_all}

        def at_the_door() -> None:
            if _is_open(opened):
                _count(self._by_address, str(request.remote_addr))

        def when_unknown(response: Response) -> Response:
            """Whoever brings nothing to be known by was counted nowhere yet."""
            if response.status_code != Unauthorised.status:
                return response
            try:
                _count(self._by_address, str(request.remote_addr))
            except TooManyRequests as refusal:
                return problem_response(refusal.problem())
            return response

        app.before_request(at_the_door)
        app.after_request(_told)
        app.after_request(when_unknown)


class FormLimits:
    """How much forms on sites take in: from each address, and each form from everybody."""

    def __init__(self, by_address: Policy | None, by_form: Policy | None) -> None:
        self._by_address = Windows(by_address) if by_address else None
        self._by_form = Windows(by_form) if by_form else None

    def count_address(self) -> None:
        _count(self._by_address, str(request.remote_addr))

    def count_form(self, form_id: str) -> None:
        """Beside the address."""
        request.environ.pop(_COUNTED, None)
        _count(self._by_form, form_id)


def _is_open(opened: set[str]) -> bool:
    """Whether the request is answered, or refused, without asking who sends it."""
    if request.blueprint == PAGES:
        return request.endpoint not in ALWAYS_OPEN
    return request.url_rule is None or request.url_rule.rule in opened


def _count(windows: Windows | None, name: str) -> None:
    """Counts the request unless it is counted already: a stream asks many times who its reader is."""
    if windows is None or _COUNTED in request.environ:
        return
    standing = windows.count(name)
    request.environ[_COUNTED] = g.standing = standing
    if standing.left < 0:
        quota, window = standing.policy.quota, standing.policy.window
        raise TooManyRequests(quota=quota, window=window, retry_after=standing.seconds)


def _told(response: Response) -> Response:
    """The headers of draft-ietf-httpapi-ratelimit-headers."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        policy = standing.policy
        response.headers["RateLimit-Policy"] = f'"{policy.name}";q={policy.quota};w={policy.window}'
        response.headers["RateLimit"] = f'"{policy.name}";r={max(standing.left, 0)};t={standing.seconds}'
    return response
