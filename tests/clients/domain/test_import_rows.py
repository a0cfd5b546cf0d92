import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clients.commands.clients import ClientFields
from services.clients.domain.import_columns import map_columns
from services.clients.domain.import_rows import SheetRow, read_row

HEADINGS = (
    "Наименование", "Полное наименование", "ИНН", "КПП", "ОГРН", "Контактное лицо", "Телефон", "Мобильный", "E-mail",
    "Город", "Адрес", "Источник", "Менеджер", "Вид", "Отрасль", "Примечание",
)  # fmt: skip
COLUMNS = map_columns(HEADINGS, {})


def read(**cells):
    """Cells by heading; «Email» stands for «E-mail» and «Полное» for «Полное наименование»."""
    long = {"Email": "E-mail", "Полное": "Полное наименование", "Контакт": "Контактное лицо"}
    return read_row(SheetRow(7, {long.get(heading, heading): text for heading, text in cells.items()}), COLUMNS)


def fields_of(cells, columns=COLUMNS):
    draft = read_row(SheetRow(2, cells), columns).draft
    assert draft is not None
    return draft.fields


def codes(row):
    return [(problem.column, problem.code) for problem in row.problems]


@pytest.mark.capability("CL-57")
def test_a_full_row_becomes_a_draft_without_problems():
    row = read(
        Наименование=" ООО  «Ромашка-Сервис»",
        ИНН="7799101370",
        КПП="779901001",
        ОГРН="1187799000014",
        Контакт="Кравцов Илья Никитич",
        Телефон="8 (495) 1234567; 495 123 45 68",
        Мобильный="8-916-123-45-67",
        Email="info@romashka.example",
        Город="Москва",
        Источник="Выставка",
        Менеджер="Петров А. И.",
        Отрасль="Услуги",
        Примечание="звонить до 18-00",
    )
    assert row.problems == ()
    assert (row.draft.kind, row.draft.manager) == ("legal_entity", "Петров А. И.")
    assert row.draft.fields == ClientFields(
        name="ООО «Ромашка-Сервис»",
        inn="7799101370",
        kpp="779901001",
        ogrn="1187799000014",
        contact_person="Кравцов Илья Никитич",
        phones=("8 (495) 1234567", "495 123 45 68", "8-916-123-45-67"),
        emails=("info@romashka.example",),
        city="Москва",
        source="Выставка",
        note="Отрасль: Услуги\nзвонить до 18-00",
    )


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"Наименование": "ООО «Дуб»"}, "legal_entity"),
        ({"Наименование": "Дуб, ЗАО"}, "legal_entity"),
        ({"Наименование": "Дуб", "Полное": "Акционерное общество «Дуб»"}, "legal_entity"),
        ({"Наименование": "Дуб", "ИНН": "7799101370"}, "legal_entity"),
        ({"Наименование": "Дуб", "КПП": "779901001"}, "legal_entity"),
        ({"Наименование": "Дуб", "ОГРН": "1187799000014"}, "legal_entity"),
        ({"Наименование": "ИП Соколов Артём Викторович"}, "sole_trader"),
        ({"Наименование": "Соколов Артём Викторович", "ОГРН": "317779900010009"}, "sole_trader"),
        ({"Наименование": "Мебель у Ани", "ИНН": "779920432107"}, "sole_trader"),
        ({"Наименование": "Соколов Артём Викторович", "ИНН": "779920432107"}, "individual"),
        ({"Наименование": "Иванова Мария Петровна"}, "individual"),
        ({"Наименование": "Мария Петровна"}, "individual"),
        ({"Наименование": "Иванова М. П."}, "individual"),
        ({"Наименование": "Гусейнов Эльчин Гасан оглы"}, "individual"),
        ({"Наименование": "ООО «Дуб»", "Вид": "Физ. лицо"}, "individual"),
    ],
)
def test_the_kind_follows_what_is_stated_then_the_legal_form_then_the_codes(cells, kind):
    row = read(**cells)
    assert row.draft.kind == kind
    assert row.problems == ()


def test_a_kind_that_nothing_tells_is_guessed_and_said():
    row = read(Наименование="Студия Кирпич")
    assert (row.draft.kind, codes(row)) == ("legal_entity", [("Наименование", "guessed-kind")])


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"ИНН": "0461111101"}, ("ИНН", "wrong-inn")),
        ({"ИНН": "779920432107"}, ("ИНН", "wrong-inn")),
        ({"ИНН": "уточнить"}, ("ИНН", "wrong-inn")),
        ({"КПП": "7799010"}, ("КПП", "wrong-kpp")),
        ({"КПП": "7799010010"}, ("КПП", "wrong-kpp")),
        ({"ОГРН": "1187799000015"}, ("ОГРН", "wrong-ogrn")),
    ],
)
def test_a_wrong_code_warns_and_the_client_is_drafted_all_the_same(cells, problem):
    row = read(Наименование="ООО «Дуб»", **cells)
    assert codes(row) == [problem]
    [written] = cells.values()
    assert (
        written in (row.draft.fields.inn, row.draft.fields.kpp, row.draft.fields.ogrn)
        or written in row.draft.fields.note
    )


@pytest.mark.parametrize(("stored", "inn"), [("299101179", "0299101179"), ("29920432160", "029920432160")])
def test_a_leading_zero_lost_to_a_number_comes_back(stored, inn):
    assert read(Наименование="ИП Дуб", ИНН=stored).draft.fields.inn == inn


def test_a_kpp_regains_its_zero_only_beside_an_inn_of_the_first_regions():
    assert read(Наименование="ООО «Дуб»", ИНН="299101179", КПП="29901001").draft.fields.kpp == "029901001"
    assert read(Наименование="ООО «Дуб»", ИНН="7799101370", КПП="79901001").draft.fields.kpp == "79901001"


def test_bad_phones_and_addresses_are_kept_with_a_warning():
    row = read(Наименование="ООО «Дуб»", Телефон="123-45-67", Email="wqdqdas@sfgsr wert wert")
    assert codes(row) == [("Телефон", "wrong-phone"), ("E-mail", "wrong-email")]
    assert (row.draft.fields.phones, row.draft.fields.emails) == (("123-45-67",), ("wqdqdas@sfgsr wert wert",))


@pytest.mark.parametrize("cells", [{"Телефон": "84951234567"}, {"Наименование": " - "}, {"Наименование": "нет"}])
def test_a_row_without_a_name_is_refused(cells):
    row = read(**cells)
    assert (row.draft, codes(row)) == (None, [("Наименование", "no-name")])
    assert row.problems[0].row == 7


def test_a_full_name_stands_in_for_a_missing_name():
    assert read(Полное="ООО «Дуб»").draft.fields.name == "ООО «Дуб»"


@pytest.mark.parametrize("nothing", ["-", "—", "нет", "Н/Д", "не указан", "?"])
def test_a_place_holder_is_no_value(nothing):
    row = read(Наименование="ООО «Дуб»", ИНН=nothing, Телефон=nothing, Email=nothing, Отрасль=nothing)
    assert (row.problems, row.draft.fields) == ((), ClientFields(name="ООО «Дуб»"))


def test_what_is_too_long_goes_to_the_note_and_a_name_is_refused():
    row = read(Наименование="ООО «Дуб»", Город="М" * 101, Телефон="8" * 61)
    assert codes(row) == [("Город", "too-long"), ("Телефон", "too-long")]
    assert row.draft.fields.note == f"Город: {'М' * 101}\nТелефон: {'8' * 61}"
    assert codes(read(Наименование="Д" * 301)) == [("Наименование", "name-too-long")]


def test_contact_points_beyond_twenty_go_to_the_note():
    row = read(Наименование="ООО «Дуб»", Email=",".join(f"a{n}@dub.example" for n in range(22)))
    assert (len(row.draft.fields.emails), row.draft.fields.note.count("E-mail: ")) == (20, 2)


def test_a_column_left_out_is_not_even_in_the_note():
    columns = map_columns(["Клиент", "Долг"], {"Долг": None})
    assert fields_of({"Клиент": "ООО «Дуб»", "Долг": "100"}, columns).note == ""


CELLS = st.dictionaries(st.sampled_from(HEADINGS), st.text(min_size=1, max_size=400))


@given(CELLS)
def test_no_cell_breaks_a_row(cells):
    row = read_row(SheetRow(2, cells), COLUMNS)
    assert row.draft is not None or [problem.code for problem in row.problems][-1] in ("no-name", "name-too-long")
    if row.draft is not None:
        texts = [row.draft.fields.name, row.draft.fields.note, *map(str, row.draft.fields.phones)]
        texts += row.draft.fields.emails
        assert all(character.isprintable() or character == "\n" for text in texts for character in text)


@given(CELLS)
def test_a_draft_read_again_is_the_same_draft(cells):
    fields = fields_of({**cells, "Наименование": "ООО «Дуб»"})
    again = {
        "Наименование": fields.name,
        "ИНН": fields.inn,
        "Телефон": "; ".join(map(str, fields.phones)),
        "E-mail": "; ".join(fields.emails),
        "Город": fields.city,
    }
    read_again = fields_of({heading: cell for heading, cell in again.items() if cell})
    for name in ("name", "inn", "phones", "emails", "city"):
        assert getattr(read_again, name) == getattr(fields, name)
