"""The programs of the one-machine mode, besides the broker."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.reestr.broker import Broker
from deploy.reestr.child import Program
from deploy.reestr.files import write_private
from deploy.reestr.ports import LOOPBACK, free_ports, is_free
from deploy.reestr.settings import SERVICES, Places, environment


def programs(where: Places, amqp_url: str, port: int) -> Sequence[Program]:
    """The mailbox first, then the services, the gateway last."""
    smtp = settled_port(where.run / "mail.port")
    sink = [sys.executable, "-m", "deploy.reestr.mailsink", f"--port={smtp}", f"--maildir={where.mail}"]
    mail = Program("mail", sink, dict(os.environ), patience=5)
    return [mail, *(_service(name, where, amqp_url, f"smtp://{LOOPBACK}:{smtp}", port) for name in SERVICES)]


def settled_port(path: Path) -> int:
    """The port remembered in a file, or a new one when there is none or it is taken."""
    if path.exists():
        port = int(json.loads(path.read_text()))
        if is_free(port):
            return port
    port = free_ports(1)[0]
    write_private(path, json.dumps(port))
    return port


def _service(name: str, where: Places, amqp_url: str, smtp_url: str, port: int) -> Program:
    command = [sys.executable, "-m", "deploy.reestr.start", name]
    own = {"REESTR_METRICS_PORT": str(settled_port(where.run / f"{name}.metrics.port"))}
    if name == "gateway":
        own["REESTR_BROKER_API_URL"] = Broker(where.rabbitmq, where.log_of("broker")).api_url
    return Program(name, command, environment(name, where, amqp_url, smtp_url, port) | own)
