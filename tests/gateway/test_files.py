import io
import json

import pytest
from werkzeug.http import parse_options_header

from services.kernel.events import PersonKey
from tests.gateway.conftest import problem

CSV = "Наименование;ИНН\nООО «Первый»;7799101370\nООО «Второй»;\n".encode()


def upload(web, content, **request):
    return web.send("POST", "/v1/imports", data=content, headers={"Content-Type": "text/csv"}, **request)


def form(web, **fields):
    return web.send("POST", "/v1/imports", data=fields, content_type="multipart/form-data")


def test_a_table_sent_as_the_body_becomes_an_operation(web):
    begun = upload(web, CSV)
    assert begun.status_code == 202
    operation = begun.get_json()
    assert begun.headers["Location"] == f"/v1/operations/{operation['id']}"
    assert (operation["state"], operation["total"]) == ("running", 2)
    assert web.get(begun.headers["Location"]).get_json() == operation


def test_a_table_sent_as_a_form_says_what_its_headings_mean(web):
    columns = json.dumps({"Кто": "name", "Сумма": None})
    begun = form(web, file=(io.BytesIO("Кто;Сумма\nООО «Третий»;5\n".encode()), "свои.csv"), columns=columns)
    assert begun.status_code == 202
    assert begun.get_json()["file_name"] == "свои.csv"


@pytest.mark.parametrize(
    ("columns", "status", "kind", "field"),
    [
        ("{", 400, "broken-json", None),
        ('{"a": "name", "a": "inn"}', 400, "broken-json", None),
        ("[" * 10_000, 400, "broken-json", None),
        ("[]", 422, "invalid", "columns"),
        ('{"Кто": 5}', 422, "invalid", "columns.Кто.value"),
        ('{"Никто": "name"}', 422, "invalid", "columns.Никто"),
        ('{"Кто": "surname"}', 422, "invalid", "columns.Кто"),
        ('{"Кто": null}', 422, "invalid", "columns"),
    ],
)
def test_wrong_columns_are_named(web, columns, status, kind, field):
    refused = form(web, file=(io.BytesIO("Кто\nООО «Третий»\n".encode()), "a.csv"), columns=columns)
    body = problem(refused, status, kind)
    if field:
        assert body["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"", 422, "empty-file"),
        ("Наименование\n".encode(), 422, "empty-file"),
        (b"PK\x03\x04 and then nothing", 422, "broken-file"),
        (b"\xd0\xcf\x11\xe0 an old workbook", 422, "protected-file"),
        (b"%PDF-1.7\n\x00\x01\x02", 422, "unsupported-file"),
        ("Город\nТверь\n".encode(), 422, "invalid"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(web, content, status, kind):
    head = web.system.runtimes["clients"].store.head()
    problem(upload(web, content), status, kind)
    assert web.system.runtimes["clients"].store.head() == head


def test_a_file_that_is_too_large_is_refused(web):
    problem(upload(web, b"x" * (11 * 1024 * 1024 + 1)), 413, "file-too-large")
    problem(upload(web, b"x" * (12 * 1024 * 1024)), 413, "too-large")


def test_the_pdf_comes_in_one_piece_whatever_its_size(web, monkeypatch):
    content = b"%PDF-" + bytes(range(256)) * 10_000
    kept = web.system.runtimes["documents"].blobs.put(content, "application/pdf", PersonKey("somebody", "accounting"))
    call = web.system.call
    document = {"state": "issued", "pdf": kept.hash, "pdf_size": kept.size, "number": "МС1/2", "date": "2026-03-02"}
    monkeypatch.setattr(web.system, "call", lambda *a: {"result": document} if a[1] == "get_document" else call(*a))
    answer = web.get("/v1/documents/d-1/pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.data == content
    assert answer.headers["ETag"] == f'"{kept.hash}"'
    kind, options = parse_options_header(answer.headers["Content-Disposition"])
    assert (kind, options["filename"]) == ("inline", "Счёт № МС1-2 от 02.03.2026.pdf")
    assert answer.headers["Content-Disposition"].isascii()
    assert "filename=invoice.pdf;" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("document", "status", "kind"),
    [({"state": "draft", "pdf": None}, 404, "not-found"), ({"state": "issued", "pdf": None}, 503, "pdf-not-ready")],
)
def test_a_pdf_that_is_not_there_says_why(web, monkeypatch, document, status, kind):
    monkeypatch.setattr(web.system, "call", lambda *_: {"result": document})
    problem(web.get("/v1/documents/d-1/pdf"), status, kind)


def test_what_the_columns_seem_to_mean_is_told_with_samples_and_nothing_is_begun(web):
    begun = web.get("/v1/operations").get_json()["items"]
    proposed = web.send("POST", "/v1/imports/columns", data="Кто;Наименование\nя;ООО «Третий»\n".encode())
    assert proposed.status_code == 200
    assert proposed.get_json()["columns"] == [
        {"heading": "Кто", "field": None, "samples": ["я"]},
        {"heading": "Наименование", "field": "name", "samples": ["ООО «Третий»"]},
    ]
    assert {"phones", "code"} <= set(proposed.get_json()["fields"])
    assert web.get("/v1/operations").get_json()["items"] == begun
    problem(web.send("POST", "/v1/imports/columns", data=b""), 422, "empty-file")


def test_a_form_says_how_the_table_is_imported(web):
    begun = form(web, file=(io.BytesIO(CSV), "a.csv"), existing="fill", source="Выставка", dry_run="true")
    assert begun.status_code == 202
    assert (begun.get_json()["existing"], begun.get_json()["dry_run"]) == ("fill", True)
    problem(form(web, file=(io.BytesIO(CSV), "a.csv"), existing="replace"), 422, "invalid")
    problem(form(web, file=(io.BytesIO(CSV), "a.csv"), dry_run="yes"), 400, "broken-json")


def test_changing_clients_by_an_import_needs_the_right_to_change_them(web):
    owner = web.post("/v1/users", {"name": "Обмен", "role": "integration", "email": "o@salon-ps.example"}).get_json()
    body = {"user_id": owner["id"], "name": "обмен", "scopes": ["clients.import", "operations.read"]}
    key = web.post("/v1/api-keys", body).get_json()["key"]
    fields = {"file": (io.BytesIO(CSV), "a.csv"), "existing": "overwrite"}
    refused = web.send("POST", "/v1/imports", data=fields, content_type="multipart/form-data", key=key)
    problem(refused, 403, "forbidden")
    fields = {"file": (io.BytesIO(CSV), "a.csv"), "existing": "skip"}
    assert web.send("POST", "/v1/imports", data=fields, content_type="multipart/form-data", key=key).status_code == 202


def test_withdrawn_clients_are_listed_where_they_are_asked_for(web):
    assert web.get("/v1/clients?withdrawn=true").get_json()["items"] == []
