import re

import pytest

from tests.contracts.problem_types import DOCUMENT, refusals, table


def test_every_problem_type_is_documented_with_its_status():
    assert DOCUMENT.read_text(encoding="utf-8").endswith(table())


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.__name__)
def test_a_refusal_speaks_russian_and_english(refusal):
    assert re.search("[а-яё]", refusal.ru.lower())
    assert re.search("[a-z]", refusal.en)
    assert not re.search("[а-яё]", refusal.en.lower())
