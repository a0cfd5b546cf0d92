from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.payment_qr import Payment, payment_qr

PAYMENT = Payment(
    payee="ООО «Ромашка-Сервис»",
    payee_inn="7799101370",
    payee_kpp="779901001",
    account="40702810200010001111",
    bank="ООО КБ «Северный Тестовый Банк»",
    bic="044525971",
    corr_account="30101810000000000971",
    amount=Decimal("122000.00"),
    purpose="Оплата по счёту № 15 от 22.11.2026, в т.ч. НДС 22% 22000.00",
)


def fields(text):
    head, *pairs = text.split("|")
    assert head == "ST00012"
    return dict(pair.split("=", 1) for pair in pairs)


def test_the_text_is_the_one_of_the_standard():
    assert payment_qr(PAYMENT) == (
        "ST00012|Name=ООО «Ромашка-Сервис»|PersonalAcc=40702810200010001111"
        "|BankName=ООО КБ «Северный Тестовый Банк»|BIC=044525971|CorrespAcc=30101810000000000971|Sum=12200000"
        "|Purpose=Оплата по счёту № 15 от 22.11.2026, в т.ч. НДС 22% 22000.00|PayeeINN=7799101370|KPP=779901001"
    )


@pytest.mark.parametrize(("amount", "kopecks"), [("0.01", "1"), ("10.00", "1000"), ("9999999999999999.99", "9" * 18)])
def test_the_sum_is_in_whole_kopecks(amount, kopecks):
    assert fields(payment_qr(replace(PAYMENT, amount=Decimal(amount))))["Sum"] == kopecks


def test_a_sole_trader_has_no_kpp():
    assert "KPP" not in fields(payment_qr(replace(PAYMENT, payee_kpp="")))


def test_the_separator_and_line_ends_leave_the_values():
    text = payment_qr(replace(PAYMENT, purpose="Счёт 1|2\n за  мебель", payee="ООО «А|Б»"))
    assert fields(text)["Purpose"] == "Счёт 1/2 за мебель"
    assert fields(text)["Name"] == "ООО «А/Б»"


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400))
def test_whatever_the_texts_the_limits_hold(payee, bank, purpose):
    text = payment_qr(replace(PAYMENT, payee=payee, bank=bank, purpose=purpose))
    read = fields(text)
    assert list(read)[:5] == ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"]
    assert len(text[: text.index("|Sum=")].encode()) <= 300
    assert (len(read["Name"]) <= 160, len(read["BankName"]) <= 45, len(read.get("Purpose", "")) <= 210) == (True,) * 3
