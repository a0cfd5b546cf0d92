import dataclasses
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clients.commands.card import BY_NAME, CARD
from services.clients.commands.clients import AssignClient, ChangeClient, ClientFields, CreateClient
from services.clients.domain.client import Client, assign_client, change_client, create_client, evolve
from services.clients.events.clients import ClientAssigned, ClientChanged, Email, Phone, personal_fields
from services.kernel.errors import Invalid
from services.kernel.events import Registry

FIELDS = ClientFields(
    name="ООО «Ромашка»",
    inn="7799101370",
    kpp="779901001",
    phones=("8 (495) 123-45-67",),
    emails=("info@romashka.example", "wqdqdas@sfgsr wert wert"),
    city="Москва",
)


def command(kind: Any = "legal_entity", **fields: Any) -> CreateClient:
    accept = fields.pop("accept_unverified", False)
    return CreateClient(kind, dataclasses.replace(FIELDS, **fields), client_id="c-1", accept_unverified=accept)


def client(kind: Any = "legal_entity", **fields: Any) -> Client:
    [created] = create_client(command(kind, accept_unverified=True, **fields))
    return evolve(None, created)


def change(of: Client, *, accept_unverified: bool = False, **changes: Any) -> list[ClientChanged]:
    return change_client(of, ChangeClient(of.id, changes, accept_unverified=accept_unverified))


def codes(refused: Any) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in refused.value.errors]


def test_a_client_with_valid_codes_is_verified():
    [created] = create_client(command())
    assert (created.client_id, created.kind, created.name, created.verified) == (
        "c-1",
        "legal_entity",
        "ООО «Ромашка»",
        True,
    )


def test_phones_are_kept_as_written_beside_their_number_and_addresses_with_their_validity():
    [created] = create_client(command())
    assert created.phones == (Phone("8 (495) 123-45-67", "+74951234567"),)
    assert created.emails == (Email("info@romashka.example"), Email("wqdqdas@sfgsr wert wert", valid=False))


@pytest.mark.parametrize(
    ("kind", "fields", "blamed"),
    [
        ("legal_entity", {"inn": "7799101371"}, "inn"),
        ("legal_entity", {"inn": "779910137"}, "inn"),
        ("legal_entity", {"inn": "500100732259"}, "inn"),
        ("individual", {"inn": "7799101370", "kpp": ""}, "inn"),
        ("legal_entity", {"kpp": "77990100"}, "kpp"),
        ("sole_trader", {"inn": "", "kpp": "779901001"}, "kpp"),
        ("individual", {"inn": "", "kpp": "779901001"}, "kpp"),
        ("legal_entity", {"ogrn": "1187799000015"}, "ogrn"),
    ],
)
def test_a_code_that_fails_its_check_is_refused_unless_it_is_accepted_unverified(kind, fields, blamed):
    with pytest.raises(Invalid) as refused:
        create_client(command(kind, **fields))
    assert codes(refused) == [(blamed, f"wrong-{blamed}")]
    [created] = create_client(command(kind, **fields, accept_unverified=True))
    assert not created.verified


def test_all_wrong_codes_are_named_at_once():
    with pytest.raises(Invalid) as refused:
        create_client(command(inn="1", kpp="2", ogrn="3"))
    assert codes(refused) == [("inn", "wrong-inn"), ("kpp", "wrong-kpp"), ("ogrn", "wrong-ogrn")]


def test_a_client_needs_no_codes_at_all():
    [created] = create_client(command("individual", inn="", kpp=""))
    assert created.verified


def test_only_what_really_changes_is_said_to_change():
    before = client()
    assert change(before, city="Москва", phones=("8 (495) 123-45-67",)) == []
    [changed] = change(before, city="Тверь", name="ООО «Ромашка»")
    assert changed == ClientChanged("c-1", ("city",), {"city": "Москва"}, {"city": "Тверь"})


def test_personal_fields_of_a_company_change_apart_from_the_others():
    [changed] = change(client(), note="позвонить", city="Тверь")
    assert (changed.before, changed.after) == ({"city": "Москва"}, {"city": "Тверь"})
    assert (changed.personal_before, changed.personal_after) == ({"note": ""}, {"note": "позвонить"})
    assert changed.fields == ("city", "note")


def test_a_persons_name_is_personal_and_a_companys_is_not():
    [of_person] = change(client("individual", inn="", kpp=""), name="Петров Пётр")
    assert (of_person.after, of_person.personal_after) == ({}, {"name": "Петров Пётр"})
    [of_company] = change(client(), name="ООО «Василёк»")
    assert (of_company.after, of_company.personal_after) == ({"name": "ООО «Василёк»"}, None)


def test_a_change_to_a_wrong_code_blames_only_what_is_changed():
    before = client(inn="1")
    with pytest.raises(Invalid) as refused:
        change(before, kpp="5")
    assert codes(refused) == [("kpp", "wrong-kpp")]
    assert change(before, city="Тверь")


def test_the_mark_of_verification_follows_the_codes():
    wrong = client(inn="1")
    assert not wrong.verified
    [put_right] = change(wrong, inn="7799101370")
    assert put_right.fields == ("inn", "verified")
    assert (put_right.before["verified"], put_right.after["verified"]) == (False, True)
    right = evolve(wrong, put_right)
    assert right.verified
    [spoiled] = change(right, inn="2", accept_unverified=True)
    assert not evolve(right, spoiled).verified


def test_a_client_is_assigned_handed_over_and_taken_back_with_its_history():
    free = client()
    assert assign_client(free, AssignClient("c-1", None)) == []
    [taken] = assign_client(free, AssignClient("c-1", "u-1"))
    assert taken == ClientAssigned("c-1", None, "u-1")
    of_first = evolve(free, taken)
    assert assign_client(of_first, AssignClient("c-1", "u-1")) == []
    assert assign_client(of_first, AssignClient("c-1", "u-2")) == [ClientAssigned("c-1", "u-1", "u-2")]
    assert assign_client(of_first, AssignClient("c-1", None)) == [ClientAssigned("c-1", "u-1", None)]


CODES = ("inn", "kpp", "ogrn", "okpo")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        **{name: TEXTS for name in CARD if BY_NAME[name].kind == "text" and name not in CODES},
        **{name: st.lists(TEXTS, max_size=3).map(tuple) for name in ("phones", "emails")},
        **{name: st.sampled_from(["", "1", "7799101370", "779901001"]) for name in CODES},
        **{name: st.none() | TEXTS for name in CARD if BY_NAME[name].kind in ("choice", "money", "date")},
        **{name: st.lists(TEXTS, max_size=3) for name in CARD if BY_NAME[name].kind in ("choices", "texts")},
        "bank_accounts": st.lists(st.just({"bic": "1", "account": "2"}), max_size=2),
        "custom": st.dictionaries(TEXTS, st.integers() | TEXTS | st.booleans(), max_size=2),
    },
)


@given(st.sampled_from(["legal_entity", "sole_trader", "individual"]), st.lists(CHANGES, max_size=4))
def test_changes_come_out_of_the_store_as_they_went_in(kind, many):
    registry = Registry([ClientChanged])
    state = client(kind)
    for changes in many:
        for event in change(state, accept_unverified=True, **changes):
            encoded = registry.encode(event)
            personal = {name: value for part in encoded.personal.values() for name, value in part.items()}
            stored = msgspec.json.decode(msgspec.json.encode(personal))
            assert not set(personal_fields(kind)) & msgspec.json.decode(encoded.payload)["after"].keys()
            state = evolve(state, registry.decode(encoded.type, 1, encoded.payload, stored))
        assert change(state, accept_unverified=True, **changes) == []
