"""Fixtures that give tests real servers.

Local binaries by default, containers with REESTR_TEST_SERVERS=docker. A missing
server skips a test on a developer's machine and fails it where CI=true.
"""

import os
import shlex
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.reestr.broker import Broker
from tests.servers import postgres as postgres_server
from tests.servers import rabbit as rabbit_server
from tests.servers.folders import server_folder
from tests.servers.postgres import PostgresServer
from tests.servers.rabbit import RabbitServer, Vhost

DOCKER = os.environ.get("REESTR_TEST_SERVERS") == "docker"


def require(missing: str | None) -> None:
    """Ends the test when something it needs is missing on this machine."""
    if missing and os.environ.get("CI") == "true":
        pytest.fail(missing, pytrace=False)
    elif missing:
        pytest.skip(missing)


@pytest.fixture(scope="session")
def docker_compose_file() -> str:
    return str(Path(__file__).parent / "compose.yaml")


@pytest.fixture(scope="session")
def rabbitmq(request: pytest.FixtureRequest) -> Iterator[RabbitServer]:
    """A RabbitMQ shared by the session; `.ctl(…)`, `.api(method, path)`, `.new_vhost()`."""
    if DOCKER:
        yield _rabbit_container(request.getfixturevalue("docker_services"))
        return
    require(rabbit_server.missing())
    with server_folder() as folder, rabbit_server.local_server(folder) as server:
        yield server


@pytest.fixture
def vhost(rabbitmq: RabbitServer) -> Iterator[Vhost]:
    """A fresh virtual host: `.url`, `.name`, `.depth(queue)`."""
    with rabbitmq.new_vhost() as fresh:
        yield fresh


@pytest.fixture(scope="module")
def own_broker() -> Iterator[Broker]:
    """A node that belongs to the test module, which may stop, kill and wipe it; `.url`."""
    require(rabbit_server.missing())
    with server_folder() as folder:
        broker = Broker(folder / "rabbitmq", folder / "rabbitmq.log")
        try:
            broker.ensure()
            yield broker
        finally:
            broker.kill()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A PostgreSQL shared by the session; `.url(database)`, `.new_database()`."""
    if DOCKER:
        yield _postgres_container(request.getfixturevalue("docker_services"))
        return
    require(postgres_server.missing())
    with server_folder() as folder, postgres_server.local_server(folder) as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test's own."""
    with postgres.new_database() as url:
        yield url


@pytest.fixture(scope="module")
def module_database(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database that a module's tests share."""
    with postgres.new_database() as url:
        yield url


@pytest.fixture
def new_database(postgres: PostgresServer) -> Any:
    """For tests that need several: `with new_database() as url`."""

    def make() -> AbstractContextManager[str]:
        return postgres.new_database()

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database, once of each kind the kernel runs on."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/events.db"
    url: str = request.getfixturevalue("database")
    return url


def _rabbit_container(services: Any) -> RabbitServer:
    def ctl(*arguments: str) -> str:
        command = " ".join(shlex.quote(argument) for argument in ("rabbitmqctl", "--quiet", *arguments))
        output: bytes = services._docker_compose.execute(f"exec -T rabbitmq {command}")
        return output.decode()

    ports = services.port_for("rabbitmq", 5672), services.port_for("rabbitmq", 15672)
    server = RabbitServer("127.0.0.1", *ports, "reestr", "reestr", ctl)
    services.wait_until_responsive(timeout=60, pause=0.5, check=lambda: _answers(server))
    return server


def _answers(server: RabbitServer) -> bool:
    try:
        return bool(server.api("GET", "overview"))
    except (requests.ConnectionError, RuntimeError):
        return False


def _postgres_container(services: Any) -> PostgresServer:
    server = PostgresServer("127.0.0.1", services.port_for("postgres", 5432), "postgres", "postgres")
    server.wait_ready(60)
    return server
