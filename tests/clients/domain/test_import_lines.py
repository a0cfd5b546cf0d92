import pytest

from services.clients.domain.import_lines import lines_of
from services.clients.domain.import_rows import SheetRow, read_row

COLUMNS = {"Имя": "name", "ИНН": "inn", "КПП": "kpp", "Телефон": "phones", "Почта": "emails", "Код": "code"}


def lines(*rows: dict[str, str]) -> list[int]:
    return lines_of([read_row(SheetRow(number, row), COLUMNS) for number, row in enumerate(rows, 2)])


def test_rows_that_have_nothing_in_common_wait_for_nobody():
    assert lines({"Имя": "Ромашка", "Телефон": "84951234567"}, {"Имя": "Василёк"}, {"Имя": "Пион"}) == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Телефон": "8 (495) 123-45-67"}, {"Телефон": "+74951234567"}),
        ({"Почта": "Info@Example.org"}, {"Почта": "info@example.org"}),
        ({"ИНН": "7707083893", "КПП": "770701001"}, {"ИНН": "7707083893", "КПП": "775001001"}),
        ({"Код": "000000012"}, {"Код": "000000012"}),
        ({"Имя": "ООО «Ромашка»"}, {"Имя": "Romashka, ООО"}),
    ],
    ids=["phone", "e-mail", "branches", "code", "name"],
)
def test_rows_that_may_mean_one_client_are_in_one_line(one, other):
    assert lines({"Имя": "Первый", **one}, {"Имя": "Чужой"}, {"Имя": "Второй", **other}) == [0, 1, 0]


def test_a_row_that_is_like_two_others_brings_them_into_one_line():
    rows = (
        {"Имя": "Первый", "Телефон": "84951234567"},
        {"Имя": "Второй", "Почта": "a@example.org"},
        {"Имя": "Третий", "Телефон": "84951234567", "Почта": "a@example.org"},
    )
    assert lines(*rows) == [0, 0, 0]


def test_what_is_no_phone_and_rows_without_a_client_make_nobody_wait():
    assert lines({"Имя": "Первый", "Телефон": "нет звонить"}, {"Имя": "Второй", "Телефон": "нет звонить"}) == [0, 1]
    assert lines({"Телефон": "84951234567"}, {"Имя": "Второй", "Телефон": "84951234567"}) == [0, 1]
