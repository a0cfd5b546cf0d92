"""Somebody is forgotten by a request: within seconds he stands in no row, no file and no list, and
what accounting law keeps stays."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.kernel.rights import Rights
from tests.contracts.valid import REQUISITES
from tests.system import System, call_context, eventually, sqlite_urls

WORD, MAIL, PHONE = "Незабудкин", "nezabudkin@romashka.example", "9165556677"
PERSON: dict[str, Any] = {
    "kind": "individual",
    "name": f"{WORD} Пётр",
    "phones": ["8 916 555-66-77"],
    "emails": [MAIL],
    "note": f"{WORD} любит дуб",
    "actual_address": f"ул. {WORD}а, 1",
    "interests": [f"{WORD}: рыбалка"],
}
ALONE = {"emails": [], "phones": ["8 916 555-66-77 доб. 5"]}
TALK = {"kind": "meeting", "starts_at": "2026-03-02T10:00:00+03:00", "subject": WORD, "content": f"{WORD} сказал"}


@pytest.fixture(scope="module")
def system(tmp_path_factory, _quick_to_stop):
    folder = tmp_path_factory.mktemp("system")
    running = System(folder, sqlite_urls(folder))
    running.do("clients", "install_defaults", {})
    running.react("clients", "reporting")
    yield running
    running.close()


def _consents(do, client):
    consent = {"what": "client", "person": client, "purpose": "marketing", "channel": "email"}
    consent |= {"text_version": "1", "source": "сайт"}
    do("clients", "give_consent", {**consent, "given_at": "2026-03-02T10:00:00Z", "proof": f"подпись {WORD}"})


def _answers(do, client):
    questions = [{"code": "improve", "text": "Что улучшить?", "kind": "text"}]
    do("clients", "add_questionnaire", {"code": "survey", "title": "Опрос", "questions": questions})
    answer = {"questionnaire": "survey", "client_id": client, "answers": {"improve": f"звонить {WORD}у"}}
    do("clients", "answer_questionnaire", answer)


def _attachments(do, client):
    owner = {"what": "client", "owner_id": client}
    content = base64.b64encode(f"%PDF-1.7 {WORD}".encode()).decode()
    do("clients", "attach_file", {**owner, "content": content, "file_name": f"Паспорт {WORD}а.pdf"})
    do("clients", "attach_link", {**owner, "url": f"https://vk.example/{WORD}", "title": f"Страница {WORD}а"})


def _told(do, client):
    _answers(do, client)
    _attachments(do, client)


def _leads(do, client):
    """One that has become the client, one that is known to be him, and one of whom that is not known."""
    said: dict[str, Any] = {
        "source": "search_ads",
        "action": "form",
        "name": f"{WORD} П.",
        "wants": WORD,
        "answers": {"Кто": WORD},
    }
    consent = {"purpose": "marketing", "channel": "sms", "text_version": "1", "given_at": "2026-03-02T10:00:00Z"}
    said |= {"emails": [MAIL], "page": f"https://salon-ps.example/?{MAIL}", "consents": [{**consent, "proof": WORD}]}
    lead, known, alone = (do("clients", "capture_lead", {**said, **more})["id"] for more in ({}, {}, ALONE))
    do("clients", "convert_lead", {"lead_id": lead, "client_id": client, "deal_title": f"Стол {WORD}а"}, 1)
    do("clients", "reject_lead", {"lead_id": known, "reason": "spam", "comment": WORD}, 1)
    return alone


@pytest.fixture(scope="module")
def forgotten(system):
    """Ids of a client and a contact person who were known everywhere, and are forgotten now."""
    do = system.do
    client = do("clients", "create_client", PERSON)["id"]
    contact = do(
        "clients", "create_contact", {"name": f"{WORD}а Анна", "link": {"client_id": client, "position": WORD}}
    )
    do("clients", "add_client_field", {"code": "hobby", "label": "Увлечение", "kind": "text"})
    do("clients", "change_client", {"client_id": client, "custom": {"hobby": WORD}}, 1)
    do("clients", "record_interaction", {**TALK, "client_id": client, "agreements": WORD})
    do("clients", "assign_task", {"title": f"Позвонить: {WORD}", "due_date": "2030-03-02", "client_id": client})
    _consents(do, client)
    _told(do, client)
    alone = _leads(do, client)
    do("documents", "create_organisation", REQUISITES)
    line = {"name": "Стол", "quantity": "1", "price": "122.00"}
    deal = do("deals", "open_deal", {"client_id": client, "title": f"Кухня {WORD}", "lines": [line]})
    draft = {"kind": "invoice", "deal_id": deal["id"], "date": "2026-03-02", "due_date": "2026-03-12"}
    document = do("documents", "create_document", draft)
    do("documents", "issue_document", {"document_id": document["id"]}, 1)
    table = f"Наименование;Вид;Телефон\n{WORD} Иван;физлицо;8 916 555-66-78\n"
    begun = do("clients", "start_import", {"content": base64.b64encode(table.encode()).decode()})["id"]
    eventually(lambda: do("clients", "get_operation", {"operation_id": begun})["state"] == "completed", 30)
    imported = do("clients", "list_clients", {"q": f"{WORD} Иван"})["items"][0]["id"]
    export = do("reporting", "request_export", {"resource": "clients", "format": "csv"})["id"]
    eventually(lambda: do("reporting", "get_export", {"export_id": export})["state"] in ("completed", "failed"), 60)
    system.deliver()
    for name in ("clients", "deals", "documents", "notifications", "reporting"):
        assert WORD in repr(system.rows(name)) or MAIL in repr(system.rows(name)), name
    for call, argument, person in (
        ("erase_client", "client_id", client),
        ("erase_client", "client_id", imported),
        ("erase_contact", "contact_id", contact["id"]),
        ("erase_lead", "lead_id", alone),
    ):
        do("clients", call, {argument: person, "reason": "отозвал согласие"})
    eventually(lambda: len(do("clients", "list_erasures", {"state": "erased"})["items"]) == 4, 60)
    system.deliver()
    eventually(lambda: do("reporting", "get_export", {"export_id": export})["state"] == "expired", 60)
    for runtime in system.runtimes.values():
        assert runtime.projections.wait(runtime.service.name, runtime.store.head().position, 10)
    return {"client": client, "contact": contact["id"], "export": export, "document": document["id"]}


def test_no_row_of_any_service_tells_of_him_and_a_rebuild_gives_the_same_rows(system, forgotten):
    before = {name: system.rows(name) for name in system.runtimes}
    for name, rows in before.items():
        if name != "documents":
            assert WORD not in repr(rows), name
        assert MAIL not in repr(rows)
        assert PHONE not in repr(rows)
    for runtime in system.runtimes.values():
        runtime.projections.rebuild()
    for name, rows in before.items():
        again = system.rows(name)
        for table in rows:
            assert again[table] == rows[table], (name, table)


def test_what_accounting_law_keeps_stays_under_its_own_key(system, forgotten):
    buyer = system.do("documents", "get_document", {"document_id": forgotten["document"]})
    assert buyer["total"] == "122.00"
    issued = system.events("documents", "InvoiceIssued")[-1]
    assert WORD in issued.buyer.name
    assert WORD not in repr(system.rows("documents")["buyers"])


def test_no_file_of_any_service_holds_him_open(system, forgotten):
    for runtime in system.runtimes.values():
        runtime.views.tidy()
    words = [text.encode() for text in (WORD, MAIL, PHONE)]
    files = [path for path in Path(system.folder).rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        content = path.read_bytes()
        if "documents" not in path.parts:
            assert not any(word in content for word in words), path


def test_the_files_of_exports_and_imports_are_destroyed_with_him(system, forgotten):
    assert system.do("reporting", "get_export", {"export_id": forgotten["export"]})["state"] == "expired"


def test_the_certificate_says_who_asked_for_it_and_why_and_when_it_was_done(system, forgotten):
    certificate = system.do("clients", "get_erasure", {"erasure_id": forgotten["client"]})
    assert (certificate["what"], certificate["reason"], certificate["requested_by"]) == (
        "client",
        "отозвал согласие",
        "user-1",
    )
    assert certificate["erased_at"] > certificate["requested_at"]
    again = {"client_id": forgotten["client"], "reason": "ещё раз"}
    assert system.refusal("clients", "erase_client", again)["type"] == "erased-already"


def test_who_comes_back_is_a_new_client_and_nobody_learns_that_he_was_one(system, forgotten):
    made = system.do("clients", "create_client", PERSON)
    assert made["id"] != forgotten["client"]


def test_what_was_agreed_with_him_is_still_counted(system, forgotten):
    [talk] = system.do("clients", "list_interactions", {"client_id": forgotten["client"]})["items"]
    assert (talk["subject"], talk["kind"], talk["state"]) == ("", "meeting", "completed")
    deals = system.do("deals", "list_deals", {"client_id": forgotten["client"], "sort": "opened_at"})["items"]
    assert {deal["title"] for deal in deals} == {None}
    assert "122.00" in {deal["amount"] for deal in deals}
    timeline = system.do("reporting", "list_client_timeline", {"client_id": forgotten["client"]})["items"]
    assert {"ClientCreated", "DealOpened", "InvoiceIssued", "TaskAssigned"} <= {one["type"] for one in timeline}


def test_who_sees_only_some_clients_forgets_nobody_elses(system, forgotten):
    owner = system.do("gateway", "create_user", {"name": "Белова", "role": "sales_manager"})["id"]
    client = system.do("clients", "create_client", {"kind": "individual", "name": "Чужой", "manager_id": owner})["id"]
    contact = system.do("clients", "create_contact", {"name": "Чужая", "responsible_id": owner})["id"]
    context = replace(call_context(), rights=Rights(frozenset(["another"])))
    for call, arguments in (("erase_client", {"client_id": client}), ("erase_contact", {"contact_id": contact})):
        told = system.ask("clients", call, {**arguments, "reason": "x"}, context)["problem"]
        assert told["status"] == 404
    assert system.do("clients", "get_client", {"client_id": client})["name"] == "Чужой"


def test_a_company_keeps_its_name_and_its_place_and_loses_only_its_people(system, forgotten):
    card = {"kind": "legal_entity", "name": "ООО «Дуб и Клён»", "inn": "7799101370", "phones": ["8 495 765-40-01"]}
    made = system.do("clients", "create_client", {**card, "contact_person": WORD})
    system.do("clients", "erase_client", {"client_id": made["id"], "reason": "уволился"})
    late = {"client_id": made["id"], "phones": ["8 495 765-40-02"]}
    assert system.refusal("clients", "change_client", late, made["version"])["type"] == "forgotten"
    look = {"erasure_id": made["id"]}
    eventually(lambda: system.do("clients", "get_erasure", look)["state"] == "erased", 60)
    look = {"client_id": made["id"]}
    left = eventually(lambda: (one := system.do("clients", "get_client", look))["phones"] == [] and one)
    assert (left["name"], left["inn"], left["contact_person"]) == (card["name"], card["inn"], None)
    told = system.refusal("clients", "create_client", {"kind": "legal_entity", "name": "Дуб", "inn": card["inn"]})
    assert told["type"] == "duplicate-client"
    assert system.do("clients", "create_client", {"kind": "individual", "name": "Н", "phones": card["phones"]})
