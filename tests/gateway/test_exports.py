"""Exports by HTTP: who may ask, what is refused at once, and the file."""

import csv
import io
from urllib.parse import unquote

import pytest

from gateway.routes import ROUTES
from tests.gateway.conftest import problem
from tests.system import eventually


@pytest.fixture(scope="module")
def office(web):
    web.system.react("reporting")
    for name in ("ООО «Ромашка»", "=1+1"):
        card = {"kind": "legal_entity", "name": name, "city": "Калязин", "phones": ["8 916 123-45-67"]}
        assert web.send("POST", "/v1/clients", json={**card, "allow_duplicate": True}).status_code == 201
    return web


def asked(web, of="clients", **body):
    key = body.pop("key", web.key)
    return web.send("POST", f"/v1/{of}/export", json={"format": "csv", **body}, key=key)


def completed(web, place, key=None):
    def look():
        now = web.send("GET", place, key=key or web.key).get_json()
        return now["state"] != "running" and now

    return eventually(look, 60)


def role(web, name, *permissions, rows="all"):
    given = {"id": name, "name": name, "permissions": list(permissions), "rows": {"clients": rows}}
    assert web.send("POST", "/v1/roles", json=given).status_code == 201
    return web.key_of(name)


@pytest.mark.capability("GW-01")
def test_unloading_the_base_is_a_right_of_its_own(office):
    for role_ in (
        "head_of_sales",
        "sales_manager",
        "accountant",
        "lawyer",
        "marketer",
        "clerk",
        "auditor",
        "integration",
    ):
        key = office.key_of(role_)
        for resource in ("clients", "deals", "documents", "messages", "payments", "tasks"):
            body = problem(asked(office, resource, key=key), 403, "forbidden")
            assert f"{resource}.export" in body["detail"]
    assert asked(office, key=role(office, "unloader", "clients.export")).status_code == 202


@pytest.mark.capability("GW-01")
def test_nothing_of_the_base_can_be_deleted_by_anybody(office):
    assert {route.path for route in ROUTES if route.method == "DELETE"} == {"/v1/webhooks/{webhook_id}"}
    [client] = office.get("/v1/clients?limit=1").get_json()["items"]
    assert office.send("DELETE", f"/v1/clients/{client['id']}", version=client["version"]).status_code == 405


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"filter": "nothing = 1"}, "filter"),
        ({"filter": "city = "}, "filter"),
        ({"sort": "nothing"}, "sort"),
        ({"fields": ["nothing"]}, "fields"),
        ({"fields": "name"}, "fields"),
        ({"fields": ["name,id"]}, "fields"),
        ({"format": "pdf"}, "format"),
        ({"resource": "deals"}, "resource"),
        ({"language": "de"}, "language"),
        ({"limit": 5}, "limit"),
    ],
)
def test_what_the_list_would_refuse_is_refused_at_once_and_nothing_is_written(office, body, field):
    before = len(office.system.events("reporting", "ExportRequested"))
    refused = problem(asked(office, **body), 422, "invalid")
    assert refused["errors"][0]["field"].split(".")[0] == field
    assert len(office.system.events("reporting", "ExportRequested")) == before


def test_a_list_that_cannot_be_searched_cannot_be_searched_in_an_export(office):
    assert problem(asked(office, "payments", q="аванс"), 422, "invalid")["errors"][0]["field"] == "q"


def test_the_file_comes_with_its_name_and_cannot_run(office):
    begun = asked(office, filter='city = "Калязин"', sort="name", fields=["name", "phones"])
    assert begun.status_code == 202
    export = completed(office, begun.headers["Location"])
    file = office.get(f"/v1/exports/{export['id']}/file")
    assert file.headers["ETag"] == f'"{export["hash"]}"'
    assert int(file.headers["Content-Length"]) == export["size"] == len(file.data)
    assert "Клиенты " in unquote(file.headers["Content-Disposition"])
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[:2] for row in rows[1:]] == [["'=1+1", "+79161234567"], ["ООО «Ромашка»", "+79161234567"]]


def test_a_file_is_given_to_its_requester_while_he_has_the_right(office):
    key = role(office, "taker", "clients.export", "exports.read")
    export = completed(office, asked(office, key=key, filter='city = "Калязин"').headers["Location"], key)
    place = f"/v1/exports/{export['id']}/file"
    problem(office.get(place), 404, "not-found")
    assert office.get(place, key=key).status_code == 200
    may = ["clients.export", "exports.read"]
    for version, changed in enumerate(
        (
            {"permissions": may, "rows": {"clients": "own"}},
            {"permissions": may, "rows": {"clients": "all"}, "masked": ["phone"]},
            {"permissions": ["exports.read"], "rows": {"clients": "all"}},
        ),
        1,
    ):
        assert (
            office.send("PUT", "/v1/roles/taker", json={"name": "taker", **changed}, version=version).status_code == 200
        )
        problem(office.get(place, key=key), 403, "forbidden")


def test_before_it_is_done_there_is_no_file(office):
    export = asked(office, filter='city = "Калязин"').get_json()
    stopped = office.send("POST", f"/v1/exports/{export['id']}/stop", version=export["version"])
    if stopped.status_code == 200 and stopped.get_json()["state"] == "stopped":
        problem(office.get(f"/v1/exports/{export['id']}/file"), 409, "export-not-ready")
    problem(office.get("/v1/exports/nothing/file"), 404, "not-found")


def test_a_head_sees_what_his_team_exports_and_nobody_elses(office):
    key = role(office, "deputy", "clients.export", "exports.read", rows="own")
    own = completed(office, asked(office, key=key).headers["Location"], key)
    asked(office)
    listed = office.send("GET", "/v1/exports", key=key).get_json()["items"]
    assert [one["id"] for one in listed] == [own["id"]]
    assert len(office.get("/v1/exports").get_json()["items"]) > 1
