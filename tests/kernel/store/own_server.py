"""A PostgreSQL of one test's own, which may be killed and started again."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from deploy.reestr.files import write_private
from deploy.reestr.ports import free_ports
from deploy.reestr.processes import identify
from tests.servers import postgres as servers
from tests.servers.folders import server_folder
from tests.servers.postgres import PostgresServer


class OwnServer:
    def __init__(self, folder: Path) -> None:
        self.server = PostgresServer("127.0.0.1", free_ports(1)[0], "postgres", "secret")
        self._folder = folder
        self._home = folder / "postgres"
        servers._initialise(self._home, self.server.password)
        self._child: subprocess.Popen[bytes]
        self.start()

    @property
    def url(self) -> str:
        return self.server.url()

    def start(self) -> None:
        """Starts it, however often that takes: what is left of a killed one must end first."""
        deadline = time.monotonic() + 30
        while True:
            with (self._folder / "postgres.log").open("ab") as output:
                command = servers._as_user(servers._postgres(self._home, self.server.port))
                self._child = subprocess.Popen(command, cwd="/", stdout=output, stderr=output, start_new_session=True)
            write_private(self._folder / "postgres.pid", str(identify(self._child.pid)))
            try:
                return self.server.wait_ready(5)
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise

    def kill(self) -> None:
        """As when the machine is switched off: nobody is asked, nothing is flushed."""
        self._child.kill()
        self._child.wait(10)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    with server_folder() as folder:
        server = OwnServer(folder)
        try:
            yield server
        finally:
            server.kill()
