"""Documents as PDF: from what was issued to the form that is printed."""

from decimal import Decimal
from typing import cast

from services.documents.adapters.pdf import render
from services.documents.commands import PrepareReconciliation, Requisites
from services.documents.domain import printing
from services.documents.domain.forms import (
    BankDetails,
    FormLine,
    InvoiceForm,
    Party,
    ReconciliationEntry,
    ReconciliationForm,
    Signatories,
)
from services.documents.domain.rates import VatRate
from services.documents.events import Buyer, Entry, InvoiceIssued


def print_invoice(issued: InvoiceIssued) -> bytes:
    form = InvoiceForm(
        number=issued.number,
        date=issued.date,
        due_date=issued.due_date,
        seller=_seller(issued.seller),
        bank=BankDetails(
            issued.seller.bank.name,
            issued.seller.bank.bic,
            issued.seller.bank.account,
            issued.seller.bank.corr_account,
            issued.seller.bank.city,
        ),
        signatories=_signatories(issued.seller),
        buyer=_buyer(issued.buyer),
        lines=tuple(
            FormLine(
                line.name,
                line.unit,
                line.quantity,
                line.price,
                cast(VatRate, line.vat_rate),
                line.net,
                line.vat,
                line.gross,
            )
            for line in issued.lines
        ),
        price_includes_vat=issued.price_includes_vat,
        currency=issued.currency,
    )
    printable = printing.print_invoice(form)
    return render(printable.template, printable.context)


def print_reconciliation(
    command: PrepareReconciliation, ours: Requisites, theirs: Buyer, opening: Decimal, entries: tuple[Entry, ...]
) -> bytes:
    form = ReconciliationForm(
        command.date_from,
        command.date_to,
        _seller(ours),
        _buyer(theirs),
        _signatories(ours),
        opening,
        tuple(ReconciliationEntry(e.date, e.document, e.debit, e.credit) for e in entries),
        currency=command.currency,
    )
    printable = printing.print_reconciliation(form)
    return render(printable.template, printable.context)


def _seller(requisites: Requisites) -> Party:
    r = requisites
    return Party(r.name, r.inn, r.kpp, r.address, r.phone)


def _buyer(buyer: Buyer | None) -> Party:
    """The buyer's requisites are erased together with the right to keep them."""
    return Party(buyer.name, buyer.inn, buyer.kpp, buyer.address) if buyer else Party("удалено")


def _signatories(requisites: Requisites) -> Signatories:
    r = requisites
    return Signatories(r.kind, r.head, r.head_position, r.accountant)
