"""The kernel's own tables beside a service's read models, rebuilt and swapped together with them."""

import sqlalchemy as sa

metadata = sa.MetaData(schema="views")

# What the rows were made by: the fingerprint of the projections, and the epoch of the own store.
read_model = sa.Table(
    "read_model",
    metadata,
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("epoch", sa.Text, nullable=False),
)

checkpoints = sa.Table(
    "projection_checkpoints",
    metadata,
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)

# Messages that could not be applied, and those of the same subject behind them. The message
# itself stays where it came from. A dropped one is never applied, by a rebuild neither.
parked = sa.Table(
    "parked_messages",
    metadata,
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("parked_at", sa.BigInteger, nullable=False),
    sa.Column("dropped", sa.Boolean, nullable=False),
    sa.Index("parked_messages_by_subject", "projection", "source", "subject"),
)
