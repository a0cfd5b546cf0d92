import pytest

from services.clients.domain.import_columns import map_columns
from services.kernel.errors import Invalid


def test_the_minimum_card_is_understood_in_the_words_of_its_owners():
    headings = ["название", "контактное лицо", "номер телефона", "мобильный номер", "адрес электронной почты"]
    assert list(map_columns(headings, {}).values()) == ["name", "contact_person", "phones", "phones", "emails"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("НАИМЕНОВАНИЕ", "name"),
        ("E-mail", "emails"),
        ("Эл. почта:", "emails"),
        ("Телефон (2)", "phones"),
        ("Юр./физ. лицо", "kind"),
        ("Населённый пункт", "city"),
        ("Откуда узнали?", "source"),
    ],
)
def test_case_punctuation_and_repetition_do_not_matter(heading, field):
    assert map_columns([heading, "Клиент"], {})[heading] == field


@pytest.mark.capability("CL-57")
def test_an_explicit_mapping_wins_over_a_guess():
    columns = map_columns(["Телефон", "Клиент", "Фирма", "Код"], {"Телефон": None, "Фирма": "name"})
    assert columns == {"Телефон": None, "Фирма": "name"}


def test_the_first_of_two_columns_for_one_value_has_it():
    assert map_columns(["Клиент", "Название"], {}) == {"Клиент": "name"}


def test_a_table_without_names_is_refused():
    with pytest.raises(Invalid) as refusal:
        map_columns(["ИНН", "Телефон"], {})
    assert [error.code for error in refusal.value.errors] == ["no-name-column"]


def test_a_mapping_of_what_does_not_exist_is_refused():
    with pytest.raises(Invalid) as refusal:
        map_columns(["Клиент"], {"Фирма": "name", "Клиент": "nickname"})
    assert [(error.field, error.code) for error in refusal.value.errors] == [
        ("columns.Фирма", "unknown-column"),
        ("columns.Клиент", "unknown-field"),
    ]
