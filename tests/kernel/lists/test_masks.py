"""What is left to see of phones and e-mails."""

import pytest

from services.kernel.lists.masks import mask_email, mask_phone, masked


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
