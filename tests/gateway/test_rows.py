"""Whose rows a caller sees, from the role to the answer."""

import pytest

from services.kernel.ids import new_id
from tests.gateway.conftest import problem


@pytest.fixture(scope="module")
def sales(web):
    """Two managers with a client each, and the head of the first one."""
    users = {
        name: web.post("/v1/users", {"name": name, "role": role}).get_json()["id"]
        for name, role in (("Анна", "sales_manager"), ("Денис", "sales_manager"), ("Павел", "head_of_sales"))
    }
    web.post("/v1/teams", {"name": "Зал", "members": [users["Анна"], users["Павел"]]})
    web.system.deliver()
    clients = {
        name: web.post(
            "/v1/clients", {"kind": "legal_entity", "name": f"ООО «{new_id()}»", "manager_id": users[name]}
        ).get_json()["id"]
        for name in ("Анна", "Денис")
    }
    keys = {
        name: web.post("/v1/api-keys", {"user_id": user, "name": "ключ"}).get_json()["key"]
        for name, user in users.items()
    }
    return clients, keys


@pytest.mark.capability("GW-04")
@pytest.mark.parametrize(("who", "sees"), [("Анна", {"Анна"}), ("Денис", {"Денис"}), ("Павел", {"Анна"})])
def test_a_manager_sees_his_own_clients_and_a_head_those_of_his_team(web, sales, who, sees):
    clients, keys = sales
    listed = web.get("/v1/clients", key=keys[who]).get_json()["items"]
    assert {one["id"] for one in listed} == {clients[name] for name in sees}
    for name, client in clients.items():
        answer = web.get(f"/v1/clients/{client}", key=keys[who])
        if name in sees:
            assert answer.status_code == 200
        else:
            problem(answer, 404, "not-found")


def test_an_owner_sees_all(web, sales):
    clients, _ = sales
    assert {one["id"] for one in web.get("/v1/clients?limit=500").get_json()["items"]} >= set(clients.values())


def test_a_marketer_sees_phones_and_addresses_in_part(web):
    card = {
        "kind": "individual",
        "name": f"Кравцов {new_id()}",
        "phones": ["8 916 1234567"],
        "emails": ["ivan@b.example"],
    }
    client = web.post("/v1/clients", card).get_json()
    seen = web.get(f"/v1/clients/{client['id']}", key=web.key_of("marketer")).get_json()
    assert "1234567" not in repr(seen["phones"])
    assert "ivan" not in repr(seen["emails"])
