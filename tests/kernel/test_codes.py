import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.codes import (
    Phone,
    account_ok,
    bic_ok,
    corr_account_ok,
    email_ok,
    inn_ok,
    kpp_ok,
    ogrn_ok,
    phone_e164,
)

SAMPLES = json.loads(Path(__file__).with_name("samples.json").read_text())
HOLDERS = SAMPLES["organisations"] + SAMPLES["entrepreneurs"] + SAMPLES["individuals"]
PHONES = [(written, sample) for sample in SAMPLES["phones"] for written in sample["written"]]
BIC = "044525971"


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: holder["inn"])
def test_codes_of_the_sample_holders_are_possible(holder):
    assert inn_ok(holder["inn"])
    assert account_ok(holder["account"], holder["bic"])
    if "kpp" in holder:
        assert kpp_ok(holder["kpp"])
    for ogrn in filter(None, (holder.get("ogrn"), holder.get("ogrnip"))):
        assert ogrn_ok(ogrn)


@pytest.mark.parametrize("bank", SAMPLES["banks"], ids=lambda bank: bank["bic"])
def test_codes_of_the_sample_banks_are_possible(bank):
    assert bic_ok(bank["bic"])
    assert corr_account_ok(bank["corr_account"], bank["bic"])


@pytest.mark.parametrize("sample", SAMPLES["edge_ogrnip"], ids=lambda sample: sample["ogrnip"])
def test_an_ogrnip_with_a_remainder_above_nine_is_valid(sample):
    assert ogrn_ok(sample["ogrnip"])


@pytest.mark.parametrize(
    "inn",
    [
        "7799101371",
        "0000000000",
        "000000000000",
        "779920432108",
        "77991013",
        "",
        "7799101370\n",
        "٧٧٩٩١٠١٣٧٠",
        "77991013700",
    ],
)
def test_a_wrong_inn_is_refused(inn):
    assert not inn_ok(inn)


@pytest.mark.parametrize("kpp", ["77990100", "7799А1001", "7799a1001", "000001001", "779901001\n", ""])  # А is Cyrillic
def test_a_wrong_kpp_is_refused(kpp):
    assert not kpp_ok(kpp)


def test_the_reason_in_a_kpp_may_have_latin_capitals():
    assert kpp_ok("7799AB001")


@pytest.mark.parametrize(
    "ogrn", ["1187799000015", "317779900010008", "0187799000014", "517779900010009", "11877990000", ""]
)
def test_a_wrong_ogrn_is_refused(ogrn):
    assert not ogrn_ok(ogrn)


@pytest.mark.parametrize("bic", ["14452597", "144525971", "04452597", "0445259711", ""])
def test_a_wrong_bic_is_refused(bic):
    assert not bic_ok(bic)


@pytest.mark.parametrize(
    ("account", "bic"),
    [
        ("40702810300010001111", BIC),
        ("40702810200010001111", "044030972"),
        ("4070281020001000111", BIC),
        ("40702810200010001111", "14452597"),
        ("4070281020001000111А", BIC),
    ],
)
def test_an_account_with_a_wrong_key_or_of_another_bank_is_refused(account, bic):
    assert not account_ok(account, bic)


@pytest.mark.parametrize(
    ("account", "bic"),
    [("30101810100000000971", BIC), ("30101810000000000971", "044030972"), ("40702810200010001111", BIC)],
)
def test_a_correspondent_account_with_a_wrong_key_or_of_another_bank_is_refused(account, bic):
    assert not corr_account_ok(account, bic)


def test_an_account_in_a_unit_of_the_central_bank_has_its_key_over_the_unit_number():
    # the key digit of 40102810?45370000003 over 0 + digits 5-6 of the БИК
    assert [digit for digit in "0123456789" if account_ok(f"40102810{digit}45370000003", "004525988")] == []
    assert len([digit for digit in "0123456789" if account_ok(f"40102810{digit}45370000003", "044525000")]) == 1


@given(st.sampled_from([holder["inn"] for holder in HOLDERS]), st.integers(1, 9))
def test_any_other_check_digit_of_an_inn_is_noticed(inn, step):
    assert not inn_ok(inn[:-1] + str((int(inn[-1]) + step) % 10))


@given(st.text(max_size=30))
def test_any_text_is_answered(text):
    for check in (inn_ok, kpp_ok, ogrn_ok, bic_ok, email_ok):
        assert check(text) in {True, False}
    assert isinstance(phone_e164(text), Phone | None)
    assert account_ok(text, text) is corr_account_ok(text, text) is False


@pytest.mark.parametrize(("written", "sample"), PHONES, ids=[written for written, _ in PHONES])
def test_sample_phones_are_read(written, sample):
    phone = phone_e164(written)
    assert (phone.number if phone else None) == sample["e164"]


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("9161234567", Phone("+79161234567")),
        ("79161234567", Phone("+79161234567")),
        ("8 10 375 17 2345678", Phone("+375172345678")),
        ("8(495)1234567 доб. 123", Phone("+74951234567", "123")),
        ("8 495 123 45 67, вн. 12", Phone("+74951234567", "12")),
        ("8 495 123-45-67 внутренний 7", Phone("+74951234567", "7")),
        ("+8 916 123-45-67", Phone("+79161234567")),
        ("+8(495)123-45-67", Phone("+74951234567")),
        ("+89161234567", Phone("+79161234567")),
        ("+86 10 6552 9988", Phone("+861065529988")),
        ("+7 701 123 45 67", Phone("+77011234567")),
    ],
)
def test_a_phone_is_read_as_it_is_written_in_russia(written, phone):
    assert phone_e164(written) == phone


@pytest.mark.parametrize("written", ["123-45-67", "доб. 5", "", "wqdqdas", "8 916 123 45 6", "0" * 1000])
def test_an_incomplete_phone_is_no_phone(written):
    assert phone_e164(written) is None


@pytest.mark.parametrize("address", ["info@romashka-servis.ru", "a.b+c@пример.рф", "x@example.com"])
def test_a_possible_address_passes(address):
    assert email_ok(address)


@pytest.mark.parametrize(
    "address", ["wqdqdas@sfgsr wert wert", "a@b", "a@b..ru", "@b.ru", "a b@c.ru", "\ud800@c.ru", "a@localhost"]
)
def test_a_broken_address_is_refused(address):
    assert not email_ok(address)
