"""The import of a client list, as the service carries it out."""

import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.clients.adapters import reader
from services.clients.adapters.reading import read_table
from services.clients.domain import operation
from services.clients.handlers import imports, long_lists, tables
from services.clients.handlers.clients import create_client
from services.kernel.blobs import Erased
from services.kernel.errors import NotFound
from services.kernel.rights import Rights
from tests.system import System, call_context, eventually, sqlite_urls

FURNITURE = Path(__file__).parents[2] / "examples" / "furniture"
EXPECTED = json.loads((FURNITURE / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "gateway"])
    yield running
    running.close()


def begin(system: System, content: bytes, **arguments: Any) -> dict[str, Any]:
    arguments = {"content": b64encode(content).decode(), "file_name": "clients.csv", **arguments}
    begun: dict[str, Any] = system.do("clients", "start_import", arguments)
    return begun


def ended(system: System, begun: dict[str, Any]) -> dict[str, Any]:
    def look() -> Any:
        now = system.do("clients", "get_operation", {"operation_id": begun["id"]})
        return now if now["state"] != "running" else None

    found: dict[str, Any] = eventually(look, 60)
    system.settle("clients")
    return found


def rows_of(system: System, begun: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"operation_id": begun["id"], "limit": 50}
    page = system.do("clients", "list_operation_rows", asked)
    rows: list[dict[str, Any]] = page["items"]
    while page["next"]:
        page = system.do("clients", "list_operation_rows", {**asked, "cursor": page["next"]})
        rows += page["items"]
    return rows


def table(*rows: str, headings: str = "Наименование;Телефон") -> bytes:
    return "\n".join((headings, *rows, "")).encode()


def many(count: int) -> bytes:
    return table(*(f"ООО «Строка {number}»;" for number in range(count)))


@pytest.mark.capability("CL-57")
def test_the_list_of_the_furniture_shop_is_imported_row_by_row_as_expected(system):
    system.react("clients")
    begun = begin(system, (FURNITURE / "clients.xlsx").read_bytes(), file_name="clients.xlsx")
    result = ended(system, begun)
    assert (result["state"], result["total"], result["done"]) == ("completed", EXPECTED["total"], EXPECTED["total"])
    assert result["counts"] == EXPECTED["counts"]
    rows = {row["row"]: row for row in rows_of(system, begun)}
    assert len(rows) == EXPECTED["total"]
    duplicates = {duplicate["row"] for duplicate in EXPECTED["duplicates"]}
    assert {number for number, row in rows.items() if row["outcome"] == "duplicate"} == duplicates
    refused = {row["row"] for row in EXPECTED["refused"]}
    assert {number for number, row in rows.items() if row["outcome"] == "refused"} == refused
    warned = [(w["row"], w["column"], w["code"]) for w in EXPECTED["warned"]]
    told = [
        (n, p["column"], p["code"]) for n, row in rows.items() if row["outcome"] == "created" for p in row["problems"]
    ]
    assert sorted(told) == sorted(warned)
    made = len(system.events("clients", "ClientCreated"))
    assert made == EXPECTED["counts"]["created"]


def test_the_same_file_again_makes_nothing_new(system):
    system.react("clients")
    content = table("ООО «Один»;84951234567", "ООО «Два»;", "ООО «Один и тот же»;+7 495 123-45-67")
    assert ended(system, begin(system, content))["counts"] == {"created": 2, "duplicate": 1}
    again = begin(system, content)
    assert ended(system, again)["counts"] == {"duplicate": 3}
    clients = system.do("clients", "list_clients", {})["items"]
    assert {row["client_id"] for row in rows_of(system, again)} == {client["id"] for client in clients}


def test_an_import_that_was_cut_off_goes_on_where_it_was(system, monkeypatch):
    taken_in: list[int] = []

    def cut_off(tools, command, context):
        taken_in.append(len(taken_in))
        if len(taken_in) == 75:
            raise OSError("the process dies in the middle of a chunk")
        return create_client(tools, command, context)

    monkeypatch.setattr(imports, "create_client", cut_off)
    system.react("clients")
    begun = begin(system, many(120))
    eventually(lambda: len(taken_in) >= 75)
    system.reopen("clients")
    system.react("clients")
    result = ended(system, begun)
    assert result["counts"] == {"created": 120}
    assert len(system.events("clients", "ClientCreated")) == 120
    assert [row["row"] for row in rows_of(system, begun)] == list(range(2, 122))


def test_a_stopped_import_keeps_what_it_has_taken_in_and_takes_in_the_rest_when_resumed(system):
    begun = begin(system, many(120))
    asked = {"operation_id": begun["id"]}
    stopped = system.do("clients", "stop_operation", asked, version=1)
    assert (stopped["state"], stopped["done"]) == ("stopping", 0)
    system.react("clients")
    again = system.do("clients", "stop_operation", asked, version=2)
    assert again["version"] == 2
    assert system.events("clients", "ClientCreated") == []
    resumed = system.do("clients", "resume_operation", asked, version=2)
    assert resumed["state"] == "running"
    assert ended(system, begun)["counts"] == {"created": 120}


def test_a_file_is_read_once_and_its_rows_by_pieces(system, monkeypatch):
    read: list[int] = []

    def counted(content: bytes) -> Any:
        read.append(len(content))
        return read_table(content)

    monkeypatch.setattr(tables, "read_table", counted)
    monkeypatch.setattr(reader, "PIECE", 2 * operation.CHUNK)
    monkeypatch.setattr(long_lists, "PART", 2 * operation.CHUNK)
    system.react("clients")
    count = 3 * operation.CHUNK + 1
    begun = begin(system, many(count))
    assert ended(system, begun)["counts"] == {"created": count}
    assert [row["row"] for row in rows_of(system, begun)] == list(range(2, count + 2))
    assert len(read) == 1


def test_two_imports_at_once_do_not_take_rows_of_each_other(system):
    system.react("clients")
    for begun in [begin(system, table(*(f"ООО «{who} {n}»;" for n in range(60)))) for who in "ABC"]:
        assert ended(system, begun)["counts"] == {"created": 60}
    names = {client.name for client in system.events("clients", "ClientCreated")}
    assert len(names) == 180


def test_the_manager_of_a_row_is_the_user_of_this_name_or_stays_in_the_note(system):
    anna = system.do("gateway", "create_user", {"name": "Белова Анна Сергеевна", "role": "sales_manager"})["id"]
    for _ in range(2):
        system.do("gateway", "create_user", {"name": "Смирнов Денис", "role": "sales_manager"})
    gone = system.do("gateway", "create_user", {"name": "Громова Ирина", "role": "sales_manager"})["id"]
    system.do("gateway", "deactivate_user", {"user_id": gone}, version=1)
    system.deliver()
    system.react("clients")
    rows = (
        "ООО «Первый»;белова  анна сергеевна;",
        "ООО «Второй»;Смирнов Денис;звонить",
        "ООО «Третий»;Громова Ирина;",
        "ООО «Четвёртый»;;",
    )
    ended(system, begin(system, table(*rows, headings="Наименование;Менеджер;Примечание")))
    clients = {c["name"]: (c["manager_id"], c["note"]) for c in system.do("clients", "list_clients", {})["items"]}
    assert clients == {
        "ООО «Первый»": (anna, ""),
        "ООО «Второй»": (None, "Менеджер: Смирнов Денис\nзвонить"),
        "ООО «Третий»": (None, "Менеджер: Громова Ирина"),
        "ООО «Четвёртый»": (None, ""),
    }


def test_a_file_that_cannot_be_read_begins_nothing(system):
    content = b64encode("Город\nТверь\n".encode()).decode()
    refused = system.refusal("clients", "start_import", {"content": content})
    assert [error["code"] for error in refused["errors"]] == ["no-name-column"]
    assert system.refusal("clients", "list_operation_rows", {"operation_id": "nothing"})["status"] == 404


def test_an_importer_who_sees_some_clients_only_assigns_to_nobody_else_and_sees_what_he_imported(system):
    anna = system.do("gateway", "create_user", {"name": "Белова Анна", "role": "head_of_sales"})["id"]
    system.do("gateway", "create_user", {"name": "Чужой Иван", "role": "sales_manager"})
    system.deliver()
    content = table("ООО «Раз»;Белова Анна", "ООО «Два»;Чужой Иван", "ООО «Три»;", headings="Наименование;Менеджер")
    context = replace(call_context(), actor=anna, rights=Rights(frozenset([anna])))
    arguments = {"content": b64encode(content).decode(), "file_name": "clients.csv"}
    system.react("clients")
    begun = system.ask("clients", "start_import", arguments, context)["result"]
    assert ended(system, begun)["counts"] == {"created": 3}
    page = system.ask("clients", "list_clients", {}, context)["result"]["items"]
    assert {(one["name"], one["manager_id"]) for one in page} == {
        ("ООО «Раз»", anna),
        ("ООО «Два»", anna),
        ("ООО «Три»", anna),
    }
    [noted] = [one["note"] for one in page if one["name"] == "ООО «Два»"]
    assert "Чужой Иван" in noted


def test_nothing_of_a_table_is_kept_once_it_is_taken_in(system):
    system.react("clients")
    begun = begin(system, table("ООО «Незабудка»;"))
    ended(system, begun)
    [started] = system.events("clients", "ImportStarted")
    blobs = system.runtimes["clients"].blobs

    def gone() -> bool:
        try:
            blobs.get(started.file_hash)
        except (Erased, NotFound):
            return True
        return False

    eventually(gone, 30)


def test_a_repeated_request_keeps_the_same_copy_of_its_table(system):
    arguments = {"content": b64encode(many(2)).decode(), "file_name": "clients.csv"}
    first = system.do("clients", "start_import", arguments, key="again")
    assert system.do("clients", "start_import", arguments, key="again")["id"] == first["id"]
    assert begin(system, many(2))["id"] != first["id"]
