"""What who sees only some users' clients may do with contact persons, consents and tasks of others."""

from dataclasses import replace
from typing import Any

import pytest

from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.clients.test_card import create
from tests.clients.test_consents import GIVEN
from tests.clients.test_contacts import contact
from tests.clients.test_interactions import plan, record, user
from tests.system import System, call_context


class Office:
    """Anna, who sees her own clients only, and one client of hers and one of Boris's."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.anna, self.boris = user(system), user(system)
        self.hers, self.his = create(system, manager_id=self.anna), create(system, manager_id=self.boris)

    def ask(self, call: str, arguments: Any, version: int | None = None) -> Any:
        rights = Rights(users=frozenset([self.anna]))
        context = replace(call_context(version=version), actor=self.anna, rights=rights)
        answer = self.system.ask("clients", call, arguments, context)
        return answer.get("result") or answer["problem"]


@pytest.fixture(name="office")
def _office(furnished):
    return Office(furnished)


def test_nobody_consents_in_the_name_of_a_contact_person_that_he_does_not_see(office):
    person = contact(office.system, link={"client_id": office.his["id"]})
    refused = office.ask("give_consent", {**GIVEN, "what": "contact", "person": person["id"]})
    assert refused["type"] == "unknown-contact"
    hers = contact(office.system, link={"client_id": office.hers["id"]})
    assert office.ask("give_consent", {**GIVEN, "what": "contact", "person": hers["id"]})["state"] == "given"


def test_nobody_brings_a_contact_person_that_he_does_not_see_to_a_meeting(office):
    person = contact(office.system, link={"client_id": office.his["id"]})
    asked = {"client_id": office.hers["id"], "kind": "meeting", "starts_at": "2026-03-02T10:00:00Z"}
    refused = office.ask("plan_interaction", {**asked, "contact_ids": [person["id"]]})
    assert (refused["type"], refused["errors"][0]["field"]) == ("unknown-contact", "contact_ids.0")


def test_a_link_to_a_client_that_one_does_not_see_stays(office):
    person = contact(office.system, link={"client_id": office.hers["id"]})
    linked = office.system.do(
        "clients", "link_contact", {"contact_id": person["id"], "client_id": office.his["id"]}, person["version"]
    )
    asked = {"contact_id": person["id"], "client_id": office.his["id"]}
    assert office.ask("unlink_contact", asked, linked["version"])["type"] == "unknown-client"


def test_a_contact_person_of_nobody_is_that_of_whoever_made_it_and_is_made_for_nobody_else(office):
    assert office.ask("create_contact", {"name": "Кравцов"})["responsible_id"] == office.anna
    refused = office.ask("create_contact", {"name": "Кравцов", "responsible_id": office.boris})
    assert refused["type"] == "others-manager"


def test_a_task_about_an_interaction_is_about_its_client(office):
    about = plan(office.system, office.hers)
    due = {"title": "Позвонить Иванову", "due_date": "2030-01-01"}
    assert office.ask("assign_task", {**due, "interaction_id": about["id"]})["client_id"] == office.hers["id"]
    his = plan(office.system, office.his)
    assert office.ask("assign_task", {**due, "interaction_id": his["id"]})["type"] == "unknown-interaction"
    other = create(office.system, manager_id=office.anna)
    mixed = {**due, "interaction_id": about["id"], "client_id": other["id"]}
    assert office.ask("assign_task", mixed)["type"] == "unknown-interaction"


def test_a_complaint_that_was_heard_stays_one(furnished):
    complaint = record(furnished, create(furnished), kind="complaint")
    call = record(furnished, create(furnished), kind="meeting")
    for one, kind in ((complaint, "meeting"), (call, "complaint")):
        asked = {"interaction_id": one["id"], "kind": kind}
        told = furnished.refusal("clients", "change_interaction", asked, one["version"])
        assert told["errors"][0]["code"] == "complaint-stays"


def test_a_consent_from_before_its_revocation_does_not_bring_it_back(furnished):
    client = create(furnished)
    body = {**GIVEN, "what": "client", "person": client["id"]}
    given = furnished.do("clients", "give_consent", body)
    furnished.do("clients", "revoke_consent", {"consent_id": given["id"], "source": "письмо"}, given["version"])
    told = furnished.refusal("clients", "give_consent", {**body, "given_at": "2025-01-01T10:00:00Z"})
    assert told["type"] == "revoked-since"


def test_nothing_is_noted_about_a_person_who_is_forgotten(furnished):
    person = contact(furnished)
    furnished.do("clients", "erase_contact", {"contact_id": person["id"], "reason": "просит"})
    told = furnished.refusal("clients", "give_consent", {**GIVEN, "what": "contact", "person": person["id"]})
    assert told["type"] == "forgotten"


def test_a_tree_of_entries_is_no_deeper_by_adding_than_by_moving(furnished):
    parent, problems = None, []
    for _ in range(12):
        code = f"g{new_id()[-8:]}"
        asked = {"dictionary": "client_groups", "code": code, "name": code, **({"parent": parent} if parent else {})}
        answer = furnished.ask("clients", "add_dictionary_entry", asked)
        problems += [answer["problem"]["errors"][0]["code"]] if "problem" in answer else []
        parent = code if "result" in answer else parent
    assert problems
    assert set(problems) == {"too-deep"}
