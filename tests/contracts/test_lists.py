"""Every list of every service, by each of its fields, on both databases."""

from dataclasses import replace

import pytest

from gateway.listing import example
from services.deals.events import DealHandOverStarted, DealsHandedOver, HandedDeal
from services.deals.handlers.deals import HAND_OVER
from services.kernel.ids import new_id
from services.kernel.store.claims import Append, StreamEvents
from tests.contracts.valid import REQUISITES
from tests.system import SERVICES, call_context

LISTS = [
    (service.name, call, query.resource)
    for service in SERVICES
    for call, query in service.queries.items()
    if query.many and query.resource
]


@pytest.fixture(scope="module")
def arguments(any_system):
    """What each list needs to be asked at all; each holds a few rows."""
    do = any_system.do
    line = {"name": "Стол", "quantity": "1", "price": "122.00"}
    do("documents", "create_organisation", REQUISITES)
    for number in range(3):
        user = do("gateway", "create_user", {"name": f"Анна {number}", "role": "sales_manager"})["id"]
        do("gateway", "create_api_key", {"user_id": user, "name": f"ключ {number}"})
        feed = replace(call_context(new_id()), actor=user)
        assert "result" in any_system.ask("gateway", "create_calendar_feed", {"name": f"телефон {number}"}, feed)
        card = {"kind": "legal_entity", "name": new_id(), "manager_id": user if number else None, "city": "Тверь"}
        client = do("clients", "create_client", card)["id"]
        do("clients", "assign_task", {"title": f"Звонок {number}", "due_date": f"2026-03-0{number + 1}"})
        deal = {"client_id": client, "title": "Мебель", "lines": [line] * number}
        deal = do("deals", "open_deal", deal)["id"]
        draft = {"kind": "invoice", "deal_id": deal, "date": "2026-03-02", "due_date": "2026-03-12", "lines": [line]}
        document = do("documents", "create_document", draft)["id"]
        if number:
            do("documents", "issue_document", {"document_id": document}, version=1)
        do("documents", "register_payment", {"client_id": client, "date": "2026-03-02", "amount": f"{number + 1}.00"})
    table = {"content": "0J3QsNC40LzQtdC90L7QstCw0L3QuNC1CtCe0J7Qng=="}  # a heading and one row
    begun = do("clients", "start_import", table)["id"]
    handed = new_id()
    _hand_over(any_system, handed)
    any_system.deliver()
    return {
        "list_handed_deals": {"operation_id": handed},
        "list_operation_rows": {"operation_id": begun},
        "list_client_timeline": {"client_id": client},
    }


def _hand_over(system, operation_id):
    runtime = system.runtimes["deals"]
    begun = DealHandOverStarted(operation_id, "u-1", "u-2", "u-3", ("d-1", "d-2"))
    refused = HandedDeal("d-2", "refused", "unknown-user", "Пользователь отключён", "The user is deactivated")
    told = DealsHandedOver(operation_id, 2, (HandedDeal("d-1", "handed_over"), refused))
    stream = HAND_OVER.stream(operation_id)
    runtime.store.append(Append(call_context(), [StreamEvents(stream, 0, [begun, told])]))
    system.settle("deals")


@pytest.mark.parametrize(("service", "call", "resource"), LISTS, ids=[call for _, call, _ in LISTS])
def test_a_list_is_asked_by_each_of_its_fields(any_system, arguments, service, call, resource):
    described = resource.describe()
    needed = {"limit": 500, **arguments.get(call, {})}

    def keys(**query):
        page = any_system.do(service, call, {**needed, **query})
        return [tuple(sorted(map(repr, item.items()))) for item in page["items"]]

    every = keys()
    assert any_system.do(service, call, {**needed, "filter": example(described["filter"])})["next"] is None
    for name in described["filter"]:
        assert keys(filter=f"{name} = null OR NOT {name} = null") == every
        assert sorted(keys(filter=f"{name} = null") + keys(filter=f"{name} != null")) == sorted(every)
    for name in described["sort"]:
        assert sorted(keys(sort=f"-{name}")) == sorted(every)
        page = any_system.do(service, call, {**needed, "limit": 2, "sort": name})
        pages = page["items"]
        while page["next"]:
            page = any_system.do(service, call, {**needed, "limit": 2, "sort": name, "cursor": page["next"]})
            pages += page["items"]
        assert [tuple(sorted(map(repr, item.items()))) for item in pages] == keys(sort=name)
