"""A browser's session: a cookie `rs_<id>_<secret>` that ends when it is not used, and in any case."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.commands import BeginSession, EndSession
from gateway.domain.secrets import hash_of
from gateway.events import SessionBegun, SessionEnded

PREFIX = "rs"
COOKIE = "reestr_session"
CSRF_HEADER = "X-CSRF-Token"
LIFETIME = timedelta(hours=24)
IDLE = timedelta(hours=2)
USED_EVERY = timedelta(minutes=10)

Event = SessionBegun | SessionEnded


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    user_id: str
    active: bool


def begin_session(user_id: str, command: BeginSession, secret: str, now: datetime) -> list[SessionBegun]:
    address = command.address or None
    return [SessionBegun(command.session_id, user_id, hash_of(secret), now + LIFETIME, address)]


def end_session(session: Session, command: EndSession) -> list[SessionEnded]:
    return [SessionEnded(command.session_id, session.user_id)] if session.active else []


def csrf_token(cookie: str) -> str:
    """What a page must send along with writes: only who may read answers of the API knows it."""
    return hash_of(f"csrf {cookie}")


def evolve(session: Session | None, event: Event) -> Session:
    if isinstance(event, SessionBegun):
        return Session(event.session_id, event.user_id, active=True)
    assert session is not None
    return replace(session, active=False)
