"""The whole system as `make up` brings it up, on free ports and in a folder of its own."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.reestr import control
from deploy.reestr.commands.access import ensure_owner_key
from deploy.reestr.commands.story import subscriber_url
from deploy.reestr.ports import free_ports
from deploy.reestr.settings import Places
from deploy.reestr.supervisor import read_state
from examples.furniture.api import Api
from examples.furniture.story import play
from tests.servers import rabbit
from tests.servers.fixtures import require
from tests.servers.folders import server_folder


@dataclass(frozen=True)
class Installation:
    where: Places
    address: str
    key: str

    @property
    def api(self) -> Api:
        return Api(self.address, self.key)

    def play(self) -> dict[str, Any]:
        """The story once more; what it made."""
        return play(self.address, self.key, self.where.var, subscriber_url(self.where), self.where.mail)

    def kill(self, program: str) -> None:
        """Ends a program as a power cut would."""
        os.kill(self._pid(program), signal.SIGKILL)

    def runs(self, program: str) -> bool:
        return bool(self.process(program))

    def _pid(self, program: str) -> int:
        return int(self.process(program).partition(" ")[0])

    def process(self, program: str) -> str:
        state = read_state(self.where)
        assert state is not None
        return str(state["programs"][program]["process"])


def eventually(look: Callable[[], Any], timeout: float = 60) -> Any:
    until = time.monotonic() + timeout
    while not (found := look()):
        assert time.monotonic() < until, "did not come true in time"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    require(rabbit.missing())
    with server_folder() as folder, pytest.MonkeyPatch.context() as environment:
        where = Places(folder / "var")
        where.var.mkdir()
        environment.setenv("REESTR_VAR", str(where.var))
        environment.setenv("GATEWAY_PORT", str(free_ports(1)[0]))
        try:
            port = control.up(where, print)
            ensure_owner_key(where)
            key = (where.var / "api-key").read_text().strip()
            yield Installation(where, f"http://127.0.0.1:{port}", key)
        finally:
            control.down(where)


@pytest.fixture(scope="module")
def told(installation: Installation) -> dict[str, Any]:
    """What the first playing of the story made."""
    return installation.play()
