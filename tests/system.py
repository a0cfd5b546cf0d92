"""All services in the test's own process, on stores of their own: no broker, no nameko.

Messages go from store to received log when a test delivers them, by the same way that a
reader takes to catch up with its source.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.kernel import clock
from services.kernel.config import Settings, read_settings
from services.kernel.context import Context
from services.kernel.contracts import describe
from services.kernel.errors import Problem
from services.kernel.ids import new_id
from services.kernel.projections import engine
from services.kernel.projections import runner as projection_runner
from services.kernel.reactions import reactions
from services.kernel.rpc import Refused
from services.kernel.runtime import Runtime
from services.kernel.wiring import Service

NAMES = ("clients", "deals", "documents", "notifications", "reporting", "gateway")
NewUrl = Callable[[str], str]


def service(name: str) -> Service:
    package = name if name == "gateway" else f"services.{name}"
    found: Service = import_module(f"{package}.wiring").SERVICE
    return found


SERVICES: Sequence[Service] = tuple(service(name) for name in NAMES)


def call_context(
    key: str | None = None,
    version: int | None = None,
    *,
    principal: str = "key-1",
    seconds: float = 10,
    min_position: Mapping[str, int] | None = None,
) -> Context:
    """The circumstances of a call, as the gateway gives them."""
    now, request = clock.now(), new_id()
    return Context(
        actor="user-1",
        principal=principal,
        correlation_id=request,
        causation_id=request,
        now=now,
        deadline=now + timedelta(seconds=seconds),
        idempotency_key=key or new_id(),
        expected_version=version,
        min_position=min_position or {},
    )


class System:
    """Runtimes by service name. Reactions run only where a test starts them."""

    def __init__(
        self, folder: Path, new_url: NewUrl, names: Sequence[str] = NAMES, smtp_url: str = "smtp://127.0.0.1:1"
    ) -> None:
        self.folder = folder
        self._smtp_url = smtp_url
        self._urls = {name: new_url(name) for name in (*names, "keyring")}
        self.runtimes: dict[str, Runtime] = {}
        for name in names:
            self.open(name)

    def settings(self, name: str) -> Settings:
        master = self.folder / "master.key"
        if not master.exists():
            master.write_text(base64.b64encode(os.urandom(32)).decode())
        return read_settings(
            {
                "REESTR_SERVICE": name,
                "REESTR_STORE_URL": self._urls[name],
                "REESTR_KEYRING_URL": self._urls["keyring"],
                "REESTR_MASTER_KEY_FILE": str(master),
                "REESTR_AMQP_URL": "amqp://nobody:nothing@127.0.0.1:1/",
                "REESTR_SMTP_URL": self._smtp_url,
                "REESTR_WEBHOOKS_TO_LOOPBACK": "on",
            }
        )

    def open(self, name: str) -> Runtime:
        """A runtime as a fresh process has it."""
        runtime = Runtime(service(name), self.settings(name))
        runtime._calls = self.call
        runtime.projections.start()
        self.runtimes[name] = runtime
        return runtime

    def react(self, *names: str) -> None:
        """Lets the reactions of these services run."""
        for name in names:
            self.runtimes[name].reactions.start()

    def reopen(self, name: str) -> Runtime:
        self._close(self.runtimes[name])
        return self.open(name)

    def close(self) -> None:
        for runtime in self.runtimes.values():
            self._close(runtime)

    def _close(self, runtime: Runtime) -> None:
        for worker in runtime.workers:
            worker.stop()
        runtime.reactions.stop()
        runtime.projections.stop()
        runtime.views.close()
        runtime.store.database.close()
        runtime.keyring._database.close()

    def ask(
        self, name: str, method: str, arguments: Mapping[str, Any], context: Context | None = None
    ) -> dict[str, Any]:
        """The answer as it travels: `result` and `position`, or `problem`."""
        call = {"arguments": arguments, "context": (context or call_context()).to_dict()}
        return self.runtimes[name].answers.answer(method, call)

    def do(
        self, name: str, method: str, arguments: Mapping[str, Any], version: int | None = None, key: str | None = None
    ) -> Any:
        """The result of a call that is not refused."""
        answer = self.ask(name, method, arguments, call_context(key, version))
        assert "problem" not in answer, answer["problem"]
        return answer["result"]

    def refusal(
        self, name: str, method: str, arguments: Mapping[str, Any], version: int | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """The problem of a call that is refused; nothing was written, beside effects and timers at work."""
        store = self.runtimes[name].store
        head = store.head().position
        answer = self.ask(name, method, arguments, call_context(key, version))
        assert "problem" in answer, answer
        since = [one for one in store.read_after(head) if one.actor != "system"]
        assert [one.type for one in since if not one.type.startswith("Effect")] == []
        problem: dict[str, Any] = answer["problem"]
        return problem

    def call(self, name: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """How services reach each other: what nameko's RPC does between processes."""
        owner, _, log = name.partition("_")
        if log:
            return {"result": self.runtimes[owner].messages_after(**arguments)}
        if method == "describe":
            return {"result": describe(self.runtimes[name].service)}
        if method == "trace":
            return self.runtimes[name].trace(arguments["causes"])
        if method == "bulk":
            asked = json.loads(json.dumps({"arguments": arguments, "context": context.to_dict()}))
            return self.runtimes[name].answers.bulk(asked)
        if method == "file":
            chunk = self.runtimes[name].blobs.chunk(arguments["hash"], arguments["offset"])
            return {"result": base64.b64encode(chunk.content).decode()}
        answer = self.ask(name, method, arguments, context)
        if "problem" in answer:
            raise Refused(Problem.from_dict(answer["problem"]))
        return answer

    def deliver(self) -> None:
        """Brings every message to everybody who hears its source, and into the read models."""
        for runtime in self.runtimes.values():
            for source, consumer in runtime.consumers.items():
                if source in self.runtimes:
                    at = consumer.catch_up()
                    assert runtime.projections.wait(source, at.position, 10)

    def settle(self, name: str) -> None:
        """Waits until all read models of a service show what it has recorded: each has a runner of its own."""
        runtime = self.runtimes[name]
        assert runtime.projections.wait(name, runtime.store.head().position, 60)

    def events(self, name: str, *types: str) -> list[Any]:
        """What a service has recorded, of some types where types are named."""
        recorded = self.runtimes[name].store.read_after(0, 100_000)
        return [one.event for one in recorded if not types or one.type in types]

    def rows(self, name: str) -> dict[str, list[str]]:
        """All rows of a service's own read models."""
        runtime = self.runtimes[name]
        tables = [table for projection in runtime.service.projections for table in projection.tables]
        with runtime.views.connect() as connection:
            return {table.name: sorted(repr(row) for row in connection.execute(sa.select(table))) for table in tables}


def eventually(look: Callable[[], Any], timeout: float = 10) -> Any:
    """What `look` finds, as soon as it finds something."""
    until = time.monotonic() + timeout
    while not (found := look()):
        assert time.monotonic() < until, "did not come true in time"
        time.sleep(0.02)
    return found


def sqlite_urls(folder: Path) -> NewUrl:
    def new(name: str) -> str:
        (folder / name).mkdir()
        return f"sqlite:///{folder}/{name}/events.db"

    return new


@pytest.fixture(scope="module")
def _quick_to_stop() -> Iterator[None]:
    """Loops look every moment whether they are to stop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reactions, "IDLE", 0.05)
        patch.setattr(projection_runner, "POLL", 0.05)
        patch.setattr(engine, "ELECTION_PAUSE", 0.05)
        yield


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def any_system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, _quick_to_stop: None
) -> Iterator[System]:
    """The whole system once on each kind of database, shared by the tests of a module."""
    folder = tmp_path_factory.mktemp("system")
    with ExitStack() as databases:
        new_url = sqlite_urls(folder)
        if request.param == "postgres":
            server = request.getfixturevalue("postgres")
            new_url = lambda _name: databases.enter_context(server.new_database())  # noqa: E731
        running = System(folder, new_url)
        yield running
        running.close()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, _quick_to_stop: None) -> Iterator[System]:
    """The whole system on SQLite, shared by the tests of a module."""
    folder = tmp_path_factory.mktemp("system")
    running = System(folder, sqlite_urls(folder))
    yield running
    running.close()
