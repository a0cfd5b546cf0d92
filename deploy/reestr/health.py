"""Whether the service in this container is well: `python -m deploy.reestr.health`.

Run every few seconds, so it imports nothing of the services.
"""

import http.client
import os
import sys
import tempfile
import time
from pathlib import Path

STALE_SECONDS = 15.0  # the file is touched every second
GATEWAY = "gateway"


def heartbeat_file(service: str) -> Path:
    """Touched every second for as long as the process is well."""
    return Path(tempfile.gettempdir()) / f"reestr-{service}.alive"


def trouble(service: str, gateway_port: int) -> str | None:
    """What is wrong with the service on this machine, None when nothing is."""
    file = heartbeat_file(service)
    try:
        age = time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return f"{service} has not started yet"
    if age > STALE_SECONDS:
        return f"{service} stands still since {age:.0f} s"
    return _unready(gateway_port) if service == GATEWAY else None


def _unready(port: int) -> str | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        body = answer.read(1000).decode(errors="replace")
    except OSError as error:
        return f"the gateway does not answer: {error}"
    finally:
        connection.close()
    return None if answer.status == http.client.OK else f"the gateway is not ready: {body}"


def main() -> int:
    wrong = trouble(os.environ["REESTR_SERVICE"], int(os.environ.get("GATEWAY_PORT") or 8000))
    print(wrong or "well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
