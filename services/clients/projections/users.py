"""Users: events to rows."""

from services.clients import tables as t
from services.clients.domain.identity import user_name_key
from services.kernel.message import Message
from services.kernel.projections import Projection, Rows


def on_user_created(rows: Rows, message: Message) -> None:
    name = message.data.get("name")
    row = {"id": message.subject, "name": name, "name_key": user_name_key(name or "")}
    rows.put(t.users, {**row, "active": True})


def on_user_deactivated(rows: Rows, message: Message) -> None:
    rows.change(t.users, message.subject, active=False)


USERS = Projection(
    name="users",
    tables=(t.users,),
    on={"gateway": {"UserCreated": on_user_created, "UserDeactivated": on_user_deactivated}},
)
