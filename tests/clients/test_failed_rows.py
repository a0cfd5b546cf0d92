"""The rows that an import did not take in, as a file."""

from dataclasses import replace
from typing import Any

import pytest

from services.clients.domain import operation as operations
from services.clients.domain.failed_rows import write_failed_rows
from services.kernel.blobs import Erased
from services.kernel.errors import NotFound
from services.kernel.rights import Rights
from tests.clients.adapters.tables import read_table
from tests.clients.test_import import begin, ended, table
from tests.system import System, call_context, eventually, sqlite_urls

HEADINGS = "Наименование;Телефон;Формула"
ROWS = ("ООО «Дуб»;84951234567;", ";8 495 765-43-21;=1+1", "ООО «Дуб»;+7 495 123-45-67;")


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "gateway"])
    running.react("clients")
    yield running
    running.close()


def kept(system: System, begun: dict[str, Any]) -> bytes:
    told = eventually(lambda: _told(system, begun), 30)
    content: bytes = system.runtimes["clients"].blobs.get(told["hash"])
    assert len(content) == told["size"]
    return content


def _told(system: System, begun: dict[str, Any]) -> dict[str, Any] | None:
    answer = system.ask("clients", "get_failed_rows", {"operation_id": begun["id"]})
    found: dict[str, Any] | None = answer.get("result")
    return found


def gone(system: System, file_hash: str) -> bool:
    try:
        system.runtimes["clients"].blobs.get(file_hash)
    except (Erased, NotFound):
        return True
    return False


def test_rows_that_were_not_taken_in_are_kept_with_their_columns_and_the_reasons(system):
    begun = begin(system, table(*ROWS, headings=HEADINGS))
    assert ended(system, begun)["counts"] == {"created": 1, "refused": 1, "duplicate": 1}
    file = read_table(kept(system, begun))
    assert file.headings == ("Строка исходного файла", "Наименование", "Телефон", "Формула", "Причина отказа")
    first, second = (row.cells for row in file.rows)
    assert (first["Строка исходного файла"], first["Телефон"]) == ("3", "8 495 765-43-21")
    assert "Нет наименования" in first["Причина отказа"]
    assert (second["Наименование"], second["Телефон"]) == ("ООО «Дуб»", "+7 495 123-45-67")
    assert "Похожий клиент" in second["Причина отказа"]
    assert "ответственный: нет" in second["Причина отказа"]
    asked = {"operation_id": begun["id"]}
    now = eventually(lambda: (one := system.do("clients", "get_operation", asked))["failed_rows"] and one)
    assert (now["failed_rows"], now["failed_rows_until"] > now["ended_at"]) == (2, True)
    [started] = system.events("clients", "ImportStarted")
    eventually(lambda: gone(system, started.file_hash), 30)


def test_the_file_runs_nothing_in_a_spreadsheet_and_is_imported_once_it_is_put_right(system):
    begun = begin(system, table(*ROWS, headings=HEADINGS))
    ended(system, begun)
    content = kept(system, begun)
    assert ";'=1+1;" in content.decode()
    right = content.decode().replace("3;;", "3;ООО «Ель»;").encode()
    again = ended(system, begin(system, right))
    assert again["counts"] == {"created": 1, "duplicate": 1}
    [made] = [one for one in system.do("clients", "list_clients", {})["items"] if one["name"] == "ООО «Ель»"]
    assert made["note"] == "Формула: =1+1"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("+7 495 1", "'+7 495 1"),
        ("+74951234567", "+74951234567"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("＝1", "'＝1"),
        ("a,=1", "a,'=1"),
    ],
)
def test_no_cell_begins_as_a_formula_does(cell, written):
    file = write_failed_rows([cell], [(2, [cell], cell)]).decode("utf-8-sig").splitlines()
    assert [line.split(";")[1:] for line in file] == [[written, "Причина отказа"], [written, written]]


def test_it_is_shown_to_who_sees_the_operation_and_all_fields(system):
    begun = begin(system, table(*ROWS, headings=HEADINGS))
    ended(system, begun)
    kept(system, begun)
    asked = {"operation_id": begun["id"]}
    for rights in (Rights(frozenset(["somebody"])), Rights(masked=frozenset(["phone"]))):
        answer = system.ask("clients", "get_failed_rows", asked, replace(call_context(), rights=rights))
        assert answer["problem"]["status"] == 404


def test_it_is_destroyed_in_time_and_when_somebody_is_forgotten(system, monkeypatch):
    begun = begin(system, table(*ROWS, "Кравцов Илья Никитич;84951230000;", headings=HEADINGS))
    ended(system, begun)
    kept(system, begun)
    [event] = system.events("clients", "FailedRowsKept")
    [person] = [one for one in system.do("clients", "list_clients", {})["items"] if one["kind"] == "individual"]
    system.do("clients", "erase_client", {"client_id": person["id"], "reason": "отозвал согласие"})
    eventually(lambda: gone(system, event.file_hash), 60)
    assert _told(system, begun) is None
    monkeypatch.setattr(operations, "FAILED_ROWS_KEPT", -operations.FAILED_ROWS_KEPT)
    later = begin(system, table(*ROWS, headings=HEADINGS))
    ended(system, later)
    eventually(lambda: len(system.events("clients", "FailedRowsDestroyed")) == 2, 120)
    assert _told(system, later) is None
