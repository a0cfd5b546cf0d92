"""Every route of the API once with success: what is answered is what the specification says."""

import io
import json
import re
from typing import Any

import pytest

from gateway.routes import ROUTES
from services.clients.events.operations import FailedRowsKept
from services.clients.handlers.aggregates import OPERATION
from services.deals.events import DealHandOverStarted, DealsHandedOver, HandedDeal
from services.deals.handlers.deals import HAND_OVER as DEAL_HAND_OVER
from services.documents.events import DocumentRendered
from services.documents.handlers import DOCUMENT
from services.kernel.events import PersonKey
from services.kernel.store.aggregates import load
from services.kernel.store.claims import Append, StreamEvents
from services.notifications.events import MessagePlanned, MessageSent, NoticePlanned, WebhookConfirmed
from tests.contracts.valid import LINE, REQUISITES
from tests.gateway.conftest import Web
from tests.system import call_context, eventually

PASTS = (
    "client-fields",
    "contacts",
    "dictionary-entries",
    "interactions",
    "operations",
    "payments",
    "tasks",
    "teams",
    "users",
)


class Traveller:
    """Sends requests and notes which routes have answered well."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.been: set[tuple[str, str]] = set()

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        version: int | None = None,
        key: str | None = None,
        **query: Any,
    ) -> Any:
        request: dict[str, Any] = {"query_string": query, "key": key or self.web.key}
        if method != "GET":
            request |= {"json": body or {}, "version": version}
        answer = self.web.send(method, path, **request)
        assert answer.status_code < 300, (method, path, answer.get_json())
        rule = self.web.app.url_map.bind("localhost").match(path, method=method, return_rule=True)[0]
        self.been.add((method, re.sub(r"<(\w+)>", r"{\1}", str(rule.rule))))
        return answer.get_json(silent=True)


@pytest.fixture(scope="module")
def go(web):
    return Traveller(web)


@pytest.mark.timeout(600)  # some three hundred requests, each checked against its description
def test_every_route_answers_as_it_is_described(web, go):
    manager = go("POST", "/v1/users", {"name": "Белова Анна", "role": "sales_manager", "email": "b@salon-ps.example"})
    key = go("POST", "/v1/api-keys", {"user_id": manager["id"], "name": "обмен"})
    client = _clients(go, manager["id"])
    ours = go("POST", "/v1/organisations", REQUISITES)
    deal = _deals(go, client["id"], manager["id"], ours["id"])
    document = _documents(web, go, deal, ours)
    _messages(web, go, client["id"], document["id"])
    hook = _webhooks(web, go)
    team = {"method": "POST", "path": "/v1/teams", "body": {"name": "Склад", "members": []}}
    assert go("POST", "/v1/bulk", {"items": [team]})["items"][0]["status"] == 201
    web.system.deliver()
    _access(go, manager, key)
    _reports(go, client["id"])
    export = _exports(go)
    notice = _notices(web, go, manager["id"])
    _past(
        go,
        f"clients/{client['id']}",
        f"deals/{deal['id']}",
        f"documents/{document['id']}",
        f"organisations/{ours['id']}",
        "messages/m-1",
        f"notices/{notice['id']}",
        f"webhooks/{hook['id']}",
        f"exports/{export['id']}",
        *(f"{name}/{go('GET', f'/v1/{name}')['items'][-1]['id']}" for name in PASTS),
        f"api-keys/{key['id']}",
        "roles/night_clerk",
    )
    seen = go("GET", f"/v1/clients/{client['id']}/overview")
    assert [one["id"] for one in seen["deals"]["items"]] == [deal["id"]]
    _calendar(go)
    lead = _leads(go)
    go.web.system.deliver()
    [row] = go("GET", "/v1/reports/sources")["items"]
    assert (row["source"], row["leads"], row["converted"]) == ("other", 3, 1)
    _past(go, f"leads/{lead}", "lead-rules/default", f"lead-forms/{_form(go)}")
    for part in (_erasures, _merges, _vips, _hand_over):
        part(go)
    _questionnaires(go, client["id"])
    _attachments(go, client["id"])
    assert go.been == {(route.method, route.path) for route in ROUTES}


def _calendar(go):
    assert go("GET", "/v1/calendar", **{"from": "2026-03-01", "to": "2026-03-31"})["time_zone"] == "Europe/Moscow"
    feed = go("POST", "/v1/calendar-feeds", {"name": "Телефон"})
    feed = go("POST", f"/v1/calendar-feeds/{feed['id']}/rotate", version=feed["version"])
    go("GET", feed["address"])
    feed = go("POST", f"/v1/calendar-feeds/{feed['id']}/revoke", version=feed["version"])
    assert go("GET", f"/v1/calendar-feeds/{feed['id']}") == feed
    assert go("GET", "/v1/calendar-feeds")["items"] == [feed]


def _clients(go, manager_id):
    client = go("POST", "/v1/clients", {"kind": "individual", "name": "Кравцов Илья", "phones": ["8 916 1234567", "5"]})
    place = f"/v1/clients/{client['id']}"
    client = go("PATCH", place, {"city": "Тверь", "emails": ["a@b.example", "wrong"]}, client["version"])
    client = go("POST", f"{place}/manager", {"manager_id": manager_id}, client["version"])
    assert go("GET", place) == client
    assert go("GET", "/v1/clients", q="кравцов")["items"] == [client]
    client = go("POST", f"{place}/check", version=client["version"])
    go("GET", f"{place}/vcard")
    _dictionaries(go)
    _relations(go, client["id"])
    task = {"title": "Позвонить", "due_date": "2026-12-01", "client_id": client["id"], "assignee_id": manager_id}
    task = go("POST", "/v1/tasks", task)
    other = go("POST", "/v1/tasks", {**_TASK, "title": "Не нужно"})
    go("POST", f"/v1/tasks/{other['id']}/cancel", {"reason": "передумали"}, other["version"])
    task = go("PATCH", f"/v1/tasks/{task['id']}", {"repeat": {"every": "week"}, "project": "Офис"}, task["version"])
    task = go("POST", f"/v1/tasks/{task['id']}/complete", {"result": "дозвонились"}, task["version"])
    assert go("GET", f"/v1/tasks/{task['id']}") == task
    assert go("GET", "/v1/tasks", completed="true")["items"] == [task]
    _import(go)
    return client


_TASK = {"due_at": "2026-12-01T15:00:00+03:00", "remind_minutes": [60]}


def _dictionaries(go):
    for path, body, change in (
        ("client-fields", {"code": "employees", "label": "Сотрудников", "kind": "number"}, {"label": "Людей"}),
        ("dictionary-entries", {"dictionary": "contact_roles", "code": "cook", "name": "Повар"}, {"name": "Шеф"}),
        (
            "dictionary-entries",
            {"dictionary": "interaction_kinds", "code": "complaint", "name": "Жалоба"},
            {"name": "Ж"},
        ),
    ):
        made = go("POST", f"/v1/{path}", body)
        place = f"/v1/{path}/{made['id']}"
        made = go("PATCH", place, change, made["version"])
        assert go("GET", place) == made
        assert made in go("GET", f"/v1/{path}")["items"]


def _relations(go, client_id):
    contact = go("POST", "/v1/contacts", {"name": "Лосева Мария", "phones": ["8 916 1234568"]})
    place = f"/v1/contacts/{contact['id']}"
    contact = go("POST", f"{place}/link", {"client_id": client_id, "role": "cook"}, contact["version"])
    contact = go("PATCH", place, {"birthday": "1980-05-17"}, contact["version"])
    contact = go("POST", f"{place}/unlink", {"client_id": client_id}, contact["version"])
    assert go("GET", place) == contact
    assert go("GET", "/v1/contacts", client_id=client_id)["items"] == [contact]
    go("GET", f"{place}/vcard")
    body = {"client_id": client_id, "kind": "complaint", "starts_at": "2026-03-02T10:00:00+03:00"}
    done = go("POST", "/v1/interactions/record", {**body, "satisfaction": 1, "contact_ids": [contact["id"]]})
    done = go("POST", f"/v1/interactions/{done['id']}/resolve", {"resolution": "извинились"}, done["version"])
    for end in ("complete", "cancel"):
        planned = go("POST", "/v1/interactions", {**body, "basis": {"resource": "interaction", "id": done["id"]}})
        place = f"/v1/interactions/{planned['id']}"
        planned = go("PATCH", place, {"subject": "О цене"}, planned["version"])
        planned = go("POST", f"{place}/{end}", version=planned["version"])
        assert go("GET", place) == planned
    assert done in go("GET", "/v1/interactions", client_id=client_id)["items"]


def _questionnaires(go, client_id):
    question = {"code": "satisfied", "text": "Насколько вы довольны?", "kind": "scale"}
    made = {"code": "satisfaction", "title": "Опрос", "questions": [question], "rated_by": "satisfied"}
    made = go("POST", "/v1/questionnaires", made)
    told = {"questionnaire": "satisfaction", "client_id": client_id, "answers": {"satisfied": 4}}
    told = go("POST", "/v1/questionnaire-answers", told)
    assert go("GET", f"/v1/questionnaire-answers/{told['id']}") == told
    assert go("GET", "/v1/questionnaire-answers", rating="4")["items"] == [told]
    made = go("PATCH", "/v1/questionnaires/satisfaction", {"retired": True}, made["version"])
    assert go("GET", "/v1/questionnaires/satisfaction") == made
    assert go("GET", "/v1/questionnaires", retired="true")["items"] == [made]
    _past(go, "questionnaires/satisfaction", f"questionnaire-answers/{told['id']}")


def _attachments(go, client_id):
    owner = {"what": "client", "owner_id": client_id}
    form = {"file": (io.BytesIO(b"%PDF-1.7"), "Договор.pdf"), **owner}
    made = go.web.send("POST", "/v1/attachments", data=form, content_type="multipart/form-data")
    assert made.status_code == 201, made.get_json()
    go.been.add(("POST", "/v1/attachments"))
    file = made.get_json()
    link = go("POST", "/v1/attachments/links", {**owner, "url": "https://salon-ps.example/catalogue"})
    assert go("GET", "/v1/attachments", owner_id=client_id, sort="attached_at")["items"] == [file, link]
    assert go("GET", f"/v1/attachments/{file['id']}") == file
    go("GET", f"/v1/attachments/{file['id']}/file")
    assert go("POST", f"/v1/attachments/{file['id']}/remove", {}, file["version"])["state"] == "removed"
    _past(go, f"attachments/{file['id']}")


def _form(go):
    form = {"title": "Заявка", "source": "other", "action": "call", "asks": [{"name": "phone"}]}
    form = go("POST", "/v1/lead-forms", form)
    assert go("POST", f"/forms/{form['token']}", {"phone": "8 916 123-45-69"}) == {"status": "accepted"}
    form = go("PATCH", f"/v1/lead-forms/{form['id']}", {"active": False}, form["version"])
    assert go("GET", f"/v1/lead-forms/{form['id']}") == form
    assert go("GET", "/v1/lead-forms", active="false")["items"] == [form]
    return form["id"]


def _leads(go):
    for dictionary, code in (("lead_sources", "other"), ("lead_actions", "call"), ("lead_rejections", "spam")):
        go("POST", "/v1/dictionary-entries", {"dictionary": dictionary, "code": code, "name": code})
    rule = go("POST", "/v1/lead-rules", {"id": "default", "assignees": []})
    rule = go("PATCH", "/v1/lead-rules/default", {"contact_minutes": 5}, rule["version"])
    assert go("GET", "/v1/lead-rules/default") == rule
    assert go("GET", "/v1/lead-rules")["items"] == [rule]
    made = [go("POST", "/v1/leads", {"source": "other", "action": "call", "name": name}) for name in ("Ия", "Бо", "Ян")]
    assert go("GET", "/v1/leads", sort="id")["items"] == sorted(made, key=lambda one: one["id"])
    lead, rejected, forgotten = made
    place = f"/v1/leads/{lead['id']}"
    assert go("GET", place) == lead
    user = go("POST", "/v1/users", {"name": "Серов Борис", "role": "sales_manager"})
    go.web.system.deliver()
    lead = go("POST", f"{place}/assignee", {"assignee_id": user["id"]}, lead["version"])
    lead = go("POST", f"{place}/take", version=lead["version"])
    lead = go("POST", f"{place}/convert", {"deal_title": "Стол"}, lead["version"])
    assert lead["state"] == "converted"
    place = f"/v1/leads/{rejected['id']}"
    rejected = go("POST", f"{place}/reject", {"reason": "spam"}, rejected["version"])
    assert rejected["state"] == "rejected"
    assert go("POST", f"/v1/leads/{forgotten['id']}/erase", {"reason": "просит"})["state"] == "requested"
    return lead["id"]


def _erasures(go):
    client = go("POST", "/v1/clients", {"kind": "individual", "name": "Незабудкин Пётр"})
    contact = go("POST", "/v1/contacts", {"name": "Незабудкина Анна"})
    purpose = {"dictionary": "consent_purposes", "code": "marketing", "name": "Реклама"}
    go("POST", "/v1/dictionary-entries", purpose)
    given = {"purpose": "marketing", "channel": "email", "text_version": "1", "source": "сайт"}
    given = go(
        "POST", "/v1/consents", {**given, "what": "client", "person": client["id"], "given_at": "2026-03-02T10:00:00Z"}
    )
    place = f"/v1/consents/{given['id']}"
    given = go("POST", f"{place}/revoke", {"source": "письмо"}, given["version"])
    assert go("GET", place) == given
    assert given in go("GET", "/v1/consents", person=client["id"])["items"]
    assert go("GET", f"{place}/history")["items"]
    for place in (f"clients/{client['id']}", f"contacts/{contact['id']}"):
        erasure = go("POST", f"/v1/{place}/erase", {"reason": "отозвал согласие"})
        assert erasure["state"] == "requested"
        assert go("GET", f"/v1/erasures/{erasure['id']}") == erasure
        assert erasure in go("GET", "/v1/erasures")["items"]
    assert go("GET", f"/v1/erasures/{client['id']}/history")["items"]


def _vips(go):
    manager_id = go("POST", "/v1/users", {"name": "Опытный Пётр", "role": "sales_manager"})["id"]
    client = go("POST", "/v1/clients", {"kind": "individual", "name": "Важный"})
    named = go("POST", "/v1/vip-managers", {"user_id": manager_id})
    place = f"/v1/vip-managers/{manager_id}"
    assert go("GET", place) == named
    assert go("GET", "/v1/vip-managers")["items"] == [named]
    assert go("POST", f"/v1/clients/{client['id']}/vip", {"vip": True}, client["version"])["vip"]
    assert not go("POST", f"{place}/dismiss", version=named["version"])["named"]
    assert len(go("GET", f"{place}/history")["items"]) == 2


def _merges(go):
    kept, other = (go("POST", "/v1/clients", {"kind": "individual", "name": name}) for name in ("Петя", "Пётр"))
    one = go("POST", f"/v1/clients/{kept['id']}/merge", {"merged_id": other["id"]}, kept["version"])
    assert go("GET", f"/v1/clients/{other['id']}") == one
    assert [merge["merged_id"] for merge in go("GET", "/v1/merges", client_id=other["id"])["items"]] == [other["id"]]
    assert "items" in go("GET", "/v1/clients/duplicates", by="phone")
    two = go("POST", f"/v1/clients/{kept['id']}/unmerge", {"merged_id": other["id"]}, one["version"])
    assert two["merged_ids"] == []


def _import(go):
    table = {"file": (io.BytesIO("Кто\nООО «Импорт»\n".encode()), "кто.csv"), "columns": json.dumps({"Кто": "name"})}
    begun = go.web.send("POST", "/v1/imports", data=table, content_type="multipart/form-data")
    assert begun.status_code == 202
    go.been.add(("POST", "/v1/imports"))
    table = {"file": (io.BytesIO("Кто\nООО «Импорт»\n".encode()), "кто.csv")}
    proposed = go.web.send("POST", "/v1/imports/columns", data=table, content_type="multipart/form-data")
    assert proposed.status_code == 200
    go.been.add(("POST", "/v1/imports/columns"))
    operation = go("GET", begun.headers["Location"])
    place = begun.headers["Location"]
    stopped = go("POST", f"{place}/stop", version=operation["version"])
    assert stopped["state"] == "stopping"
    assert go("POST", f"{place}/resume", version=stopped["version"])["state"] == "running"
    assert go("GET", f"{place}/rows")["items"] == []
    _failed_rows(go, operation["id"])
    _edit(go)


def _failed_rows(go, operation_id):
    runtime = go.web.system.runtimes["clients"]
    kept = runtime.blobs.put("Кто\r\n".encode(), "text/csv", PersonKey("somebody", "relation"))
    at = load(runtime.store, OPERATION, operation_id)
    event = FailedRowsKept(operation_id, 1, kept.size, kept.hash, call_context().now)
    position = runtime.store.append(Append(call_context(), [StreamEvents(at.stream, at.version, [event])])).position
    assert runtime.projections.wait("clients", position, 10)
    file = go.web.get(f"/v1/operations/{operation_id}/failed-rows")
    assert (file.status_code, file.data.decode()) == (200, "Кто\r\n")
    go.been.add(("GET", "/v1/operations/{operation_id}/failed-rows"))


def _edit(go):
    """With nothing to do it is over at once."""
    for path, change in (("edit", {"source": "Сайт"}), ("assign", {"manager_id": None})):
        edited = go("POST", f"/v1/clients/{path}", {"filter": 'name = "никто"', **change})
        place = f"/v1/operations/{edited['id']}"
        assert go("GET", f"{place}/revert")["items"] == []
        assert go("POST", f"{place}/revert")["reverts"] == edited["id"]
        assert go("GET", place)["reverted_by"]
    assert len(go("GET", "/v1/operations", kind="edit")["items"]) == 2


def _hand_over(go):
    users = [go("POST", "/v1/users", {"name": name, "role": "sales_manager"})["id"] for name in ("Уходит", "Приходит")]
    handed = go("POST", f"/v1/users/{users[0]}/hand-over", {"successor_id": users[1]})
    assert (handed["user_id"], handed["successor_id"], handed["total"]) == (*users, 0)
    runtime = go.web.system.runtimes["deals"]
    stream = DEAL_HAND_OVER.stream(handed["id"])
    begun = DealHandOverStarted(handed["id"], "u-1", users[0], users[1], ("d-1",))
    told = DealsHandedOver(handed["id"], 1, (HandedDeal("d-1", "handed_over"),))
    position = runtime.store.append(Append(call_context(), [StreamEvents(stream, 0, [begun, told])])).position
    assert runtime.projections.wait("deals", position, 10)
    [deal] = go("GET", f"/v1/operations/{handed['id']}/deals")["items"]
    assert (deal["deal_id"], deal["outcome"]) == ("d-1", "handed_over")


def _deals(go, client_id, manager_id, organisation_id):
    body = {"client_id": client_id, "title": "Кухня", "lines": [LINE], "manager_id": manager_id}
    deal = go("POST", "/v1/deals", {**body, "organisation_id": organisation_id, "source": "Сайт"})
    deal = go(
        "PATCH", f"/v1/deals/{deal['id']}", {"title": "Шкаф", "lines": [{**LINE, "vat_rate": "22"}]}, deal["version"]
    )
    deal = go("POST", f"/v1/deals/{deal['id']}/stage", {"stage": "payment"}, deal["version"])
    assert go("GET", f"/v1/deals/{deal['id']}") == deal
    assert deal in go("GET", "/v1/deals", stage="payment")["items"]
    assert go("GET", "/v1/pipelines")["items"]
    return deal


def _documents(web, go, deal, ours):
    place = f"/v1/organisations/{ours['id']}"
    moved = go("PUT", place, {**REQUISITES, "address": "Кострома"}, ours["version"])
    assert go("GET", place) == moved
    assert moved in go("GET", "/v1/organisations")["items"]
    body = {"kind": "invoice", "deal_id": deal["id"], "date": "2026-03-02", "due_date": "2026-03-12"}
    draft = go("POST", "/v1/documents", body)
    issued = go("POST", f"/v1/documents/{draft['id']}/issue", version=draft["version"])
    assert go("GET", f"/v1/documents/{draft['id']}") == issued
    assert issued in go("GET", "/v1/documents", deal_id=deal["id"])["items"]
    part = {"document_id": issued["id"], "amount": "1000.00"}
    payment = {"client_id": deal["client_id"], "date": "2026-03-20", "amount": "1500.00", "allocations": [part]}
    paid = go("POST", "/v1/payments", {**payment, "purpose": "Оплата"})
    assert go("GET", f"/v1/payments/{paid['id']}") == paid
    assert paid in go("GET", "/v1/payments", client_id=deal["client_id"])["items"]
    _printed(web, issued["id"])
    assert web.get(f"/v1/documents/{issued['id']}/pdf").data == b"%PDF-1"
    go.been.add(("GET", "/v1/documents/{document_id}/pdf"))
    _taken_back(go, body)
    return issued


def _taken_back(go, body):
    draft = go("POST", "/v1/documents", body)
    issued = go("POST", f"/v1/documents/{draft['id']}/issue", version=draft["version"])
    part = {"document_id": issued["id"], "amount": "5"}
    payment = {"client_id": issued["client_id"], "date": "2026-03-20", "amount": "5", "allocations": [part]}
    paid = go("POST", "/v1/payments", payment)
    assert go("POST", f"/v1/payments/{paid['id']}/cancel", {"reason": "Ошибка"}, paid["version"])["cancelled"]
    cancelled = go("POST", f"/v1/documents/{issued['id']}/cancel", {"reason": "Отказ"}, issued["version"] + 2)
    assert (cancelled["state"], cancelled["number"]) == ("cancelled", issued["number"])


def _printed(web, document_id):
    """What the reaction leaves behind once the invoice is printed."""
    runtime = web.system.runtimes["documents"]
    kept = runtime.blobs.put(b"%PDF-1", "application/pdf", PersonKey("somebody", "accounting"))
    at = load(runtime.store, DOCUMENT, document_id)
    rendered = StreamEvents(at.stream, at.version, [DocumentRendered(document_id, kept.hash, kept.size)])
    position = runtime.store.append(Append(call_context(), [rendered])).position
    assert runtime.projections.wait("documents", position, 10)


def _messages(web, go, client_id, document_id):
    runtime = web.system.runtimes["notifications"]
    letter = ("m-1", client_id, "email", "payment_overdue", document_id)
    events = [MessagePlanned(*letter, {}, (), "a@b.example", "Илья"), MessageSent(*letter, 1)]
    position = runtime.store.append(Append(call_context(), [StreamEvents("message:m-1", 0, events)])).position
    assert runtime.projections.wait("notifications", position, 10)
    message = go("GET", "/v1/messages/m-1")
    assert message["state"] == "sent"
    assert go("GET", "/v1/messages", client_id=client_id)["items"] == [message]


def _webhooks(web, go):
    hook = go("POST", "/v1/webhooks", {"url": "https://hooks.romashka.example/", "types": ["DealWon"]})
    place = f"/v1/webhooks/{hook['id']}"
    assert hook.pop("secret").startswith("whsec_")
    assert go("GET", place) == hook
    assert hook in go("GET", "/v1/webhooks", state="pending")["items"]
    hook = go("PATCH", place, {"description": "склад"}, hook["version"])
    hook = go("POST", f"{place}/rotate-secret", version=hook["version"])
    runtime = web.system.runtimes["notifications"]
    confirmed = StreamEvents(f"webhook:{hook['id']}", hook["version"], [WebhookConfirmed(hook["id"])])
    position = runtime.store.append(Append(call_context(), [confirmed])).position
    assert runtime.projections.wait("notifications", position, 10)
    hook = go("POST", f"{place}/ping", version=hook["version"] + 1)
    hook = go("POST", f"{place}/replay", {"source": "/reestr/deals"}, hook["version"])
    assert hook["replay"]
    hook = go("POST", f"{place}/pause", version=hook["version"])
    hook = go("POST", f"{place}/resume", version=hook["version"])
    assert hook["state"] == "active"
    assert go("GET", f"{place}/deliveries")["items"] == []
    assert go("GET", "/v1/webhooks", filter='types : "won" AND description = "склад"')["items"] == [go("GET", place)]
    assert go("DELETE", place, version=hook["version"])["state"] == "cancelled"
    return hook


def _access(go, manager, key):
    assert go("GET", f"/v1/users/{manager['id']}") == manager
    assert manager in go("GET", "/v1/users", limit="500")["items"]
    manager = _login(go, manager, key["key"])
    _rules(go, manager)
    key = go("POST", f"/v1/api-keys/{key['id']}/rotate", version=key["version"])
    revoked = go("POST", f"/v1/api-keys/{key['id']}/revoke", version=key["version"])
    assert go("GET", f"/v1/api-keys/{key['id']}") == revoked
    assert revoked in go("GET", "/v1/api-keys", limit="500")["items"]
    assert not go("POST", f"/v1/users/{manager['id']}/deactivate", version=manager["version"])["active"]
    assert go("GET", "/v1/access-log", sort="-id", limit="1")["items"][0]["type"] == "UserDeactivated"


def _login(go, manager, key):
    invited = go("POST", f"/v1/users/{manager['id']}/invite", version=manager["version"])
    first, second = ("снег идёт с утра", "дождь идёт с утра")
    go("POST", "/v1/invitations/accept", {"token": invited["invitation"], "password": first})
    passwords = {"current_password": first, "new_password": second}
    manager = go("POST", "/v1/password", passwords, key=key)
    session = go("POST", "/v1/sessions", {"email": manager["email"], "password": second})
    session.pop("csrf_token")
    assert go("GET", f"/v1/sessions/{session['id']}", key=key) == session
    assert session in go("GET", "/v1/sessions", key=key)["items"]
    ended = go("POST", f"/v1/sessions/{session['id']}/end", version=session["version"], key=key)
    assert not ended["active"]
    return manager


def _rules(go, manager):
    role = go("POST", "/v1/roles", {"id": "night_clerk", "name": "Ночной оператор", "permissions": ["clients.read"]})
    place = f"/v1/roles/{role['id']}"
    role = go("PUT", place, {"name": "Ночной оператор", "permissions": ["tasks.read"]}, role["version"])
    assert go("GET", place) == role
    assert role in go("GET", "/v1/roles")["items"]
    team = go("POST", "/v1/teams", {"name": "Зал", "members": [manager["id"]]})
    place = f"/v1/teams/{team['id']}"
    team = go("PUT", place, {"name": "Салон", "members": [manager["id"]]}, team["version"])
    assert go("GET", place) == team
    assert team in go("GET", "/v1/teams")["items"]
    temporary = go("POST", "/v1/users", {"name": "На время", "role": "clerk"})
    given = go("POST", f"/v1/users/{temporary['id']}/role", {"role": role["id"]}, temporary["version"])
    assert given["role"] == role["id"]


def _reports(go, client_id):
    assert sum(row["deals"] for row in go("GET", "/v1/reports/funnel")["items"]) == 1
    [debt] = go("GET", "/v1/reports/receivables", date="2026-04-01")["items"]
    assert (debt["client"]["id"], debt["overdue"]) == (client_id, debt["total"])
    timeline = go("GET", f"/v1/clients/{client_id}/timeline")["items"]
    assert timeline[0]["type"] == "ClientCreated"
    assert {row["type"] for row in timeline} >= {"DealOpened", "InvoiceIssued", "PaymentReceived", "MessageSent"}
    assert go("GET", "/v1/events", limit="500")["items"]
    _stream(go)


def _past(go, *places):
    for place in places:
        [*_, made] = go("GET", f"/v1/{place}/history", limit="500")["items"]
        assert made["version"] == 1
        past = go("GET", f"/v1/{place}", as_of=made["recorded_at"])
        assert past["id"] == place.partition("/")[2]
        traced = go("GET", f"/v1/trace/{made['id']}")
        assert made["id"] in {event["id"] for event in traced["items"]}


def _exports(go):
    for resource in ("contacts", "deals", "documents", "interactions", "messages", "payments", "tasks"):
        asked = go("POST", f"/v1/{resource}/export", {"format": "csv"})
        place = f"/v1/exports/{asked['id']}"
        stopped = go("POST", f"{place}/stop", version=asked["version"])
        assert go("POST", f"{place}/resume", version=stopped["version"])["state"] == "running"
    go.web.system.react("reporting")
    export = go("POST", "/v1/clients/export", {"format": "xlsx", "filter": 'city = "Тверь"', "q": "Кравцов"})
    look = f"/v1/exports/{export['id']}"
    export = eventually(lambda: (now := go("GET", look))["state"] == "completed" and now, 60)
    go("GET", f"{look}/file")
    assert go("GET", "/v1/exports", resource="clients")["items"] == [go("GET", look)]
    return export


def _notices(web, go, user_id):
    runtime = web.system.runtimes["notifications"]
    facts = {"webhook_id": "w-1", "owner_id": user_id, "reason": "gone"}
    events = [NoticePlanned("n-1", user_id, "webhook_paused", facts, address="a@b.example", recipient="Илья")]
    position = runtime.store.append(Append(call_context(), [StreamEvents("notice:n-1", 0, events)])).position
    assert runtime.projections.wait("notifications", position, 10)
    notice = go("GET", "/v1/notices/n-1")
    assert go("GET", "/v1/notices", user_id=user_id)["items"] == [notice]
    return notice


def _stream(go):
    """An answer without end: its first event is enough."""
    answer = go.web.app.test_client().get("/v1/events/stream", headers={"Authorization": f"Bearer {go.web.key}"})
    parts = answer.iter_encoded()
    assert (next(parts)[:6], next(parts)[:3]) == (b"retry:", b"id:")
    assert answer.mimetype == "text/event-stream"
    answer.close()
    go.been.add(("GET", "/v1/events/stream"))
