from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.commands import CreateDocument, DraftLine
from services.documents.domain import invoice as invoices
from services.documents.domain.invoice import Invoice, evolve
from services.documents.domain.rates import NoFormYet
from services.documents.events import (
    Buyer,
    DocumentDrafted,
    DocumentRendered,
    InvoiceIssued,
    IssuedLine,
)
from services.kernel.errors import Invalid
from services.kernel.money import AmountTooLarge
from tests.documents.domain.samples import BUYER, DAY, DUE, LINE, SELLER, TRADER, draft, issued


def blamed(refused: Any) -> list[str]:
    return [error.field for error in refused.value.errors]


def after(invoice: Invoice, *events: Any) -> Invoice:
    for event in events:
        invoice = evolve(invoice, event)
    return invoice


def drafted(day: date, due: date) -> list[Any]:
    command = CreateDocument("invoice", "d-1", day, due)
    return list(invoices.create_document(command, "c-1", "o-1", (LINE,), "RUB", DAY))


def test_a_draft_takes_over_what_it_is_made_from():
    command = CreateDocument("invoice", "d-1", DAY, DUE, document_id="i-1")
    [drafted] = invoices.create_document(command, "c-1", "o-1", (LINE,), "RUB", DAY)
    assert drafted == DocumentDrafted("i-1", "invoice", "c-1", "d-1", "o-1", DAY, DUE, (LINE,), "RUB")


def test_a_draft_cannot_fall_due_before_its_date():
    assert drafted(DAY, DAY)
    with pytest.raises(invoices.DueBeforeDate) as refused:
        drafted(DAY, DAY - timedelta(days=1))
    assert blamed(refused) == ["due_date"]


def test_a_draft_is_dated_no_more_than_a_year_ahead():
    assert drafted(DAY + timedelta(days=366), DAY + timedelta(days=366))
    with pytest.raises(invoices.DateTooFarAhead) as refused:
        drafted(date(2062, 3, 2), date(2062, 3, 12))
    assert blamed(refused) == ["date"]


def test_a_draft_falls_due_within_five_years():
    assert drafted(DAY, DAY + timedelta(days=5 * 366))
    with pytest.raises(invoices.DueTooFarAhead) as refused:
        drafted(DAY, date(2062, 3, 12))
    assert blamed(refused) == ["due_date"]


def test_a_draft_that_no_payment_could_pay_is_refused_by_its_line():
    dear = replace(LINE, quantity=Decimal(1), price=Decimal("999999999999.99"))
    with pytest.raises(AmountTooLarge) as refused:
        draft(dear, replace(LINE, price=Decimal("0.01")))
    assert blamed(refused) == ["lines.1"]
    assert issued(dear).total == Decimal("999999999999.99")


def test_vat_on_top_may_not_take_an_invoice_over_the_limit():
    dear = replace(LINE, quantity=Decimal(1), price=Decimal("900000000000.00"), price_includes_vat=False)
    with pytest.raises(AmountTooLarge) as refused:
        issued(dear)
    assert blamed(refused) == ["lines"]


def test_an_invoice_is_issued_with_all_it_rests_on():
    [event] = invoices.issue_invoice(draft(), "МС7", SELLER, BUYER, "clients:57")
    assert event == InvoiceIssued(
        document_id="i-1",
        number="МС7",
        client_id="c-1",
        deal_id="d-1",
        organisation_id="o-1",
        date=DAY,
        due_date=DUE,
        seller=SELLER,
        lines=(
            IssuedLine(
                "Стол", "шт", Decimal(2), Decimal("61.00"), "22", Decimal("100.00"), Decimal("22.00"), Decimal("122.00")
            ),
        ),
        price_includes_vat=True,
        net=Decimal("100.00"),
        vat=Decimal("22.00"),
        total=Decimal("122.00"),
        currency="RUB",
        basis="clients:57",
        buyer=BUYER,
    )


@pytest.mark.parametrize(
    ("regime", "day", "rate"),
    [
        ("osno", date(2025, 12, 31), "20"),
        ("osno", date(2026, 1, 1), "22"),
        ("usn", DAY, "none"),
        ("usn_vat_5", DAY, "5"),
        ("usn_vat_7", DAY, "7"),
        ("npd", DAY, "none"),
    ],
)
def test_a_line_that_names_no_rate_has_the_one_of_the_regime_and_the_day(regime, day, rate):
    invoice = issued(seller=replace(SELLER, tax_regime=regime), date=day, due_date=day)
    assert invoice.issued is not None
    assert [line.vat_rate for line in invoice.issued.lines] == [rate]


def test_prices_with_vat_and_on_top_of_it_may_stand_in_one_invoice():
    on_top = replace(LINE, price_includes_vat=False)
    invoice = issued(LINE, on_top, replace(LINE, vat_rate="none"))
    assert invoice.issued is not None
    assert not invoice.issued.price_includes_vat
    assert [(line.net, line.vat, line.gross) for line in invoice.issued.lines] == [
        (Decimal("100.00"), Decimal("22.00"), Decimal("122.00")),
        (Decimal("122.00"), Decimal("26.84"), Decimal("148.84")),
        (Decimal("122.00"), Decimal("0.00"), Decimal("122.00")),
    ]
    assert (invoice.issued.net, invoice.issued.vat, invoice.total) == (
        Decimal("344.00"),
        Decimal("48.84"),
        Decimal("392.84"),
    )


@pytest.mark.parametrize(("day", "rate"), [(DAY, "20"), (date(2025, 6, 1), "22"), (date(2024, 6, 1), "5")])
def test_a_rate_that_is_not_in_force_is_blamed_by_its_place(day, rate):
    with pytest.raises(invoices.VatRateNotInForce) as refused:
        issued(LINE, replace(LINE, vat_rate=rate), date=day, due_date=day)
    assert blamed(refused) == ["lines.1.vat_rate"]


def test_before_its_regime_a_line_must_name_its_rate():
    seller, day = replace(SELLER, tax_regime="ausn"), date(2022, 6, 30)
    with pytest.raises(invoices.VatRateUnknown) as refused:
        issued(seller=seller, date=day, due_date=day)
    assert blamed(refused) == ["lines.0.vat_rate"]
    assert issued(replace(LINE, vat_rate="none"), seller=seller, date=day, due_date=day).state == "issued"


def test_nothing_is_issued_that_no_form_could_print():
    with pytest.raises(NoFormYet) as refused:
        issued(replace(LINE, vat_rate="none"), date=date(2018, 12, 31), due_date=date(2018, 12, 31))
    assert blamed(refused) == ["date"]


@pytest.mark.parametrize("lines", [(), (replace(LINE, price=Decimal("0.00")),)])
def test_nothing_is_issued_for_nothing(lines):
    invoice = replace(draft(), lines=lines)
    with pytest.raises(invoices.NothingToIssue) as refused:
        invoices.issue_invoice(invoice, "МС1", SELLER, BUYER, "clients:57")
    assert blamed(refused) == ["lines"]


def test_an_invoice_is_issued_once():
    with pytest.raises(invoices.AlreadyIssued):
        invoices.issue_invoice(issued(), "МС2", SELLER, BUYER, "clients:57")


def test_a_buyer_without_a_name_cannot_stand_in_a_document():
    with pytest.raises(Invalid) as refused:
        invoices.issue_invoice(draft(), "МС1", SELLER, Buyer(""), "clients:57")
    assert blamed(refused) == ["client_id"]


def test_a_sole_trader_issues_as_well():
    assert issued(seller=TRADER).state == "issued"


def test_the_pdf_is_kept_with_the_invoice():
    rendered = DocumentRendered("i-1", "hash", 5)
    assert after(issued(), rendered).rendered == rendered


def test_a_number_is_the_prefix_and_the_place_in_the_register():
    assert invoices.number_of("МС", 12) == "МС12"
    assert invoices.number_of("", 1) == "1"


LINES = st.builds(
    DraftLine,
    st.just("Товар"),
    st.decimals("0.000001", "999.999999", places=6),
    st.decimals("0.01", "9999999.99", places=2),
    price_includes_vat=st.booleans(),
    vat_rate=st.sampled_from([None, "22", "10", "0", "none"]),
)


@given(st.lists(LINES, min_size=1, max_size=10))
def test_the_totals_of_an_invoice_are_the_sums_of_its_lines(lines):
    try:
        invoice = issued(*lines)
    except invoices.NothingToIssue:
        return
    assert invoice.issued is not None
    assert invoice.total == sum(line.gross for line in invoice.issued.lines)
    assert invoice.issued.vat == sum(line.vat for line in invoice.issued.lines)
    assert invoice.issued.net + invoice.issued.vat == invoice.total
