"""Which sources leads come from, and what comes of them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from services.kernel.clock import company_midnight, to_micros
from services.kernel.rights import Rights
from services.reporting import tables as t
from services.reporting.queries.reports import ALIASES, share

STATES = ("new", "in_work", "rejected", "converted")
WON = "won"
# the manager of the client that a lead has become, whatever that client is by now
MANAGER = (
    sa.select(t.clients.c.manager_id).where(t.clients.c.id == ALIASES.resolved(t.leads.c.client_id)).scalar_subquery()
)


def report_sources(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """By source, the largest first: the leads of a period, how far they have come by now, and the deals of
    one currency that were opened of them."""
    asked = _asked(arguments, rights)
    counts = _counts(connection, asked)
    deals = _deals(connection, asked, arguments["currency"])
    named = connection.execute(sa.select(t.lead_sources.c.code, t.lead_sources.c.name))
    names = {row.code: row.name for row in named}
    rows = [
        _row(source, names.get(source), counts[source], deals[source], arguments["currency"])
        for source in sorted(counts, key=lambda one: (-sum(counts[one].values()), one))
    ]
    return {"items": rows, "next": None}


def _asked(arguments: Mapping[str, Any], rights: Rights) -> list[sa.ColumnElement[bool]]:
    c, asked = t.leads.c, []
    if "since" in arguments:
        asked.append(c.captured_at >= to_micros(company_midnight(arguments["since"])))
    if "until" in arguments:
        asked.append(c.captured_at < to_micros(company_midnight(arguments["until"] + timedelta(days=1))))
    if rights.users is not None:
        users = sorted(rights.users)
        asked.append(sa.or_(c.assignee_id.in_(users), MANAGER.in_(users)))
    return asked


def _counts(connection: sa.Connection, asked: list[sa.ColumnElement[bool]]) -> dict[str, dict[str, int]]:
    c = t.leads.c
    query = sa.select(c.source, c.state, sa.func.count()).where(*asked).group_by(c.source, c.state)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for source, state, number in connection.execute(query):
        counts[source][state] = number
    return counts


def _deals(
    connection: sa.Connection, asked: list[sa.ColumnElement[bool]], currency: str
) -> dict[str, list[Decimal | None]]:
    """Of each source its deals: the amount of one that was won, None of another."""
    c, d = t.leads.c, t.deals.c
    query = sa.select(c.source, d.stage, d.amount).join_from(t.leads, t.deals, d.id == c.deal_id)
    found: dict[str, list[Decimal | None]] = defaultdict(list)
    for source, stage, amount in connection.execute(query.where(d.currency == currency, *asked)):
        found[source].append(Decimal(amount) if stage == WON else None)
    return found


def _row(
    source: str, name: str | None, states: Mapping[str, int], deals: list[Decimal | None], currency: str
) -> dict[str, Any]:
    leads, won = sum(states.values()), [amount for amount in deals if amount is not None]
    return {
        "source": source,
        "name": name,
        "leads": leads,
        **{state: states.get(state, 0) for state in STATES},
        "conversion": share(states.get("converted", 0), leads),
        "deals": len(deals),
        "won": len(won),
        "won_amount": str(sum(won, Decimal("0.00"))),
        "currency": currency,
    }
