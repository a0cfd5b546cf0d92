"""What is known of users here."""

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.domain.identity import user_name_key


def user_is_active(connection: sa.Connection, user_id: str) -> bool:
    query = sa.select(t.users.c.active).where(t.users.c.id == user_id)
    return bool(connection.execute(query).scalar())


def user_is_known(connection: sa.Connection, user_id: str) -> bool:
    """Active or not."""
    return connection.execute(sa.select(t.users.c.id).where(t.users.c.id == user_id)).first() is not None


def find_users_named(connection: sa.Connection, name: str) -> list[str]:
    """The active users of this name, however it is spaced and written large or small."""
    query = sa.select(t.users.c.id).where(t.users.c.name_key == user_name_key(name), t.users.c.active)
    return list(connection.execute(query.order_by(t.users.c.id)).scalars())


def find_manager_name(connection: sa.Connection, client_id: str) -> str | None:
    """Who looks after a client."""
    query = sa.select(t.users.c.name).join_from(t.clients, t.users, t.clients.c.manager_id == t.users.c.id)
    found: str | None = connection.execute(query.where(t.clients.c.id == client_id)).scalar()
    return found
