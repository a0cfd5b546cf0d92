"""Files and web links on clients, contact persons, interactions and tasks: kept sealed, listed, removed, forgotten."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.clients.test_card import create
from tests.clients.test_contacts import contact
from tests.system import System, call_context, eventually


@pytest.fixture(name="desk", scope="module")
def _desk(any_system: System) -> System:
    """What comes of a removal and of an erasure comes of them by itself."""
    any_system.do("clients", "install_defaults", {})
    any_system.react("clients")
    return any_system


URL = "https://salon-ps.example/catalogue?year=2026"


def pdf() -> bytes:
    return b"%PDF-1.7\n" + new_id().encode()


def body(what: str, owner: Any, content: bytes, name: str = "Договор Кравцова.pdf") -> Any:
    return {"what": what, "owner_id": owner["id"], "content": b64encode(content).decode(), "file_name": name}


def link(system: System, what: str, owner: Any, url: str, title: str = "") -> Any:
    return system.do("clients", "attach_link", linking(what, owner, url, title))


def linking(what: str, owner: Any, url: str, title: str = "") -> Any:
    return {"what": what, "owner_id": owner["id"], "url": url, "title": title}


def attach(system: System, what: str, owner: Any, content: bytes, name: str = "Договор Кравцова.pdf") -> Any:
    return system.do("clients", "attach_file", body(what, owner, content, name))


def remove(system: System, attached: Any) -> Any:
    return system.do("clients", "remove_attachment", {"attachment_id": attached["id"]}, attached["version"])


def kept(system: System, content: bytes) -> list[Any]:
    return list(system.runtimes["clients"].blobs._parts.copies(hashlib.sha256(content).hexdigest()))


def test_a_file_hangs_on_a_client_a_contact_person_an_interaction_or_a_task(desk):
    client = create(desk)
    talk = {"client_id": client["id"], "kind": "meeting", "starts_at": "2030-03-02T10:00:00Z"}
    owners = {
        "client": client,
        "contact": contact(desk),
        "interaction": desk.do("clients", "plan_interaction", talk),
        "task": desk.do("clients", "assign_task", {"title": "Т", "due_date": "2030-03-02", "client_id": client["id"]}),
    }
    for what, owner in owners.items():
        content = pdf()
        made = attach(desk, what, owner, content)
        assert (made["what"], made["owner_id"], made["state"]) == (what, owner["id"], "attached")
        assert (made["file_name"], made["media_type"], made["size"]) == (
            "Договор Кравцова.pdf",
            "application/pdf",
            len(content),
        )
        assert made["client_id"] == (None if what == "contact" else client["id"])
        assert desk.runtimes["clients"].blobs.get(made["file_hash"]) == content
    listed = desk.do("clients", "list_attachments", {"client_id": client["id"]})["items"]
    assert {one["what"] for one in listed} == {"client", "interaction", "task"}


def test_the_same_file_on_the_same_owner_is_one_attachment_and_on_another_one_more(desk):
    client, other, content = create(desk), create(desk), pdf()
    made = attach(desk, "client", client, content)
    told = desk.refusal("clients", "attach_file", body("client", client, content, "Копия.pdf"))
    assert told["type"] == "attached-already"
    assert made["id"] in told["en"]
    assert len(kept(desk, content)) == 1
    assert attach(desk, "client", other, content)["id"] != made["id"]


def test_what_is_removed_is_destroyed_and_can_be_attached_again(desk):
    client, other, content = create(desk), create(desk), pdf()
    made, stays = (attach(desk, "client", one, content) for one in (client, other))
    gone = remove(desk, made)
    assert (gone["state"], gone["removed_at"] is not None) == ("removed", True)
    eventually(lambda: len(kept(desk, content)) == 1, 90)
    assert desk.runtimes["clients"].blobs.get(stays["file_hash"]) == content
    assert desk.refusal("clients", "remove_attachment", {"attachment_id": made["id"]}, 2)["status"] == 409
    assert attach(desk, "client", client, content)["id"] != made["id"]


def test_with_a_person_his_files_and_their_names_are_destroyed(desk):
    client = desk.do("clients", "create_client", {"kind": "individual", "name": new_id()})
    content, name = pdf(), f"Паспорт {new_id()}.pdf"
    made, page = attach(desk, "client", client, content, name), link(desk, "client", client, f"{URL}#{name[-20:-4]}")
    desk.do("clients", "erase_client", {"client_id": client["id"], "reason": "просил"})
    look = {"attachment_id": made["id"]}
    eventually(lambda: desk.do("clients", "get_attachment", look)["state"] == "erased", 90)
    assert desk.do("clients", "get_attachment", look)["file_name"] is None
    page = desk.do("clients", "get_attachment", {"attachment_id": page["id"]})
    assert (page["state"], page["url"], page["title"]) == ("erased", None, None)
    assert kept(desk, content) == []
    assert desk.refusal("clients", "attach_link", linking("client", client, URL))["type"] == "forgotten"
    assert desk.refusal("clients", "attach_file", body("client", client, pdf()))["type"] == "forgotten"
    files = [path for path in Path(desk.folder).rglob("*") if path.is_file() and path.stat().st_size]
    assert not [path for path in files if content in path.read_bytes()]


def test_who_does_not_see_a_client_neither_attaches_to_it_nor_sees_what_hangs_on_it(desk):
    client = create(desk)
    talk = {"client_id": client["id"], "kind": "meeting", "starts_at": "2030-03-02T10:00:00Z"}
    owners = {"client": client, "contact": contact(desk), "interaction": desk.do("clients", "plan_interaction", talk)}
    made = attach(desk, "client", client, pdf())
    context = replace(call_context(), rights=Rights(frozenset(["another"])))
    for what, owner in owners.items():
        for call, arguments in (("attach_file", body(what, owner, pdf())), ("attach_link", linking(what, owner, URL))):
            assert desk.ask("clients", call, arguments, context)["problem"]["status"] in (404, 422)
    look = {"attachment_id": made["id"]}
    for call in ("get_attachment", "get_attached_file", "list_attachment_history"):
        assert desk.ask("clients", call, look, context)["problem"]["status"] == 404
    removing = replace(context, expected_version=made["version"])
    assert desk.ask("clients", "remove_attachment", look, removing)["problem"]["status"] == 404
    assert desk.ask("clients", "list_attachments", {"limit": 100}, context)["result"]["items"] == []
    assert desk.do("clients", "get_attachment", look)["state"] == "attached"


def test_a_manager_sees_what_hangs_on_his_clients_and_on_what_he_has_with_them(desk):
    anna = desk.do("gateway", "create_user", {"name": "Белова Анна", "role": "sales_manager"})["id"]
    desk.deliver()
    client = create(desk, manager_id=anna)
    talk = {"client_id": client["id"], "kind": "meeting", "starts_at": "2030-03-02T10:00:00Z"}
    person = contact(desk, link={"client_id": client["id"]})
    owners = {"client": client, "contact": person, "interaction": desk.do("clients", "plan_interaction", talk)}
    rights = Rights(frozenset([anna]))
    made = set()
    for what, owner in owners.items():
        context = replace(call_context(new_id()), actor=anna, rights=rights)
        answer = desk.ask("clients", "attach_file", body(what, owner, pdf()), context)
        made.add(answer["result"]["id"])
    desk.settle("clients")
    listed = desk.ask("clients", "list_attachments", {"limit": 100}, context)["result"]["items"]
    assert {one["id"] for one in listed} == made
    assert {one["attached_by"] for one in listed} == {anna}


def test_a_web_link_hangs_once_on_its_owner_until_it_is_removed(desk):
    client = create(desk)
    made = link(desk, "client", client, URL, "Каталог")
    assert (made["kind"], made["url"], made["title"], made["file_name"]) == ("link", URL, "Каталог", None)
    told = desk.refusal("clients", "attach_link", linking("client", client, URL))
    assert (told["type"], made["id"] in told["en"]) == ("attached-already", True)
    assert desk.refusal("clients", "get_attached_file", {"attachment_id": made["id"]})["status"] == 404
    assert remove(desk, made)["state"] == "removed"
    again = link(desk, "client", client, URL)
    seen = desk.do("clients", "list_attachments", {"owner_id": client["id"], "kind": "link", "state": "attached"})
    assert [one["id"] for one in seen["items"]] == [again["id"]]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<b>",
        "ftp://x.example/",
        "//x.example",
        "https:///x",
        "https://a@b.example",
        "https://x.example/ y",
        'https://x.example/"',
        "https://x.example/<",
        "",
        "https://",
    ],
)
def test_only_addresses_of_pages_are_links(desk, url):
    head = desk.runtimes["clients"].store.head()
    told = desk.refusal("clients", "attach_link", {"what": "client", "owner_id": "c-1", "url": url})
    assert (told["status"], told["errors"][0]["field"]) == (422, "url")
    assert desk.runtimes["clients"].store.head() == head


def test_what_hangs_on_a_merged_client_shows_under_the_kept_one(desk):
    kept_one, other = create(desk), create(desk)
    file, page = attach(desk, "client", other, pdf()), link(desk, "client", other, URL)
    version = desk.do("clients", "get_client", {"client_id": kept_one["id"]})["version"]
    desk.do("clients", "merge_clients", {"client_id": kept_one["id"], "merged_id": other["id"]}, version)
    desk.settle("clients")
    for asked in ({"owner_id": kept_one["id"]}, {"client_id": other["id"]}):
        listed = desk.do("clients", "list_attachments", asked)["items"]
        assert {one["id"] for one in listed} == {file["id"], page["id"]}
        assert {(one["owner_id"], one["client_id"]) for one in listed} == {(kept_one["id"], kept_one["id"])}


def test_the_history_tells_who_attached_and_removed(desk):
    made = attach(desk, "client", create(desk), pdf())
    remove(desk, made)
    past = desk.do("clients", "list_attachment_history", {"attachment_id": made["id"]})["items"]
    assert {one["type"] for one in past} == {"FileAttached", "AttachmentRemoved"}


def test_of_a_file_that_is_removed_there_is_no_content_and_for_whom_phones_are_masked_there_is_none_at_all(desk):
    made = attach(desk, "client", create(desk), pdf())
    look = {"attachment_id": made["id"]}
    assert desk.do("clients", "get_attached_file", look)["file_hash"] == made["file_hash"]
    masked = replace(call_context(), rights=Rights(masked=frozenset(["phone"])))
    assert desk.ask("clients", "get_attached_file", look, masked)["problem"]["status"] == 404
    remove(desk, made)
    assert desk.refusal("clients", "get_attached_file", look)["type"] == "file-destroyed"


def test_a_client_something_hangs_on_is_in_use(desk):
    client = create(desk)
    link(desk, "client", client, URL)
    desk.settle("clients")
    assert any(client["id"] in row and "attachment" in row for row in desk.rows("clients")["client_uses"])


def test_a_page_by_the_name_of_a_document_is_refused_and_nothing_is_kept(desk):
    client, page = create(desk), b"<html><script>alert(1)</script>"
    told = desk.refusal("clients", "attach_file", body("client", client, page))
    assert (told["status"], told["type"]) == (415, "content-of-another-kind")
    assert kept(desk, page) == []
