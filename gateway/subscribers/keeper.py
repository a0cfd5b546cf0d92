"""Sees to it that the broker knows the subscribers: those of the store, and no others."""

import threading
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
import structlog
from kombu.utils.url import url_to_parts

from gateway.subscribers.broker_users import Account, BrokerUsers, management_url
from gateway.subscribers.calls import TABLE

if TYPE_CHECKING:
    from services.kernel.runtime import Runtime

LOOK_EVERY = 10.0
_log = structlog.get_logger(__name__)


class Keeper:
    """The store is the truth: a broker that was wiped or restored is told again within seconds.

    `trouble` is why it makes no progress, None if it does.
    """

    def __init__(self, runtime: "Runtime") -> None:
        settings = runtime.settings
        self.trouble: str | None = None
        self._runtime = runtime
        vhost = url_to_parts(settings.amqp_url).path or "/"
        self._users = BrokerUsers(settings.broker_api_url or management_url(settings.amqp_url), vhost)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="subscribers", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            seen = self._runtime.store.appended.value
            try:
                self.settle()
                self._note(None)
            except Exception as error:  # whatever it is, the broker is still to be told
                self._note(error)
                self._stopping.wait(1.0)
            self._runtime.store.appended.wait(seen, LOOK_EVERY)

    def settle(self) -> None:
        """Compares and puts right. Read models that lag would have subscribers removed who were
        just added, so they are waited for."""
        head = self._runtime.store.head().position
        if not self._runtime.projections.wait("gateway", head, LOOK_EVERY):
            return
        wanted, present = self._wanted(), self._users.present()
        if wanted:
            self._users.limit()
        for account in wanted.values():
            if present.get(account.name) != account.password_hash:
                self._users.put(account)
        for name in present.keys() - wanted.keys():
            self._users.drop(name)
        if present:
            self._users.weed()

    def _wanted(self) -> dict[str, Account]:
        c = TABLE.c
        with self._runtime.views.connect() as connection:
            rows = connection.execute(sa.select(c.id, c.password_hash, c.topics).where(c.active)).all()
        return {row.id: Account(row.id, row.password_hash, msgspec.json.decode(row.topics)) for row in rows}

    def _note(self, error: Exception | None) -> None:
        trouble = type(error).__name__ if error else None
        if trouble != self.trouble:
            self.trouble = trouble
            if error:
                _log.warning("subscribers.not_kept", error=error)
            else:
                _log.info("subscribers.kept")
