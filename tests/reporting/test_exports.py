"""Exports: asked for, read by the rights of the moment, written, taken, told of, destroyed."""

import csv
import io
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.clients.domain.import_columns import map_columns
from services.kernel import clock
from services.kernel.blobs import Erased
from services.kernel.clock import from_iso, to_micros
from services.kernel.errors import NotFound
from services.kernel.keyring import Destroyed
from services.kernel.rights import Rights
from services.reporting import reactions
from services.reporting.domain.export import KEPT
from services.reporting.domain.headings import heading
from services.reporting.events import key_of
from services.reporting.reactions import due_exports
from services.reporting.schemas import EXPORTED
from tests.system import System, call_context, eventually

CHUNK = 1024 * 1024


@pytest.fixture(scope="module")
def office(any_system):
    any_system.react("reporting")
    return any_system


def user(system: System, role: str, name: str = "Петров Алексей") -> str:
    made: str = system.do("gateway", "create_user", {"name": name, "role": role})["id"]
    return made


def client(system: System, name: str, **fields: Any) -> str:
    card = {"kind": "legal_entity", "name": name, "allow_duplicate": True, **fields}
    made: str = system.do("clients", "create_client", card)["id"]
    return made


def requested(system: System, by: str, **asked: Any) -> Any:
    context = replace(call_context(), actor=by)
    arguments = {"resource": "clients", "format": "csv", **asked}
    return system.ask("reporting", "request_export", arguments, context)["result"]


def ended(system: System, export: Any) -> Any:
    def look() -> Any:
        now = system.do("reporting", "get_export", {"export_id": export["id"]})
        return now["state"] != "running" and now

    return eventually(look, 60)


def downloaded(system: System, export: Any, by: str) -> bytes:
    context = replace(call_context(), actor=by)
    taken = system.ask("reporting", "download_export", {"export_id": export["id"]}, context)["result"]
    chunks = [
        b64decode(system.call("reporting", "file", {"hash": taken["hash"], "offset": offset}, context)["result"])
        for offset in range(0, taken["size"], CHUNK)
    ]
    return b"".join(chunks)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_an_export_holds_what_the_list_shows_in_its_order(office):
    owner = user(office, "owner")
    for number in range(7):
        client(office, f"Сосна {number}", city="Псков", phones=["8 916 123-45-67"])
    client(office, "Сосна прочая", city="Тверь")
    asked = {"filter": 'city = "Псков"', "sort": "-name", "fields": ["name", "phones"]}
    export = ended(office, requested(office, owner, **asked))
    assert (export["state"], export["rows"], export["reason"]) == ("completed", 7, None)
    assert export["asked"] == asked
    headings, *rows = table(downloaded(office, export, owner))
    assert headings == ["Наименование", "Телефон", "Выгрузка"]
    assert [row[:2] for row in rows] == [[f"Сосна {number}", "+79161234567"] for number in reversed(range(7))]
    assert all(row[2].startswith("Петров Алексей, 20") and row[2].endswith(export["id"]) for row in rows)


def test_it_goes_on_page_by_page_and_part_by_part(office, monkeypatch):
    monkeypatch.setattr(reactions, "MAX_LIMIT", 3)
    monkeypatch.setattr(reactions, "PAGES", 2)
    owner = user(office, "owner")
    names = [f"Ель {number:02}" for number in range(20)]
    for name in names:
        client(office, name, city="Ржев")
    export = ended(office, requested(office, owner, filter='city = "Ржев"', fields=["name"], sort="name"))
    pages = [one for one in office.events("reporting", "ExportPageRead") if one.export_id == export["id"]]
    assert [(page.rows, page.last) for page in pages] == [(6, False), (6, False), (6, False), (2, True)]
    assert [row[0] for row in table(downloaded(office, export, owner))[1:]] == names


@pytest.mark.parametrize("resource", EXPORTED)
@pytest.mark.capability("CL-58")
@pytest.mark.parametrize("format", ["csv", "xlsx", "txt", "html", "docx"])
def test_every_resource_is_exported_whole(office, resource, format):
    owner = user(office, "owner")
    office.do("clients", "assign_task", {"title": "Позвонить", "due_date": "2026-03-02", "assignee_id": owner})
    export = ended(office, requested(office, owner, resource=resource, format=format, language="en"))
    assert (export["state"], export["reason"]) == ("completed", None)
    assert len(downloaded(office, export, owner)) == export["size"] > 0


def test_an_exported_client_base_can_be_imported_again():
    texts = ("name", "full_name", "inn", "kpp", "ogrn", "contact_person", "address", "city", "okpo", "region")
    details = ("actual_address", "district", "default_contract", "industry_segment", "business_size", "goods_use")
    fields = (*texts, *details, "phones", "emails", "seasonality", "preferences", "portrait")
    headings = {heading(field, "ru"): field for field in (*fields, "source", "note", "kind")}
    assert map_columns(headings, {}) == headings


def test_rows_and_masks_are_those_of_who_asks(office):
    anna = user(office, "sales_manager", "Анна")
    given = {"permissions": ["clients.read", "clients.export"], "rows": {"clients": "own"}, "masked": ["phone"]}
    office.do("gateway", "create_role", {"id": "taker", "name": "Выгружает своё", **given})
    office.do("gateway", "change_user_role", {"user_id": anna, "role": "taker"}, version=1)
    client(office, "Анны", city="Углич", manager_id=anna, phones=["8 916 123-45-67"])
    client(office, "Ничей", city="Углич")
    export = ended(office, requested(office, anna, filter='city = "Углич"', fields=["name", "phones"]))
    [[name, phone, _]] = table(downloaded(office, export, anna))[1:]
    assert (name, "123" in phone, phone.endswith("67")) == ("Анны", False, True)


def test_who_may_not_export_gets_no_file(office):
    for role in ("head_of_sales", "sales_manager", "auditor", "marketer", "integration"):
        export = ended(office, requested(office, user(office, role)))
        assert (export["state"], export["reason"], export["hash"]) == ("failed", "not-allowed", None)


def test_a_right_lost_meanwhile_ends_the_export(office):
    owner = user(office, "owner")
    office.do("gateway", "change_user_role", {"user_id": owner, "role": "clerk"}, version=1)
    assert ended(office, requested(office, owner))["reason"] == "not-allowed"
    office.do("gateway", "deactivate_user", {"user_id": owner}, version=2)
    assert ended(office, requested(office, owner))["reason"] == "not-allowed"


def test_rights_narrowed_while_it_stands_still_end_the_export(office, monkeypatch):
    monkeypatch.setattr(reactions, "MAX_LIMIT", 1)
    monkeypatch.setattr(reactions, "PAGES", 1)
    monkeypatch.setattr("services.reporting.handlers.MOST_RUNNING", 1000)
    owner = user(office, "owner")
    for number in range(40):
        client(office, f"Ива {number}", city="Мышкин")
    export = requested(office, owner, filter='city = "Мышкин"')
    look = {"export_id": export["id"]}
    eventually(lambda: office.do("reporting", "get_export", look)["rows"] > 2)
    stopped = _stopped(office, look)
    given = {"permissions": ["clients.export"], "rows": {"clients": "own"}}
    office.do("gateway", "create_role", {"id": "narrow", "name": "Своё", **given})
    office.do("gateway", "change_user_role", {"user_id": owner, "role": "narrow"}, version=1)
    context = replace(call_context(version=stopped["version"]), actor=owner)
    assert "result" in office.ask("reporting", "resume_export", look, context)
    assert ended(office, export)["reason"] == "not-allowed"


def _stopped(system: System, export: Any) -> Any:
    def stop() -> Any:
        version = system.do("reporting", "get_export", export)["version"]
        answer = system.ask("reporting", "stop_export", export, call_context(version=version))
        return answer.get("result")

    return eventually(stop)


def test_a_revoked_key_ends_what_was_asked_with_it(office):
    owner = user(office, "owner")
    key = office.do("gateway", "create_api_key", {"user_id": owner, "name": "отчёты", "scopes": ["clients.export"]})
    context = replace(call_context(principal=key["id"]), actor=owner)
    asked = {"resource": "clients", "format": "csv", "filter": 'city = "Нигде"'}
    allowed = office.ask("reporting", "request_export", asked, context)["result"]
    assert ended(office, allowed)["state"] == "completed"
    context = replace(call_context(principal=key["id"]), actor=owner)
    beyond = office.ask("reporting", "request_export", {**asked, "resource": "tasks", "filter": ""}, context)["result"]
    assert ended(office, beyond)["reason"] == "not-allowed"
    office.do("gateway", "revoke_api_key", {"key_id": key["id"]}, version=key["version"])
    context = replace(call_context(principal=key["id"]), actor=owner)
    revoked = office.ask("reporting", "request_export", asked, context)["result"]
    assert ended(office, revoked)["reason"] == "not-allowed"


def test_what_the_list_refuses_ends_the_export_with_the_reason(office):
    export = ended(office, requested(office, user(office, "owner"), filter="nothing = 1"))
    assert (export["state"], export["reason"]) == ("failed", "invalid")


def test_too_many_rows_are_refused(office, monkeypatch):
    monkeypatch.setattr("services.reporting.domain.export.MOST_ROWS", 2)
    for number in range(3):
        client(office, f"Пихта {number}", city="Клин")
    export = ended(office, requested(office, user(office, "owner"), filter='city = "Клин"'))
    assert (export["state"], export["reason"]) == ("failed", "too-many-rows")


def test_only_so_many_run_at_a_time(office, monkeypatch):
    monkeypatch.setattr("services.reporting.handlers.MOST_RUNNING", 0)
    problem = office.refusal("reporting", "request_export", {"resource": "clients", "format": "csv"})
    assert (problem["status"], problem["type"], problem["retry_after"]) == (429, "too-many-exports", 10)


def test_what_was_resumed_in_the_last_moment_expires_after_its_own_time(office):
    owner = user(office, "owner")
    export = ended(office, requested(office, owner, filter='city = "Нигде"'))
    runtime = office.runtimes["reporting"]
    with runtime.views.connect() as connection:
        keys = {one.key for one in due_exports(connection, clock.now() + KEPT + timedelta(days=1))}
    [key] = [key for key in keys if export["id"] in key]
    assert key.endswith(str(to_micros(from_iso(export["expires_at"]))))


def test_an_export_is_downloaded_by_who_asked_for_it_alone_and_every_time_is_noted(office):
    owner, other = user(office, "owner"), user(office, "owner")
    export = ended(office, requested(office, owner, filter='city = "Нигде"'))
    refused = office.ask(
        "reporting", "download_export", {"export_id": export["id"]}, replace(call_context(), actor=other)
    )
    assert refused["problem"]["status"] == 404
    downloaded(office, export, owner)
    downloaded(office, export, owner)
    noted = [one for one in office.events("reporting", "ExportDownloaded") if one.export_id == export["id"]]
    assert [one.downloaded_by for one in noted] == [owner, owner]
    assert office.do("reporting", "get_export", {"export_id": export["id"]})["downloads"] == 2


def test_exports_of_others_are_seen_by_those_who_watch_them(office):
    owner = user(office, "owner")
    export = requested(office, owner)
    assert ended(office, export)
    for users, seen in ((None, True), (frozenset({owner}), True), (frozenset({"somebody"}), False)):
        context = replace(call_context(), rights=Rights(users))
        answer = office.ask("reporting", "get_export", {"export_id": export["id"]}, context)
        assert ("result" in answer) == seen


def test_what_is_over_its_time_is_destroyed_with_what_was_sought(office):
    owner = user(office, "owner")
    client(office, "Сидоров Иван")
    export = ended(office, requested(office, owner, filter='name : "Сидоров Иван"'))
    runtime = office.runtimes["reporting"]
    with runtime.views.connect() as connection:
        expires_at = from_iso(export["expires_at"])
        due = {one.arguments["export_id"]: one for one in due_exports(connection, expires_at)}
        before = due_exports(connection, expires_at - timedelta(seconds=1))
        assert export["id"] not in {one.arguments["export_id"] for one in before}
    office.do("reporting", "expire_export", due[export["id"]].arguments)
    look = {"export_id": export["id"]}
    expired = eventually(lambda: (now := office.do("reporting", "get_export", look))["state"] == "expired" and now)
    assert expired["asked"] == {}
    eventually(lambda: runtime.keyring.find(key_of(export["id"])) is None)
    eventually(lambda: _gone(runtime, export["hash"]))
    with pytest.raises(Destroyed):
        runtime.keyring.key(key_of(export["id"]))
    refused = office.ask(
        "reporting", "download_export", {"export_id": export["id"]}, replace(call_context(), actor=owner)
    )
    assert refused["problem"]["status"] == 410
    told = [event for event in office.events("reporting", "ExportRequested") if event.export_id == export["id"]]
    assert told[0].filter is None


def _gone(runtime: Any, hash: str) -> bool:
    try:
        runtime.blobs.get(hash)
    except Erased:  # its key is destroyed, its bytes are about to be
        return False
    except NotFound:
        return True
    return False


def test_clients_and_contact_persons_are_taken_into_address_books_and_nothing_else(office):
    owner = user(office, "owner")
    client(office, "Кедров Пётр", city="Ухта", phones=["8 916 123-45-67"], emails=["kedr@client.example"])
    export = ended(office, requested(office, owner, format="vcf", filter='city = "Ухта"'))
    card = downloaded(office, export, owner).decode()
    assert "TEL;TYPE=VOICE:+79161234567\r\n" in card
    assert "EMAIL;TYPE=INTERNET:kedr@client.example\r\n" in card
    assert export["id"] in card.replace("\r\n ", "")
    for asked in ({"resource": "deals"}, {"resource": "clients", "fields": ["name"]}):
        context = replace(call_context(), actor=owner)
        refused = office.ask("reporting", "request_export", {"format": "vcf", "language": "ru", **asked}, context)
        assert refused["problem"]["status"] == 422
