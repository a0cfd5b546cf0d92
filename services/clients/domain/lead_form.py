"""A form on a site: what it takes, from where, and the lead that a submission comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from services.clients.commands.lead_forms import (
    AddLeadForm,
    ChangeLeadForm,
    FormConsent,
    FormField,
    SubmitLeadForm,
)
from services.clients.commands.leads import CaptureLead, LeadConsent, LeadFields
from services.clients.domain.contact_points import read_email, split_contact_points
from services.clients.events.lead_forms import LeadFormAdded, LeadFormChanged
from services.kernel.errors import FieldError, Invalid

# a lead's own fields as forms name them, and how long they may be
OWN: Mapping[str, int] = {"name": 300, "company": 300, "inn": 12, "phone": 300, "email": 1000, "wants": 5000}
LONGEST_ANSWER = 2000
MOST_POINTS = 10
CONSENT = "consent"
UTM = ("source", "medium", "campaign", "content", "term")
LONGEST_MARK = 200
NOT_GIVEN = ("", "0", "off", "false", "no", "нет")


@dataclass(frozen=True, slots=True)
class LeadForm:
    id: str
    token: str
    title: str
    source: str
    action: str
    asks: tuple[FormField, ...]
    origins: tuple[str, ...]
    consent: FormConsent | None
    redirect: str
    trap: str
    active: bool = True


def add_lead_form(command: AddLeadForm) -> list[LeadFormAdded]:
    _check(command.asks, command.trap)
    return [
        LeadFormAdded(
            form_id=command.form_id,
            token=command.token,
            title=command.title,
            source=command.source,
            action=command.action,
            asks=command.asks,
            origins=command.origins,
            consent=command.consent,
            redirect=command.redirect,
            trap=command.trap,
        )
    ]


def change_lead_form(form: LeadForm, command: ChangeLeadForm) -> list[LeadFormChanged]:
    after = {name: value for name, value in command.changes.items() if getattr(form, name) != value}
    if not after:
        return []
    _check(after.get("asks", form.asks), after.get("trap", form.trap))
    return [LeadFormChanged(form.id, {name: getattr(form, name) for name in after}, after)]


def read_submission(form: LeadForm, command: SubmitLeadForm, now: str) -> CaptureLead:
    """The lead that was sent; what the form does not ask for is passed over."""
    asked = {field.name: command.values.get(field.name, "").strip() for field in form.asks}
    consents = _consents(form, command, now)
    wrong = [*_wrong(form, asked), *_wrong_consent(form, consents)]
    if wrong:
        raise Invalid(wrong)
    fields = LeadFields(
        name=asked.get("name", ""),
        company=asked.get("company", ""),
        inn=asked.get("inn", ""),
        wants=asked.get("wants", ""),
        phones=split_contact_points(asked.get("phone", ""))[:MOST_POINTS],
        emails=split_contact_points(asked.get("email", ""))[:MOST_POINTS],
        page=command.page,
        answers={name: value for name, value in asked.items() if name not in OWN and value},
    )
    return CaptureLead(
        source=form.source,
        action=form.action,
        fields=fields,
        utm=_marks(command.values),
        consents=consents,
        form_id=form.id,
        lead_id=command.lead_id,
    )


def same_submission(form: LeadForm, command: SubmitLeadForm) -> str:
    """What tells a submission from others of its form."""
    told = ["key", command.key] if command.key else ["values", sorted(command.values.items())]
    return f"{form.id}/{msgspec.json.encode(told).decode()}"


def evolve(form: LeadForm | None, event: LeadFormAdded | LeadFormChanged) -> LeadForm:
    if isinstance(event, LeadFormAdded):
        return LeadForm(
            event.form_id,
            event.token,
            event.title,
            event.source,
            event.action,
            event.asks,
            event.origins,
            event.consent,
            event.redirect,
            event.trap,
        )
    assert form is not None
    after: dict[str, Any] = dict(event.after)
    if "asks" in after:
        after["asks"] = msgspec.convert(after["asks"], tuple[FormField, ...])
    if "origins" in after:
        after["origins"] = tuple(after["origins"])
    if "consent" in after:
        after["consent"] = msgspec.convert(after["consent"], FormConsent | None)
    return replace(form, **after)


def _check(asks: tuple[FormField, ...], trap: str) -> None:
    names = [field.name for field in asks]
    wrong = [
        FieldError(f"asks.{number}.name", "repeated", "Поле названо дважды", "The field is named twice")
        for number, name in enumerate(names)
        if name in names[:number]
    ]
    if trap in names:
        ru, en = "Ловушка не может быть полем формы", "The trap cannot be a field of the form"
        wrong.append(FieldError("trap", "repeated", ru, en))
    if wrong:
        raise Invalid(wrong)


def _wrong(form: LeadForm, asked: Mapping[str, str]) -> list[FieldError]:
    wrong = []
    for field in form.asks:
        value = asked[field.name]
        if field.required and not value:
            wrong.append(FieldError(field.name, "required", "Обязательное поле", "A required field"))
        if len(value) > OWN.get(field.name, LONGEST_ANSWER):
            wrong.append(FieldError(field.name, "too-long", "Слишком длинно", "Too long"))
    if any(not read_email(address).valid for address in split_contact_points(asked.get("email", ""))):
        wrong.append(FieldError("email", "wrong-email", "Не похоже на адрес", "Not a valid e-mail address"))
    return wrong


def _wrong_consent(form: LeadForm, consents: tuple[LeadConsent, ...]) -> list[FieldError]:
    if form.consent is None or not form.consent.required or consents:
        return []
    return [FieldError(CONSENT, "required", "Нужно согласие", "A consent is needed")]


def _consents(form: LeadForm, command: SubmitLeadForm, now: str) -> tuple[LeadConsent, ...]:
    given = command.values.get(CONSENT, "").strip().casefold() not in NOT_GIVEN
    if form.consent is None or not given:
        return ()
    proof = f"форма {form.id}, адрес {command.address or 'неизвестен'}"
    return tuple(
        LeadConsent(form.consent.purpose, channel, form.consent.text_version, now, proof)
        for channel in form.consent.channels
    )


def _marks(values: Mapping[str, str]) -> dict[str, str]:
    marks = {name: values.get(f"utm_{name}", "").strip()[:LONGEST_MARK] for name in UTM}
    return {name: value for name, value in marks.items() if value}
