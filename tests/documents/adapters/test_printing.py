"""Printed documents, read back as a person and a bank's app would."""

import io
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import cv2
import pytest
from pypdf import PdfReader

from services.documents.adapters.printing import print_invoice, print_reconciliation
from services.documents.commands import PrepareReconciliation
from services.documents.events import Entry, InvoiceIssued
from tests.documents.domain.samples import BUYER, LINE, SELLER, TRADER, issued

TABLE = replace(LINE, name="Стол переговорный «Волга», 2400×1200, дуб", price=Decimal("48900.00"))
DELIVERY = replace(LINE, name="Доставка", unit="усл", quantity=Decimal("7.5"), price=Decimal("1850.00"))


def invoice(*lines, **fields) -> InvoiceIssued:
    found = issued(*lines, **fields).issued
    assert found is not None
    return found


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(io.BytesIO(pdf)).pages]


def test_an_invoice_says_all_that_a_payer_needs():
    [page] = pages(print_invoice(invoice(TABLE, DELIVERY)))
    for text in (
        "Счет на оплату № МС1 от 2 марта 2026 г.",
        "ООО «Салон», ИНН 7699990013, КПП 769901001, Ярославль",
        "ООО «Ромашка», ИНН 7799101370, КПП 779901001, Москва",
        "БИК 044525971",
        "40702810700010007699",
        "30101810000000000971",
        "Стол переговорный «Волга», 2400×1200, дуб",
        "97 800,00",
        "7,5",
        "В том числе НДС (22%):",
        "20 138,12",
        "111 675,00",
        "Сто одиннадцать тысяч шестьсот семьдесят пять рублей 00 копеек",
        "Оплатить не позднее 12.03.2026",
        "Руководитель",
    ):
        assert text in page, text


def test_an_invoice_without_vat_and_of_a_sole_trader_says_so():
    [page] = pages(print_invoice(invoice(replace(TABLE, vat_rate="none"), seller=TRADER)))
    assert "Без налога (НДС):" in page
    assert "Предприниматель" in page
    assert "КПП" not in page.partition("Покупатель")[0]


def test_the_code_for_payment_is_read_from_the_printed_page(tmp_path: Path):
    (tmp_path / "invoice.pdf").write_bytes(print_invoice(invoice(TABLE)))
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", "invoice.pdf", "page"], cwd=tmp_path, check=True)
    page = cv2.imread(str(tmp_path / "page.png"))
    assert page is not None
    text, *_ = cv2.QRCodeDetector().detectAndDecode(page)
    head, *fields = text.split("|")
    assert head == "ST00012"
    found = dict(field.split("=", 1) for field in fields)
    assert found["Name"] == "ООО «Салон»"
    assert found["PersonalAcc"] == "40702810700010007699"
    assert (found["BIC"], found["CorrespAcc"]) == ("044525971", "30101810000000000971")
    assert (found["Sum"], found["PayeeINN"], found["KPP"]) == ("9780000", "7699990013", "769901001")
    assert "МС1" in found["Purpose"]


def test_the_same_invoice_gives_the_same_bytes():
    assert print_invoice(invoice(TABLE)) == print_invoice(invoice(TABLE))


def test_a_long_invoice_repeats_its_heading_and_numbers_its_pages():
    found = pages(print_invoice(invoice(*[replace(TABLE, name="Стол переговорный " * 12)] * 60)))
    assert len(found) > 3
    for number, page in enumerate(found, 1):
        assert f"Страница {number} из {len(found)}" in page
    assert all("Товары (работы, услуги)" in page for page in found[:-1])


def test_amounts_of_any_size_stay_in_their_columns():
    [page] = pages(print_invoice(invoice(replace(LINE, quantity=Decimal("999999999.999999"), price=Decimal("999.99")))))
    assert "999 990 000 000,00" in page


def test_what_was_forgotten_reads_as_removed():
    [page] = pages(print_invoice(replace(invoice(TABLE), buyer=None)))
    assert "удалено" in page
    assert "Ромашка" not in page


@pytest.mark.parametrize("markup", ["<b>жирно</b>", "{{ 7 * 7 }}", '<img src="file:///etc/passwd">', "&nbsp;"])
def test_what_clients_write_is_printed_as_they_wrote_it(markup):
    [page] = pages(print_invoice(replace(invoice(TABLE), buyer=replace(BUYER, name=markup))))
    assert markup in page.replace("\n", "")


def test_a_reconciliation_act_says_who_owes_whom_and_how_much():
    command = PrepareReconciliation("c-1", "o-1", date(2026, 1, 1), date(2026, 3, 31))
    entries = (
        Entry(date(2026, 3, 2), "Счёт № МС1", Decimal("122.00"), Decimal("0.00")),
        Entry(date(2026, 3, 20), "Оплата", Decimal("0.00"), Decimal("22.00")),
    )
    text = " ".join(pages(print_reconciliation(command, SELLER, BUYER, Decimal("10.00"), entries)))
    for part in ("ООО «Салон»", "ООО «Ромашка»", "Счёт № МС1", "122,00", "02.03.2026", "Сальдо начальное", "110,00"):
        assert part in text, part
    assert "задолженность ООО «Ромашка» в пользу ООО «Салон» составляет 110,00 руб." in text.replace("\n", " ")


def test_a_reconciliation_act_with_nothing_in_it_says_so():
    command = PrepareReconciliation("c-1", "o-1", date(2026, 1, 1), date(2026, 3, 31))
    text = " ".join(pages(print_reconciliation(command, SELLER, BUYER, Decimal("0.00"), ())))
    assert "задолженность отсутствует" in text
