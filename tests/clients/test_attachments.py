"""Files attached to clients, contact persons, interactions and tasks: kept sealed, listed, removed, forgotten."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.clients.test_card import create
from tests.clients.test_contacts import contact
from tests.system import System, call_context, eventually


def pdf() -> bytes:
    return b"%PDF-1.7\n" + new_id().encode()


def body(what: str, owner: Any, content: bytes, name: str = "Договор Кравцова.pdf") -> Any:
    return {"what": what, "owner_id": owner["id"], "content": b64encode(content).decode(), "file_name": name}


def attach(system: System, what: str, owner: Any, content: bytes, name: str = "Договор Кравцова.pdf") -> Any:
    return system.do("clients", "attach_file", body(what, owner, content, name))


def remove(system: System, attached: Any) -> Any:
    return system.do("clients", "remove_attachment", {"attachment_id": attached["id"]}, attached["version"])


def kept(system: System, content: bytes) -> list[Any]:
    return list(system.runtimes["clients"].blobs._parts.copies(hashlib.sha256(content).hexdigest()))


def test_a_file_hangs_on_a_client_a_contact_person_an_interaction_or_a_task(furnished):
    client = create(furnished)
    talk = {"client_id": client["id"], "kind": "meeting", "starts_at": "2030-03-02T10:00:00Z"}
    owners = {
        "client": client,
        "contact": contact(furnished),
        "interaction": furnished.do("clients", "plan_interaction", talk),
        "task": furnished.do(
            "clients", "assign_task", {"title": "Т", "due_date": "2030-03-02", "client_id": client["id"]}
        ),
    }
    for what, owner in owners.items():
        content = pdf()
        made = attach(furnished, what, owner, content)
        assert (made["what"], made["owner_id"], made["state"]) == (what, owner["id"], "attached")
        assert (made["file_name"], made["media_type"], made["size"]) == (
            "Договор Кравцова.pdf",
            "application/pdf",
            len(content),
        )
        assert made["client_id"] == (None if what == "contact" else client["id"])
        assert furnished.runtimes["clients"].blobs.get(made["file_hash"]) == content
    listed = furnished.do("clients", "list_attachments", {"client_id": client["id"]})["items"]
    assert {one["what"] for one in listed} == {"client", "interaction", "task"}


def test_the_same_file_on_the_same_owner_is_one_attachment_and_on_another_one_more(furnished):
    client, other, content = create(furnished), create(furnished), pdf()
    made = attach(furnished, "client", client, content)
    told = furnished.refusal("clients", "attach_file", body("client", client, content, "Копия.pdf"))
    assert told["type"] == "attached-already"
    assert made["id"] in told["en"]
    assert len(kept(furnished, content)) == 1
    assert attach(furnished, "client", other, content)["id"] != made["id"]


def test_what_is_removed_is_destroyed_and_can_be_attached_again(furnished):
    furnished.react("clients")
    client, other, content = create(furnished), create(furnished), pdf()
    made, stays = (attach(furnished, "client", one, content) for one in (client, other))
    gone = remove(furnished, made)
    assert (gone["state"], gone["removed_at"] is not None) == ("removed", True)
    eventually(lambda: len(kept(furnished, content)) == 1, 90)
    assert furnished.runtimes["clients"].blobs.get(stays["file_hash"]) == content
    assert furnished.refusal("clients", "remove_attachment", {"attachment_id": made["id"]}, 2)["status"] == 409
    assert attach(furnished, "client", client, content)["id"] != made["id"]


def test_with_a_person_his_files_and_their_names_are_destroyed(furnished):
    furnished.react("clients")
    client = furnished.do("clients", "create_client", {"kind": "individual", "name": new_id()})
    content, name = pdf(), f"Паспорт {new_id()}.pdf"
    made = attach(furnished, "client", client, content, name)
    furnished.do("clients", "erase_client", {"client_id": client["id"], "reason": "просил"})
    look = {"attachment_id": made["id"]}
    eventually(lambda: furnished.do("clients", "get_attachment", look)["state"] == "erased", 90)
    assert furnished.do("clients", "get_attachment", look)["file_name"] is None
    assert kept(furnished, content) == []
    assert furnished.refusal("clients", "attach_file", body("client", client, pdf()))["type"] == "forgotten"
    files = [path for path in Path(furnished.folder).rglob("*") if path.is_file() and path.stat().st_size]
    assert not [path for path in files if content in path.read_bytes()]


def test_who_does_not_see_a_client_neither_attaches_to_it_nor_sees_what_hangs_on_it(furnished):
    client = create(furnished)
    made = attach(furnished, "client", client, pdf())
    context = replace(call_context(), rights=Rights(frozenset(["another"])))
    for call, arguments in (
        ("attach_file", body("client", client, pdf())),
        ("get_attachment", {"attachment_id": made["id"]}),
    ):
        assert furnished.ask("clients", call, arguments, context)["problem"]["status"] == 404
    assert furnished.ask("clients", "list_attachments", {}, context)["result"]["items"] == []


def test_a_page_by_the_name_of_a_document_is_refused_and_nothing_is_kept(furnished):
    client, page = create(furnished), b"<html><script>alert(1)</script>"
    told = furnished.refusal("clients", "attach_file", body("client", client, page))
    assert (told["status"], told["type"]) == (415, "content-of-another-kind")
    assert kept(furnished, page) == []
