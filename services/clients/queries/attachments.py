"""Files and web links that are attached: rows to views."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.commands.attachments import OWNER_KINDS
from services.clients.queries.aliases import ALIASES, clients_of
from services.clients.schemas.attachments import KINDS, STATES
from services.clients.tables.attachments import attachment_erasures, attachments
from services.kernel.errors import NotFound, Refusal
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights


class FileDestroyed(Refusal):
    status = 410
    ru = "Файл удалён"
    en = "The file is destroyed"


def _of_what_is_theirs(users: Collection[str]) -> sa.ColumnElement[bool]:
    """What hangs on a client of these users or on what is with one, on a contact person of theirs or
    who stands for one, or on a task of theirs."""
    theirs, named = clients_of(users), sorted(users)
    linked = sa.select(t.contact_links.c.contact_id).where(t.contact_links.c.client_id.in_(theirs))
    own = sa.select(t.contacts.c.id).where(t.contacts.c.responsible_id.in_(named))
    mine = sa.or_(t.tasks.c.assignee_id.in_(named), t.tasks.c.author_id.in_(named))
    c = attachments.c
    return sa.or_(
        sa.and_(c.what.in_(("client", "interaction")), c.client_id.in_(theirs)),
        sa.and_(c.what == "contact", sa.or_(c.owner_id.in_(linked), c.owner_id.in_(own))),
        sa.and_(c.what == "task", c.owner_id.in_(sa.select(t.tasks.c.id).where(mine))),
    )


ATTACHMENTS = Resource(
    "attachment",
    "attachment_id",
    attachments,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("kind", Kind.WORD, words=KINDS),
        Field("what", Kind.WORD, words=OWNER_KINDS),
        Field("owner_id", Kind.ID, aliases=ALIASES),
        Field("client_id", Kind.ID, aliases=ALIASES),
        Field("state", Kind.WORD, words=STATES),
        Field("file_name", Kind.TEXT),
        Field("media_type", Kind.WORD),
        Field("size", Kind.NUMBER),
        Field("file_hash", Kind.WORD),
        Field("url", Kind.TEXT),
        Field("title", Kind.TEXT),
        Field("attached_by", Kind.ID),
        Field("attached_at", Kind.TIME),
        Field("removed_at", Kind.TIME),
    ),
    through=_of_what_is_theirs,
)


def get_attached_file(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """Where the bytes lie; for whom nothing is masked, as in a file nothing is."""
    attached = ATTACHMENTS.get(connection, arguments, rights)
    if attached["kind"] != "file" or rights.masked:
        raise NotFound(what="file", id=arguments["attachment_id"])
    if attached["state"] != "attached":
        raise FileDestroyed
    return attached


def bytes_of_person(connection: sa.Connection, person: str | None) -> int:
    """How much is attached to all that goes with a person."""
    c = attachments.c
    query = sa.select(sa.func.coalesce(sa.func.sum(c.size), 0)).where(c.person == person, c.state == "attached")
    return int(connection.execute(query).scalar_one()) if person else 0


def attachments_of_person(connection: sa.Connection, person: str) -> list[tuple[str, str]] | None:
    """Ids and hashes of all files that were ever attached to what goes with a person; None where the list has
    not come as far as the request to forget him."""
    asked = sa.select(attachment_erasures.c.person).where(attachment_erasures.c.person == person)
    if connection.execute(asked).first() is None:
        return None
    c = attachments.c
    query = sa.select(c.id, c.file_hash).where(c.person == person, c.kind == "file").order_by(c.id)
    return [(id_, file_hash) for id_, file_hash in connection.execute(query)]
