"""Ids that stand for other ids, since what was taken for two things proved to be one.

Rows keep the id they were written with; what it stands for is looked up when they are read, so
that it may be taken back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.kernel.projections.rows import Rows


def alias_table(name: str, metadata: sa.MetaData) -> sa.Table:
    """Every `id` that stands for another one, with that one, `kept`, which stands for none itself."""
    return sa.Table(
        name,
        metadata,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kept", sa.Text, nullable=False),
        sa.Index(f"{name}_by_kept", "kept"),
    )


def put_aliases(rows: Rows, table: sa.Table, moved: Iterable[str], kept: str) -> None:
    """All these ids stand for the one that is kept."""
    for alias in moved:
        rows.put(table, {"id": alias, "kept": kept})


def take_apart(rows: Rows, table: sa.Table, moved: Iterable[str], own: str) -> None:
    """One of these ids stands for itself again, and the others for it."""
    put_aliases(rows, table, moved, own)
    rows.delete(table, own)


@dataclass(frozen=True, slots=True)
class Aliases:
    """How a table of aliases is read."""

    table: sa.Table

    def resolved(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """The id that the column's id stands for: itself in most rows."""
        kept = sa.select(self.table.c.kept).where(self.table.c.id == column).correlate(column.table)
        return sa.func.coalesce(kept.scalar_subquery(), column)

    def resolve(self, connection: sa.Connection, id: str) -> str:
        """The id that this one stands for now."""
        found: str | None = connection.execute(sa.select(self.table.c.kept).where(self.table.c.id == id)).scalar()
        return found or id

    def same(self, column: sa.ColumnElement[Any], ids: Collection[str]) -> sa.ColumnElement[bool]:
        """Whether the column's id stands for the same as one of these few."""
        c = self.table.c
        roots = sa.select(c.kept).where(c.id.in_(ids))
        beside = sa.select(c.id).where(sa.or_(c.kept.in_(ids), c.kept.in_(roots)))
        named = [sa.select(sa.literal(id, sa.Text)) for id in ids]
        return column.in_(sa.union_all(*named, roots, beside))

    def all_ids(self, connection: sa.Connection, kept: Collection[str]) -> list[str]:
        """These ids, which stand for themselves, and all that stand for one of them."""
        c = self.table.c
        return [*kept, *connection.execute(sa.select(c.id).where(c.kept.in_(kept))).scalars()]

    def standing_for(self, kept: sa.Select[Any]) -> sa.CompoundSelect[Any]:
        """These ids, and all that stand for one of them."""
        return sa.union_all(kept, sa.select(self.table.c.id).where(self.table.c.kept.in_(kept)))
