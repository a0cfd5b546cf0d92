"""A deal: what a client may buy, and how far that has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from services.deals.commands import ChangeDeal, ChangeDealStage, Line, OpenDeal, RecordDealPayment
from services.deals.domain.pipeline import UnknownStage, pipeline_of
from services.deals.events import (
    DealChanged,
    DealLost,
    DealOpened,
    DealPaid,
    DealPaymentChanged,
    DealStageChanged,
    DealWon,
)
from services.kernel.errors import Refusal
from services.kernel.money import NO_MONEY, total_of

Event = DealOpened | DealChanged | DealStageChanged | DealWon | DealLost | DealPaymentChanged | DealPaid
CHANGEABLE = ("title", "lines", "organisation_id", "manager_id", "source")


class DealAlreadyClosed(Refusal):
    ru = "Сделка уже закрыта: {stage}"
    en = "The deal is closed already: {stage}"


class ReasonRequired(Refusal):
    status = 422
    ru = "Для проигранной сделки нужна причина"
    en = "A lost deal needs a reason"


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """What is paid of an invoice, as of one of its versions."""

    version: int
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Deal:
    id: str
    client_id: str
    pipeline: str
    stage: str
    amount: Decimal
    currency: str
    fields: Mapping[str, Any]
    invoices: Mapping[str, InvoicePayment] = field(default_factory=dict)


def open_deal(command: OpenDeal) -> list[Event]:
    pipeline = pipeline_of(command.pipeline)
    return [
        DealOpened(
            deal_id=command.deal_id,
            client_id=command.client_id,
            pipeline=pipeline.name,
            stage=pipeline.first,
            lines=command.lines,
            amount=total_of(command.lines),
            currency=command.currency,
            organisation_id=command.organisation_id,
            manager_id=command.manager_id,
            source=command.source,
            title=command.title,
        )
    ]


def change_deal(deal: Deal, command: ChangeDeal) -> list[Event]:
    """One event with every field that really changes; none where nothing does."""
    changed = {name: value for name, value in command.changes.items() if deal.fields[name] != value}
    if not changed:
        return []
    if pipeline_of(deal.pipeline).closes(deal.stage):
        raise DealAlreadyClosed(stage=deal.stage)
    before = {name: deal.fields[name] for name in changed if name != "title"}
    return [
        DealChanged(
            deal.id,
            deal.client_id,
            tuple(sorted(changed)),
            before=before,
            after={name: value for name, value in changed.items() if name != "title"},
            amount=total_of(changed["lines"]) if "lines" in changed else deal.amount,
            title_before=deal.fields["title"] if "title" in changed else None,
            title_after=changed.get("title"),
        )
    ]


def change_deal_stage(deal: Deal, command: ChangeDealStage) -> list[Event]:
    pipeline = pipeline_of(deal.pipeline)
    if not pipeline.has(command.stage):
        raise UnknownStage.on("stage", stage=command.stage, pipeline=pipeline.name)
    if command.stage == deal.stage:
        return []
    if pipeline.closes(deal.stage):
        raise DealAlreadyClosed(stage=deal.stage)
    if command.stage == pipeline.lost and not command.reason:
        raise ReasonRequired.on("reason")
    moved = DealStageChanged(
        deal.id,
        deal.client_id,
        pipeline.name,
        stage_before=deal.stage,
        stage_after=command.stage,
        amount=deal.amount,
        currency=deal.currency,
        reason=command.reason or None,
    )
    if command.stage == pipeline.won:
        return [moved, DealWon(deal.id, deal.client_id, deal.amount, deal.currency)]
    if command.stage == pipeline.lost:
        return [moved, DealLost(deal.id, deal.client_id, deal.amount, deal.currency, command.reason)]
    return [moved]


def record_deal_payment(deal: Deal, command: RecordDealPayment) -> list[Event]:
    """The newest word on an invoice counts, in whatever order they come. A deal that waits for its
    payment is won when all of it is paid."""
    known = deal.invoices.get(command.invoice_id, InvoicePayment(0, NO_MONEY))
    if command.invoice_version <= known.version:
        return []
    paid = sum((invoice.paid for invoice in deal.invoices.values()), command.paid - known.paid)
    changed = DealPaymentChanged(
        deal.id,
        deal.client_id,
        command.invoice_id,
        command.invoice_version,
        known.paid,
        command.paid,
        paid,
        deal.currency,
    )
    if command.open:
        return [changed]
    in_full = DealPaid(deal.id, deal.client_id, command.invoice_id, command.paid, deal.currency)
    pipeline = pipeline_of(deal.pipeline)
    if deal.stage != pipeline.awaiting_payment or paid < deal.amount:
        return [changed, in_full]
    return [changed, in_full, *change_deal_stage(deal, ChangeDealStage(deal.id, pipeline.won))]


def evolve(deal: Deal | None, event: Event) -> Deal:
    if isinstance(event, DealOpened):
        fields = {name: getattr(event, name) for name in CHANGEABLE}
        return Deal(event.deal_id, event.client_id, event.pipeline, event.stage, event.amount, event.currency, fields)
    assert deal is not None
    if isinstance(event, DealChanged):
        return replace(deal, amount=event.amount, fields={**deal.fields, **_after(event)})
    if isinstance(event, DealStageChanged):
        return replace(deal, stage=event.stage_after)
    if isinstance(event, DealPaymentChanged):
        newest = InvoicePayment(event.invoice_version, event.after)
        return replace(deal, invoices={**deal.invoices, event.invoice_id: newest})
    return deal


def _after(event: DealChanged) -> dict[str, Any]:
    """The changed fields as they were before they went through JSON."""
    after = dict(event.after)
    if "lines" in after:
        after["lines"] = tuple(line if isinstance(line, Line) else _line(line) for line in after["lines"])
    if "title" in event.fields:
        after["title"] = event.title_after
    return after


def _line(stored: Mapping[str, Any]) -> Line:
    return Line(**{**stored, "quantity": Decimal(stored["quantity"]), "price": Decimal(stored["price"])})
