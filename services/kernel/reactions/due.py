"""The table of effects that are not over, a projection of the own store."""

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows

metadata = sa.MetaData(schema="views")

# `due_at` is when the effect is to be taken up by itself, NULL for never. Times are
# microseconds since 1970 UTC.
effects = sa.Table(
    "effects",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("effect", sa.Text, nullable=False),
    sa.Column("reaction", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("cause_id", sa.Text, nullable=False),
    sa.Column("cause_recorded_at", sa.BigInteger, nullable=False),
    sa.Column("planned_at", sa.BigInteger, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("due_at", sa.BigInteger),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("runner", sa.Text),
    sa.Column("error", sa.Text),
    sa.Index("effects_by_due_at", "due_at"),
)


def on_effect_planned(rows: Rows, recorded: Recorded) -> None:
    planned = recorded.event
    rows.put(
        effects,
        {
            "id": recorded.subject,
            "version": recorded.version,
            "effect": planned.effect,
            "reaction": planned.reaction,
            "source": planned.source,
            "cause_id": planned.cause_id,
            "cause_recorded_at": clock.to_micros(planned.cause_recorded_at),
            "planned_at": recorded.recorded,
            "stage": "planned",
            "due_at": clock.to_micros(planned.due_at) if planned.due_at else recorded.recorded,
            "attempt": 0,
        },
    )


def on_effect_begun(rows: Rows, recorded: Recorded) -> None:
    begun = recorded.event
    until = clock.to_micros(begun.until)
    _change(rows, recorded, stage="begun", due_at=until, attempt=begun.attempt, runner=begun.runner)


def on_effect_failed(rows: Rows, recorded: Recorded) -> None:
    failed = recorded.event
    retry_at = clock.to_micros(failed.retry_at) if failed.retry_at else None
    _change(rows, recorded, stage="planned" if retry_at else "failed", due_at=retry_at, error=failed.error)


def on_effect_unknown(rows: Rows, recorded: Recorded) -> None:
    unknown = recorded.event
    settle_at = clock.to_micros(unknown.settle_at) if unknown.settle_at else None
    _change(rows, recorded, stage="unknown", due_at=settle_at, error=unknown.error)


def on_effect_repeated(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, stage="planned", due_at=recorded.recorded)


def on_effect_over(rows: Rows, recorded: Recorded) -> None:
    rows.delete(effects, recorded.subject)


def _change(rows: Rows, recorded: Recorded, **values: object) -> None:
    rows.change(effects, recorded.subject, version=recorded.version, **values)


def due_effects(service: str) -> Projection:
    """The projection that every service with reactions adds to its own."""
    handlers = {
        "EffectPlanned": on_effect_planned,
        "EffectBegun": on_effect_begun,
        "EffectFailed": on_effect_failed,
        "EffectUnknown": on_effect_unknown,
        "EffectRepeated": on_effect_repeated,
        "EffectSucceeded": on_effect_over,
        "EffectDismissed": on_effect_over,
    }
    return Projection(name="effects", tables=(effects,), on={service: handlers})
