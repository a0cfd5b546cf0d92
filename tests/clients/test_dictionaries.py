"""Dictionaries and the fields of cards: named, moved, retired, hidden, and added by the company."""

from typing import Any

import pytest

from services.clients.queries.dictionaries import due_defaults
from services.kernel import clock
from services.kernel.ids import new_id
from tests.clients.test_card import change, create, found, refused
from tests.system import System, sqlite_urls


def word() -> str:
    return f"w{new_id().replace('-', '')[-12:]}"


def entry(system: System, dictionary: str = "industries", **fields: Any) -> Any:
    code = word()
    return system.do(
        "clients", "add_dictionary_entry", {"dictionary": dictionary, "code": code, "name": code, **fields}
    )


def alter(system: System, one: Any, **changes: Any) -> Any:
    return system.do("clients", "change_dictionary_entry", {"entry_id": one["id"], **changes}, one["version"])


def field(system: System, kind: str, **fields: Any) -> str:
    made = {"code": word(), "label": "Посетил наш семинар", "kind": kind, **fields}
    code: str = system.do("clients", "add_client_field", made)["id"]
    return code


def test_an_entry_is_renamed_and_what_it_was_called_stays_in_its_history(furnished):
    one = alter(furnished, entry(furnished, name=f"Мебель {word()}"), name=(name := f"Мебель и свет {word()}"))
    assert one["name"] == name
    page = furnished.do("clients", "list_dictionary_entry_history", {"entry_id": one["id"], "sort": "version"})
    [told] = page["items"][1]["changes"]
    assert (told["field"], told["new"]) == ("name", name)


@pytest.mark.parametrize("same", ["code", "name"])
def test_a_dictionary_has_each_code_and_each_name_once(furnished, same):
    first = entry(furnished)
    body = {"dictionary": "industries", "code": word(), "name": word(), same: first[same]}
    if same == "name":
        body["name"] = f"«{first['name'].upper()}»"
    told = furnished.refusal("clients", "add_dictionary_entry", body)
    assert (told["type"], told["errors"][0]["field"]) == ("entry-exists", same)
    assert entry(furnished, "price_types", name=first["name"])


def test_a_name_that_was_given_up_is_free_again(furnished):
    first = entry(furnished)
    alter(furnished, first, name=word())
    assert entry(furnished, name=first["name"])


def test_an_entry_never_stands_below_itself_nor_below_nothing(furnished):
    top = entry(furnished)
    middle = entry(furnished, parent=top["code"])
    low = entry(furnished, parent=middle["code"])
    for parent, code in ((low["code"], "below-itself"), (top["code"], "below-itself"), ("nothing", "unknown-entry")):
        asked = {"entry_id": top["id"], "parent": parent}
        told = furnished.refusal("clients", "change_dictionary_entry", asked, top["version"])
        assert told["errors"][0]["code"] == code
    assert alter(furnished, low, parent=top["code"])["parent"] == top["code"]


def test_there_are_only_the_dictionaries_that_fields_choose_from(furnished):
    body = {"dictionary": "nonsense", "code": "x", "name": "x"}
    assert furnished.refusal("clients", "add_dictionary_entry", body)["type"] == "unknown-dictionary"


VALUES = [
    ("text", "с 9-00 до 18-00, кроме Сб и Вс", 5, '= "с 9-00 до 18-00*"'),
    ("number", 5, "5", ">= 5"),
    ("money", "1500.50", 1500, "> 1500"),
    ("date", "2011-09-12", "12.09.2011", '= "2011-09-12"'),
    ("flag", True, "true", "= true"),
    ("link", "https://example.org/a?b=1", "ftp://example.org", ': "example.org"'),
]


@pytest.mark.capability("CL-16")
@pytest.mark.parametrize(("kind", "value", "wrong", "condition"), VALUES, ids=[kind for kind, *_ in VALUES])
def test_a_field_of_the_companys_own_takes_values_of_its_kind_and_is_filtered_and_sorted_by(
    furnished, kind, value, wrong, condition
):
    code = field(furnished, kind)
    made, without = create(furnished, custom={code: value}), create(furnished)
    assert made["custom"] == {code: value}
    assert found(furnished, f"custom.{code} {condition}") == {made["id"]}
    assert made["id"] not in found(furnished, f"custom.{code} = null")
    assert without["id"] in found(furnished, f"custom.{code} = null")
    page = furnished.do("clients", "list_clients", {"sort": f"custom.{code}", "limit": 1})
    assert [client["id"] for client in page["items"]] == [made["id"]]
    after = furnished.do("clients", "list_clients", {"sort": f"custom.{code}", "limit": 1, "cursor": page["next"]})
    assert after["items"][0]["id"] != made["id"]
    told = refused(furnished, custom={code: wrong})
    assert (told["errors"][0]["field"], told["errors"][0]["code"]) == (f"custom.{code}", "wrong-value")
    assert change(furnished, made, custom={code: None})["custom"] == {}
    assert found(furnished, f"custom.{code} {condition}") == set()


@pytest.mark.capability("CL-16")
def test_a_field_of_choice_has_a_list_of_values_of_its_own(furnished):
    one, several = field(furnished, "choice"), field(furnished, "choices")
    for code, names in ((one, ("client", "partner")), (several, ("chairs", "parts"))):
        for name in names:
            furnished.do("clients", "add_dictionary_entry", {"dictionary": code, "code": name, "name": name})
    made = create(furnished, custom={one: "partner", several: ["chairs", "parts"]})
    assert found(furnished, f'custom.{one} = "partner" AND custom.{several} = "parts"') == {made["id"]}
    assert found(furnished, f'custom.{one} IN ("client", "partner")') == {made["id"]}
    assert refused(furnished, custom={one: "chairs"})["type"] == "unknown-entry"
    kept = change(furnished, made, custom={several: ["chairs"]})
    assert kept["custom"] == {one: "partner", several: ["chairs"]}


def test_a_field_that_nobody_added_has_no_values(furnished):
    assert refused(furnished, custom={"nonsense": "x"})["type"] == "unknown-field"
    assert refused(furnished, custom={"industry": "it"})["type"] == "unknown-field"
    told = furnished.refusal("clients", "list_clients", {"filter": 'custom.nonsense = "x"'})
    assert told["errors"][0]["code"] == "unknown-filter-field"


@pytest.mark.capability("CL-17")
def test_any_field_and_any_section_is_renamed_and_hidden_and_its_values_stay(furnished):
    made = create(furnished, industry="it")
    one = furnished.do("clients", "get_client_field", {"code": "industry"})
    changes = {"code": "industry", "label": "Сфера деятельности", "hidden": True}
    hidden = furnished.do("clients", "change_client_field", changes, one["version"])
    assert (hidden["label"], hidden["hidden"], hidden["custom"]) == ("Сфера деятельности", True, False)
    assert furnished.do("clients", "get_client", {"client_id": made["id"]})["industry"] == "it"
    listed = furnished.do("clients", "list_client_fields", {"hidden": False, "limit": 500})["items"]
    assert "industry" not in {field["id"] for field in listed}
    furnished.do("clients", "change_client_field", {**changes, "hidden": False}, hidden["version"])
    section = furnished.do("clients", "get_dictionary_entry", {"entry_id": "sections.documents"})
    section = alter(furnished, section, name=f"Бумаги {word()}", retired=True)
    shown = furnished.do("clients", "list_dictionary_entries", {"dictionary": "sections", "retired": False})["items"]
    assert section["code"] not in {one["code"] for one in shown}
    alter(furnished, section, retired=False)


@pytest.mark.capability("CL-22")
def test_the_fields_of_a_card_stand_in_a_common_and_a_special_block(furnished):
    listed = furnished.do("clients", "list_client_fields", {"limit": 500, "filter": "custom = false"})["items"]
    blocks = {field["id"]: field["block"] for field in listed}
    assert {"name": "common", "address": "common", "inn": "common"}.items() <= blocks.items()
    assert {"goods_use": "special", "business_size": "special"}.items() <= blocks.items()
    one = furnished.do("clients", "get_client_field", {"code": "seasonality"})
    moved = {"code": "seasonality", "block": "common" if one["block"] == "special" else "special"}
    assert furnished.do("clients", "change_client_field", moved, one["version"])["block"] == moved["block"]


def test_a_field_is_added_once_and_never_in_place_of_one_that_every_card_has(furnished):
    code = field(furnished, "text")
    for taken in (code, "industry"):
        body = {"code": taken, "label": "x", "kind": "text"}
        assert furnished.refusal("clients", "add_client_field", body)["type"] == "field-exists"


def test_what_an_installation_begins_with_is_made_once_and_what_was_renamed_keeps_its_name(furnished):
    with furnished.runtimes["clients"].tools.read() as connection:
        assert due_defaults(connection, clock.now()) == []
    renamed = alter(
        furnished, furnished.do("clients", "get_dictionary_entry", {"entry_id": "loyalty.low"}), name=word()
    )
    head = furnished.runtimes["clients"].store.head().position
    furnished.do("clients", "install_defaults", {})
    assert furnished.runtimes["clients"].store.head().position == head
    again = furnished.do("clients", "get_dictionary_entry", {"entry_id": "loyalty.low"})
    assert again["name"] == renamed["name"]


@pytest.mark.usefixtures("_quick_to_stop")
def test_a_name_that_the_company_has_given_already_is_not_given_twice(tmp_path):
    fresh = System(tmp_path, sqlite_urls(tmp_path), ["clients"])
    try:
        body = {"dictionary": "interaction_kinds", "code": "net", "name": "онлайн"}
        fresh.do("clients", "add_dictionary_entry", body)
        fresh.do("clients", "install_defaults", {})
        listed = fresh.do("clients", "list_dictionary_entries", {"dictionary": "interaction_kinds", "limit": 500})
        codes = {one["code"] for one in listed["items"]}
        assert {"net", "meeting", "offline"} <= codes
        assert not codes & {"online", "website"}
    finally:
        fresh.close()
