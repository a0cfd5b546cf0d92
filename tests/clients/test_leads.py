"""Leads: taken in at every touch point, given to somebody, and made clients with a deal, once."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from services.kernel.errors import Problem
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from services.kernel.rpc import Refused
from tests.clients.test_card import create
from tests.clients.test_interactions import user
from tests.system import System, call_context, eventually

CONSENT = {
    "purpose": "marketing",
    "channel": "email",
    "text_version": "2026-01",
    "given_at": "2026-03-02T10:00:00+03:00",
    "proof": "адрес 192.0.2.7",
}


@pytest.fixture(name="shop")
def _shop(furnished: System) -> System:
    """Its rule gives leads to nobody unless a test says so."""
    held = furnished.ask("clients", "get_lead_rule", {"rule_id": "default"})
    if "problem" in held:
        furnished.react("clients")
        furnished.do("clients", "add_lead_rule", {"id": "default", "assignees": []})
    return furnished


def rule(system: System, **fields: Any) -> Any:
    held = system.do("clients", "get_lead_rule", {"rule_id": "default"})
    return system.do("clients", "change_lead_rule", {"rule_id": "default", **fields}, held["version"])


def phone() -> str:
    return f"+7 916 {int(new_id().replace('-', '')[-9:], 16) % 10**7:07}"


def capture(system: System, **fields: Any) -> Any:
    return system.do("clients", "capture_lead", {"source": "search_ads", "action": "call", "name": "Лосева", **fields})


def act(system: System, what: str, lead: Any, key: str | None = None, **fields: Any) -> Any:
    return system.do("clients", f"{what}_lead", {"lead_id": lead["id"], **fields}, lead["version"], key)


def again(system: System, lead: Any) -> Any:
    return system.do("clients", "get_lead", {"lead_id": lead["id"]})


def heard(system: System, lead: Any, field: str) -> Any:
    def look() -> Any:
        system.deliver()
        found = again(system, lead)
        return found if found[field] else None

    return eventually(look, 90)


@pytest.mark.parametrize(
    "action", ["form", "email", "call", "visit", "message", "subscribed", "installed_app", "registered"]
)
def test_a_touch_of_any_kind_makes_a_lead_with_its_source(shop, action):
    utm = {"source": "yandex", "campaign": "весна"}
    lead = capture(shop, action=action, emails=["loseva@romashka.example", "wrong"], wants="кухня", utm=utm)
    assert (lead["state"], lead["source"], lead["action"], lead["utm"]) == ("new", "search_ads", action, utm)
    assert [one["valid"] for one in lead["emails"]] == [True, False]
    assert again(shop, lead) == lead


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"source": None}, "source", "invalid"),
        ({"source": "nonsense"}, "source", "unknown-entry"),
        ({"action": "nonsense"}, "action", "unknown-entry"),
        ({"name": ""}, "phones", "invalid"),
        ({"recommended_by": "nobody", "source": "recommendation"}, "recommended_by", "unknown-client"),
        ({"consents": [{**CONSENT, "purpose": "nonsense"}]}, "consents.0.purpose", "unknown-entry"),
        ({"consents": [CONSENT, CONSENT]}, "consents.1", "invalid"),
        ({"consents": [{**CONSENT, "given_at": "2099-01-01T00:00:00Z"}]}, "consents.0.given_at", "invalid"),
        ({"assignee_id": "nobody"}, "assignee_id", "unknown-user"),
    ],
)
def test_a_lead_without_a_source_or_a_contact_is_refused_by_the_field(shop, fields, field, code):
    body = {"source": "search_ads", "action": "call", "name": "Лосева", **fields}
    told = shop.refusal("clients", "capture_lead", body)
    assert (told["type"], told["errors"][0]["field"]) == (code, field)


def test_a_recommendation_names_the_client_who_gave_it(shop):
    client = create(shop)
    lead = capture(shop, source="recommendation", recommended_by=client["id"])
    assert lead["recommended_by"] == client["id"]
    body = {"source": "search_ads", "action": "call", "name": "Л", "recommended_by": client["id"]}
    told = shop.refusal("clients", "capture_lead", body)
    assert told["errors"][0]["code"] == "no-recommendation"


def test_a_lead_of_a_known_client_names_him_to_whoever_may_see_him_and_makes_no_twin(shop):
    anna, boris = user(shop), user(shop, "Серов Борис")
    number = phone()
    client = create(shop, phones=[number], manager_id=anna)
    before = shop.events("clients", "ClientCreated")
    lead = capture(shop, phones=[number.replace("+7 ", "8 (").replace("916 ", "916) ")], assignee_id=boris)
    assert lead["known_client_ids"] == [client["id"]]
    assert shop.events("clients", "ClientCreated") == before
    context = replace(call_context(), rights=Rights(frozenset([boris])))
    seen = shop.ask("clients", "get_lead", {"lead_id": lead["id"]}, context)["result"]
    assert (seen["id"], seen["known_client_ids"]) == (lead["id"], [])
    listed = shop.do("clients", "list_leads", {"known_client_id": client["id"]})["items"]
    assert [one["id"] for one in listed] == [lead["id"]]


def test_leads_go_round_in_turn_past_who_is_gone_and_the_first_contact_is_a_task(shop):
    anna, boris, gone = user(shop), user(shop, "Серов Борис"), user(shop, "Ушёл Пётр")
    shop.do("gateway", "deactivate_user", {"user_id": gone}, 1)
    rule(shop, assignees=[anna, boris], contact_minutes=30)
    shop.deliver()
    first = [capture(shop)["assignee_id"] for _ in range(4)]
    assert sorted(first[:2]) == sorted([anna, boris])
    assert first[2:] == first[:2]
    rule(shop, assignees=[])
    lead = capture(shop, assignee_id=anna)
    task = shop.do("clients", "get_task", {"task_id": lead["task_id"]})
    assert (task["assignee_id"], task["lead_id"], task["state"]) == (anna, lead["id"], "open")
    lead = act(shop, "assign", lead, assignee_id=boris)
    assert shop.do("clients", "get_task", {"task_id": lead["task_id"]})["assignee_id"] == boris
    assert capture(shop)["assignee_id"] is None


def test_leads_that_come_at_the_same_time_take_different_turns(shop):
    users = [user(shop, f"Дежурный {number}") for number in range(3)]
    rule(shop, assignees=users)
    shop.deliver()
    given: list[str] = []
    at_once = [threading.Thread(target=lambda: given.append(capture(shop)["assignee_id"])) for _ in range(6)]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    rule(shop, assignees=[])
    assert sorted(given) == sorted(users * 2)


def test_a_known_client_goes_to_his_own_manager(shop):
    anna, boris = user(shop), user(shop, "Серов Борис")
    number = phone()
    create(shop, phones=[number], manager_id=anna)
    rule(shop, assignees=[boris])
    shop.deliver()
    assert capture(shop, phones=[number])["assignee_id"] == anna
    rule(shop, to_known_manager=False)
    assert capture(shop, phones=[number])["assignee_id"] == boris
    rule(shop, assignees=[], to_known_manager=True)


def test_who_sees_his_own_leads_only_takes_in_leads_for_himself(shop):
    anna, boris = user(shop), user(shop, "Серов Борис")
    shop.deliver()
    context = replace(call_context(), rights=Rights(frozenset([anna])), actor=anna)
    body = {"source": "search_ads", "action": "visit", "name": "Лосева"}
    assert shop.ask("clients", "capture_lead", body, context)["result"]["assignee_id"] == anna
    other = replace(context, idempotency_key=new_id())
    told = shop.ask("clients", "capture_lead", {**body, "assignee_id": boris}, other)["problem"]
    assert told["type"] == "not-your-colleague"
    unseen = capture(shop, assignee_id=boris)
    assert shop.ask("clients", "get_lead", {"lead_id": unseen["id"]}, context)["problem"]["status"] == 404
    assert unseen["id"] not in {
        one["id"] for one in shop.ask("clients", "list_leads", {"limit": 500}, context)["result"]["items"]
    }


def test_a_lead_is_taken_rejected_for_a_reason_and_taken_up_again(shop):
    anna = user(shop)
    shop.deliver()
    lead = capture(shop, assignee_id=anna)
    lead = act(shop, "take", lead)
    assert lead["state"] == "in_work"
    told = shop.refusal("clients", "take_lead", {"lead_id": lead["id"]}, lead["version"])
    assert told["type"] == "lead-in-work-already"
    told = shop.refusal("clients", "reject_lead", {"lead_id": lead["id"], "reason": "nonsense"}, lead["version"])
    assert told["type"] == "unknown-entry"
    lead = act(shop, "reject", lead, reason="not_reached", comment="три звонка")
    assert (lead["state"], lead["reason"], lead["comment"]) == ("rejected", "not_reached", "три звонка")
    assert shop.do("clients", "get_task", {"task_id": lead["task_id"]})["state"] == "cancelled"
    told = shop.refusal("clients", "reject_lead", {"lead_id": lead["id"], "reason": "spam"}, lead["version"])
    assert told["type"] == "lead-rejected-already"
    lead = act(shop, "take", lead)
    assert (lead["state"], lead["reason"]) == ("in_work", None)
    kinds = [
        one["type"]
        for one in shop.do("clients", "list_lead_history", {"lead_id": lead["id"], "sort": "version"})["items"]
    ]
    assert kinds == ["LeadCaptured", "LeadAssigned", "LeadTaken", "LeadRejected", "LeadTaken"]


@pytest.mark.capability("CL-61")
def test_a_lead_becomes_a_client_with_his_consents_and_a_deal_once(shop):
    anna = user(shop)
    shop.deliver()
    number = phone()
    lead = capture(shop, phones=[number], wants="кухня из дуба", consents=[CONSENT], assignee_id=anna)
    key = new_id()
    done = act(shop, "convert", lead, key, client={"city": "Тверь"}, deal_title="Кухня из дуба")
    assert done["state"] == "converted"
    repeated = act(shop, "convert", lead, key, client={"city": "Тверь"}, deal_title="Кухня из дуба")
    assert (repeated["client_id"], repeated["version"] >= done["version"]) == (done["client_id"], True)
    client = shop.do("clients", "get_client", {"client_id": done["client_id"]})
    assert (client["kind"], client["name"], client["city"], client["note"]) == (
        "individual",
        "Лосева",
        "Тверь",
        "кухня из дуба",
    )
    assert (client["source"], client["manager_id"]) == ("Контекстная реклама", anna)
    assert client["phones"][0]["written"] == number
    [consent] = shop.do("clients", "list_consents", {"person": client["id"]})["items"]
    assert (consent["purpose"], consent["text_version"], consent["proof"]) == ("marketing", "2026-01", CONSENT["proof"])
    assert shop.do("clients", "get_task", {"task_id": lead["task_id"]})["state"] == "completed"
    lead = heard(shop, lead, "deal_id")
    deal = shop.do("deals", "get_deal", {"deal_id": lead["deal_id"]})
    assert (deal["client_id"], deal["title"], deal["source"], deal["manager_id"]) == (
        client["id"],
        "Кухня из дуба",
        "Контекстная реклама",
        anna,
    )
    told = shop.refusal("clients", "convert_lead", {"lead_id": lead["id"]}, lead["version"])
    assert told["type"] == "lead-converted-already"
    assert len(shop.do("deals", "list_deals", {"client_id": client["id"]})["items"]) == 1
    of_client = shop.do("clients", "list_leads", {"client_id": client["id"]})["items"]
    assert [one["id"] for one in of_client] == [lead["id"]]


def test_a_repeated_conversion_answers_the_leads_own_version(shop):
    lead = capture(shop, phones=[phone()])
    key = new_id()
    first, second = (act(shop, "convert", lead, key) for _ in range(2))
    assert first == second


def test_a_lead_of_a_company_becomes_a_company_with_a_contact_person(shop):
    lead = capture(shop, company=f"ООО «{new_id()}»", emails=[f"{new_id()}@romashka.example"])
    done = act(shop, "convert", lead)
    client = shop.do("clients", "get_client", {"client_id": done["client_id"]})
    assert (client["kind"], client["name"], client["contact_person"]) == ("legal_entity", lead["company"], "Лосева")
    assert (done["deal_id"], done["deal_problem"]) == (None, None)


def test_a_known_client_is_chosen_instead_of_a_twin(shop):
    number = phone()
    client = create(shop, phones=[number])
    lead = capture(shop, phones=[number], consents=[CONSENT])
    body = {"lead_id": lead["id"]}
    told = shop.refusal("clients", "convert_lead", body, lead["version"])
    assert (told["type"], client["id"] in told["en"]) == ("duplicate-client", True)
    told = shop.refusal("clients", "convert_lead", {**body, "client_id": "nobody"}, lead["version"])
    assert told["type"] == "unknown-client"
    both = {**body, "client_id": client["id"], "client": {}}
    assert shop.refusal("clients", "convert_lead", both, lead["version"])["errors"][0]["code"] == "one-of"
    done = act(shop, "convert", lead, client_id=client["id"])
    assert done["client_id"] == client["id"]
    assert shop.do("clients", "get_client", {"client_id": client["id"]})["version"] == client["version"]
    assert shop.do("clients", "list_consents", {"person": client["id"]})["items"]


def test_a_consent_that_was_taken_back_later_is_not_given_again_by_an_older_lead(shop):
    number = phone()
    client = create(shop, phones=[number])
    lead = capture(shop, phones=[number], consents=[CONSENT])
    given = {**CONSENT, "what": "client", "person": client["id"], "source": "договор"}
    given = shop.do("clients", "give_consent", given)
    shop.do("clients", "revoke_consent", {"consent_id": given["id"], "source": "письмо"}, given["version"])
    act(shop, "convert", lead, client_id=client["id"])
    assert shop.do("clients", "get_consent", {"consent_id": given["id"]})["state"] == "revoked"


def test_a_deal_that_is_refused_is_told_on_the_lead(shop, monkeypatch):
    def refusing(_name: str, method: str, _arguments: Any, _context: Any) -> Any:
        raise Refused(Problem("unknown-pipeline", 422, "Воронки нет", "There is no pipeline"))

    monkeypatch.setattr(shop.runtimes["clients"], "_calls", refusing)
    done = act(shop, "convert", capture(shop, phones=[phone()]), deal_title="Кухня")
    lead = eventually(lambda: (found := again(shop, done))["deal_problem"] and found, 90)
    assert (lead["deal_problem"], lead["deal_id"], lead["state"]) == ("unknown-pipeline", None, "converted")


def test_a_forgotten_lead_is_no_client_any_more_and_is_not_converted(shop):
    anna = user(shop)
    shop.deliver()
    lead = capture(shop, phones=[phone()], assignee_id=anna)
    erasure = shop.do("clients", "erase_lead", {"lead_id": lead["id"], "reason": "просит"})
    assert (erasure["what"], erasure["state"]) == ("lead", "requested")
    assert shop.do("clients", "get_task", {"task_id": lead["task_id"]})["state"] == "cancelled"
    told = shop.refusal("clients", "convert_lead", {"lead_id": lead["id"]}, lead["version"])
    assert told["type"] == "forgotten"
    eventually(lambda: again(shop, lead)["name"] is None, 90)
    blank = again(shop, lead)
    assert (blank["phones"], blank["source"], blank["state"]) == ([], "search_ads", "new")
