"""One card for an address book, over HTTP."""

import pytest

from services.kernel.ids import new_id
from tests.gateway.conftest import problem

CARD = {"kind": "individual", "phones": ["8 916 1234567"], "emails": ["ivan@b.example"]}


@pytest.fixture(scope="module")
def client(web):
    return web.post("/v1/clients", {**CARD, "name": f"Кравцов Илья {new_id()}"}).get_json()


def test_a_client_is_given_as_a_card_of_his_name(web, client):
    answer = web.get(f"/v1/clients/{client['id']}/vcard")
    assert answer.content_type == "text/vcard; charset=utf-8"
    assert "filename*=UTF-8''%D0%9A%D1%80%D0%B0%D0%B2%D1%86%D0%BE%D0%B2" in answer.headers["Content-Disposition"]
    lines = answer.data.decode().replace("\r\n ", "").splitlines()
    assert {f"FN:{client['name']}", "TEL;TYPE=VOICE:+79161234567", "EMAIL;TYPE=INTERNET:ivan@b.example"} <= set(lines)


def test_a_contact_person_is_given_too(web):
    contact = web.post("/v1/contacts", {"name": "Лосева Мария", "birthday": "1980-05-17"}).get_json()
    lines = web.get(f"/v1/contacts/{contact['id']}/vcard").data.decode().splitlines()
    assert {"FN:Лосева Мария", "N:Лосева;Мария;;;", "BDAY:1980-05-17"} <= set(lines)


def test_what_the_caller_sees_in_part_only_is_left_out(web, client):
    card = web.get(f"/v1/clients/{client['id']}/vcard", key=web.key_of("marketer")).data.decode()
    lines = card.replace("\r\n ", "").splitlines()
    assert f"FN:{client['name']}" in lines
    assert not [line for line in lines if line.startswith(("TEL", "EMAIL"))]


def test_who_does_not_see_the_client_gets_no_card(web, client):
    manager = web.post("/v1/users", {"name": "Анна", "role": "sales_manager"}).get_json()["id"]
    key = web.post("/v1/api-keys", {"user_id": manager, "name": "ключ"}).get_json()["key"]
    problem(web.get(f"/v1/clients/{client['id']}/vcard", key=key), 404, "not-found")
