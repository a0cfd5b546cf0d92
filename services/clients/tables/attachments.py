"""Read model of files and web links that are attached."""

import sqlalchemy as sa

from services.clients.tables.metadata import metadata
from services.kernel.lists.columns import text_columns

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("person", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    *text_columns("file_name"),
    sa.Column("media_type", sa.Text),
    sa.Column("size", sa.BigInteger),
    sa.Column("file_hash", sa.Text),
    *text_columns("url"),
    *text_columns("title"),
    sa.Column("attached_by", sa.Text, nullable=False),
    sa.Column("attached_at", sa.BigInteger, nullable=False),
    sa.Column("removed_at", sa.BigInteger),
    sa.Index("attachments_by_person", "person"),
    sa.Index("attachments_by_owner", "owner_id"),
)

# whom somebody has asked to forget, as far as this read model has come
attachment_erasures = sa.Table("attachment_erasures", metadata, sa.Column("person", sa.Text, primary_key=True))
