"""Files over HTTP: sent as forms, given back to be saved and never to be run."""

import io

import pytest
from werkzeug.http import parse_options_header

from tests.gateway.conftest import problem

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 10_000


@pytest.fixture(scope="module", name="client")
def _client(web):
    return web.send("POST", "/v1/clients", json={"kind": "individual", "name": "Кравцов Илья"}).get_json()


def upload(web, owner_id, content, name="Договор № 5.pdf", **request):
    form = {"file": (io.BytesIO(content), name), "what": "client", "owner_id": owner_id}
    return web.send("POST", "/v1/attachments", data=form, content_type="multipart/form-data", **request)


def test_a_file_comes_back_as_it_was_to_be_saved_under_its_name(web, client):
    answer = upload(web, client["id"], PDF)
    made = answer.get_json()
    assert (made["media_type"], made["size"]) == ("application/pdf", len(PDF))
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/v1/attachments/{made['id']}")
    file = web.get(f"/v1/attachments/{made['id']}/file")
    assert (file.status_code, file.data, file.content_type) == (200, PDF, "application/octet-stream")
    kind, options = parse_options_header(file.headers["Content-Disposition"])
    assert (kind, options["filename"]) == ("attachment", "Договор № 5.pdf")
    assert file.headers["Content-Disposition"].isascii()
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    known = {"Authorization": f"Bearer {web.key}", "If-None-Match": file.headers["ETag"]}
    again = web.app.test_client().get(f"/v1/attachments/{made['id']}/file", headers=known)
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_sent_twice_with_one_key_is_attached_once(web, client):
    one = upload(web, client["id"], b"%PDF-1.7 twice", idempotency_key="twice")
    assert upload(web, client["id"], b"%PDF-1.7 twice", idempotency_key="twice").get_json() == one.get_json()
    problem(upload(web, client["id"], b"%PDF-1.7 twice"), 409, "attached-already")


@pytest.mark.parametrize(
    ("content", "name", "status", "kind"),
    [
        (b"", "a.pdf", 422, "invalid"),
        (b"<html></html>", "a.html", 415, "unknown-kind-of-file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", 415, "unknown-kind-of-file"),
        (b"MZ\x90", "a.pdf", 415, "content-of-another-kind"),
        (b"%PDF-", ".", 422, "no-file-name"),
        (b"%PDF-" + b"x" * (11 * 1024 * 1024), "a.pdf", 413, "file-too-large"),
        (b"%PDF-" + b"x" * (12 * 1024 * 1024), "a.pdf", 413, "too-large"),
    ],
)
def test_what_is_no_file_to_keep_is_refused_and_nothing_is_written(web, client, content, name, status, kind):
    head = web.system.runtimes["clients"].store.head()
    problem(upload(web, client["id"], content, name), status, kind)
    assert web.system.runtimes["clients"].store.head() == head


def test_a_form_that_lacks_something_is_told_what(web, client):
    missing = web.send("POST", "/v1/attachments", data={"what": "client"}, content_type="multipart/form-data")
    assert "owner_id" in {one["field"] for one in problem(missing, 422, "invalid")["errors"]}
    wrong = {"file": (io.BytesIO(PDF), "a.pdf"), "what": "deal", "owner_id": client["id"]}
    refused = web.send("POST", "/v1/attachments", data=wrong, content_type="multipart/form-data")
    assert problem(refused, 422, "invalid")["errors"][0]["field"] == "what"
    unknown = upload(web, "nobody", PDF)
    assert problem(unknown, 422, "unknown-client")["errors"][0]["field"] == "owner_id"


def test_a_removed_file_is_given_no_more(web, client):
    made = upload(web, client["id"], b"%PDF-1.7 removed").get_json()
    web.send("POST", f"/v1/attachments/{made['id']}/remove", version=made["version"])
    problem(web.get(f"/v1/attachments/{made['id']}/file"), 410, "file-destroyed")


def test_others_files_are_neither_seen_nor_given(web, client):
    made = upload(web, client["id"], b"%PDF-1.7 of others").get_json()
    seller = web.key_of("sales_manager")
    for place in ("", "/file", "/history"):
        refused = web.send("GET", f"/v1/attachments/{made['id']}{place}", key=seller)
        assert refused.status_code == 404
    assert web.send("GET", "/v1/attachments", key=seller).get_json()["items"] == []
    problem(upload(web, client["id"], PDF, key=seller), 422, "unknown-client")
