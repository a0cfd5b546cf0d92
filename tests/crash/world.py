"""Real processes under load, killed and started again, and the check of their history."""

import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nameko.standalone.rpc import ClusterRpcProxy

from deploy.reestr.remote import Remote

PATIENCE = 60.0


@dataclass
class Process:
    name: str
    environment: dict[str, str]
    log: Path
    popen: Any = None

    def start(self, crash_at=""):
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.crash.start", self.name],
                env=self.environment | {"REESTR_CRASH_AT": crash_at},
                stdout=log,
                stderr=log,
            )

    def kill(self):
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait(10)

    def wait_killed(self):
        """Waits until it has killed itself at its crash point."""
        assert self.popen.wait(PATIENCE) == -9, self.log.read_text()[-2000:]


@dataclass
class Writer:
    """Sends commands until told to stop, each repeated with its key until it is answered."""

    call: Any
    acknowledged: list = field(default_factory=list)
    attempted: set = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, numbers):
        for number in numbers:
            if self.stopping.is_set():
                return
            self.attempted.add(number)
            if self._send(number):
                self.acknowledged.append(number)

    def _send(self, number):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self.call("alpha", "take_note", {"note_id": f"n{number}", "number": number}, f"key-{number}")
            except Exception:  # the service is down, or the broker: the key makes it safe to repeat
                time.sleep(0.2)
            else:
                return True
        return False


class World:
    def __init__(self, folder, amqp_url, store_urls):
        key = folder / "master.key"
        key.write_text(b64encode(os.urandom(32)).decode())
        self.folder, self.amqp_url = folder, amqp_url
        self.lines = folder / "lines"
        self.alpha, self.beta = (self._process(name, key, store_urls[name]) for name in ("alpha", "beta"))

    def _process(self, name, key, store_url):
        environment = os.environ | {
            "REESTR_STORE_URL": store_url,
            "REESTR_BLOB_URL": f"file://{self.folder}/blobs-{name}",
            "REESTR_KEYRING_URL": f"sqlite:///{self.folder}/keyring.db",
            "REESTR_MASTER_KEY_FILE": str(key),
            "REESTR_AMQP_URL": self.amqp_url,
            "LINES_FILE": str(self.lines),
        }
        return Process(name, environment, self.folder / f"{name}.log")

    def start(self):
        self.alpha.start()
        self.beta.start()
        self.wait_ready()

    def wait_ready(self):
        for name in ("alpha", "beta"):
            wait_until(f"{name} to be ready", lambda name=name: self._ready(name))

    def _ready(self, name):
        """A service that was acknowledging when its broker went has ended by itself."""
        self.revive()
        return self.call(name, "status", {})["ready"]

    def revive(self):
        """What a supervisor does: starts again what has ended by itself."""
        for process in (self.alpha, self.beta):
            if process.popen.poll() is not None:
                process.start()

    def stop(self):
        for process in (self.alpha, self.beta):
            if process.popen is not None and process.popen.poll() is None:
                process.popen.terminate()
        for process in (self.alpha, self.beta):
            if process.popen is not None:
                try:
                    process.popen.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()

    def call(self, service, method, arguments, key=None):
        with ClusterRpcProxy({"AMQP_URI": self.amqp_url}, timeout=5) as proxy:
            return Remote(proxy).call(service, method, arguments, key)["result"]

    def load(self, first, count, threads=4):
        """Takes notes from several threads at once; the writers, and what waits for their end."""
        writers = [Writer(self.call) for _ in range(threads)]
        running = [
            threading.Thread(target=writer.run, args=(range(first + i, first + count, threads),), daemon=True)
            for i, writer in enumerate(writers)
        ]
        for thread in running:
            thread.start()
        return Load(writers, running)

    def check(self, load):
        """Nothing acknowledged is lost, nothing appears that was not asked for, no effect twice,
        the order is that of the source, and what is rebuilt equals what is live."""
        acknowledged = {number for writer in load.writers for number in writer.acknowledged}
        attempted = {number for writer in load.writers for number in writer.attempted}
        assert acknowledged == attempted, "some commands were never answered"
        stored = {number for _, number in self.call("alpha", "all_notes", {})}
        assert acknowledged <= stored <= attempted
        wait_until("beta to hear everything", lambda: len(self.call("beta", "all_heard", {})) == len(stored))
        heard = self.call("beta", "all_heard", {})
        assert {number for _, number, _ in heard} == stored
        assert {times for _, _, times in heard} == {1}
        received = self.call("beta", "all_received", {})
        assert [row[0] for row in received] == sorted({row[0] for row in received})
        self._check_rebuilt()
        self._check_lines(stored)
        for service in ("alpha", "beta"):
            self._operation(service, "verify", "whole")
        return stored

    def _check_rebuilt(self):
        live = self.call("beta", "all_heard", {})
        self._operation("beta", "rebuild", "rebuilt")
        assert self.call("beta", "all_heard", {}) == live

    def _operation(self, service, name, result):
        self.call(service, "operate", {"do": "start", "operation": name})

        def done():
            now = self.call(service, "operate", {"do": "look", "operation": name})
            return now["state"] != "running" and now

        assert wait_until(name, done)["result"] == result

    def _check_lines(self, stored):
        """Every line once; a missing one is an effect whose outcome nobody knows, and it says so."""
        wanted = {number for number in stored if number % 5 == 0}

        def settled():
            unknown = self.call("beta", "operate", {"do": "effects.list"})
            lines = Counter(map(int, self.lines.read_text().split())) if self.lines.exists() else Counter()
            return len(lines) + len(unknown) >= len(wanted) and (lines, unknown)

        # of a replica that was killed, the others cannot tell before its time for an effect is over
        lines, unknown = wait_until("all lines", settled, 3 * PATIENCE)
        assert set(lines.values()) <= {1}
        assert lines.keys() <= wanted
        assert len(wanted - lines.keys()) <= len(unknown)


@dataclass
class Load:
    writers: list
    running: list

    def finish(self, meanwhile=lambda: None):
        until = time.monotonic() + PATIENCE * 2
        while any(thread.is_alive() for thread in self.running):
            assert time.monotonic() < until
            meanwhile()
            time.sleep(0.5)

    def wait_for(self, count):
        wait_until(f"{count} notes", lambda: sum(len(w.acknowledged) for w in self.writers) >= count)


def wait_until(what, look, patience=PATIENCE):
    until = time.monotonic() + patience
    trouble = None
    while time.monotonic() < until:
        try:
            if found := look():
                return found
        except Exception as error:  # not up yet
            trouble = error
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}: {trouble!r}")
