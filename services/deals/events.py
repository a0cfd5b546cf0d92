"""What happens to deals. Free text is personal to the client it tells about."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.deals.commands import Line
from services.kernel.events import PersonalFields, PersonKey, event


def _text_of(*fields: str) -> Any:
    def of(happened: Any) -> PersonalFields:
        return {PersonKey(happened.client_id, "relation"): fields}

    return of


@event("DealOpened", personal=_text_of("title"))
@dataclass(frozen=True, slots=True)
class DealOpened:
    deal_id: str
    client_id: str
    pipeline: str
    stage: str
    lines: tuple[Line, ...]
    amount: Decimal
    currency: str
    organisation_id: str | None
    manager_id: str | None
    source: str
    title: str | None = None


@event("DealChanged", personal=_text_of("title_before", "title_after"))
@dataclass(frozen=True, slots=True)
class DealChanged:
    """Every changed field before and after; the title apart, as it is personal."""

    deal_id: str
    client_id: str
    fields: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    amount: Decimal
    title_before: str | None = None
    title_after: str | None = None


@event("DealStageChanged", personal=_text_of("reason"))
@dataclass(frozen=True, slots=True)
class DealStageChanged:
    deal_id: str
    client_id: str
    pipeline: str
    stage_before: str
    stage_after: str
    amount: Decimal
    currency: str
    reason: str | None = None


@event("DealWon")
@dataclass(frozen=True, slots=True)
class DealWon:
    deal_id: str
    client_id: str
    amount: Decimal
    currency: str


@event("DealLost", personal=_text_of("reason"))
@dataclass(frozen=True, slots=True)
class DealLost:
    deal_id: str
    client_id: str
    amount: Decimal
    currency: str
    reason: str | None = None


@event("DealPaymentChanged")
@dataclass(frozen=True, slots=True)
class DealPaymentChanged:
    """What is paid of one invoice, before and after; `paid` is what is paid of all of the deal's."""

    deal_id: str
    client_id: str
    invoice_id: str
    invoice_version: int
    before: Decimal
    after: Decimal
    paid: Decimal
    currency: str


@event("DealPaid")
@dataclass(frozen=True, slots=True)
class DealPaid:
    """An invoice of the deal is paid in full."""

    deal_id: str
    client_id: str
    invoice_id: str
    amount: Decimal
    currency: str


@event("DealHandOverStarted")
@dataclass(frozen=True, slots=True)
class DealHandOverStarted:
    """The open deals that go from one user to another with all else that he has in hand; `reverts`
    is the hand-over that this one takes back."""

    operation_id: str
    started_by: str
    user_id: str
    successor_id: str
    deal_ids: tuple[str, ...]
    reverts: str | None = None


@dataclass(frozen=True, slots=True)
class HandedDeal:
    """What became of one deal: handed over, unchanged as it is closed or in other hands, or refused for a reason."""

    deal_id: str
    outcome: str
    code: str = ""
    ru: str = ""
    en: str = ""


@event("DealsHandedOver")
@dataclass(frozen=True, slots=True)
class DealsHandedOver:
    """What became of the next deals; `done` of all are through."""

    operation_id: str
    done: int
    results: tuple[HandedDeal, ...]
