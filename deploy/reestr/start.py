"""One service as a process: `python -m deploy.reestr.start clients`.

The first lines make the process green, before anything else is imported.
"""

# ruff: noqa: E402

import eventlet

eventlet.monkey_patch()

import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import kombu.pools
import structlog
from nameko.runners import ServiceRunner

from deploy.reestr.health import heartbeat_file
from deploy.reestr.lookups import look_up_anew
from services.kernel import log, metrics
from services.kernel.config import ConfigurationError, Settings, read_settings
from services.kernel.providers import log_service

TICK = 1.0
STOP_WITHIN = 30.0

_log = structlog.get_logger(__name__)


def nameko_config(settings: Settings) -> dict[str, Any]:
    return {
        "AMQP_URI": settings.amqp_url,
        "WEB_SERVER_ADDRESS": f"{settings.gateway_host}:{settings.gateway_port}",
        "max_workers": settings.max_workers,
        "HEARTBEAT": 20,
        "serializer": "json",
    }


def main() -> int:
    name = sys.argv[1]
    package = "gateway" if name == "gateway" else f"services.{name}"
    return serve(name, package)


def serve(name: str, package: str) -> int:
    """Runs the service that a package holds until it is told to stop; the exit code."""
    try:
        settings = read_settings(os.environ | {"REESTR_SERVICE": name})
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    log.configure(name, settings.log_level)
    look_up_anew()
    if settings.metrics_port is not None:
        metrics.serve(settings.metrics_host, settings.metrics_port)
    kombu.pools.set_limit(settings.max_workers + 10)
    runner = ServiceRunner(nameko_config(settings))
    runner.add_service(getattr(importlib.import_module(f"{package}.service"), f"{name.capitalize()}Service"))
    runner.add_service(log_service(importlib.import_module(f"{package}.wiring").SERVICE))
    return _run(runner, name)


def _run(runner: Any, name: str) -> int:
    stopping = eventlet.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_n(_once, stopping))
    runner.start()
    _log.info("service.started")
    eventlet.spawn(lambda: (stopping.wait(), runner.stop()))
    eventlet.spawn_n(_tick, heartbeat_file(name))
    runner.wait()
    _log.info("service.stopped")
    return 0


def _once(stopping: Any) -> None:
    if not stopping.ready():
        stopping.send()


def _tick(file: Path) -> None:
    """Also wakes the hub, which would otherwise sleep through a signal for a minute."""
    while True:
        file.touch()
        eventlet.sleep(TICK)


if __name__ == "__main__":
    sys.exit(main())
