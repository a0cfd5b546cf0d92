"""A supervisor of stand-ins for the services: `python dummies.py`, in the environment of `reestr up`."""

import os
import sys
from collections.abc import Sequence

from deploy.reestr.child import Program
from deploy.reestr.settings import Places, places
from deploy.reestr.supervisor import keep

GATEWAY = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{}')
    def log_message(self, *_): pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Ready).serve_forever()
"""


def dummies(_where: Places, amqp_url: str, port: int) -> Sequence[Program]:
    wanted = {
        "worker": ["-c", "import time; time.sleep(600)"],
        "gateway": ["-c", GATEWAY, str(port)],
        "stubborn": ["-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"],
        "broken": ["-c", f"print('cannot start with {amqp_url[:7]}'); raise SystemExit(3)"],
    }
    names = os.environ["DUMMIES"].split(",")
    return [Program(name, [sys.executable, *wanted[name]], dict(os.environ), patience=1) for name in names]


if __name__ == "__main__":
    keep(places(), dummies)
