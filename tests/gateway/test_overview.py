"""One call brings a client's card and the first of everything that hangs on it."""

import pytest

from services.kernel.errors import Unavailable
from tests.contracts.valid import LINE

PARTS = ("contacts", "interactions", "attachments", "tasks", "deals", "documents", "payments", "messages", "timeline")


@pytest.fixture(scope="module", name="client")
def _client(web):
    """A client with a little of everything, of a manager of his own."""
    manager = web.send("POST", "/v1/users", json={"name": "Белова Анна", "role": "sales_manager"}).get_json()["id"]
    body = {"kind": "legal_entity", "name": "ООО «Обзор»", "manager_id": manager, "phones": ["8 916 123-45-60"]}
    client = web.send("POST", "/v1/clients", json=body).get_json()
    entry = {"dictionary": "interaction_kinds", "code": "call", "name": "Звонок"}
    web.send("POST", "/v1/dictionary-entries", json=entry)
    web.send("POST", "/v1/contacts", json={"name": "Кравцов Илья", "link": {"client_id": client["id"]}})
    talk = {"client_id": client["id"], "kind": "call", "starts_at": "2026-03-02T10:00:00+03:00"}
    for _ in range(12):
        web.send("POST", "/v1/interactions", json=talk)
    web.send("POST", "/v1/tasks", json={"title": "Позвонить", "due_date": "2026-12-01", "client_id": client["id"]})
    web.send("POST", "/v1/deals", json={"client_id": client["id"], "title": "Кухня", "lines": [LINE]})
    link = {"what": "client", "owner_id": client["id"], "url": "https://salon-ps.example/"}
    assert web.send("POST", "/v1/attachments/links", json=link).status_code == 201
    web.system.deliver()
    return client


def overview(web, client, **asked):
    return web.send("GET", f"/v1/clients/{client['id']}/overview", **asked)


@pytest.mark.capability("CL-62")
def test_one_call_brings_the_card_and_the_first_of_all_that_hangs_on_it(web, client):
    answer = overview(web, client)
    seen = answer.get_json()
    assert seen["client"] == web.get(f"/v1/clients/{client['id']}").get_json()
    assert answer.headers["ETag"] == f'"{client["version"]}"'
    assert {name: len(seen[name]["items"]) for name in PARTS} == {
        "contacts": 1,
        "interactions": 10,
        "attachments": 1,
        "tasks": 1,
        "deals": 1,
        "documents": 0,
        "payments": 0,
        "messages": 0,
        "timeline": 10,
    }
    assert {name for name in PARTS if seen[name]["more"]} == {"interactions", "timeline"}
    assert seen["unavailable"] == []


def test_whoever_may_not_read_a_list_does_not_find_it_there_either(web, client):
    seen = overview(web, client, key=web.key_of("marketer")).get_json()
    assert (seen["documents"], seen["payments"], seen["attachments"]) == (None, None, None)
    assert seen["client"]["phones"][0]["written"].startswith("+7 ***")
    assert len(seen["deals"]["items"]) == 1
    assert seen["unavailable"] == []


def test_of_others_clients_nothing_is_told(web, client):
    assert overview(web, client, key=web.key_of("sales_manager")).status_code == 404
    assert overview(web, {"id": "nobody"}).status_code == 404


def test_a_service_that_is_away_costs_its_own_part_only(web, client, monkeypatch):
    call = web.system.call

    def without_deals(service, method, arguments, context):
        if service == "deals":
            raise Unavailable(service=service)
        return call(service, method, arguments, context)

    monkeypatch.setattr(web.system, "call", without_deals)
    seen = overview(web, client).get_json()
    assert (seen["deals"], seen["unavailable"]) == (None, ["deals"])
    assert len(seen["contacts"]["items"]) == 1
