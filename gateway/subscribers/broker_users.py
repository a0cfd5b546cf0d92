"""Users of the broker, by its management API: the same on one machine, in compose and on a cluster."""

import json
import re
import urllib.request
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urlsplit

from services.kernel.broker import EXCHANGE

PREFIX = "ext."
ANSWER_WITHIN = 10.0
MOST_CONNECTIONS, MOST_CHANNELS, MOST_QUEUES = 10, 50, 16
DAY_MS = 86_400_000
LIMITS = {"max-length": 100_000, "max-length-bytes": 64 * 1024**2, "message-ttl": DAY_MS, "expires": 7 * DAY_MS}
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the broker as it is to be."""

    name: str
    password_hash: str
    topics: Sequence[str]

    @property
    def user(self) -> str:
        return PREFIX + self.name


def management_url(amqp_url: str) -> str:
    """Where the management API of a broker is by default: on its first host, for the same user."""
    at = urlsplit(amqp_url.partition(";")[0])
    scheme, port = ("https", 15671) if at.scheme == "amqps" else ("http", 15672)
    login = at.netloc.rpartition("@")[0]
    return f"{scheme}://{login}@{at.hostname}:{port}"


class BrokerUsers:
    """Makes the users of subscribers, limits them, and takes them away with all they had."""

    def __init__(self, url: str, vhost: str) -> None:
        at = urlsplit(url)
        login = f"{unquote(at.username or '')}:{unquote(at.password or '')}"
        self._address = f"{at.scheme}://{at.hostname}:{at.port}/api"
        self._headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}
        self._vhost = quote(vhost, safe="")
        # the broker is inside: no proxy leads there
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def present(self) -> dict[str, str]:
        """Subscribers whom the broker knows completely, with their passwords' hashes."""
        allowed = {row["user"] for row in self._ask("GET", f"vhosts/{self._vhost}/permissions")}
        users = self._ask("GET", "users?columns=name,password_hash")
        return {
            row["name"].removeprefix(PREFIX): row["password_hash"]
            for row in users
            if row["name"].startswith(PREFIX) and row["name"] in allowed
        }

    def limit(self) -> None:
        """Bounds every queue of every subscriber, whatever he declares it with."""
        policy = {"pattern": f"^{re.escape(PREFIX)}", "apply-to": "queues", "definition": LIMITS}
        self._ask("PUT", f"operator-policies/{self._vhost}/subscribers", policy)

    def put(self, account: Account) -> None:
        """The right to enter comes last: until then there is nothing to be had by it."""
        own = f"{re.escape(account.user)}\\."
        user = quote(account.user, safe="")
        keys = "|".join(re.escape(topic) for topic in account.topics)
        self._ask("PUT", f"users/{user}", {"password_hash": account.password_hash, "tags": ""})
        self._ask("PUT", f"user-limits/{user}/max-connections", {"value": MOST_CONNECTIONS})
        self._ask("PUT", f"user-limits/{user}/max-channels", {"value": MOST_CHANNELS})
        topics = {"exchange": EXCHANGE, "write": "^$", "read": f"^({keys})$"}
        self._ask("PUT", f"topic-permissions/{self._vhost}/{user}", topics)
        rights = {"configure": f"^{own}", "write": f"^{own}", "read": f"^({own}.*|{re.escape(EXCHANGE)})$"}
        self._ask("PUT", f"permissions/{self._vhost}/{user}", rights)

    def drop(self, name: str) -> None:
        """The user, whose connections end with him, and his queues."""
        self._ask("DELETE", f"users/{quote(PREFIX + name, safe='')}")
        for queue in self._queues():
            if queue["name"].startswith(f"{PREFIX}{name}."):
                self._drop_queue(queue)

    def weed(self) -> None:
        """Drops queues that would stop the publisher or outgrow every limit. The broker lets a
        user choose that for a queue of his own, and no policy overrules it."""
        had: dict[str, int] = {}
        for queue in sorted(self._queues(), key=lambda one: str(one["name"])):
            if not queue["name"].startswith(PREFIX):
                continue
            owner = queue["name"].split(".")[1]
            had[owner] = had.get(owner, 0) + 1
            if not _is_allowed(queue) or had[owner] > MOST_QUEUES:
                self._drop_queue(queue)

    def _queues(self) -> list[Any]:
        found: list[Any] = self._ask("GET", f"queues/{self._vhost}?columns=name,arguments")
        return found

    def _drop_queue(self, queue: Mapping[str, Any]) -> None:
        self._ask("DELETE", f"queues/{self._vhost}/{quote(queue['name'], safe='')}")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = self._headers | {"Content-Type": "application/json"}
        address = f"{self._address}/{path}"
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310  # of the configuration
        try:
            with self._open(request, timeout=ANSWER_WITHIN) as answer:
                text = answer.read()
        except HTTPError as error:
            if method == "DELETE" and error.code == NOT_FOUND:
                return None
            raise
        return json.loads(text) if text else None


def _is_allowed(queue: Mapping[str, Any]) -> bool:
    arguments = queue["arguments"]
    overflow, kind = arguments.get("x-overflow", "drop-head"), arguments.get("x-queue-type", "classic")
    return overflow == "drop-head" and kind in ("classic", "quorum")
