"""The database's own trouble: waited out in place, never blamed on a message or an effect."""

import sqlalchemy as sa

from services.kernel.store.claims import OutcomeUnknown, StoreUnavailable

TROUBLE = (
    OutcomeUnknown,
    StoreUnavailable,
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
)
