import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clients.domain.search import searched, sought

CARD = searched(["ООО «Зелёный Дуб»", "", "7799101370", "8 (916) 111-22-33", "+79161112233", "Info@Dub.Example"])


def found(query):
    return any(part in CARD for part in sought(query))


@pytest.mark.parametrize(
    "query",
    ["зеленый", "ЗЕЛЁНЫЙ ДУБ", "910137", "8 (916) 111", "8-916-111-22-33", "+7 916 1112233", "1112233", "info@dub"],
)
def test_a_client_is_found_by_any_part_however_it_is_typed(query):
    assert found(query)


@pytest.mark.parametrize("query", ["зелёная", "8 916 111 22 34", "none", "written", "12345"])
def test_what_is_not_there_is_not_found(query):
    assert not found(query)


@given(st.text(max_size=30), st.data())
def test_every_part_of_a_text_finds_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    assert any(one in searched([text, "tail"]) for one in sought(part))
