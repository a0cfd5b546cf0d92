"""Projections: a service's read models, folded from its own store and from what it received."""

from services.kernel.projections.engine import Projections
from services.kernel.projections.projection import Handler, Projection
from services.kernel.projections.rows import MissingRow, Rows
from services.kernel.projections.sources import ReceivedSource, Shared, Source, StoreSource

__all__ = [
    "Handler",
    "MissingRow",
    "Projection",
    "Projections",
    "ReceivedSource",
    "Rows",
    "Shared",
    "Source",
    "StoreSource",
]
