"""After a person is forgotten: rebuilt read models, states and answers do without what is gone."""

import jsonschema
import pytest

from services.kernel.contracts import describe
from services.kernel.events import PersonKey
from tests.contracts.valid import REQUISITES
from tests.system import System

WORD = "Незабудкин"
PERSON = {
    "kind": "individual",
    "name": f"{WORD} Пётр",
    "phones": ["8 916 555-66-77"],
    "emails": ["nezabudkin@romashka.example"],
    "note": f"{WORD} любит дуб",
}


@pytest.fixture(scope="module")
def forgotten(system):
    """The id of a client of whom nothing is left but what the law demands, and then not even that."""
    client = system.do("clients", "create_client", PERSON)["id"]
    system.do("clients", "change_client", {"client_id": client, "contact_person": WORD}, version=1)
    task = {"title": f"Позвонить: {WORD}", "due_date": "2026-03-02", "client_id": client}
    system.do("clients", "assign_task", task)
    system.do("documents", "create_organisation", REQUISITES)
    line = {"name": "Стол", "quantity": "1", "price": "122.00"}
    deal = system.do("deals", "open_deal", {"client_id": client, "title": f"Кухня {WORD}", "lines": [line]})
    system.do("deals", "change_deal", {"deal_id": deal["id"], "title": f"Шкаф {WORD}"}, version=1)
    move = {"deal_id": deal["id"], "stage": "lost", "reason": f"{WORD} передумал"}
    system.do("deals", "change_deal_stage", move, version=2)
    draft = {"kind": "invoice", "deal_id": deal["id"], "date": "2026-03-02", "due_date": "2026-03-12"}
    document = system.do("documents", "create_document", draft)
    system.do("documents", "issue_document", {"document_id": document["id"]}, version=1)
    part = {"document_id": document["id"], "amount": "22.00"}
    payment = {"client_id": client, "date": "2026-04-02", "amount": "22.00", "purpose": WORD, "allocations": [part]}
    system.do("documents", "register_payment", payment)
    system.deliver()
    assert any(WORD in repr(system.rows(name)) for name in ("clients", "deals", "documents", "reporting"))
    for ground in ("relation", "accounting"):
        for runtime in system.runtimes.values():
            runtime.keyring.destroy(PersonKey(client, ground))
            runtime.keyring._trusted_until = 0.0  # as if the seconds had passed
    for runtime in system.runtimes.values():
        runtime.projections.rebuild()
    return client


def test_nothing_of_the_person_is_left_in_any_read_model(system, forgotten):
    for name, runtime in system.runtimes.items():
        assert WORD not in repr(system.rows(name))
        assert "nezabudkin" not in repr(system.rows(name))
        assert runtime.projections.parked.counts() == {}


@pytest.mark.parametrize(
    ("service", "query", "argument"),
    [
        ("clients", "get_client", "client_id"),
        ("clients", "list_tasks", "client_id"),
        ("clients", "list_clients", None),
        ("deals", "list_deals", "client_id"),
        ("documents", "list_documents", "client_id"),
        ("documents", "list_payments", "client_id"),
        ("reporting", "report_receivables", None),
        ("reporting", "list_client_timeline", "client_id"),
    ],
)
def test_answers_without_the_person_still_keep_their_promise(system, forgotten, service, query, argument):
    found = system.do(service, query, {argument: forgotten} if argument else {})
    described = describe(system.runtimes[service].service)
    response = described["calls"][query]["response"]
    schema = {**response, "components": {"schemas": described["schemas"]}}
    items = found["items"] if described["calls"][query]["many"] else [found]
    assert items
    for item in items:
        jsonschema.Draft202012Validator(schema).validate(item)


def test_what_was_agreed_stays(system: System, forgotten):
    [document] = system.do("documents", "list_documents", {"client_id": forgotten})["items"]
    assert (document["total"], document["open"]) == ("122.00", "100.00")
    [payment] = system.do("documents", "list_payments", {"client_id": forgotten})["items"]
    assert payment["purpose"] is None


def test_decisions_on_what_is_left_are_taken_as_ever(system, forgotten):
    client = system.do("clients", "get_client", {"client_id": forgotten})
    assert client["name"] is None
    assert system.do("clients", "assign_client", {"client_id": forgotten, "manager_id": None}, client["version"])
    [task] = system.do("clients", "list_tasks", {"client_id": forgotten})["items"]
    assert system.do("clients", "complete_task", {"task_id": task["id"]}, task["version"])["completed"]
    [document] = system.do("documents", "list_documents", {"client_id": forgotten})["items"]
    today = {"document_id": document["id"], "today": "2026-05-05"}
    assert system.do("documents", "mark_payment_overdue", today)["overdue"]


def test_nothing_more_is_written_about_the_person(system, forgotten):
    """A key that was destroyed is never made again: the refusal says so."""
    client = system.do("clients", "get_client", {"client_id": forgotten})
    change = {"client_id": forgotten, "note": "вспомнили"}
    refused = system.refusal("clients", "change_client", change, client["version"])
    assert (refused["type"], refused["status"]) == ("forgotten", 410)
