"""Consents: by purpose and channel, with the text that was agreed to, given, revoked, given again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.clock import to_iso
from services.kernel.rights import Rights
from tests.clients.test_card import create
from tests.clients.test_contacts import contact
from tests.clients.test_interactions import user
from tests.system import System, call_context

GIVEN = {
    "purpose": "marketing",
    "channel": "email",
    "text_version": "2026-01",
    "source": "форма на сайте",
    "given_at": "2026-03-02T10:00:00+03:00",
    "proof": "адрес 192.0.2.7",
}


def give(system: System, person: Any, what: str = "client", **fields: Any) -> Any:
    return system.do("clients", "give_consent", {**GIVEN, "what": what, "person": person["id"], **fields})


def listed(system: System, **asked: Any) -> set[str]:
    return {one["id"] for one in system.do("clients", "list_consents", {"limit": 500, **asked})["items"]}


def test_a_consent_says_who_agreed_to_what_by_which_channel_when_where_and_on_which_text(furnished):
    client = create(furnished)
    made = give(furnished, client)
    names = ("purpose", "channel", "text_version", "source", "proof")
    assert {name: made[name] for name in names} == {name: GIVEN[name] for name in names}
    assert (made["what"], made["person"], made["state"]) == ("client", client["id"], "given")
    assert made["given_at"] == "2026-03-02T07:00:00.000000Z"
    person = contact(furnished)
    of_contact = give(furnished, person, "contact", channel="sms")
    assert of_contact["what"] == "contact"
    assert listed(furnished, person=client["id"]) == {made["id"]}
    assert of_contact["id"] in listed(furnished, channel="sms", state="given", purpose="marketing")


def test_a_consent_is_revoked_and_given_again_and_its_history_keeps_all_of_it(furnished):
    client = create(furnished)
    made = give(furnished, client)
    revoke = {"consent_id": made["id"], "source": "ссылка в письме"}
    revoked = furnished.do("clients", "revoke_consent", revoke, made["version"])
    assert (revoked["state"], revoked["revoked_by_way_of"]) == ("revoked", "ссылка в письме")
    assert revoked["revoked_at"] is not None
    told = furnished.refusal("clients", "revoke_consent", revoke, revoked["version"])
    assert told["type"] == "consent-revoked-already"
    again = give(furnished, client, text_version="2026-02", given_at=to_iso(clock.now()))
    assert (again["id"], again["state"], again["text_version"], again["revoked_at"]) == (
        made["id"],
        "given",
        "2026-02",
        None,
    )
    history = furnished.do("clients", "list_consent_history", {"consent_id": made["id"], "sort": "version"})["items"]
    assert [change["type"] for change in history] == ["ConsentGiven", "ConsentRevoked", "ConsentGiven"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"person": "nobody"}, "unknown-client"),
        ({"person": "nobody", "what": "contact"}, "unknown-contact"),
        ({"purpose": "nonsense"}, "unknown-entry"),
    ],
)
def test_a_consent_is_of_a_person_who_is_there_and_to_a_purpose_that_is_named(furnished, fields, code):
    body = {**GIVEN, "what": "client", "person": create(furnished)["id"], **fields}
    assert furnished.refusal("clients", "give_consent", body)["type"] == code


def test_nobody_consents_in_the_future(furnished):
    ahead = to_iso(clock.now() + timedelta(hours=1))
    body = {**GIVEN, "what": "client", "person": create(furnished)["id"], "given_at": ahead}
    assert furnished.refusal("clients", "give_consent", body)["errors"][0]["code"] == "in-the-future"


def test_a_manager_sees_the_consents_of_his_clients_and_of_who_stands_for_them(furnished):
    anna, boris = user(furnished), user(furnished, "Серов Борис")
    hers, his = create(furnished, manager_id=anna), create(furnished, manager_id=boris)
    head = contact(furnished, link={"client_id": hers["id"]})
    seen = {give(furnished, hers)["id"], give(furnished, head, "contact")["id"]}
    unseen = give(furnished, his)["id"]
    context = replace(call_context(), rights=Rights(frozenset([anna])))
    page = furnished.ask("clients", "list_consents", {"limit": 500}, context)["result"]["items"]
    assert {one["id"] for one in page} == seen
    assert furnished.ask("clients", "get_consent", {"consent_id": unseen}, context)["problem"]["status"] == 404
