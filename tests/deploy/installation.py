"""The compose installation as an operator has it, under a name and a port of its own."""

import json
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from deploy.reestr.ports import free_ports
from examples.furniture.api import Api

COMPOSE_FILE = Path(__file__).parents[2] / "deploy" / "compose.yaml"
SERVICES = ("clients", "deals", "documents", "notifications", "reporting", "gateway")
SERVERS = ("postgres", "rabbitmq")


class Installation:
    """Runs docker compose; whatever fails raises with what it printed."""

    def __init__(self) -> None:
        self.project = f"reestr-test-{secrets.token_hex(4)}"
        self.port = free_ports(1)[0]
        self.address = f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, timeout: float = 300) -> str:
        done = self.begin(*arguments)
        try:
            output, errors = done.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            done.kill()
            raise
        assert done.returncode == 0, f"docker compose {' '.join(arguments)}\n{output}\n{errors}"
        return output

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["docker", "compose", "--file", str(COMPOSE_FILE), *arguments],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def script(self, name: str, *arguments: str) -> str:
        """Runs deploy/<name>; what it printed."""
        command = [str(COMPOSE_FILE.with_name(name)), *arguments]
        done = subprocess.run(
            command, env=self._environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{name}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _environment(self) -> dict[str, str]:
        own = ("REESTR_", "COMPOSE_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        return inherited | {"COMPOSE_PROJECT_NAME": self.project, "GATEWAY_PORT": str(self.port)}

    def up(self) -> None:
        # the first time, images are built and what they are made of is downloaded
        self.compose("up", "--wait", timeout=1200)

    def down(self) -> None:
        self.compose("--profile", "story", "down")

    def lose(self) -> None:
        """Forgets all that was kept, as the loss of the machine would."""
        self.compose("--profile", "story", "down", "--volumes", "--timeout", "5")

    def remove(self) -> None:
        self.compose("--profile", "story", "down", "--volumes", "--rmi", "local", "--timeout", "5")

    def inside(self, service: str, *command: str) -> str:
        return self.compose("exec", "-T", service, *command)

    def fails_inside(self, service: str, *command: str) -> str:
        """What a command that has to fail says."""
        done = self.begin("exec", "-T", service, *command)
        output, errors = done.communicate(timeout=60)
        assert done.returncode != 0, output
        return output + errors

    def api(self) -> Api:
        """The API with a new key of an owner."""
        return Api(self.address, self.inside("gateway", "reestr", "api-key", "create").strip())

    def containers(self) -> dict[str, Any]:
        """What the engine knows about each container, by service."""
        ids = self.compose("--profile", "story", "ps", "--all", "--quiet").split()
        found = subprocess.run(["docker", "inspect", *ids], capture_output=True, text=True, check=True)
        return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in json.loads(found.stdout)}

    def kill(self, service: str) -> None:
        """Ends the container's process as a lack of memory would; `docker kill` would keep it down."""
        os.kill(self.containers()[service]["State"]["Pid"], signal.SIGKILL)


def missing() -> str | None:
    """Why no installation can be made here."""
    if shutil.which("docker") is None:
        return "there is no docker on this machine"
    working = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    running = subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
    return None if working and running else "the docker engine does not run, or has no compose"
