"""A user's diary: what is planned and due day by day, and where his deals stand, from the lists of
the services, all asked for at the same time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import eventlet

from gateway.app import Calling
from gateway.routes.calendar import MOST
from services.kernel import clock
from services.kernel.context import Context
from services.kernel.rights import Rights

Row = Mapping[str, Any]
Entry = dict[str, Any]


class Reader(Protocol):
    def may(self, permission: str) -> bool: ...

    def rights(self, permission: str) -> Rights: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Whose diary, and its days, in the company's zone."""

    user_id: str
    first: date
    last: date

    def has(self, moment: str) -> bool:
        return self.first <= clock.company_date(clock.from_iso(moment)) <= self.last


@dataclass(frozen=True, slots=True)
class Section:
    """A list that entries come from; `{user}`, `{first}` and `{last}` in its filter are the span's."""

    kind: str
    service: str
    call: str
    filter: str
    sort: str
    fields: str
    entry: Callable[[Row], Entry]

    @property
    def permission(self) -> str:
        return f"{self.kind}s.read"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a section; none where its service did not answer."""

    section: Section
    rows: tuple[Row, ...] | None
    more: bool = False


def _interaction(row: Row) -> Entry:
    about = {"title": row["subject"], "interaction_kind": row["kind"], "state": row["state"]}
    return {**_at(row["starts_at"]), **about, "ends_at": row["ends_at"], "user_id": row["employee_id"]}


def _task(row: Row) -> Entry:
    due = {"date": row["due_date"], "starts_at": row["due_at"]}
    return {**due, "title": row["title"], "state": row["state"], "user_id": row["assignee_id"]}


def _deal(row: Row) -> Entry:
    return {**_at(row["stage_since"]), "title": row["title"], "state": row["stage"], "user_id": row["manager_id"]}


def _at(moment: str) -> Entry:
    return {"date": clock.company_date(clock.from_iso(moment)).isoformat(), "starts_at": moment}


INTERACTIONS = Section(
    "interaction",
    "clients",
    "list_interactions",
    "(employee_id = {user} OR participants = {user}) AND state != cancelled AND "
    "starts_at >= {first} AND starts_at <= {last}",
    "starts_at",
    "client_id,kind,state,subject,starts_at,ends_at,employee_id",
    _interaction,
)
TASKS = Section(
    "task",
    "clients",
    "list_tasks",
    "assignee_id = {user} AND state != cancelled AND due_date >= {first} AND due_date <= {last}",
    "due_date",
    "client_id,state,title,due_date,due_at,assignee_id",
    _task,
)
DEALS = Section(
    "deal",
    "deals",
    "list_deals",
    "manager_id = {user} AND (NOT stage IN (won, lost) OR (stage_since >= {first} AND stage_since <= {last}))",
    "-stage_since",
    "client_id,stage,title,stage_since,manager_id",
    _deal,
)
_CLOSED = ("won", "lost")
_EMPTY: Entry = {"starts_at": None, "ends_at": None, "interaction_kind": None}


def parts(ask: Callable[[Section], Part], sections: Iterable[Section]) -> list[Part]:
    wanted = list(sections)
    return list(eventlet.GreenPool(len(wanted) or 1).imap(ask, wanted))


def part(call: Calling, section: Section, span: Span, reader: Reader, context: Context) -> Part:
    user = span.user_id.replace("\\", "\\\\").replace('"', '\\"')
    asked = {
        "filter": section.filter.format(user=f'"{user}"', first=span.first, last=span.last),
        "sort": section.sort,
        "fields": section.fields,
        "limit": MOST,
    }
    page = call(section.service, section.call, asked, replace(context, rights=reader.rights(section.permission)))
    return Part(section, tuple(page["result"]["items"]), page["result"]["next"] is not None)


def entries(told: Iterable[Part], span: Span) -> list[Entry]:
    """In the order of the days; what has no time comes first in its day."""
    rows = {one.section.kind: one.rows or () for one in told}
    stages: dict[str, list[Entry]] = {}
    for deal in rows.get("deal", ()):
        if deal["stage"] not in _CLOSED:
            known = {name: deal[name] for name in ("id", "title", "stage")}
            stages.setdefault(deal["client_id"], []).append(known)
    found = [
        {**_EMPTY, **one.section.entry(row), **_of(one.section, row), "open_deals": stages.get(row["client_id"], [])}
        for one in told
        for row in one.rows or ()
        if one.section is not DEALS or span.has(row["stage_since"])
    ]
    return sorted(found, key=lambda entry: (entry["date"], entry["starts_at"] or "", entry["kind"], entry["id"]))


def _of(section: Section, row: Row) -> Entry:
    return {"kind": section.kind, **{name: row[name] for name in ("id", "version", "client_id")}}
