"""A RabbitMQ node of one's own, as any user: on loopback only, with its data in one folder."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import amqp

from deploy.reestr.broker_files import USER, VHOST, Identity, load_identity, settle_identity, write_configuration
from deploy.reestr.files import private_directory, tail, write_private
from deploy.reestr.ports import answers
from deploy.reestr.processes import ProcessId, identify, read_pid_file

BIN = Path("/usr/lib/rabbitmq/bin")
READY_SECONDS = 60.0
STOP_SECONDS = 20.0
LOOPBACK_ONLY = "-kernel inet_dist_use_interface {127,0,0,1}"
# schedulers that spin while idle would take the processors from the services
QUIET = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"


class BrokerFailed(Exception):
    """The node does not run or does not answer; the message ends with its log."""


class Broker:
    """Starts, stops and watches the node whose files are under `home`; `figures` are those that
    its management API gives of connections and queues."""

    def __init__(self, home: Path, log: Path, *, figures: bool = False) -> None:
        self.home = home
        self.log = log
        self._figures = figures
        self._children: list[subprocess.Popen[bytes]] = []

    @property
    def identity(self) -> Identity:
        identity = load_identity(self.home)
        if identity is None:
            raise BrokerFailed(f"No broker was ever started in {self.home}")
        return identity

    @property
    def url(self) -> str:
        return self.url_of(VHOST)

    @property
    def api_url(self) -> str:
        return f"http://{USER}:{self.identity.password}@127.0.0.1:{self.identity.management}"

    def url_of(self, vhost: str) -> str:
        return f"amqp://{USER}:{self.identity.password}@127.0.0.1:{self.identity.amqp}/{vhost}"

    def process(self) -> ProcessId | None:
        self._children = [child for child in self._children if child.poll() is None]  # reaps those that ended
        return read_pid_file(self.home / "node.pid")

    def ensure(self, timeout: float = READY_SECONDS) -> None:
        """Starts the node if need be and waits for it; data that no node starts on is put aside, once.

        The stores are the truth, so a broker that begins anew loses nothing.
        """
        self.start()
        try:
            self.wait_ready(timeout)
        except BrokerFailed:
            self.kill()
            self._put_data_aside()
            self.start()
            self.wait_ready(timeout)

    def start(self) -> ProcessId:
        """Starts the node unless it runs; does not wait for it."""
        running = self.process()
        if running:
            return running
        private_directory(self.home)
        self._stop_epmd()
        write_configuration(self.home, settle_identity(self.home), figures=self._figures)
        self._start_epmd()
        return self._launch([str(BIN / "rabbitmq-server")], "node.pid")

    def wait_ready(self, timeout: float = READY_SECONDS) -> None:
        """Returns when the installation's user can open a channel."""
        deadline = time.monotonic() + timeout
        while not self.ready():
            if self.process() is None:
                raise BrokerFailed(f"The broker ended while starting; its log:\n{tail(self.log)}")
            if time.monotonic() > deadline:
                raise BrokerFailed(f"The broker was not ready after {timeout:.0f} s; its log:\n{tail(self.log)}")
            time.sleep(0.2)

    def ready(self) -> bool:
        identity = self.identity
        if not answers(identity.amqp):
            return False
        connection = amqp.Connection(
            f"127.0.0.1:{identity.amqp}", USER, identity.password, virtual_host=VHOST, connect_timeout=2, read_timeout=2
        )
        try:
            connection.connect()
            connection.channel()
            connection.close()
        except (OSError, amqp.AMQPError):
            return False
        return True

    def stop(self) -> None:
        process = self.process()
        if process:
            process.stop(STOP_SECONDS)
        self._stop_epmd()

    def kill(self) -> None:
        """Ends the node as a power cut would."""
        process = self.process()
        if process:
            process.kill_group()
            process.wait_gone(5)
        self._stop_epmd()

    def wipe(self) -> None:
        """Ends the node and forgets all it held, as the loss of its disk would; the ports stay."""
        self.kill()
        shutil.rmtree(self.home / "mnesia", ignore_errors=True)

    def ctl(self, *arguments: str, timeout: float = 30) -> str:
        """Runs rabbitmqctl on the node and returns what it printed."""
        done = subprocess.run(
            [str(BIN / "rabbitmqctl"), "--quiet", *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode:
            raise BrokerFailed(f"rabbitmqctl {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done.stdout

    def _launch(self, command: list[str], pid_file: str) -> ProcessId:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                env=self._environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        process = identify(child.pid)
        if process is None:
            raise BrokerFailed(f"{command[0]} ended at once; its log:\n{tail(self.log)}")
        write_private(self.home / pid_file, str(process))
        self._children.append(child)
        return process

    def _start_epmd(self) -> None:
        """Before the node, which would otherwise start one that nobody stops."""
        port = self.identity.epmd
        self._launch(["epmd", "-address", "127.0.0.1", "-port", str(port)], "epmd.pid")
        deadline = time.monotonic() + 5
        while not answers(port) and time.monotonic() < deadline:
            time.sleep(0.02)

    def _stop_epmd(self) -> None:
        epmd = read_pid_file(self.home / "epmd.pid")
        if epmd:
            epmd.stop(5)

    def _put_data_aside(self) -> None:
        data = self.home / "mnesia"
        if data.exists():
            data.rename(data.with_name(f"mnesia.broken-{time.strftime('%Y%m%d-%H%M%S')}"))

    def _environment(self) -> dict[str, str]:
        identity, home = self.identity, str(self.home)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
        return inherited | {
            "HOME": home,
            "ERL_EPMD_PORT": str(identity.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "reestr@localhost",
            "RABBITMQ_DIST_PORT": str(identity.dist),
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_SCHEMA_DIR": f"{home}/schema",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{home}/generated",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/none.conf",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{home}/none.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{LOOPBACK_ONLY} {QUIET}",
            "RUNNING_UNDER_SYSTEMD": "true",  # the start script then becomes the node, so its pid is the node's
        }
