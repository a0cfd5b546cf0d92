"""The first sale, from a dirty list of clients to a paid invoice, on the whole system, looked at
through HTTP, in the mailbox and in the printed document."""

import io
import json
import os
import re
import stat
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from deploy.reestr import control
from examples.furniture.story import DATA, read_feed
from tests.contracts.generated import Client, generated
from tests.journeys.conftest import Installation, eventually

pytestmark = pytest.mark.timeout(400)
EXPECTED = json.loads((Path(__file__).parents[2] / "examples" / "furniture" / "expected.json").read_text("utf-8"))


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def letter_of(told: dict[str, Any]) -> EmailMessage:
    [path] = told["mails"]
    letter = BytesParser(policy=policy.default).parsebytes(Path(path).read_bytes())
    assert isinstance(letter, EmailMessage)
    return letter


def feed_of(installation: Installation) -> list[dict[str, Any]]:
    return list(read_feed(installation.api).values())


def test_the_story_leaves_behind_what_it_made(installation, told):
    kept = json.loads((installation.where.var / "story.json").read_text())
    assert kept == told
    assert {"client_id", "deal_id", "invoice_id", "payment_id", "mails", "pdfs"} <= kept.keys()
    assert all(Path(path).read_bytes().startswith(b"%PDF-") for path in kept["pdfs"])


def test_the_owners_key_is_for_its_user_only(installation):
    key = installation.where.var / "api-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.stat().st_uid == os.geteuid()


@pytest.mark.capability("CL-57")
def test_the_list_of_clients_was_imported_row_by_row(installation, told):
    operation = installation.api.get(f"/v1/operations/{told['import_id']}")
    assert (operation["state"], operation["total"], operation["counts"]) == (
        "completed",
        EXPECTED["total"],
        EXPECTED["counts"],
    )
    rows = installation.api.get(f"/v1/operations/{told['import_id']}/rows", limit=500)["items"]
    refused = {row["row"] for row in rows if row["outcome"] == "refused"}
    assert refused == {row["row"] for row in EXPECTED["refused"]}


def test_one_deal_is_won_and_paid_and_one_is_lost_with_its_reason(installation, told):
    deal = installation.api.get(f"/v1/deals/{told['deal_id']}")
    assert (deal["stage"], deal["amount"], deal["paid"]) == ("won", "315126.50", "315126.50")
    [lost] = installation.api.get("/v1/deals", stage="lost")["items"]
    assert lost["reason"] == DATA["lost_sale"]["stages"][-1]["reason"]


@pytest.mark.capability("GW-14")
def test_the_printed_invoice_is_right_to_the_kopeck(installation, told):
    invoice = installation.api.get(f"/v1/documents/{told['invoice_id']}")
    assert (invoice["state"], invoice["number"], invoice["total"], invoice["open"]) == (
        "paid",
        "МС1",
        "315126.50",
        "0.00",
    )
    rate = {line["vat_rate"] for line in invoice["lines"]}
    assert rate == {"22" if invoice["date"] >= "2026-01-01" else "20"}
    printed = text_of(installation.api.download(f"/v1/documents/{told['invoice_id']}/pdf"))
    for part in (
        "Счет на оплату № МС1 от",
        DATA["organisation"]["inn"],
        DATA["organisation"]["bank"]["account"],
        DATA["sale"]["client_inn"],
        "Стол переговорный «Волга», 2400×1200, дуб",
        "315 126,50",
        "Триста пятнадцать тысяч сто двадцать шесть рублей 50 копеек",
    ):
        assert part in printed, part


@pytest.mark.capability("GW-12")
def test_the_reminder_brings_invoice_and_reconciliation_act_without_anybodys_doing(installation, told):
    letter = letter_of(told)
    message = installation.api.get(f"/v1/messages/{told['message_id']}")
    assert (message["state"], message["address"]) == ("sent", letter["To"])
    assert letter["Subject"] == "Напоминание об оплате счёта № МС1"
    body = letter.get_body()
    assert body is not None
    assert "Сумма задолженности: 315\u00a0126,50 руб." in body.get_content()
    files = {a.get_filename(): text_of(a.get_content()) for a in letter.iter_attachments()}
    assert list(files) == ["Счёт № МС1.pdf", "Акт сверки.pdf"]
    assert "Счет на оплату № МС1" in files["Счёт № МС1.pdf"]
    act = files["Акт сверки.pdf"]
    assert "Акт сверки взаимных расчетов" in act
    assert "составляет 315 126,50 руб." in act.replace("\u00a0", " ")


def test_the_reminder_is_traced_to_the_deal_and_the_managers_task(installation, told):
    sent = installation.api.get(f"/v1/messages/{told['message_id']}/history")["items"][0]
    traced = {event["id"]: event for event in installation.api.get(f"/v1/trace/{sent['id']}")["items"]}
    event = traced.get(sent["id"])
    chain: list[str] = []
    while event:
        chain.insert(0, event["type"])
        event = traced.get(event["parent_id"])
    assert chain == ["DealOpened", "InvoiceIssued", "PaymentOverdue", "MessagePlanned", "MessageSent"]
    assert "TaskAssigned" in {event["type"] for event in traced.values()}


def test_the_manager_has_a_task_about_it(installation, told):
    [task] = installation.api.get("/v1/tasks", assignee_id=told["manager_id"])["items"]
    assert (task["client_id"], task["document_id"], task["completed"]) == (
        told["client_id"],
        told["invoice_id"],
        False,
    )


def test_overdue_is_published_once_and_every_effect_has_its_cause(installation, told):
    feed = {event["id"]: event for event in feed_of(installation)}
    overdue = [e for e in feed.values() if e["type"] == "PaymentOverdue" and e["subject"] == told["invoice_id"]]
    assert len(overdue) == 1
    assert told["chain"] == ["DealOpened", "InvoiceIssued", "PaymentOverdue", "MessagePlanned", "MessageSent"]
    [task] = [
        e for e in feed.values() if e["type"] == "TaskAssigned" and e["data"]["document_id"] == told["invoice_id"]
    ]
    assert task["causationid"] == overdue[0]["id"]


def test_the_feed_has_the_order_of_every_source_and_nothing_twice(installation, told):
    by_source: dict[str, list[dict[str, Any]]] = {}
    for event in feed_of(installation):
        by_source.setdefault(event["source"], []).append(event)
    assert set(by_source) == {f"/reestr/{s}" for s in ("clients", "deals", "documents", "notifications", "gateway")}
    for events in by_source.values():
        for before, after in pairwise(events):
            assert int(before["position"]) == int(after["previous"]) < int(after["position"])


def test_reports_show_the_sale(installation, told):
    rows = {row["stage"]: row for row in installation.api.get("/v1/reports/funnel")["items"]}
    assert (rows["won"]["deals"], rows["won"]["amount"], rows["won"]["conversion"]) == (1, "315126.50", "0.5000")
    assert (rows["lost"]["deals"], rows["new"]["conversion"]) == (1, "1.0000")
    assert installation.api.get("/v1/reports/receivables")["items"] == []
    timeline = installation.api.get(f"/v1/clients/{told['client_id']}/timeline", limit=500)["items"]
    types = [row["type"] for row in timeline]
    # the list names its manager; whether he was known in time decides who assigned him
    assert [kind for kind in types if kind != "ClientAssigned"][:2] == ["ClientCreated", "DealOpened"]
    assert installation.api.get(f"/v1/clients/{told['client_id']}")["manager_id"] == told["manager_id"]
    for kind in (
        "InvoiceIssued",
        "PaymentOverdue",
        "MessageSent",
        "TaskAssigned",
        "PaymentReceived",
        "InvoicePaid",
        "DealWon",
    ):
        assert types.count(kind) == 1, kind


def test_a_second_playing_makes_a_new_request_under_new_numbers(installation, told):
    again = installation.play()
    for name in ("deal_id", "invoice_id", "payment_id", "message_id"):
        assert again[name] != told[name]
    for name in ("organisation_id", "manager_id", "client_id", "import_id"):
        assert again[name] == told[name]
    numbers = [installation.api.get(f"/v1/documents/{one['invoice_id']}")["number"] for one in (told, again)]
    assert numbers == ["МС1", "МС2"]
    assert letter_of(again)["Subject"] == "Напоминание об оплате счёта № МС2"
    overdue = [e["subject"] for e in feed_of(installation) if e["type"] == "PaymentOverdue"]
    assert sorted(overdue) == sorted([told["invoice_id"], again["invoice_id"]])


def test_an_import_survives_the_death_of_its_process(installation, told):
    rows = 300
    names = [f"ООО «Выживший {number}»" for number in range(rows)]
    content = "\n".join(["Наименование;Город", *(f"{name};Тверь" for name in names)]).encode()
    operation = installation.api.upload("/v1/imports", content, "text/csv", "survivors").body

    def taken() -> Any:
        return installation.api.get(f"/v1/operations/{operation['id']}")

    eventually(lambda: taken()["done"] >= 50)
    installation.kill("clients")
    result = eventually(lambda: (now := taken())["state"] == "completed" and now, 120)
    assert result["counts"] == {"created": rows}
    answered = installation.api.get(f"/v1/operations/{operation['id']}/rows", limit=500)["items"]
    assert [row["row"] for row in answered] == list(range(2, rows + 2))
    assert installation.api.upload("/v1/imports", content, "text/csv", "survivors").body["id"] == operation["id"]

    def published() -> Any:
        created = [e for e in feed_of(installation) if e["type"] == "ClientCreated"]
        found = [e["data"]["name"] for e in created if e["data"]["name"] in names]
        return found if len(found) >= rows else None

    assert sorted(eventually(published)) == sorted(names)


@pytest.mark.parametrize("program", ["documents", "reporting", "gateway"])
def test_a_killed_service_comes_back_and_knows_what_it_knew(installation, told, program):
    before = installation.api.get(f"/v1/documents/{told['invoice_id']}")
    killed = installation.process(program)
    installation.kill(program)
    eventually(lambda: installation.process(program) not in ("", killed))
    port = int(installation.address.rpartition(":")[2])
    eventually(lambda: control.readiness(port)[0] == 200)
    assert installation.api.get(f"/v1/documents/{told['invoice_id']}") == before
    assert installation.api.get("/v1/reports/funnel")["items"]


def test_a_client_generated_from_the_specification_goes_on_where_the_story_ended(installation, told, tmp_path):
    with generated(installation.api.get("/openapi.json"), tmp_path) as package:
        client = Client(package, installation.address, installation.key)
        sold = client("deals", "get_deal", told["deal_id"]).parsed
        assert (sold.stage, sold.client_id) == ("won", told["client_id"])
        line = {"name": "Тумба", "quantity": "2", "price": "1000.00"}
        deal = client.model("OpenDealBody", client_id=sold.client_id, title="Ещё две тумбы", lines=[line])
        opened = client("deals", "open_deal", body=deal, idempotency_key="generated-deal")
        assert (opened.status_code, opened.parsed.amount) == (201, "2000.00")
        position = opened.headers["Reestr-Position"]
        timeline = client("clients", "list_client_timeline", sold.client_id, min_position=position)
        assert "DealOpened" in {row.type_ for row in timeline.parsed.items}
        again = client("deals", "open_deal", body=deal, idempotency_key="generated-deal")
        assert (again.status_code, again.parsed.id) == (201, opened.parsed.id)
