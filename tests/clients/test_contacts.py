"""Contact persons: what is known of them, and whom they stand for, and when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.kernel.clock import company_today
from services.kernel.events import PersonKey
from services.kernel.rights import Rights
from tests.clients.test_card import create
from tests.system import System, call_context

PERSON = {
    "name": "Кравцов Илья Никитич",
    "phones": [{"written": "8 916 123-45-67", "kind": "mobile"}],
    "emails": ["kravtsov@romashka.example", "wqdqdas@sfgsr wert wert"],
    "links": [{"kind": "telegram", "value": "@kravtsov"}],
    "birthday": "1980-05-17",
    "preferred_channel": "telegram",
    "interests": ["рыбалка"],
    "note": "звонить до 18-00",
}


def contact(system: System, **fields: Any) -> Any:
    return system.do("clients", "create_contact", {**PERSON, **fields})


def do(system: System, call: str, one: Any, **arguments: Any) -> Any:
    return system.do("clients", call, {"contact_id": one["id"], **arguments}, one["version"])


def listed(system: System, **asked: Any) -> set[str]:
    return {one["id"] for one in system.do("clients", "list_contacts", {"limit": 500, **asked})["items"]}


@pytest.mark.capability("CL-09")
def test_a_client_has_several_contact_persons_with_roles_one_of_whom_decides(furnished):
    client = create(furnished)
    user = furnished.do("gateway", "create_user", {"name": "Белова Анна", "role": "sales_manager"})["id"]
    link = {"client_id": client["id"], "role": "director", "position": "Генеральный директор", "decision_maker": True}
    head = contact(furnished, link={**link, "since": "2026-01-12"}, responsible_id=user)
    clerk = contact(furnished, name="Лосева Мария", link={"client_id": client["id"], "role": "accountant"})
    assert {name: head[name] for name in ("name", "birthday", "interests", "preferred_channel", "note", "links")} == {
        name: PERSON[name] for name in ("name", "birthday", "interests", "preferred_channel", "note", "links")
    }
    assert head["clients"] == [{**link, "since": "2026-01-12", "until": None}]
    assert head["responsible_id"] == user
    assert [phone["number"] for phone in head["phones"]] == ["+79161234567"]
    assert [email["valid"] for email in head["emails"]] == [True, False]
    assert head["code"].isdigit()
    assert len(head["code"]) == 9
    assert clerk["clients"][0]["since"] == company_today().isoformat()
    assert listed(furnished, client_id=client["id"]) == {head["id"], clerk["id"]}
    for q in ("кравцов", "916 123-45", "генеральный", "до 18"):
        assert head["id"] in listed(furnished, q=q, client_id=client["id"])
    assert listed(furnished, filter='birthday = 1980-05-17 AND interests : "рыб"', client_id=client["id"]) == {
        head["id"],
        clerk["id"],
    }


@pytest.mark.capability("CL-10")
def test_a_person_who_goes_to_another_firm_keeps_his_history_with_the_first(furnished):
    first, second = create(furnished), create(furnished)
    person = contact(furnished, link={"client_id": first["id"], "role": "buyer", "since": "2024-02-01"})
    person = do(furnished, "unlink_contact", person, client_id=first["id"], until="2025-12-31")
    person = do(furnished, "link_contact", person, client_id=second["id"], role="director", since="2026-01-12")
    assert [(one["client_id"], one["since"], one["until"]) for one in person["clients"]] == [
        (first["id"], "2024-02-01", "2025-12-31"),
        (second["id"], "2026-01-12", None),
    ]
    assert listed(furnished, client_id=first["id"]) == {person["id"]}
    assert listed(furnished, client_id=first["id"], current=True) == set()
    assert listed(furnished, client_id=first["id"], current=False) == {person["id"]}
    assert listed(furnished, client_id=second["id"], current=True) == {person["id"]}
    back = do(furnished, "link_contact", person, client_id=first["id"], role="buyer", since="2026-06-01")
    assert [one["until"] for one in back["clients"]] == ["2025-12-31", None, None]
    assert listed(furnished, client_id=first["id"], current=True) == {person["id"]}
    history = furnished.do("clients", "list_contact_history", {"contact_id": person["id"], "sort": "version"})
    types = [change["type"] for change in history["items"]]
    assert types == ["ContactCreated", "ContactLinked", "ContactUnlinked", "ContactLinked", "ContactLinked"]


def test_a_link_that_there_is_gets_another_role_and_keeps_its_beginning(furnished):
    client = create(furnished)
    person = contact(furnished, link={"client_id": client["id"], "role": "buyer", "since": "2024-02-01"})
    person = do(furnished, "link_contact", person, client_id=client["id"], role="director", decision_maker=True)
    [link] = person["clients"]
    assert (link["role"], link["decision_maker"], link["since"]) == ("director", True, "2024-02-01")
    again = do(furnished, "link_contact", person, client_id=client["id"], role="director")
    assert again["version"] == person["version"]


def test_what_is_changed_of_a_person_is_told_before_and_after(furnished):
    person = do(furnished, "change_contact", contact(furnished), name="Кравцов И. Н.", birthday=None, note="x")
    assert (person["name"], person["birthday"], person["interests"]) == ("Кравцов И. Н.", None, ["рыбалка"])
    asked = {"contact_id": person["id"]}
    told = furnished.do("clients", "list_contact_history", asked)["items"][0]["changes"]
    assert {"field": "birthday", "old": "1980-05-17", "new": None} in told


@pytest.mark.parametrize(
    ("call", "arguments", "code"),
    [
        ("unlink_contact", {"client_id": "nobody"}, "not-linked"),
        ("link_contact", {"client_id": "nobody"}, "unknown-client"),
        ("change_contact", {"responsible_id": "nobody"}, "unknown-user"),
    ],
)
def test_what_is_not_there_is_refused(furnished, call, arguments, code):
    person = contact(furnished)
    told = furnished.refusal("clients", call, {"contact_id": person["id"], **arguments}, person["version"])
    assert (told["type"], told["status"]) == (code, 422)


def test_a_link_does_not_end_before_it_began_nor_has_a_role_that_no_dictionary_knows(furnished):
    client = create(furnished)
    today = company_today()
    person = contact(furnished, link={"client_id": client["id"], "since": today.isoformat()})
    early = {"contact_id": person["id"], "client_id": client["id"], "until": str(today - timedelta(days=1))}
    told = furnished.refusal("clients", "unlink_contact", early, person["version"])
    assert told["errors"][0]["code"] == "before-since"
    wrong = {"contact_id": person["id"], "client_id": client["id"], "role": "king"}
    assert furnished.refusal("clients", "link_contact", wrong, person["version"])["type"] == "unknown-entry"
    assert date.fromisoformat(person["clients"][0]["since"]) == today


def test_a_manager_sees_the_contact_persons_of_his_clients_and_those_he_answers_for(furnished):
    users = [
        furnished.do("gateway", "create_user", {"name": name, "role": "sales_manager"})["id"] for name in ("А", "Б")
    ]
    mine, others = (create(furnished, manager_id=user) for user in users)
    of_mine = contact(furnished, link={"client_id": mine["id"]})
    of_others = contact(furnished, link={"client_id": others["id"]})
    answered_for = contact(furnished, responsible_id=users[0])
    context = replace(call_context(), rights=Rights(frozenset([users[0]])))
    page = furnished.ask("clients", "list_contacts", {"limit": 500}, context)["result"]
    seen = {one["id"] for one in page["items"]}
    assert {of_mine["id"], answered_for["id"]} <= seen
    assert of_others["id"] not in seen
    asked = furnished.ask("clients", "get_contact", {"contact_id": of_others["id"]}, context)
    assert asked["problem"]["status"] == 404
    body = {**PERSON, "link": {"client_id": others["id"]}}
    assert furnished.ask("clients", "create_contact", body, replace(context, idempotency_key="x"))["problem"]


def test_nothing_of_a_person_is_left_open_once_his_key_is_destroyed(furnished):
    client = create(furnished)
    person = contact(furnished, link={"client_id": client["id"], "position": "Директор"})
    runtime = furnished.runtimes["clients"]
    runtime.keyring.destroy(PersonKey(person["id"], "relation"))
    created, linked = runtime.store.read_stream(f"contact:{person['id']}")
    assert created.event.fields is None
    assert linked.event.position is None
    again = {"contact_id": person["id"], "note": "y"}
    assert furnished.refusal("clients", "change_contact", again, person["version"])["type"] == "forgotten"
