"""Events to rows."""

from gateway import tables as t
from gateway.events import ApiKeyCreated, UserCreated
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_user_created(rows: Rows, recorded: Recorded) -> None:
    event: UserCreated = recorded.event
    rows.put(
        t.users,
        {
            "id": event.user_id,
            "version": recorded.version,
            "name": event.name,
            "email": event.email,
            "role": event.role,
            "active": True,
            "created_at": recorded.recorded,
        },
    )


def on_user_deactivated(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.users, recorded.subject, version=recorded.version, active=False)


def on_api_key_created(rows: Rows, recorded: Recorded) -> None:
    event: ApiKeyCreated = recorded.event
    rows.put(
        t.api_keys,
        {
            "id": event.key_id,
            "version": recorded.version,
            "user_id": event.user_id,
            "name": event.name,
            "secret_hash": event.secret_hash,
            "active": True,
            "created_at": recorded.recorded,
        },
    )


def on_api_key_revoked(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.api_keys, recorded.subject, version=recorded.version, active=False)


ACCESS = Projection(
    name="access",
    tables=(t.users, t.api_keys),
    on={
        "gateway": {
            "UserCreated": on_user_created,
            "UserDeactivated": on_user_deactivated,
            "ApiKeyCreated": on_api_key_created,
            "ApiKeyRevoked": on_api_key_revoked,
        }
    },
)
