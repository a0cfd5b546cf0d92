"""Imports of files too large to be read while their sender waits."""

import threading
from typing import Any

import pytest

from services.clients.adapters.reading import read_table
from services.clients.handlers import imports, tables
from services.kernel.blobs import Erased
from services.kernel.errors import NotFound
from tests.clients.test_import import begin, ended, rows_of, table
from tests.system import System, eventually, sqlite_urls

LARGE = imports.READ_AT_ONCE + 1
NOTE = "я" * 9_000


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "gateway"])
    running.react("clients")
    yield running
    running.close()


def large(count: int = 70) -> bytes:
    content = table(*(f"ООО «Строка {number}»;{NOTE}" for number in range(count)), headings="Наименование;Примечание")
    assert len(content) >= LARGE
    return content


def kept(system: System, begun: dict[str, Any]) -> set[str]:
    """The files of an import that can still be read."""
    blobs = system.runtimes["clients"].blobs
    told = [
        event.file_hash
        for event in system.events("clients", "ImportStarted", "ImportRead")
        if event.operation_id == begun["id"]
    ]
    found = set()
    for file in told:
        try:
            blobs.get(file)
        except (Erased, NotFound):
            continue
        found.add(file)
    return found


def test_a_large_file_is_read_after_its_sender_has_his_answer(system, monkeypatch):
    reading: list[bytes] = []

    def read(content):
        reading.append(content)
        yield from read_table(content)

    monkeypatch.setattr(tables, "read_table", read)
    content = large()
    begun = begin(system, content)
    assert (begun["state"], begun["total"], begun["ended_at"]) == ("running", 0, None)
    result = ended(system, begun)
    assert reading == [content]
    assert (result["state"], result["total"], result["done"]) == ("completed", 70, 70)
    assert result["counts"] == {"created": 70}
    assert [row["row"] for row in rows_of(system, begun)] == list(range(2, 72))
    eventually(lambda: not kept(system, begun))


def test_the_same_large_file_twice_makes_nothing_new(system):
    content = large()
    first, again = begin(system, content), begin(system, content)
    assert first["id"] != again["id"]
    assert {ended(system, one)["state"] for one in (first, again)} == {"completed"}
    assert len(system.events("clients", "ClientCreated")) == 70


@pytest.mark.parametrize(
    ("content", "arguments", "problems"),
    [
        (b"PK\x03\x04" + b"x" * LARGE, {}, [("", "broken-file")]),
        (b"\0" * LARGE, {}, [("", "unsupported-file")]),
        (table(*[f"Тверь;{NOTE}"] * 70, headings="Город;Примечание"), {}, [("columns", "no-name-column")]),
        (large(), {"columns": {"Кто": "name"}}, [("columns.Кто", "unknown-column")]),
    ],
    ids=["broken", "unsupported", "without names", "wrong columns"],
)
def test_what_is_no_table_of_clients_fails_and_says_why(system, content, arguments, problems):
    begun = begin(system, content, **arguments)
    failed = ended(system, begun)
    assert (failed["state"], failed["total"]) == ("failed", 0)
    assert [(one["column"], one["code"]) for one in failed["problems"]] == problems
    assert all(one["ru"] and one["en"] for one in failed["problems"])
    assert failed["ended_at"]
    assert system.events("clients", "ClientCreated") == []
    asked = {"operation_id": begun["id"]}
    refused = system.refusal("clients", "revert_operation", asked, version=failed["version"])
    assert refused["type"] == "cannot-be-reverted"
    eventually(lambda: not kept(system, begun))


def test_one_that_dies_while_it_reads_is_read_again(system, monkeypatch):
    tried: list[int] = []

    def dying(content):
        tried.append(len(tried))
        if len(tried) == 1:
            raise OSError("the process dies while it reads")
        return read_table(content)

    monkeypatch.setattr(tables, "read_table", dying)
    begun = begin(system, large())
    eventually(lambda: tried)
    system.reopen("clients")
    system.react("clients")
    assert ended(system, begun)["counts"] == {"created": 70}
    assert len(tried) == 2


def test_one_that_is_stopped_while_it_is_read_goes_on_when_resumed(system, monkeypatch):
    reading = threading.Event()
    stopped = threading.Event()

    def slow(content):
        reading.set()
        assert stopped.wait(60)
        return read_table(content)

    monkeypatch.setattr(tables, "read_table", slow)
    begun = begin(system, large())
    asked = {"operation_id": begun["id"]}
    assert reading.wait(60)
    system.do("clients", "stop_operation", asked, version=begun["version"])
    stopped.set()

    def look() -> Any:
        now = system.do("clients", "get_operation", asked)
        return now["state"] == "stopped" and now

    rests = eventually(look, 60)
    assert (rests["total"], rests["done"]) == (70, 0)
    system.do("clients", "resume_operation", asked, version=rests["version"])
    assert ended(system, begun)["counts"] == {"created": 70}
