import io
import json
import logging
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.context import Context
from services.kernel.log import bound, configure, mask

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CONTEXT = Context("user-1", "key-1", "correlation-1", "causation-1", NOW, NOW)


@pytest.fixture
def lines(monkeypatch):
    """Everything logged during the test, as parsed lines; the process's logging comes back after."""
    stream = io.StringIO()
    handlers, level = logging.root.handlers, logging.root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    configure("clients", "info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    logging.root.handlers = handlers
    logging.root.setLevel(level)


@pytest.fixture
def log():
    return structlog.get_logger("test")


def test_a_line_says_when_how_bad_where_and_what(lines, log):
    log.info("relay.published", position=17, source="deals")
    (line,) = lines()
    assert list(line)[:4] == ["time", "level", "service", "event"]
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert line == {
        "level": "info",
        "service": "clients",
        "event": "relay.published",
        "position": 17,
        "source": "deals",
    }


def test_lines_below_the_level_are_left_out(lines, log):
    log.debug("details")
    assert lines() == []


def test_every_line_within_a_request_says_whose_it_is(lines, log):
    with bound(CONTEXT):
        log.info("inside")
    log.info("outside")
    inside, outside = lines()
    asked = {"actor": "user-1", "correlation_id": "correlation-1", "causation_id": "causation-1"}
    assert asked.items() <= inside.items()
    assert not asked.keys() & outside.keys()


def test_requests_of_other_threads_are_not_mixed_up(lines, log):
    with bound(CONTEXT):
        thread = threading.Thread(target=log.info, args=("elsewhere",))
        thread.start()
        thread.join()
    assert "actor" not in lines()[0]


@pytest.mark.parametrize(
    "value",
    ["Анна Каренина", "anna@example.com", "+74951234567", "84951234567", "John Smith", b"bytes", object(), "x" * 201],
)
def test_a_value_that_may_be_personal_is_cut(lines, log, value):
    log.info("import.refused", value=value, values=[value, 1], mapping={"inner": value})
    (line,) = lines()
    assert (line["value"], line["values"], line["mapping"]) == ("***", ["***", 1], {"inner": "***"})


def test_a_personal_key_of_a_mapping_is_cut(lines, log):
    log.info("counted", per_sender={"anna@example.com": 2})
    assert lines()[0]["per_sender"] == {"***": 2}


@pytest.mark.parametrize(
    "value",
    ["0190a7b2-1234-7123-8456-123456789012", "ClientCreated", "/v1/clients", "relation:0190", 7, 1.5, True, None],
)
def test_numbers_ids_and_names_of_things_stand(lines, log, value):
    log.info("seen", value=value)
    assert lines()[0]["value"] == value


def test_a_time_is_written_in_utc(lines, log):
    log.info("due", at=NOW)
    assert lines()[0]["at"] == "2026-03-01T12:00:00.000000Z"


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("connection refused", "connection refused"),
        ("'inn'", "'inn'"),
        ('relation "views.clients" does not exist', 'relation "views.clients" does not exist'),
        ("invalid literal for int() with base 10: 'Anna K'", "invalid literal for int() with base 10: ***"),
        ("bad name Анна Каренина in row 7", "bad name *** in row 7"),
        ("cannot reach amqp://user:pass@host/ now", "cannot reach *** now"),
        ("call +7 (495) 123-45-67 later", "call *** later"),
        (
            "event 0190a7b2-1234-7123-8456-123456789012 at 1234567",
            "event 0190a7b2-1234-7123-8456-123456789012 at 1234567",
        ),
        (
            "(psycopg2.errors.UniqueViolation) duplicate key\nDETAIL: Key (name)=(anna) exists",
            "(psycopg2.errors.UniqueViolation) duplicate key",
        ),
        ("", ""),
    ],
)
def test_an_errors_message_keeps_what_is_not_personal(message, masked):
    assert mask(message) == masked


@given(st.text())
def test_no_letter_beyond_ascii_passes_the_mask(text):
    assert mask(text).isascii()
    assert mask(mask(text)) == mask(text)


def test_an_error_is_logged_with_its_traceback_once(lines, log):
    try:
        _fail()
    except ValueError as error:
        log.exception("first", error=error)
        log.exception("second", error=str(error))
    first, second = lines()
    assert "in _fail" in first["exception"]
    assert first["exception"].endswith("ValueError: no such client: ***")
    assert first["error"] == "ValueError: no such client: ***"
    assert second["exception"] == "ValueError: no such client: ***"
    assert second["error"] == "no such client: ***"
    assert "Анна" not in json.dumps(lines(), ensure_ascii=False)


def _fail():
    try:
        dict[str, str]()["inn"]
    except KeyError as missing:
        client = "Анна"
        raise ValueError(f"no such client: {client}") from missing


def test_the_cause_of_an_error_comes_with_it(lines, log):
    try:
        _fail()
    except ValueError:
        log.exception("failed")
    trace = lines()[0]["exception"]
    assert trace.index("KeyError: 'inn'") < trace.index("ValueError: no such client")


def test_an_error_that_cannot_be_printed_is_logged_all_the_same(lines, log):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError

    log.error("failed", error=Unprintable())
    assert lines()[0]["error"] == "Unprintable: ***"


def test_an_uncaught_error_is_logged(lines):
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("division by zero"), None)
    (line,) = lines()
    assert (line["level"], line["event"]) == ("critical", "uncaught")
    assert line["exception"] == "ZeroDivisionError: division by zero"


def test_an_uncaught_error_of_a_thread_is_logged(lines):
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    (line,) = lines()
    assert line["event"] == "uncaught"
    assert "in _fail" in line["exception"]


def test_what_libraries_log_comes_out_in_the_same_form(lines, monkeypatch):
    ours = [handler for handler in logging.root.handlers if type(handler).__module__ == "services.kernel.log"]
    monkeypatch.setattr(logging.root, "handlers", ours)
    library = logging.getLogger("amqp")
    library.info("left out")
    library.warning("lost %s for %s", "amqp://reestr:secret@host", "'Анна'")
    library.log(45, "wrong %d", "arguments")
    first, second = lines()
    assert (first["level"], first["logger"], first["event"]) == ("warning", "amqp", "lost *** for ***")
    assert (second["level"], second["event"]) == ("error", "wrong %d")


def test_greenlets_log_their_own_requests_and_errors(tmp_path):
    script = (
        "import eventlet; eventlet.monkey_patch()\n"
        "import threading, structlog\n"
        "from datetime import datetime, UTC\n"
        "from services.kernel.context import Context\n"
        "from services.kernel.log import bound, configure\n"
        "configure('clients')\n"
        "now = datetime.now(UTC)\n"
        "def serve(n):\n"
        "    with bound(Context(f'user-{n}', 'p', 'c', 'c', now, now)):\n"
        "        eventlet.sleep(0.01); structlog.get_logger().info('served', n=n)\n"
        "list(eventlet.GreenPool().imap(serve, range(5)))\n"
        "thread = threading.Thread(target=lambda: 1 / 0); thread.start(); thread.join()\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", script]
    environment = os.environ | {"PYTHONPATH": "."}
    done = subprocess.run(command, check=True, timeout=60, env=environment, capture_output=True, text=True)
    *served, uncaught = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["n"], line["actor"]) for line in served] == [(n, f"user-{n}") for n in range(5)]
    assert uncaught["exception"].endswith("ZeroDivisionError: division by zero")
