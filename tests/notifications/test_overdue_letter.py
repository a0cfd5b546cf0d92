"""The letter about an overdue invoice: planned with all it is made of, sent once."""

from typing import Any

import pytest

from services.kernel.ids import new_id
from tests.contracts.valid import REQUISITES
from tests.system import System, eventually, sqlite_urls

LINE = {"name": "Стол", "quantity": "2", "price": "61.00"}


@pytest.fixture
def system(tmp_path, post, _quick_to_stop):
    names = ["clients", "deals", "documents", "notifications"]
    running = System(tmp_path, sqlite_urls(tmp_path), names, post.url)
    running.react("clients", "documents", "notifications")
    yield running
    running.close()


def overdue(
    system: System, *, emails: tuple[str, ...] = ("wrong address", "info@romashka.example"), **ours: Any
) -> Any:
    """An invoice that nobody paid, known to everybody."""
    person = {"contact_person": "Кравцов Илья", "emails": list(emails), "manager_id": None}
    client = system.do("clients", "create_client", {"kind": "legal_entity", "name": new_id(), **person})
    organisation = system.do("documents", "create_organisation", {**REQUISITES, **ours})
    deal = system.do("deals", "open_deal", {"client_id": client["id"], "title": "Мебель", "lines": [LINE]})
    draft = {"kind": "invoice", "deal_id": deal["id"], "date": "2026-03-02", "due_date": "2026-03-12"}
    document = system.do("documents", "create_document", {**draft, "organisation_id": organisation["id"]})
    system.do("documents", "issue_document", {"document_id": document["id"]}, version=1)
    eventually(lambda: system.do("documents", "get_document", {"document_id": document["id"]})["pdf"], 60)
    system.do("documents", "mark_payment_overdue", {"document_id": document["id"], "today": "2026-04-01"})
    system.deliver()
    return document


def ended(system: System, document: Any) -> dict[str, Any]:
    def look() -> Any:
        found = system.do("notifications", "list_messages", {"document_id": document["id"]})["items"]
        return found and found[0]["state"] != "planned" and found

    [message] = eventually(look, 60)
    found: dict[str, Any] = message
    return found


def test_the_reminder_goes_to_the_first_valid_address_with_invoice_and_act(system, post):
    document = overdue(system)
    message = ended(system, document)
    assert (message["state"], message["reason"], message["address"]) == ("sent", None, "info@romashka.example")
    [letter] = post.letters
    assert letter["To"] == "info@romashka.example"
    assert letter["Message-ID"] == f"<{message['id']}@salon-ps.example>"
    names = [attachment.get_filename() for attachment in letter.iter_attachments()]
    assert names == ["Счёт № МС1.pdf", "Акт сверки.pdf"]
    assert all(attachment.get_content().startswith(b"%PDF-") for attachment in letter.iter_attachments())
    [said] = [one for one in system.runtimes["documents"].store.read_after(0) if one.type == "PaymentOverdue"]
    assert message["cause"] == said.id
    [task] = eventually(lambda: system.do("clients", "list_tasks", {})["items"])
    assert (task["document_id"], task["completed"]) == (document["id"], False)
    assert "МС1" in task["title"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"emails": ("wrong address",)}, "no-address"), ({"emails": ()}, "no-address"), ({"email": ""}, "no-sender")],
)
def test_a_letter_that_cannot_go_says_why_and_the_manager_still_has_his_task(system, post, fields, reason):
    message = ended(system, overdue(system, **fields))
    assert (message["state"], message["reason"]) == ("failed", reason)
    assert eventually(lambda: system.do("clients", "list_tasks", {})["items"])
    assert post.letters == []


def test_an_address_that_is_refused_is_not_tried_again(system, post):
    post.on_recipient = "550 no such user"
    message = ended(system, overdue(system))
    assert (message["state"], message["reason"]) == ("failed", "address-refused")


def test_a_letter_in_doubt_is_left_to_the_operator_and_never_sent_twice(system, post):
    post.hang_up = True
    overdue(system)
    stages = eventually(system.runtimes["notifications"].reactions.standing, 60)
    assert len(stages) == 1
    assert len(post.letters) == 1
    [message] = system.do("notifications", "list_messages", {})["items"]
    assert message["state"] == "planned"
