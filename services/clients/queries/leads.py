"""Leads: rows to views, and the clients that they may be."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from services.clients.domain.search import sought
from services.clients.queries.aliases import ALIASES, clients_of
from services.clients.schemas.leads.views import STATES
from services.clients.tables import leads as t
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights


def _search_leads(query: str, rights: Rights) -> sa.ColumnElement[bool]:
    """Any part of what a lead has said; of masked phones and e-mails nothing is found."""
    c = t.leads.c
    points = {"phone": c.phones_folded, "email": c.emails_folded}
    columns = [c.searched, *(column for kind, column in points.items() if kind not in rights.masked)]
    return sa.or_(*(column.contains(text, autoescape=True) for column in columns for text in sought(query)))


def _of_clients_of(users: Collection[str]) -> sa.ColumnElement[bool]:
    """Leads that are clients of these users by now."""
    return t.leads.c.client_id.in_(clients_of(users))


LEADS = Resource(
    "lead",
    "lead_id",
    t.leads,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("number", Kind.WORD),
        Field("state", Kind.WORD, words=STATES),
        Field("source", Kind.WORD),
        Field("action", Kind.WORD),
        Field("recommended_by", Kind.ID, aliases=ALIASES),
        Field("form_id", Kind.ID),
        Field("utm", Kind.TEXTS),
        Field("name", Kind.TEXT),
        Field("company", Kind.TEXT),
        Field("inn", Kind.TEXT),
        Field("phones", Kind.TEXTS, masked="phone"),
        Field("emails", Kind.TEXTS, masked="email"),
        Field("links", Kind.TEXTS),
        Field("wants", Kind.TEXT),
        Field("page", Kind.TEXT),
        Field("answers", Kind.TEXTS),
        Field("consents", Kind.JSON),
        Field("known_client_ids", Kind.JSON),
        Field("assignee_id", Kind.ID),
        Field("task_id", Kind.ID),
        Field("client_id", Kind.ID, aliases=ALIASES),
        Field("deal_id", Kind.ID),
        Field("deal_problem", Kind.WORD),
        Field("reason", Kind.WORD),
        Field("comment", Kind.TEXT),
        Field("captured_by", Kind.ID),
        Field("captured_at", Kind.TIME),
        Field("changed_at", Kind.TIME),
    ),
    owners=(t.leads.c.assignee_id,),
    through=_of_clients_of,
    search=_search_leads,
)

LEAD_RULES = Resource(
    "lead_rule",
    "rule_id",
    t.lead_rules,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("assignees", Kind.JSON),
        Field("to_known_manager", Kind.FLAG),
        Field("contact_minutes", Kind.NUMBER),
    ),
)


def get_lead(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    [view] = _with_candidates(connection, [LEADS.get(connection, arguments, rights)], rights)
    return view


def list_leads(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """`known_client_id`: those that may be this client."""
    known = arguments.get("known_client_id")
    c = t.lead_candidates.c
    asked = [t.leads.c.id.in_(sa.select(c.lead_id).where(ALIASES.same(c.client_id, [known])))] if known else []
    page = LEADS.page(connection, arguments, rights, *asked)
    return {**page, "items": _with_candidates(connection, page["items"], rights)}


def erasure_is_seen(connection: sa.Connection, client_id: str) -> bool:
    """Whether the list of leads has come as far as the request to forget this client."""
    c = t.lead_erasures.c
    return connection.execute(sa.select(c.client_id).where(c.client_id == client_id)).first() is not None


def leads_of_person(connection: sa.Connection, client_id: str) -> list[str]:
    """The leads that a client once was, and those that are nobody but he."""
    c = t.leads.c
    his = sa.or_(c.client_id == client_id, c.known_client_id == client_id)
    return list(connection.execute(sa.select(c.id).where(his).order_by(c.id)).scalars())


def _with_candidates(
    connection: sa.Connection, views: Sequence[dict[str, Any]], rights: Rights
) -> list[dict[str, Any]]:
    """Each with the clients that it may be, as far as the caller sees them."""
    if not all("known_client_ids" in view for view in views):
        return list(views)
    c = t.lead_candidates.c
    query = sa.select(c.lead_id, ALIASES.resolved(c.client_id)).where(c.lead_id.in_([view["id"] for view in views]))
    if rights.users is not None:
        query = query.where(c.client_id.in_(clients_of(rights.users)))
    found = defaultdict(list)
    for lead_id, client_id in connection.execute(query.distinct()):
        found[lead_id].append(client_id)
    return [{**view, "known_client_ids": sorted(found[view["id"]])} for view in views]
