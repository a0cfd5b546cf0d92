"""What the deals service can be asked to do."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Line:
    """What is sold. `price` is for one unit; `vat_rate` None: decided by the document."""

    name: str
    quantity: Decimal
    price: Decimal
    unit: str = "шт"
    price_includes_vat: bool = True
    vat_rate: str | None = None


@dataclass(frozen=True, slots=True)
class OpenDeal:
    client_id: str
    title: str
    lines: tuple[Line, ...] = ()
    currency: str = "RUB"
    organisation_id: str | None = None
    manager_id: str | None = None
    source: str = ""
    pipeline: str = "default"
    deal_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ChangeDeal:
    """Changes the named fields only."""

    deal_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeDealStage:
    deal_id: str
    stage: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordDealPayment:
    """What is paid of an invoice of the deal and what is left to pay, as the documents service says
    in the event that made this version of the invoice."""

    deal_id: str
    invoice_id: str
    invoice_version: int
    paid: Decimal
    open: Decimal
