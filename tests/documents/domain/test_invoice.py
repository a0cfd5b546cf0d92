from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.commands import CreateDocument, DraftLine, MarkPaymentOverdue
from services.documents.domain import invoice as invoices
from services.documents.domain.invoice import Invoice, evolve, mark_payment_overdue
from services.documents.domain.rates import NoFormYet
from services.documents.events import (
    Buyer,
    DocumentDrafted,
    DocumentRendered,
    InvoiceIssued,
    InvoicePaid,
    IssuedLine,
    PaymentAllocated,
    PaymentOverdue,
)
from services.kernel.errors import Invalid
from tests.documents.domain.samples import BUYER, DAY, DUE, LINE, SELLER, TRADER, draft, issued, payment


def blamed(refused: Any) -> list[str]:
    return [error.field for error in refused.value.errors]


def after(invoice: Invoice, *events: Any) -> Invoice:
    for event in events:
        invoice = evolve(invoice, event)
    return invoice


def overdue_on(invoice: Invoice, today: date) -> list[Any]:
    return list(mark_payment_overdue(invoice, MarkPaymentOverdue("i-1", today)))


def test_a_draft_takes_over_what_it_is_made_from():
    command = CreateDocument("invoice", "d-1", DAY, DUE, document_id="i-1")
    [drafted] = invoices.create_document(command, "c-1", "o-1", (LINE,), "RUB")
    assert drafted == DocumentDrafted("i-1", "invoice", "c-1", "d-1", "o-1", DAY, DUE, (LINE,), "RUB")


def test_a_draft_cannot_fall_due_before_its_date():
    command = CreateDocument("invoice", "d-1", DAY, DAY - timedelta(days=1))
    with pytest.raises(invoices.DueBeforeDate) as refused:
        invoices.create_document(command, "c-1", "o-1", (LINE,), "RUB")
    assert blamed(refused) == ["due_date"]
    assert invoices.create_document(replace(command, due_date=DAY), "c-1", "o-1", (LINE,), "RUB")


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
        issued(replace(LINE, vat_rate="none"), date=date(2018, 12, 31))
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


def test_a_payment_in_parts_leaves_the_rest_open():
    invoice = issued()
    [part] = invoices.allocate_payment(invoice, payment("100.00", ("i-1", "21.99")), 0)
    assert part == PaymentAllocated("i-1", "p-1", "c-1", date(2026, 3, 20), Decimal("21.99"), Decimal("100.01"))
    invoice = after(invoice, part)
    assert (invoice.state, invoice.open) == ("issued", Decimal("100.01"))
    rest = invoices.allocate_payment(invoice, payment("100.01", ("i-1", "100.01")), 0)
    assert rest[1:] == [InvoicePaid("i-1", "МС1", "c-1", "d-1", date(2026, 3, 20), Decimal("122.00"), "RUB")]
    assert (after(invoice, *rest).state, after(invoice, *rest).open) == ("paid", Decimal("0.00"))


@pytest.mark.parametrize(
    ("invoice", "paid", "refusal", "field"),
    [
        (draft(), payment("1.00", ("i-1", "1.00")), invoices.NotIssued, "allocations.0.document_id"),
        (issued(), payment("200.00", ("i-1", "122.01")), invoices.AllocationTooLarge, "allocations.0.amount"),
        (
            issued(),
            payment("1.00", ("i-1", "1.00"), client_id="c-2"),
            invoices.AnotherClient,
            "allocations.0.document_id",
        ),
        (
            issued(),
            payment("1.00", ("i-1", "1.00"), organisation_id="o-2"),
            invoices.AnotherOrganisation,
            "allocations.0.document_id",
        ),
        (
            issued(),
            payment("1.00", ("i-1", "1.00"), currency="USD"),
            invoices.AnotherCurrency,
            "allocations.0.document_id",
        ),
    ],
)
def test_money_goes_only_where_it_belongs(invoice, paid, refusal, field):
    with pytest.raises(refusal) as refused:
        invoices.allocate_payment(invoice, paid, 0)
    assert blamed(refused) == [field]


def test_nothing_more_goes_to_a_paid_invoice():
    paid = after(issued(), *invoices.allocate_payment(issued(), payment("122.00", ("i-1", "122.00")), 0))
    with pytest.raises(invoices.AllocationTooLarge):
        invoices.allocate_payment(paid, payment("0.01", ("i-1", "0.01")), 0)


def test_an_unpaid_invoice_is_overdue_on_the_day_after_its_due_date():
    assert overdue_on(issued(), DUE) == []
    [overdue] = overdue_on(issued(), DUE + timedelta(days=1))
    assert overdue == PaymentOverdue("i-1", "МС1", "c-1", "d-1", "o-1", DAY, DUE, 1, Decimal("122.00"), "RUB")


def test_a_due_date_on_a_day_off_moves_to_the_next_working_day():
    saturday = date(2026, 3, 7)
    invoice = issued(due_date=saturday)
    assert invoices.effective_due_date(saturday) == date(2026, 3, 10)
    assert overdue_on(invoice, date(2026, 3, 10)) == []
    [overdue] = overdue_on(invoice, date(2026, 3, 11))
    assert overdue.days == 1


def test_an_invoice_is_said_to_be_overdue_once_and_only_for_what_is_open():
    invoice = after(issued(), *invoices.allocate_payment(issued(), payment("22.00", ("i-1", "22.00")), 0))
    [overdue] = overdue_on(invoice, date(2026, 5, 5))
    assert overdue.amount == Decimal("100.00")
    assert overdue_on(after(invoice, overdue), date(2026, 5, 6)) == []


def test_neither_a_draft_nor_a_paid_invoice_is_overdue():
    paid = after(issued(), *invoices.allocate_payment(issued(), payment("122.00", ("i-1", "122.00")), 0))
    assert overdue_on(draft(), date(2030, 1, 1)) == []
    assert overdue_on(paid, date(2030, 1, 1)) == []


def test_the_pdf_is_kept_with_the_invoice():
    rendered = DocumentRendered("i-1", "hash", 5)
    assert after(issued(), rendered).rendered == rendered


def test_a_number_is_the_prefix_and_the_place_in_the_register():
    assert invoices.number_of("МС", 12) == "МС12"
    assert invoices.number_of("", 1) == "1"


PARTS = st.lists(st.decimals("0.01", "60.00", places=2), min_size=1, max_size=8)


@given(PARTS)
def test_whatever_the_parts_nothing_is_paid_twice_and_nothing_is_lost(parts):
    invoice, paid = issued(), Decimal(0)
    for part in parts:
        try:
            events = invoices.allocate_payment(invoice, payment("60.00", ("i-1", str(part))), 0)
        except invoices.AllocationTooLarge:
            assert part > invoice.open
            continue
        invoice, paid = after(invoice, *events), paid + part
        assert invoice.open == invoice.total - paid
        assert (invoice.state == "paid") == (invoice.open == 0)


LINES = st.builds(
    DraftLine,
    st.just("Товар"),
    st.decimals("0.000001", "999999.999999", places=6),
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
