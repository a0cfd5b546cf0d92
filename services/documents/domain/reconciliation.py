"""A reconciliation act: what each side owes the other, for a period."""

from dataclasses import dataclass
from decimal import Decimal

from services.documents.commands import PrepareReconciliation
from services.documents.domain.rates import require_form
from services.documents.events import Entry, ReconciliationPrepared
from services.kernel.errors import Refusal


class PeriodBackwards(Refusal):
    status = 422
    ru = "Период кончается раньше, чем начинается"
    en = "The period ends before it begins"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    id: str


def check_period(command: PrepareReconciliation) -> None:
    if command.date_to < command.date_from:
        raise PeriodBackwards.on("date_to")
    require_form(command.date_to, "reconciliation", "date_to")


def prepare_reconciliation(
    command: PrepareReconciliation, opening: Decimal, entries: tuple[Entry, ...], pdf_hash: str, pdf_size: int
) -> list[ReconciliationPrepared]:
    closing = sum((entry.debit - entry.credit for entry in entries), opening)
    prepared = ReconciliationPrepared(
        command.reconciliation_id,
        command.client_id,
        command.organisation_id,
        command.date_from,
        command.date_to,
        command.currency,
        opening,
        entries,
        closing,
        pdf_hash,
        pdf_size,
    )
    return [prepared]


def evolve(_reconciliation: Reconciliation | None, event: ReconciliationPrepared) -> Reconciliation:
    return Reconciliation(event.reconciliation_id)
