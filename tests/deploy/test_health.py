import os
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy.reestr.health import GATEWAY, STALE_SECONDS, heartbeat_file, trouble
from deploy.reestr.ports import free_ports


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


class Gateway(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b'{"deals": false}')

    def log_message(self, *_):
        pass


@pytest.fixture
def web():
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_that_beats_is_well():
    heartbeat_file("deals").touch()
    assert trouble("deals", 1) is None


def test_a_service_that_never_beat_has_not_started():
    assert "not started" in str(trouble("deals", 1))


def test_a_service_whose_heart_stopped_stands_still():
    file = heartbeat_file("deals")
    file.touch()
    long_ago = time.time() - STALE_SECONDS - 5
    os.utime(file, (long_ago, long_ago))
    assert "stands still" in str(trouble("deals", 1))


def test_the_gateway_is_asked_whether_all_are_ready(web, monkeypatch):
    heartbeat_file(GATEWAY).touch()
    assert trouble(GATEWAY, web.server_port) is None
    monkeypatch.setattr(Gateway, "status", 503)
    assert '{"deals": false}' in str(trouble(GATEWAY, web.server_port))


def test_a_gateway_that_does_not_answer_is_named():
    heartbeat_file(GATEWAY).touch()
    assert "does not answer" in str(trouble(GATEWAY, free_ports(1)[0]))
