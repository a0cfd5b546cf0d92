import pytest

from services.clients.commands import ClientFields
from services.clients.domain.identity import IdentityKey
from services.clients.domain.import_outcome import draft_keys, settle
from services.clients.domain.import_rows import ClientDraft, Problem, ReadRow


def row(**fields):
    return ReadRow(5, ClientDraft("legal_entity", ClientFields(**{"name": "ООО «Дуб»", **fields}), ""), ())


def known(**fields):
    return dict.fromkeys(draft_keys(row(**fields).draft), "first")


def test_only_valid_contact_points_are_keys():
    keys = draft_keys(row(phones=("123", "84951234567"), emails=("bad", "A@dub.example")).draft)
    assert keys == {
        IdentityKey("name", "дуб"),
        IdentityKey("phone", "+74951234567"),
        IdentityKey("email", "a@dub.example"),
    }


@pytest.mark.capability("CL-26")
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"inn": "7799101370", "kpp": "779901001"}, "duplicate-inn"),
        ({"phones": ("+7 495 123-45-67",)}, "duplicate-phone"),
        ({"emails": ("ad@erw.ru",)}, "duplicate-email"),
        ({"inn": "7799101370", "kpp": "779901001", "emails": ("ad@erw.ru",)}, "duplicate-inn"),
    ],
)
def test_a_row_that_repeats_a_sure_sign_is_a_duplicate_and_says_of_whom(fields, code):
    settled = settle(row(**fields, name="Другое имя"), known(**fields))
    assert (settled.outcome, settled.same_as) == ("duplicate", "first")
    assert [problem.code for problem in settled.problems] == [code]


def test_a_name_with_nothing_else_beside_it_is_a_duplicate():
    assert settle(row(name="дуб"), known()).outcome == "duplicate"


def test_a_namesake_with_signs_of_its_own_is_created_with_a_warning():
    settled = settle(row(phones=("84951234567",)), known(emails=("ad@erw.ru",)))
    assert (settled.outcome, settled.same_as) == ("created", "first")
    assert [problem.code for problem in settled.problems] == ["same-name"]


def test_a_branch_of_a_known_company_is_a_client_of_its_own():
    assert settle(row(inn="7799101370", kpp="789943001"), known(inn="7799101370", kpp="779901001")).outcome == "created"


def test_a_row_without_a_draft_is_refused_with_its_problems():
    problem = Problem(5, "Наименование", "no-name", "Нет", "None")
    assert settle(ReadRow(5, None, (problem,)), {}) == settle(ReadRow(5, None, (problem,)), known())
    assert settle(ReadRow(5, None, (problem,)), {}).outcome == "refused"
