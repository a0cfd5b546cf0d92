"""The report by source: what it is asked with, and what it answers."""

import marshmallow as ma
from marshmallow import fields as f

from services.kernel.money import DEFAULT_CURRENCY
from services.kernel.schemas import Currency, Day


class SourcesSchema(ma.Schema):
    since = Day(metadata={"description": "Leads taken in from this day on, by the company's calendar"})
    until = Day(metadata={"description": "And up to the end of this day"})
    currency = Currency(load_default=DEFAULT_CURRENCY, metadata={"description": "Deals in others are left out"})


class SourcesRow(ma.Schema):
    source = f.String(required=True, metadata={"description": "A code of lead_sources"})
    name = f.String(required=True, allow_none=True)
    leads = f.Integer(required=True)
    new = f.Integer(required=True)
    in_work = f.Integer(required=True)
    rejected = f.Integer(required=True)
    converted = f.Integer(required=True)
    conversion = f.String(required=True, metadata={"description": "Share of all leads that became clients"})
    deals = f.Integer(required=True, metadata={"description": "Opened of these leads"})
    won = f.Integer(required=True)
    won_amount = f.String(required=True)
    currency = f.String(required=True)
