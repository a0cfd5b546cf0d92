"""Clients: commands in, views out, and the contract of public events."""

from datetime import date
from decimal import Decimal
from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.card import CARD, NAMED
from services.clients.commands.clients import (
    AssignClient,
    ChangeClient,
    CheckClient,
    ClientFields,
    CreateClient,
    GivenPhone,
)
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Currency, Day, Flag, Id, MoneyText, Text, WholeNumber
from services.kernel.validation import NothingToChange

KINDS = ("legal_entity", "sole_trader", "individual")
PHONE_KINDS = ("work", "mobile", "home", "fax")
LINK_KINDS = ("site", "skype", "icq", "telegram", "whatsapp", "viber", "max", "vk", "ok", "other")


class LinkSchema(ma.Schema):
    kind = ma.fields.String(required=True, validate=validate.OneOf(LINK_KINDS))
    value = Text(300, required=True, min_length=1)


class BankAccountSchema(ma.Schema):
    """Of several the one marked `main` is taken by default; of one, that."""

    bank_name = Text(200)
    bic = Text(9, required=True, min_length=1)
    account = Text(20, required=True, min_length=1)
    corr_account = Text(20)
    currency = Currency()
    main = Flag()


class SettlementAccountsSchema(ma.Schema):
    """Accounts of bookkeeping, such as 62.01."""

    buyer = Text(20)
    buyer_advance = Text(20)
    supplier = Text(20)
    supplier_advance = Text(20)


class GivenPhoneSchema(ma.Schema):
    written = Text(60, required=True, min_length=1)
    kind = ma.fields.String(validate=validate.OneOf(PHONE_KINDS))


class PhoneText(Text):
    """A phone as people write it, alone or with its kind."""

    def __init__(self, **kwargs: Any) -> None:
        kind = {"type": "string", "enum": list(PHONE_KINDS)}
        text = {"type": "string", "minLength": 1, "maxLength": 60}
        told = {"type": ["string", "object"], "required": ["written"], "additionalProperties": False}
        told["properties"] = {"written": text, "kind": kind}
        super().__init__(60, min_length=1, metadata=told, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            return GivenPhone(**GivenPhoneSchema().load(value))
        return super()._deserialize(value, attr, data, **kwargs)

    def _validate(self, value: Any) -> None:
        if isinstance(value, str):
            super()._validate(value)


def _several(inner: ma.fields.Field[Any], most: int = 20) -> ma.fields.List[Any]:
    return ma.fields.List(inner, validate=validate.Length(max=most))


def _choice() -> Text:
    return Text(40, min_length=1, allow_none=True, metadata={"description": "The code of a dictionary entry"})


class ClientCardSchema(ma.Schema):
    name = Text(300, required=True, min_length=1)
    full_name = Text(1000)
    inn = Text(12)
    kpp = Text(9)
    ogrn = Text(15)
    okpo = Text(10)
    registered_on = Day(allow_none=True)
    roles = _several(Text(40, min_length=1))
    group = _choice()
    relation_type = _choice()
    contact_person = Text(300)
    phones = _several(PhoneText())
    emails = _several(Text(254, min_length=1))
    links = _several(ma.fields.Nested(LinkSchema))
    address = Text(500)
    actual_address = Text(500)
    region = Text(100)
    city = Text(100)
    district = Text(100)
    bank_accounts = _several(ma.fields.Nested(BankAccountSchema))
    price_type = _choice()
    default_contract = Text(200)
    settlement_accounts = ma.fields.Nested(SettlementAccountsSchema)
    source = Text(100)
    note = Text(10_000, lines=True)
    industry = _choice()
    industry_segment = Text(200)
    sales_channel = _choice()
    business_size = Text(200)
    goods_use = Text(500)
    loyalty = _choice()
    prospects = _choice()
    potential = MoneyText(allow_none=True)
    interests = _several(Text(200, min_length=1), 50)
    needs = _several(Text(200, min_length=1), 50)
    preferences = Text(2000, lines=True)
    seasonality = Text(200)
    purchase_period_days = WholeNumber(allow_none=True, validate=validate.Range(1, 3650))
    choice_factors = _several(Text(40, min_length=1))
    portrait = Text(5000, lines=True)
    mailing_groups = _several(Text(40, min_length=1))
    custom = ma.fields.Dict(
        keys=Text(40, min_length=1),
        values=ma.fields.Raw(allow_none=True),
        validate=validate.Length(max=100),
        metadata={"description": "Values of the company's own fields by their codes; null takes a value away"},
    )


class CreateClientSchema(CommandSchema, ClientCardSchema):
    command = CreateClient

    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    manager_id = Id(allow_none=True)
    allow_duplicate = Flag()
    accept_unverified = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CreateClient:
        card = {name: plain(data.pop(name)) for name in CARD if name in data}
        named = {name: _tupled(card.pop(name)) for name in NAMED if name in card}
        return CreateClient(fields=ClientFields(**named, details=card), **data)


class ChangeClientSchema(CommandSchema, ClientCardSchema):
    command = ChangeClient

    client_id = Id(required=True)
    name = Text(300, min_length=1)
    allow_duplicate = Flag()
    accept_unverified = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeClient:
        changes = {name: plain(data.pop(name)) for name in CARD if name in data}
        if not changes:
            raise NothingToChange
        return ChangeClient(changes=changes, **data)


class AssignClientSchema(CommandSchema):
    command = AssignClient

    client_id = Id(required=True)
    manager_id = Id(required=True, allow_none=True)


class CheckClientSchema(CommandSchema):
    command = CheckClient

    client_id = Id(required=True)


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """As events hold it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


class PhoneSchema(ma.Schema):
    written = ma.fields.String(required=True)
    number = ma.fields.String(required=True, allow_none=True, metadata={"description": "E.164, where valid"})
    kind = ma.fields.String(metadata={"description": "work, mobile, home, fax, or empty"})


class EmailSchema(ma.Schema):
    address = ma.fields.String(required=True)
    valid = ma.fields.Boolean(required=True)


class ClientView(ma.Schema):
    """What is personal is null once it is erased."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True, metadata={"description": "Nine digits, given by the system"})
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    name = ma.fields.String(required=True, allow_none=True)
    full_name = ma.fields.String(required=True, allow_none=True)
    inn = ma.fields.String(required=True, allow_none=True)
    kpp = ma.fields.String(required=True)
    ogrn = ma.fields.String(required=True, allow_none=True)
    okpo = ma.fields.String(required=True, allow_none=True)
    registered_on = ma.fields.Date(required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    group = ma.fields.String(required=True, allow_none=True)
    relation_type = ma.fields.String(required=True, allow_none=True)
    contact_person = ma.fields.String(required=True, allow_none=True)
    phones = ma.fields.List(ma.fields.Nested(PhoneSchema), required=True)
    emails = ma.fields.List(ma.fields.Nested(EmailSchema), required=True)
    links = ma.fields.List(ma.fields.Nested(LinkSchema), required=True)
    address = ma.fields.String(required=True, allow_none=True)
    actual_address = ma.fields.String(required=True, allow_none=True)
    region = ma.fields.String(required=True)
    city = ma.fields.String(required=True)
    district = ma.fields.String(required=True)
    bank_accounts = ma.fields.List(ma.fields.Nested(BankAccountSchema), required=True)
    price_type = ma.fields.String(required=True, allow_none=True)
    default_contract = ma.fields.String(required=True)
    settlement_accounts = ma.fields.Nested(SettlementAccountsSchema, required=True)
    source = ma.fields.String(required=True)
    note = ma.fields.String(required=True, allow_none=True)
    industry = ma.fields.String(required=True, allow_none=True)
    industry_segment = ma.fields.String(required=True)
    sales_channel = ma.fields.String(required=True, allow_none=True)
    business_size = ma.fields.String(required=True)
    goods_use = ma.fields.String(required=True)
    loyalty = ma.fields.String(required=True, allow_none=True)
    prospects = ma.fields.String(required=True, allow_none=True)
    potential = ma.fields.String(required=True, allow_none=True)
    interests = ma.fields.List(ma.fields.String(), required=True)
    needs = ma.fields.List(ma.fields.String(), required=True)
    preferences = ma.fields.String(required=True, allow_none=True)
    seasonality = ma.fields.String(required=True)
    purchase_period_days = ma.fields.Integer(required=True, allow_none=True)
    choice_factors = ma.fields.List(ma.fields.String(), required=True)
    portrait = ma.fields.String(required=True, allow_none=True)
    mailing_groups = ma.fields.List(ma.fields.String(), required=True)
    custom = ma.fields.Dict(required=True)
    verified = ma.fields.Boolean(required=True, metadata={"description": "Whether all codes pass their checks"})
    checked_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    checked_by = ma.fields.String(required=True, allow_none=True)
    vip = ma.fields.Boolean(required=True, metadata={"description": "Given only to users who were named for it"})
    manager_id = ma.fields.String(required=True, allow_none=True)
    merged_into = ma.fields.String(required=True, allow_none=True, metadata={"description": "Only in the past"})
    merged_ids = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "Ids of clients that proved to be this one"}
    )
    withdrawn = ma.fields.Boolean(
        required=True, metadata={"description": "The import that made it was undone; lists leave it out"}
    )
    created_at = ma.fields.AwareDateTime(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)


class ListClientsSchema(ResourceListSchema):
    q = Text(200, metadata={"description": "Any part of name, INN, phone, e-mail, contact person or address"})
    manager_id = Id()
    kind = ma.fields.String(validate=validate.OneOf(KINDS))
    inn = Text(12)
    withdrawn = ma.fields.Boolean(
        metadata={"description": "Those that were withdrawn, which lists leave out otherwise"}
    )
    group_below = Text(40, metadata={"description": "The code of a group: clients in it or in any group below"})


class GetClientSchema(ma.Schema):
    client_id = Id(required=True)
