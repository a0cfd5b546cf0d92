"""The card of a client: what it holds, how it is checked, found and changed."""

from typing import Any

import pytest

from services.kernel.ids import new_id
from tests.contracts.valid import CARD
from tests.system import System

BANK = CARD["bank_accounts"][0]


def create(system: System, **card: Any) -> Any:
    return system.do("clients", "create_client", {"kind": "legal_entity", "name": f"ООО «{new_id()}»", **card})


def change(system: System, client: Any, **card: Any) -> Any:
    return system.do("clients", "change_client", {"client_id": client["id"], **card}, client["version"])


def refused(system: System, **card: Any) -> Any:
    body = {"kind": "legal_entity", "name": f"ООО «{new_id()}»", **card}
    return system.refusal("clients", "create_client", body)


def found(system: System, filter_: str, **asked: Any) -> set[str]:
    page = system.do("clients", "list_clients", {"filter": filter_, "limit": 500, **asked})
    return {client["id"] for client in page["items"]}


@pytest.mark.capability("CL-01")
def test_one_base_holds_companies_traders_and_people_those_who_only_asked_a_price_too(furnished):
    made = {
        kind: furnished.do("clients", "create_client", {"kind": kind, "name": new_id(), "note": "спросил цену"})
        for kind in ("legal_entity", "sole_trader", "individual")
    }
    for kind, client in made.items():
        assert client["id"] in found(furnished, f'kind = {kind} AND note : "спросил цену"')


@pytest.mark.capability("CL-02")
def test_a_party_may_be_buyer_and_supplier_at_once_and_is_found_as_either(furnished):
    both = create(furnished, roles=["buyer", "supplier"], actual_address="склад, с 9 до 18")
    landlord = create(furnished, roles=["landlord"])
    assert both["roles"] == ["buyer", "supplier"]
    assert found(furnished, 'roles = "supplier" AND roles = "buyer"') >= {both["id"]}
    assert landlord["id"] not in found(furnished, 'roles = "supplier"')
    assert refused(furnished, roles=["friend"])["type"] == "unknown-entry"


@pytest.mark.capability("CL-03")
def test_a_card_has_names_a_kind_a_day_of_registration_and_a_code_of_nine_digits_of_its_own(furnished):
    full = "Закрытое акционерное общество «Прайм-М - агентство»"
    first = create(furnished, full_name=full, registered_on="2011-09-01")
    second = create(furnished)
    assert (first["full_name"], first["registered_on"], first["kind"]) == (full, "2011-09-01", "legal_entity")
    assert all(client["code"].isdigit() and len(client["code"]) == 9 for client in (first, second))
    assert first["code"] < second["code"]


@pytest.mark.capability("CL-04")
@pytest.mark.parametrize(
    ("codes", "blamed"),
    [({"inn": "0461111101"}, "inn"), ({"kpp": "77100100"}, "kpp"), ({"okpo": "4566666"}, "okpo")],
    ids=["inn", "kpp", "okpo"],
)
def test_a_wrong_code_is_refused_and_kept_with_a_mark_where_it_is_accepted_all_the_same(furnished, codes, blamed):
    [error] = refused(furnished, **codes)["errors"]
    assert (error["field"], error["code"]) == (blamed, f"wrong-{blamed}")
    kept = create(furnished, **codes, accept_unverified=True, allow_duplicate=True)
    assert (kept[blamed], kept["verified"]) == (codes[blamed], False)
    assert kept["id"] in found(furnished, "verified = false")
    assert change(furnished, kept, **{blamed: ""})["verified"]


def test_good_codes_pass(furnished):
    assert create(furnished, inn="7799101370", kpp="771001001", okpo="00032537", allow_duplicate=True)["verified"]


@pytest.mark.capability("CL-05")
def test_groups_are_a_tree_and_a_group_is_asked_with_all_below_it(furnished):
    for code, parent in (("retail_buyers", "buyers"), ("kiosks", "retail_buyers")):
        entry = {"dictionary": "client_groups", "code": f"{code}_{new_id()}", "name": new_id(), "parent": parent}
        entry |= {"code": code, "name": f"{code} {new_id()}"}
        if not furnished.do("clients", "list_dictionary_entries", {"filter": f'code = "{code}"'})["items"]:
            furnished.do("clients", "add_dictionary_entry", entry)
    kiosk, buyer = create(furnished, group="kiosks"), create(furnished, group="buyers")
    supplier = create(furnished, group="suppliers")
    tree = furnished.do("clients", "list_dictionary_entries", {"dictionary": "client_groups"})["items"]
    assert {"buyers": None, "retail_buyers": "buyers", "kiosks": "retail_buyers"}.items() <= {
        entry["code"]: entry["parent"] for entry in tree
    }.items()
    below = {client["id"] for client in _all(furnished, group_below="buyers")}
    assert {kiosk["id"], buyer["id"]} <= below
    assert supplier["id"] not in below
    assert {client["id"] for client in _all(furnished, group_below="kiosks")} == {kiosk["id"]}
    assert found(furnished, 'group = "kiosks"') == {kiosk["id"]}


def _all(system: System, **asked: Any) -> Any:
    return system.do("clients", "list_clients", {"limit": 500, **asked})["items"]


@pytest.mark.capability("CL-07")
def test_a_client_has_many_ways_to_be_reached_each_of_its_kind(furnished):
    phones = [
        {"written": "8 (495) 765-00-01", "kind": "work"},
        {"written": "+7 916 123-45-67", "kind": "mobile"},
        {"written": "8 499 123-45-68", "kind": "home"},
        {"written": "8 495 765-00-02", "kind": "fax"},
        "8 495 765-00-03 доб. 12",
    ]
    kinds = ("site", "skype", "icq", "telegram", "vk", "other")
    links = [{"kind": kind, "value": f"{kind}: 451-02-81"} for kind in kinds]
    addresses = {"address": "Москва г, Чаянова ул., д. 22", "actual_address": "Химки г, Лесная ул., д. 3"}
    made = create(
        furnished, phones=phones, links=links, emails=["info@reach.example"], **addresses, allow_duplicate=True
    )
    assert [phone["kind"] for phone in made["phones"]] == ["work", "mobile", "home", "fax", ""]
    assert [phone["number"] for phone in made["phones"]][:2] == ["+74957650001", "+79161234567"]
    assert made["links"] == links
    assert {name: made[name] for name in addresses} == addresses
    assert made["id"] in found(furnished, 'links : "telegram: 451"')
    again = change(furnished, made, phones=[*phones[:1], "8 916 123-45-69"])
    assert [(phone["written"], phone["kind"]) for phone in again["phones"]] == [
        ("8 (495) 765-00-01", "work"),
        ("8 916 123-45-69", ""),
    ]


@pytest.mark.capability("CL-11")
def test_a_client_has_several_bank_accounts_one_of_them_the_main(furnished):
    second = {**BANK, "account": "40702810700010007698", "main": False}
    error = refused(furnished, bank_accounts=[BANK, second])["errors"][0]
    assert (error["field"], error["code"]) == ("bank_accounts.1.account", "wrong-account")
    kept = create(furnished, bank_accounts=[BANK, second], accept_unverified=True)
    assert [account["main"] for account in kept["bank_accounts"]] == [True, False]
    assert not kept["verified"]
    assert change(furnished, kept, bank_accounts=[BANK])["verified"]
    wrong = {**BANK, "bic": "144525971"}
    assert refused(furnished, bank_accounts=[wrong])["errors"][0]["field"] == "bank_accounts.0.bic"
    two = refused(furnished, bank_accounts=[BANK, BANK])
    assert two["errors"][0]["code"] == "several-main"


DETAILS: dict[str, Any] = {
    "price_type": "wholesale",
    "default_contract": "№ 28 от 02.12.2009, руб.",
    "settlement_accounts": {
        "buyer": "62.01",
        "buyer_advance": "62.02",
        "supplier": "60.01",
        "supplier_advance": "60.02",
    },
    "region": "Московская область",
    "city": "Химки",
    "district": "Царицыно",
    "industry": "publishing",
    "industry_segment": "журналы",
    "relation_type": "vip",
    "loyalty": "high",
    "prospects": "medium",
    "interests": ["стулья", "столы"],
    "needs": ["сборка"],
    "preferences": "любит чай",
    "seasonality": "август",
    "purchase_period_days": 90,
    "sales_channel": "chain",
    "potential": "1500000.00",
    "choice_factors": ["price", "delivery_time"],
    "portrait": "сеть из трёх магазинов",
    "mailing_groups": ["news", "offers"],
    "business_size": "120 сотрудников",
    "goods_use": "для перепродажи",
    "source": "рекомендация",
}


@pytest.mark.capability("CL-12")
@pytest.mark.capability("CL-14")
@pytest.mark.capability("CL-19")
@pytest.mark.capability("CL-39")
@pytest.mark.capability("CL-63")
def test_what_a_card_holds_is_shown_filtered_by_changed_and_told_in_its_history(furnished):
    made = create(furnished, **DETAILS)
    assert {name: made[name] for name in DETAILS} == DETAILS
    for name, value in DETAILS.items():
        shown = value if isinstance(value, str) else None
        written = f'"{shown}"' if shown else value[0].join('""') if isinstance(value, list) else None
        if name == "potential":
            assert made["id"] in found(furnished, "potential >= 1000000 AND potential < 2000000")
        elif name == "purchase_period_days":
            assert made["id"] in found(furnished, "purchase_period_days <= 90")
        elif name == "settlement_accounts":
            assert made["id"] in found(furnished, 'settlement_accounts = "62.01"')
        else:
            assert made["id"] in found(furnished, f"{name} = {written}")
    other: dict[str, Any] = {
        "industry": "it",
        "potential": "10.00",
        "interests": [],
        "price_type": None,
        "purchase_period_days": None,
    }
    changed = change(furnished, made, **other)
    assert {name: changed[name] for name in other} == other
    assert changed["region"] == DETAILS["region"]
    history = furnished.do("clients", "list_client_history", {"client_id": made["id"], "sort": "version"})["items"]
    told = {change["field"]: (change["old"], change["new"]) for change in history[1]["changes"]}
    assert told["industry"] == ("publishing", "it")
    assert told["potential"] == ("1500000.00", "10.00")


@pytest.mark.parametrize(
    ("card", "field"),
    [
        ({"industry": "nonsense"}, "industry"),
        ({"choice_factors": ["price", "nonsense"]}, "choice_factors"),
        ({"price_type": "vip"}, "price_type"),
    ],
    ids=["one", "several", "of-another-dictionary"],
)
def test_a_code_that_is_in_no_dictionary_is_refused(furnished, card, field):
    told = refused(furnished, **card)
    assert (told["type"], told["errors"][0]["field"]) == ("unknown-entry", field)


def test_what_is_retired_stays_where_it_is_held_and_is_chosen_no_more(furnished):
    code = f"x{new_id()[:8]}".replace("-", "")
    entry = {"dictionary": "industries", "code": code, "name": f"Отрасль {code}"}
    entry = furnished.do("clients", "add_dictionary_entry", entry)
    made = create(furnished, industry=code)
    retired = {"entry_id": entry["id"], "retired": True}
    furnished.do("clients", "change_dictionary_entry", retired, entry["version"])
    assert refused(furnished, industry=code)["type"] == "unknown-entry"
    assert change(furnished, made, industry=code, city="Тверь")["industry"] == code


@pytest.mark.capability("CL-13")
def test_a_client_has_its_defaults_for_manager_group_bank_account_and_contract(furnished):
    user = furnished.do("gateway", "create_user", {"name": "Белова Анна", "role": "sales_manager"})["id"]
    made = create(
        furnished, manager_id=user, group="buyers", bank_accounts=[BANK], default_contract="№ 28 от 02.12.2009, руб."
    )
    assert (made["manager_id"], made["group"]) == (user, "buyers")
    assert made["bank_accounts"][0]["main"]
    assert made["default_contract"] == "№ 28 от 02.12.2009, руб."


def test_who_found_a_card_right_and_when_stands_in_it_until_somebody_does_so_again(furnished):
    made = create(furnished)
    assert (made["checked_at"], made["checked_by"]) == (None, None)
    checked = furnished.do("clients", "check_client", {"client_id": made["id"]}, made["version"])
    assert checked["checked_by"] == "user-1"
    assert made["id"] in found(furnished, "checked_at != null")
    again = furnished.do("clients", "check_client", {"client_id": made["id"]}, checked["version"])
    assert again["checked_at"] > checked["checked_at"]
