"""The chain of causes across services, from any event in it."""

from dataclasses import replace

import pytest

from gateway import trace
from services.documents.events import DocumentRendered
from services.kernel.store.claims import ANY_VERSION, Append, StreamEvents
from services.notifications.events import MessagePlanned, MessageSent
from tests.contracts.valid import LINE, REQUISITES
from tests.gateway.conftest import problem
from tests.system import call_context, eventually

CHAIN = ("DealOpened", "InvoiceIssued", "PaymentOverdue", "MessagePlanned", "MessageSent")


@pytest.fixture(scope="module")
def sale(web):
    """A deal whose invoice is overdue; the manager has his task, the client has his letter."""
    system = web.system
    manager = web.post("/v1/users", {"name": "Анна", "role": "sales_manager"}).get_json()["id"]
    system.deliver()
    card = {"kind": "individual", "name": "Кравцов Илья", "manager_id": manager}
    client = web.post("/v1/clients", card).get_json()["id"]
    system.do("documents", "create_organisation", REQUISITES)
    system.deliver()
    deal = web.post("/v1/deals", {"client_id": client, "title": "Кухня", "lines": [LINE]}).get_json()["id"]
    system.deliver()
    draft = {"kind": "invoice", "deal_id": deal, "date": "2026-03-02", "due_date": "2026-03-12"}
    document = system.do("documents", "create_document", draft)["id"]
    system.do("documents", "issue_document", {"document_id": document}, version=1)
    _printed(system, document)
    system.react("clients")
    system.do("documents", "mark_payment_overdue", {"document_id": document, "today": "2026-03-20"})
    system.deliver()
    eventually(lambda: system.events("clients", "TaskAssigned"))
    [overdue] = [one for one in system.runtimes["documents"].store.read_after(0) if one.type == "PaymentOverdue"]
    letter = ("m-1", client, "email", "payment_overdue", document)
    context = replace(call_context(), causation_id=overdue.id)
    events = [MessagePlanned(*letter, {}, (), "a@b.example", "Илья"), MessageSent(*letter, 1)]
    system.runtimes["notifications"].store.append(Append(context, [StreamEvents("message:m-1", 0, events)]))
    return {"deal": deal, "overdue": overdue.id}


def _printed(system, document):
    """The same event is behind the PDF and behind the reminder, and they have nothing to do with each other."""
    store = system.runtimes["documents"].store
    [issued] = [one for one in store.read_after(0) if one.type == "InvoiceIssued"]
    rendered = StreamEvents(issued.stream, ANY_VERSION, [DocumentRendered(document, "0" * 64, 1)])
    store.append(Append(replace(call_context(), causation_id=issued.id), [rendered]))


def traced(web, event_id, **request):
    return web.get(f"/v1/trace/{event_id}", **request)


def first_of(web, service, kind):
    return next(one.id for one in web.system.runtimes[service].store.read_after(0) if one.type == kind)


@pytest.mark.parametrize(
    ("service", "kind"), [("deals", "DealOpened"), ("documents", "PaymentOverdue"), ("notifications", "MessageSent")]
)
def test_the_whole_chain_is_told_from_each_of_its_events(web, sale, service, kind):
    told = traced(web, first_of(web, service, kind)).get_json()
    assert told["complete"]
    by_id = {event["id"]: event for event in told["items"]}
    event = by_id[first_of(web, "notifications", "MessageSent")]
    chain: list[str] = []
    while event:
        chain.insert(0, event["type"])
        event = by_id.get(event["parent_id"])
    assert tuple(one for one in chain if one in CHAIN) == CHAIN
    assert "DocumentRendered" not in chain
    assert "DocumentRendered" in {one["type"] for one in told["items"]}
    [task] = [one for one in told["items"] if one["type"] == "TaskAssigned"]
    assert sale["overdue"] in {task["causation_id"], task["parent_id"]}
    assert task["source"] == "/reestr/clients"


def test_each_event_comes_after_the_one_it_hangs_on_and_a_step_deeper(web, sale):
    depths = {None: -1}
    for event in traced(web, sale["overdue"]).get_json()["items"]:
        assert event["depth"] == depths[event["parent_id"]] + 1
        depths[event["id"]] = event["depth"]
    assert max(depths.values()) >= len(CHAIN) - 1


def test_what_only_the_services_know_is_told_without_its_data(web, sale):
    events = traced(web, sale["overdue"]).get_json()["items"]
    assert {event["public"] for event in events} == {True, False}
    assert "Кравцов" not in repr(events)
    assert "a@b.example" not in repr(events)


def test_an_event_that_nobody_has_is_not_found(web):
    problem(traced(web, "no-such-event"), 404, "not-found")


@pytest.mark.parametrize("role", ["sales_manager", "head_of_sales"])
def test_it_takes_the_right_to_the_events_of_all(web, sale, role):
    problem(traced(web, sale["overdue"], key=web.key_of(role)), 403, "forbidden")


def test_more_than_can_be_told_is_cut_and_said_to_be(web, sale, monkeypatch):
    monkeypatch.setattr(trace, "MOST", 2)
    told = traced(web, sale["overdue"]).get_json()
    assert (len(told["items"]), told["complete"]) == (2, False)
    assert sale["overdue"] in {event["id"] for event in told["items"]}
