"""Events to rows."""

from typing import Any

import msgspec

from gateway import tables as t
from gateway.domain import api_key
from gateway.events import (
    ApiKeyCreated,
    ApiKeyRotated,
    CalendarFeedCreated,
    CalendarFeedRotated,
    RoleChanged,
    SessionBegun,
    TeamChanged,
    UserCreated,
    UserInvited,
    UserRoleChanged,
)
from services.kernel.clock import to_micros
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows

# what the access log shows in columns of its own, and what it never shows
_NOT_DETAILS = {"name", "email", "address", "password_hash", "secret_hash", "former_hash", "token_hash"}


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
            "password_position": 0,
        },
    )


def on_user_role_changed(rows: Rows, recorded: Recorded) -> None:
    event: UserRoleChanged = recorded.event
    rows.change(t.users, recorded.subject, version=recorded.version, role=event.role_after)


def on_user_deactivated(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.users, recorded.subject, version=recorded.version, active=False, invited_until=None)


def on_user_invited(rows: Rows, recorded: Recorded) -> None:
    event: UserInvited = recorded.event
    until = to_micros(event.expires_at)
    rows.change(t.users, recorded.subject, version=recorded.version, invited_until=until)


def on_password_set(rows: Rows, recorded: Recorded) -> None:
    rows.change(
        t.users,
        recorded.subject,
        version=recorded.version,
        invited_until=None,
        password_set_at=recorded.recorded,
        password_position=recorded.position,
    )


def on_api_key_created(rows: Rows, recorded: Recorded) -> None:
    event: ApiKeyCreated = recorded.event
    rows.put(
        t.api_keys,
        {
            "id": event.key_id,
            "version": recorded.version,
            "user_id": event.user_id,
            "name": event.name,
            "prefix": f"{api_key.PREFIX}_{event.key_id}",
            "secret_hash": event.secret_hash,
            "scopes": None if event.scopes is None else _json(event.scopes),
            "active": True,
            "created_at": recorded.recorded,
            "expires_at": event.expires_at and to_micros(event.expires_at),
        },
    )


def on_api_key_rotated(rows: Rows, recorded: Recorded) -> None:
    event: ApiKeyRotated = recorded.event
    rows.change(
        t.api_keys,
        recorded.subject,
        version=recorded.version,
        secret_hash=event.secret_hash,
        former_hash=event.former_hash,
        former_until=to_micros(event.former_until),
    )


def on_api_key_used(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.api_keys, recorded.subject, last_used_at=recorded.recorded)


def on_api_key_revoked(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.api_keys, recorded.subject, version=recorded.version, active=False)


def on_calendar_feed_created(rows: Rows, recorded: Recorded) -> None:
    event: CalendarFeedCreated = recorded.event
    rows.put(
        t.calendar_feeds,
        {
            "id": event.feed_id,
            "version": recorded.version,
            "user_id": event.user_id,
            "name": event.name,
            "secret_hash": event.secret_hash,
            "active": True,
            "created_at": recorded.recorded,
        },
    )


def on_calendar_feed_rotated(rows: Rows, recorded: Recorded) -> None:
    event: CalendarFeedRotated = recorded.event
    told = {"version": recorded.version, "secret_hash": event.secret_hash, "rotated_at": recorded.recorded}
    rows.change(t.calendar_feeds, recorded.subject, **told)


def on_calendar_feed_revoked(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.calendar_feeds, recorded.subject, version=recorded.version, active=False)


def on_session_begun(rows: Rows, recorded: Recorded) -> None:
    event: SessionBegun = recorded.event
    rows.put(
        t.sessions,
        {
            "id": event.session_id,
            "version": recorded.version,
            "user_id": event.user_id,
            "secret_hash": event.secret_hash,
            "address": event.address,
            "position": recorded.position,
            "active": True,
            "created_at": recorded.recorded,
            "expires_at": to_micros(event.expires_at),
            "last_used_at": recorded.recorded,
        },
    )


def on_session_used(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.sessions, recorded.subject, last_used_at=recorded.recorded)


def on_session_ended(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.sessions, recorded.subject, version=recorded.version, active=False)


def on_role_changed(rows: Rows, recorded: Recorded) -> None:
    event: RoleChanged = recorded.event
    facts = event.after
    rows.put(
        t.roles,
        {
            "id": event.role_id,
            "version": recorded.version,
            "name": facts.name,
            "built_in": False,
            "permissions": _json(facts.permissions),
            "rows": _json(facts.rows),
            "masked": _json(facts.masked),
        },
    )


def on_team_changed(rows: Rows, recorded: Recorded) -> None:
    event: TeamChanged = recorded.event
    team = {"id": event.team_id, "version": recorded.version, "name": event.name, "members": _json(event.members)}
    rows.put(t.teams, team)
    for gone in set(event.members_before) - set(event.members):
        rows.delete(t.team_members, (gone, event.team_id))
    for member in event.members:
        rows.put(t.team_members, {"user_id": member, "team_id": event.team_id})


def on_access(rows: Rows, recorded: Recorded) -> None:
    """One line of the log for every event that is told in it."""
    fields: dict[str, Any] = msgspec.to_builtins(recorded.event)
    rows.put(
        t.access_log,
        {
            "id": f"{recorded.position:015}",
            "version": 1,
            "at": recorded.recorded,
            "type": recorded.type,
            "subject": recorded.subject,
            "actor": recorded.actor,
            "user_id": fields.get("user_id"),
            "address": fields.get("address"),
            "details": _json({name: value for name, value in fields.items() if name not in _NOT_DETAILS}),
        },
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


ACCESS = Projection(
    name="access",
    tables=(t.users, t.api_keys, t.calendar_feeds, t.sessions, t.roles, t.teams, t.team_members),
    on={
        "gateway": {
            "UserCreated": on_user_created,
            "UserRoleChanged": on_user_role_changed,
            "UserDeactivated": on_user_deactivated,
            "UserInvited": on_user_invited,
            "PasswordSet": on_password_set,
            "ApiKeyCreated": on_api_key_created,
            "ApiKeyRotated": on_api_key_rotated,
            "ApiKeyUsed": on_api_key_used,
            "ApiKeyRevoked": on_api_key_revoked,
            "CalendarFeedCreated": on_calendar_feed_created,
            "CalendarFeedRotated": on_calendar_feed_rotated,
            "CalendarFeedRevoked": on_calendar_feed_revoked,
            "SessionBegun": on_session_begun,
            "SessionUsed": on_session_used,
            "SessionEnded": on_session_ended,
            "RoleChanged": on_role_changed,
            "TeamChanged": on_team_changed,
        }
    },
)

LOGGED = (
    "UserCreated",
    "UserRoleChanged",
    "UserDeactivated",
    "UserInvited",
    "PasswordSet",
    "LoginFailed",
    "UserLockedOut",
    "AddressLockedOut",
    "SessionBegun",
    "SessionEnded",
    "ApiKeyCreated",
    "ApiKeyRotated",
    "ApiKeyRevoked",
    "CalendarFeedCreated",
    "CalendarFeedRotated",
    "CalendarFeedRevoked",
    "RoleChanged",
    "TeamChanged",
)

ACCESS_LOG = Projection(name="access_log", tables=(t.access_log,), on={"gateway": dict.fromkeys(LOGGED, on_access)})
