"""Load, decide, append: one function per command."""

from dataclasses import replace

from services.documents.adapters.printing import print_reconciliation
from services.documents.commands import (
    Allocation,
    CancelDocument,
    CancelPayment,
    ChangeOrganisation,
    CreateDocument,
    CreateOrganisation,
    IssueDocument,
    MarkPaymentOverdue,
    PrepareReconciliation,
    RegisterPayment,
)
from services.documents.domain import invoice as invoices
from services.documents.domain import organisation as organisations
from services.documents.domain import payment as payments
from services.documents.domain import reconciliation as reconciliations
from services.documents.domain import settlement
from services.documents.events import NumberTaken
from services.documents.queries import (
    client_is_visible,
    deal_is_visible,
    find_buyer,
    find_deal,
    is_one_client,
    issued_event_id,
    organisation_ids,
    settlements,
)
from services.kernel.clock import company_midnight, company_today
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.events import PersonKey
from services.kernel.store.aggregates import Aggregate, Loaded
from services.kernel.store.claims import StreamEvents

ORGANISATION: Aggregate[organisations.Organisation] = Aggregate(
    "organisation", organisations.Organisation, organisations.evolve
)
DOCUMENT: Aggregate[invoices.Invoice] = Aggregate("document", invoices.Invoice, invoices.evolve)
PAYMENT: Aggregate[payments.Payment] = Aggregate("payment", payments.Payment, payments.evolve)
RECONCILIATION: Aggregate[reconciliations.Reconciliation] = Aggregate(
    "reconciliation", reconciliations.Reconciliation, reconciliations.evolve
)


class UnknownDeal(Refusal):
    status = 422
    ru = "Сделки {deal_id} нет"
    en = "There is no deal {deal_id}"


class UnknownClient(Refusal):
    status = 422
    ru = "Клиента {client_id} нет"
    en = "There is no client {client_id}"


class OrganisationRequired(Refusal):
    status = 422
    ru = "Укажите организацию: своих организаций нет или их несколько"
    en = "Name the organisation: there is none of our own, or more than one"


class UnknownOrganisation(Refusal):
    status = 422
    ru = "Организации {organisation_id} нет"
    en = "There is no organisation {organisation_id}"


class UnknownDocument(Refusal):
    status = 422
    ru = "Документа {document_id} нет"
    en = "There is no document {document_id}"


def create_organisation(tools: Tools, command: CreateOrganisation, context: Context) -> Written:
    events = organisations.create_organisation(command)
    return tools.append(context, tools.begin(ORGANISATION, command.organisation_id), events)


def change_organisation(tools: Tools, command: ChangeOrganisation, context: Context) -> Written:
    loaded = tools.load(ORGANISATION, command.organisation_id, context)
    return tools.append(context, loaded, organisations.change_organisation(loaded.state, command))


def create_document(tools: Tools, command: CreateDocument, context: Context) -> Written:
    refusal = UnknownDeal.on("deal_id", deal_id=command.deal_id)
    tools.require("deals", lambda read: deal_is_visible(read, command.deal_id, context.rights), refusal)
    with tools.read() as connection:
        deal = find_deal(connection, command.deal_id)
        ours = organisation_ids(connection)
    assert deal is not None
    organisation_id = _named(command.organisation_id or deal.organisation_id, ours)
    _existing(tools, organisation_id, context)
    lines = command.lines or deal.lines
    events = invoices.create_document(command, deal.client_id, organisation_id, lines, deal.currency, company_today())
    return tools.append(context, tools.begin(DOCUMENT, command.document_id), events)


def _named(organisation_id: str | None, ours: list[str]) -> str:
    """The organisation that is named, or the only one there is."""
    if organisation_id is None and len(ours) != 1:
        raise OrganisationRequired.on("organisation_id")
    return organisation_id or ours[0]


def _existing(tools: Tools, organisation_id: str, context: Context) -> organisations.Organisation:
    try:
        return tools.load(ORGANISATION, organisation_id, replace(context, expected_version=None)).state
    except NotFound as missing:
        raise UnknownOrganisation.on("organisation_id", organisation_id=organisation_id) from missing


def issue_document(tools: Tools, command: IssueDocument, context: Context) -> Written:
    """The number is the register's next: taken and issued in one append, so none is lost or used twice."""
    loaded = tools.load(DOCUMENT, command.document_id, context)
    invoice = loaded.state
    seller = _existing(tools, invoice.organisation_id, context).requisites
    refusal = UnknownClient.on("client_id", client_id=invoice.client_id)
    tools.require("clients", lambda read: find_buyer(read, invoice.client_id) is not None, refusal)
    with tools.read() as connection:
        found = find_buyer(connection, invoice.client_id)
        deal = find_deal(connection, invoice.deal_id)
    assert found is not None
    if deal is not None:
        context = replace(context, causation_id=deal.opened_event_id)
    register = f"register:{invoice.organisation_id}/invoice/{invoice.date.year}"
    taken = tools.store.version(register)
    number = invoices.number_of(seller.prefix, taken + 1)
    events = invoices.issue_invoice(invoice, number, seller, *found)
    entry = StreamEvents(register, taken, [NumberTaken(invoice.id)])
    return tools.append(context, loaded, events, also=[entry])


def register_payment(tools: Tools, command: RegisterPayment, context: Context) -> Written:
    refusal = UnknownClient.on("client_id", client_id=command.client_id)
    tools.require("clients", lambda read: client_is_visible(read, command.client_id, context.rights), refusal)
    loaded = [_to_pay(tools, allocation, place, context) for place, allocation in enumerate(command.allocations)]
    with tools.read() as connection:
        ours = organisation_ids(connection)
    of_first = next((one.state.organisation_id for one in loaded), None)
    organisation_id = _named(command.organisation_id or of_first, ours)
    _existing(tools, organisation_id, context)
    command = replace(command, organisation_id=organisation_id)
    today = company_today()
    events = payments.register_payment(command, today)
    also = [
        StreamEvents(
            one.stream, one.version, settlement.allocate_payment(one.state, _as_named(tools, one, command), place)
        )
        for place, one in enumerate(loaded)
    ]
    happened = company_midnight(command.date) if command.date < today else None
    begun = tools.begin(PAYMENT, command.payment_id)
    return tools.append(context, begun, events, also=also, occurred_at=happened)


def _as_named(tools: Tools, invoice: Loaded[invoices.Invoice], command: RegisterPayment) -> RegisterPayment:
    """The payment by the id that its payer has in the invoice, where both stand for one client."""
    with tools.read() as connection:
        same = is_one_client(connection, invoice.state.client_id, command.client_id)
    return replace(command, client_id=invoice.state.client_id) if same else command


def _to_pay(tools: Tools, allocation: Allocation, place: int, context: Context) -> Loaded[invoices.Invoice]:
    try:
        return tools.load(DOCUMENT, allocation.document_id, replace(context, expected_version=None))
    except NotFound as missing:
        field = f"allocations.{place}.document_id"
        raise UnknownDocument.on(field, document_id=allocation.document_id) from missing


def cancel_payment(tools: Tools, command: CancelPayment, context: Context) -> Written:
    loaded = tools.load(PAYMENT, command.payment_id, context)
    [cancelled] = payments.cancel_payment(loaded.state, command, company_today())
    also = []
    for allocation in loaded.state.allocations:
        invoice = tools.load(DOCUMENT, allocation.document_id, replace(context, expected_version=None))
        taken_back = settlement.cancel_allocation(invoice.state, allocation, cancelled)
        also.append(StreamEvents(invoice.stream, invoice.version, taken_back))
    return tools.append(context, loaded, [cancelled], also=also)


def cancel_document(tools: Tools, command: CancelDocument, context: Context) -> Written:
    loaded = tools.load(DOCUMENT, command.document_id, context)
    return tools.append(context, loaded, settlement.cancel_document(loaded.state, command, company_today()))


def mark_payment_overdue(tools: Tools, command: MarkPaymentOverdue, context: Context) -> Written:
    """Caused by the invoice that was issued: a timer has no cause of its own."""
    loaded = tools.load(DOCUMENT, command.document_id, context)
    with tools.read() as connection:
        cause = issued_event_id(connection, command.document_id) or context.causation_id
    events = settlement.mark_payment_overdue(loaded.state, command)
    return tools.append(replace(context, causation_id=cause), loaded, events)


def prepare_reconciliation(tools: Tools, command: PrepareReconciliation, context: Context) -> Written:
    reconciliations.check_period(command)
    seller = _existing(tools, command.organisation_id, context).requisites
    with tools.read() as connection:
        found = find_buyer(connection, command.client_id)
        booked = settlements(connection, command)
    if found is None:
        raise UnknownClient.on("client_id", client_id=command.client_id)
    pdf = print_reconciliation(command, seller, found[0], *booked)
    kept = tools.blobs.put(pdf, "application/pdf", PersonKey(command.client_id, "accounting")).hash
    events = reconciliations.prepare_reconciliation(command, *booked, kept, len(pdf))
    return tools.append(context, tools.begin(RECONCILIATION, command.reconciliation_id), events)
