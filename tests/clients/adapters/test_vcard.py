import pytest

from services.clients.adapters import spreadsheet
from services.clients.adapters.file_errors import BrokenFile, TooManyRows
from services.clients.domain.import_columns import map_columns
from services.clients.domain.import_rows import read_row
from tests.clients.adapters.tables import read_table

COMPANY = """BEGIN:VCARD
VERSION:3.0
FN:Кравцов Илья
N:Кравцов;Илья;Никитич;;
ORG:ООО «Ромашка»;Отдел закупок
TITLE:Директор
item1.TEL;TYPE=WORK,VOICE:+7 495 765-00-01
TEL;TYPE=CELL:8 916 123-45-67
EMAIL;TYPE=INTERNET:info@romashka.example
ADR;TYPE=WORK:;офис 5;ул. Мира\\, 1;Тверь;Тверская обл.;170000;Россия
URL:https://romashka.example
NOTE:звонить утром\\nспросить
  Анну
PHOTO;ENCODING=b:AAAA
END:VCARD
"""
PERSON = """BEGIN:VCARD
VERSION:4.0
KIND:individual
FN:Белова Анна Сергеевна
TEL;VALUE=uri;TYPE="cell,voice":tel:+79161112233
EMAIL:mailto:anna@salon.example
BDAY:19850412
END:VCARD
"""
OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D0=B5=D1=82=D1=80=D0=BE=D0=B2;=D0=98=D0=B2=
=D0=B0=D0=BD;;;
TEL;CELL;PREF:+79165556677
END:VCARD
"""


def cards(*many):
    return [row.cells for row in read_table("".join(many).encode()).rows]


def test_a_company_s_card_names_it_its_contact_person_and_everything_else_on_it():
    assert cards(COMPANY) == [
        {
            "Наименование": "ООО «Ромашка», Отдел закупок",
            "Контактное лицо": "Кравцов Илья",
            "Должность": "Директор",
            "Телефон": "+7 495 765-00-01\n8 916 123-45-67",
            "E-mail": "info@romashka.example",
            "Адрес": "170000, Россия, Тверская обл., Тверь, ул. Мира, 1, офис 5",
            "Город": "Тверь",
            "Сайт": "https://romashka.example",
            "Примечание": "звонить утром\nспросить Анну",
        }
    ]


def test_a_person_s_card_of_version_4_is_a_person():
    assert cards(PERSON) == [
        {
            "Наименование": "Белова Анна Сергеевна",
            "Вид": "физлицо",
            "Телефон": "+79161112233",
            "E-mail": "anna@salon.example",
            "День рождения": "19850412",
        }
    ]


def test_quoted_printable_of_old_phones_is_read_over_its_soft_line_ends():
    assert cards(OLD) == [{"Наименование": "Петров Иван", "Вид": "физлицо", "Телефон": "+79165556677"}]


def test_many_cards_in_any_order_of_columns_and_line_ends_are_rows_numbered_from_one():
    table = read_table(("\ufeff" + PERSON + "\n" + COMPANY + OLD).replace("\n", "\r\n").encode())
    assert [row.number for row in table.rows] == [1, 2, 3]
    assert table.rows[1].cells["Контактное лицо"] == "Кравцов Илья"


def test_what_is_on_a_card_becomes_a_client_without_a_mapping():
    table = read_table((COMPANY + PERSON).encode())
    columns = map_columns(table.headings, {})
    company, person = (read_row(row, columns).draft for row in table.rows)
    assert company
    assert person
    assert (company.fields.contact_person, company.fields.city) == ("Кравцов Илья", "Тверь")
    assert company.fields.phones == ("+7 495 765-00-01", "8 916 123-45-67")
    assert "Должность: Директор" in company.fields.note
    assert (person.kind, person.fields.emails) == ("individual", ("anna@salon.example",))


def test_a_line_that_is_no_property_costs_nothing_but_itself():
    [card] = cards(PERSON.replace("BDAY:19850412", "что-то без имени"))
    assert (card["vCard"], card["Телефон"]) == ("что-то без имени", "+79161112233")


@pytest.mark.parametrize("text", [PERSON.replace("END:VCARD\n", ""), PERSON + "TEL:1\n"], ids=["cut off", "beyond"])
def test_a_file_that_is_cut_off_or_holds_something_else_is_refused(text):
    with pytest.raises(BrokenFile):
        read_table(text.encode())


def test_there_are_no_more_cards_than_rows(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 2)
    assert len(cards(PERSON, OLD)) == 2
    with pytest.raises(TooManyRows):
        cards(PERSON, OLD, OLD)
