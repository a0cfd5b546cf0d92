"""Rows to reports."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from services.kernel.clock import company_today
from services.kernel.errors import NotFound
from services.kernel.lists import Aliases, Field, Kind, Resource, encode_cursor
from services.kernel.rights import Rights
from services.reporting import tables as t
from services.reporting.schemas import STAGES

BUCKETS = ((0, "not_due"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
OLDEST = "90+"


ALIASES = Aliases(t.client_aliases)
CLIENT_MANAGER = (
    sa.select(t.clients.c.manager_id).where(t.clients.c.id == ALIASES.resolved(t.deals.c.client_id)).scalar_subquery()
)
DEBTOR = ALIASES.resolved(t.invoices.c.client_id)

TIMELINE = Resource(
    "event",
    "event_id",
    t.timeline,
    (
        Field("event_id", Kind.ID),
        Field("type", Kind.WORD),
        Field("source", Kind.WORD),
        Field("subject", Kind.ID),
        Field("actor", Kind.ID),
        Field("position", Kind.ID, stored="mark"),
        Field("occurred_at", Kind.TIME),
        Field("facts", Kind.JSON),
    ),
    key="place",
)


def report_funnel(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """By stage: the deals of one currency that stand there now, their sum, and the share of all
    of them that came as far as this stage at any time."""
    d, m = t.deals.c, t.stage_moves.c
    asked = [d.pipeline == arguments["pipeline"], d.currency == arguments["currency"]]
    if rights.users is not None:
        users = sorted(rights.users)
        asked.append(sa.or_(d.manager_id.in_(users), CLIENT_MANAGER.in_(users)))
    rows = connection.execute(sa.select(d.stage, d.amount).where(*asked)).all()
    came = sa.select(m.stage, sa.func.count(sa.distinct(m.deal_id))).join_from(
        t.stage_moves, t.deals, m.deal_id == d.id
    )
    came = came.where(*asked).group_by(m.stage)
    reached: dict[str, int] = {stage: deals for stage, deals in connection.execute(came)}  # noqa: C416  # rows are no pairs
    standing: dict[str, list[Decimal]] = defaultdict(list)
    for stage, amount in rows:
        standing[stage].append(Decimal(amount))
    items = [
        {
            "stage": stage,
            "deals": len(standing[stage]),
            "amount": str(sum(standing[stage], Decimal("0.00"))),
            "currency": arguments["currency"],
            "conversion": share(reached.get(stage, 0), len(rows)),
        }
        for stage in STAGES
    ]
    return {"items": items, "next": None}


def share(part: int, whole: int) -> str:
    return str((Decimal(part) / whole).quantize(Decimal("0.0001"))) if whole else "0.0000"


def report_receivables(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """By client and currency: what is owed on invoices issued, how much of it is overdue, and for
    how long; now, or as of a day by the dates of the documents."""
    as_of: date | None = arguments.get("date")
    today = as_of or company_today()
    i, c = t.invoices.c, t.clients.c
    debtors = sa.select(DEBTOR).distinct().order_by(DEBTOR)
    if arguments.get("cursor"):
        debtors = debtors.where(arguments["cursor"] < DEBTOR)
    if rights.users is not None:
        debtors = debtors.where(DEBTOR.in_(sa.select(c.id).where(c.manager_id.in_(sorted(rights.users)))))
    ids = list(connection.execute(debtors.limit(arguments["limit"] + 1)).scalars())
    page, more = ids[: arguments["limit"]], len(ids) > arguments["limit"]
    owing = ALIASES.all_ids(connection, page)
    paid = _paid(connection, owing, as_of)
    query = sa.select(i.id, DEBTOR.label("client_id"), i.due_date, i.total, i.currency, c.name).join_from(
        t.invoices, t.clients, c.id == DEBTOR, isouter=True
    )
    debts: dict[tuple[str, str], dict[str, Any]] = {}
    owed = query.where(i.client_id.in_(owing), *_owed(as_of)).order_by(i.id)
    for row in connection.execute(owed):
        debt = Decimal(row.total) - paid[row.id]
        if debt > 0:
            _owe(debts.setdefault((row.client_id, row.currency), _nothing(row)), debt, row.due_date, today)
    items = [_written(debts[key]) for key in sorted(debts)]
    return {"items": items, "next": encode_cursor(page[-1]) if more else None}


def _owed(as_of: date | None) -> list[sa.ColumnElement[bool]]:
    """Which invoices there were then, and not cancelled."""
    i = t.invoices.c
    if as_of is None:
        return [i.cancelled_on.is_(None)]
    day = as_of.isoformat()
    return [i.date <= day, sa.or_(i.cancelled_on.is_(None), i.cancelled_on > day)]


def _paid(connection: sa.Connection, client_ids: list[str], as_of: date | None) -> dict[str, Decimal]:
    a, i = t.allocations.c, t.invoices.c
    query = sa.select(a.invoice_id, a.amount).join_from(t.allocations, t.invoices, a.invoice_id == i.id)
    if as_of is not None:
        query = query.where(a.date <= as_of.isoformat())
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for invoice_id, amount in connection.execute(query.where(i.client_id.in_(client_ids))):
        paid[invoice_id] += Decimal(amount)
    return paid


def _nothing(row: Any) -> dict[str, Any]:
    buckets = {name: Decimal("0.00") for _, name in BUCKETS} | {OLDEST: Decimal("0.00")}
    sums = {"total": Decimal("0.00"), "overdue": Decimal("0.00"), "buckets": buckets}
    return {"client": {"id": row.client_id, "name": row.name}, "currency": row.currency, **sums}


def _owe(client: dict[str, Any], debt: Decimal, due_date: str, today: date) -> None:
    days = (today - date.fromisoformat(due_date)).days
    bucket = next((name for limit, name in BUCKETS if days <= limit), OLDEST)
    client["total"] += debt
    client["overdue"] += debt if days > 0 else 0
    client["buckets"][bucket] += debt


def _written(client: dict[str, Any]) -> dict[str, Any]:
    buckets = {name: str(amount) for name, amount in client["buckets"].items()}
    return {**client, "total": str(client["total"]), "overdue": str(client["overdue"]), "buckets": buckets}


def list_client_timeline(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    client_id = ALIASES.resolve(connection, arguments["client_id"])
    found = connection.execute(sa.select(t.clients.c.manager_id).where(t.clients.c.id == client_id)).first()
    if found is None or not rights.reach(found.manager_id):
        raise NotFound(what="client", id=client_id)
    return TIMELINE.page(connection, arguments, rights, ALIASES.same(t.timeline.c.client_id, [client_id]))
