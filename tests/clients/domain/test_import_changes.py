import pytest

from services.clients.commands.clients import ClientFields, CreateClient
from services.clients.domain.client import card_of, create_client
from services.clients.domain.import_changes import changes_by
from services.clients.domain.import_rows import MAX_NOTE

HELD = ClientFields(
    "ООО «Ромашка»",
    city="Тверь",
    phones=("8 495 765-00-01",),
    emails=("info@romashka.example",),
    note="любит дуб",
    details={"region": "Тверская область"},
)
[CREATED] = create_client(CreateClient("legal_entity", HELD, "c-1"))
CARD = card_of(CREATED)


def changes(existing, **fields):
    return changes_by(CARD, ClientFields("ООО «Ромашка»", **fields), existing)


def test_filling_gives_only_empty_fields_a_value():
    given = {"city": "Клин", "address": "ул. Мира, 1", "details": {"region": "Москва", "district": "Центр"}}
    assert changes("fill", **given) == {"address": "ул. Мира, 1", "district": "Центр"}


def test_overwriting_gives_every_field_that_the_row_names_its_value_and_empties_none():
    assert changes("overwrite", city="Клин", details={"region": ""}) == {"city": "Клин"}


def test_a_phone_or_address_that_is_known_stays_as_it_is_written():
    same = {"phones": ("+7 (495) 765 00 01",), "emails": ("INFO@romashka.example",)}
    assert changes("fill", **same) == changes("overwrite", **same) == {}


def test_filling_adds_phones_and_overwriting_takes_those_of_the_row():
    for existing, numbers in (("fill", ["+74957650001", "+79161234567"]), ("overwrite", ["+79161234567"])):
        assert [phone.number for phone in changes(existing, phones=("8 916 123-45-67",))["phones"]] == numbers


@pytest.mark.parametrize("existing", ["fill", "overwrite"])
def test_a_note_loses_nothing_and_gets_each_line_once(existing):
    assert changes(existing, note="любит дуб\nзвонить утром") == {"note": "любит дуб\nзвонить утром"}
    assert changes(existing, note="любит дуб") == {}
    assert changes(existing, note="я" * MAX_NOTE) == {}
