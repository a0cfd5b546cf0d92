"""What happens to the forms by which leads come in. Their tokens are public: they stand on sites."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.clients.commands.lead_forms import FormConsent, FormField
from services.kernel.events import event


@event("LeadFormAdded")
@dataclass(frozen=True, slots=True)
class LeadFormAdded:
    form_id: str
    token: str
    title: str
    source: str
    action: str
    asks: tuple[FormField, ...]
    origins: tuple[str, ...]
    consent: FormConsent | None
    redirect: str
    trap: str


@event("LeadFormChanged")
@dataclass(frozen=True, slots=True)
class LeadFormChanged:
    form_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
