"""A real PostgreSQL for the tests: a cluster of this machine's own binaries, or a container."""

import os
import pwd
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from deploy.reestr.files import tail, write_private
from deploy.reestr.ports import free_ports
from deploy.reestr.processes import identify


@dataclass(frozen=True)
class PostgresServer:
    host: str
    port: int
    user: str
    password: str

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{self.user}:{self.password}@{self.host}:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Runs one statement in the maintenance database, outside a transaction."""
        connection = psycopg2.connect(self.url())
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """The URL of an empty database that goes when the block ends."""
        name = f"t{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def wait_ready(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def binaries() -> Path | None:
    """The folder of initdb, of the newest version installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = shutil.which("initdb")
    return versions[-1].parent if versions else Path(found).parent if found else None


def missing() -> str | None:
    """Why no local cluster can be started."""
    if binaries() is None:
        return "PostgreSQL is not installed (apt install postgresql)"
    if os.geteuid() == 0 and _user() == "root":
        return "PostgreSQL refuses to run as root, and there is no user postgres"
    return None


@contextmanager
def local_server(folder: Path) -> Iterator[PostgresServer]:
    server = PostgresServer("127.0.0.1", free_ports(1)[0], "postgres", secrets.token_hex(8))
    home = folder / "postgres"
    _initialise(home, server.password)
    log = folder / "postgres.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            _as_user(_postgres(home, server.port)), cwd="/", stdout=output, stderr=output, start_new_session=True
        )
    process = identify(child.pid)
    write_private(folder / "postgres.pid", str(process))
    try:
        server.wait_ready(20)
        yield server
    except psycopg2.OperationalError as error:
        raise RuntimeError(f"PostgreSQL did not start; its log:\n{tail(log)}") from error
    finally:
        child.send_signal(2)  # SIGINT: without waiting for clients
        child.wait(20)


def _initialise(home: Path, password: str) -> None:
    home.mkdir(mode=0o700)
    secret = home.with_suffix(".password")
    write_private(secret, password)
    if _user() != "root":
        shutil.chown(home, _user())
        shutil.chown(secret, _user())
    initdb = _binary("initdb")
    options = ["--no-sync", "--username=postgres", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8"]
    subprocess.run(
        _as_user([initdb, *options, "--locale=C.UTF-8", str(home)]), cwd="/", check=True, capture_output=True
    )


def _postgres(home: Path, port: int) -> list[str]:
    settings = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "300",
    }
    return [_binary("postgres"), "-D", str(home), *(f"--{name}={value}" for name, value in settings.items())]


def _binary(name: str) -> str:
    folder = binaries()
    assert folder, missing()
    return str(folder / name)


def _user() -> str:
    """Who owns the cluster: ourselves, or `postgres` when we are root."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "root"


def _as_user(command: list[str]) -> list[str]:
    if os.geteuid():
        return command
    return ["setpriv", f"--reuid={_user()}", f"--regid={_user()}", "--init-groups", *command]
