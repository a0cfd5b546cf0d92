import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clients.domain.contact_points import read_email, read_phone, split_contact_points
from services.clients.events.clients import Email, Phone


@pytest.mark.parametrize(
    "written", ["+7 495 123-45-67", "8 (495) 1234567", "84951234567", "495 123 45 67", "+7(495)123-45-67 доб. 12"]
)
def test_every_spelling_of_a_phone_is_one_number(written):
    assert read_phone(written) == Phone(written, "+74951234567")


@pytest.mark.parametrize("written", ["123-45-67", "нет", "+7 000", "7,91612E+10"])
def test_what_is_no_phone_stays_as_written_without_a_number(written):
    assert read_phone(written) == Phone(written, None)


def test_spaces_around_and_inside_a_phone_are_tidied():
    assert read_phone("  8  (916) 123-45-67\t").written == "8 (916) 123-45-67"


def test_a_bad_address_is_kept_and_marked_invalid():
    assert read_email("wqdqdas@sfgsr wert wert") == Email("wqdqdas@sfgsr wert wert", valid=False)


def test_a_good_address_is_marked_valid():
    assert read_email(" Info@Dub.example ") == Email("Info@Dub.example", valid=True)


def test_several_phones_in_one_cell_are_taken_apart_and_repeated_ones_once():
    cell = "8 916 123-45-67; +7 (495) 123-45-67,\n8 916  123-45-67;"
    assert split_contact_points(cell) == ("8 916 123-45-67", "+7 (495) 123-45-67")


@given(st.text())
def test_reading_again_what_was_read_changes_nothing(text):
    phone, email = read_phone(text), read_email(text)
    assert read_phone(phone.written) == phone
    assert read_email(email.address) == email
    parts = split_contact_points(text)
    assert split_contact_points(";".join(parts)) == parts


@given(st.text(alphabet="+-78 9()доб.0", max_size=20))
def test_a_number_found_is_found_again_in_itself(text):
    number = read_phone(text).number
    assert number is None or read_phone(number).number == number
