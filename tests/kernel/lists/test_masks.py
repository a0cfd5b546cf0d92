"""What is left to see of phones and e-mails."""

import pytest

from services.kernel.lists.masks import mask_email, mask_phone, masked, masked_data


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("+79161231234", "+7 *** ***-12-34"),
        ("8 (916) 123-12-34", "+7 *** ***-12-34"),
        ("123-12-34", "*** ***-12-34"),
        ("+375 29 123-12-34", "*** ***-12-34"),
        ("12-34", "***"),
        ("позвонить вечером", "***"),
        ("", "***"),
    ],
)
def test_of_a_phone_the_last_four_digits_are_seen(written, seen):
    assert mask_phone(written) == seen


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("иван@example.ru", "и***@example.ru"),
        ("a@b@example.ru", "a***@example.ru"),
        ("@example.ru", "***"),
        ("просто текст", "***"),
        ("", "***"),
    ],
)
def test_of_an_address_the_first_letter_and_the_domain_are_seen(written, seen):
    assert mask_email(written) == seen


def test_every_text_inside_is_masked_and_nothing_else():
    emails = [{"address": "иван@example.ru", "valid": True}, None]
    assert masked(emails, "email") == [{"address": "и***@example.ru", "valid": True}, None]


DATA = {
    "name": "Кравцов",
    "phones": [{"as_given": "8 916 123-45-67", "e164": "+79161234567"}],
    "after": {"emails": [{"address": "info@romashka.example", "valid": True}], "city": "Тверь"},
    "address": "info@romashka.example",
}


def test_of_an_event_without_masks_everything_is_seen():
    assert masked_data(DATA, ()) == DATA


def test_of_an_event_masked_kinds_are_seen_in_part_at_any_depth():
    seen = masked_data(DATA, ("email", "phone"))
    assert "info@" not in str(seen)
    assert "916" not in str(seen)
    assert (seen["name"], seen["after"]["city"]) == ("Кравцов", "Тверь")
    assert seen["after"]["emails"][0]["valid"] is True


def test_of_an_event_one_kind_is_masked_without_the_other():
    seen = masked_data(DATA, ("phone",))
    assert "916" not in str(seen)
    assert seen["address"] == "info@romashka.example"
