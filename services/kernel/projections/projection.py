"""What a projection is, and when two versions of it are not the same."""

import ast
import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from services.kernel.projections import tables
from services.kernel.projections.rows import Rows, derived_columns

Handler = Callable[[Rows, Any], None]


@dataclass(frozen=True, slots=True)
class Projection:
    """Tables, and the handlers that fold messages into their rows.

    `on` gives the handlers by source and event type; the service's own store is the source
    of its own name and gives `Recorded`, every other source gives `Message` with personal
    fields opened. A handler is free of side effects and reads nothing but its message and
    its rows. It must not care how the sources interleave: a table belongs to one source,
    or its rows are computed from tables that do.

    `keys` tells, for a table, which row a message needs, so that the rows of many messages
    are read at once; without it a table with a single text key is read by subject. `version`
    is raised when something the handlers call, outside their own module, changes its meaning.
    """

    name: str
    tables: tuple[Table, ...]
    on: Mapping[str, Mapping[str, Handler]]
    keys: Mapping[Table, Callable[[Any], Any]] = field(default_factory=dict)
    version: int = 1


def fingerprint(projections: Iterable[Projection]) -> str:
    """Changes whenever the same messages might give other rows: with the tables, with the
    code of the handlers' modules (comments and layout aside), with the kernel's own tables."""
    digest = hashlib.sha256()
    for table in tables.metadata.sorted_tables:
        digest.update(_ddl(table))
    modules: set[str] = set()
    for projection in sorted(projections, key=lambda p: p.name):
        digest.update(f"{projection.name}/{projection.version};".encode())
        for table in projection.tables:
            digest.update(_ddl(table))
            modules.update(derive.__module__ for _, _, derive in derived_columns(table))
        for source, handlers in sorted(projection.on.items()):
            for kind, handler in sorted(handlers.items()):
                modules.add(handler.__module__)
                digest.update(f"{source}/{kind}/{handler.__module__}.{handler.__qualname__};".encode())
    for module in sorted(modules):
        digest.update(_code(module))
    return digest.hexdigest()


def _ddl(table: Table) -> bytes:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    indexes = sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
    return "".join([str(CreateTable(table).compile(dialect=dialect)), *indexes]).encode()


def _code(module: str) -> bytes:
    path = Path(str(sys.modules[module].__file__))
    return ast.dump(ast.parse(path.read_text(encoding="utf-8"))).encode()
