"""What is noted of a client, the pages and the files that go with him, on the whole system, through HTTP."""

import os
from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from examples.furniture.api import Refused
from services.kernel.ids import new_id
from tests.journeys.conftest import Installation, eventually

pytestmark = pytest.mark.timeout(400)
PAGE = "https://mebel-opt.example/catalogue?year=2026"


def attach(installation: Installation, what: str, owner: Any, content: bytes, name: str) -> Any:
    form = {"what": what, "owner_id": owner["id"], "file": FileStorage(BytesIO(content), name)}
    boundary, body = encode_multipart(form)
    sent_as = f"multipart/form-data; boundary={boundary}"
    return installation.api.upload("/v1/attachments", body, sent_as, new_id()).body


def make(installation: Installation, path: str, body: Any) -> Any:
    return installation.api.post(path, body, new_id()).body


@pytest.mark.capability("CL-53")
def test_notes_pages_and_files_go_with_a_client_and_are_gone_with_him(installation):
    api, content = installation.api, b"%PDF-1.7\n" + os.urandom(3_000_000)
    client = make(
        installation, "/v1/clients", {"kind": "individual", "name": "Кравцов Илья", "note": "Звонить вечером"}
    )
    kind = {"dictionary": "interaction_kinds", "code": "showroom", "name": "Шоурум"}
    make(installation, "/v1/dictionary-entries", kind)
    talk = {"client_id": client["id"], "kind": "showroom", "starts_at": "2030-03-02T10:00:00Z"}
    talk = make(installation, "/v1/interactions", talk)
    linked = {"client_id": client["id"]}
    contact = make(installation, "/v1/contacts", {"name": "Кравцова Анна", "link": linked})

    page = make(installation, "/v1/attachments/links", {"what": "client", "owner_id": client["id"], "url": PAGE})
    contract = attach(installation, "client", client, content, "Договор № 5.pdf")
    minutes = attach(installation, "interaction", talk, b"%PDF-1.7 minutes", "Протокол.pdf")
    passport = attach(installation, "contact", contact, b"%PDF-1.7 passport", "Доверенность.pdf")

    seen = eventually(
        lambda: (told := api.get(f"/v1/clients/{client['id']}/overview"))["attachments"]["items"][2:] and told
    )
    assert seen["client"]["note"] == "Звонить вечером"
    assert {one["id"] for one in seen["attachments"]["items"]} == {page["id"], contract["id"], minutes["id"]}
    assert [one["id"] for one in api.get("/v1/attachments", owner_id=contact["id"])["items"]] == [passport["id"]]
    assert api.download(f"/v1/attachments/{contract['id']}/file") == content

    erasing = {"reason": "Требование субъекта"}
    api.post(f"/v1/clients/{client['id']}/erase", erasing, new_id(), client["version"])
    gone = eventually(lambda: (told := api.get(f"/v1/attachments/{contract['id']}"))["state"] == "erased" and told, 90)
    assert gone["file_name"] is None
    with pytest.raises(Refused) as refused:
        api.download(f"/v1/attachments/{contract['id']}/file")
    assert refused.value.status == 410
    assert api.download(f"/v1/attachments/{passport['id']}/file") == b"%PDF-1.7 passport"
