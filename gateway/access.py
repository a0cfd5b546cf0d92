"""Who the caller is and what he may do, found once and held until anything about access changes."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
import sqlalchemy as sa

from gateway import tables as t
from gateway.directory import own_context
from gateway.domain import api_key, session
from gateway.domain.secrets import matches, read
from gateway.events import ApiKeyUsed, SessionUsed
from gateway.queries import grants_of, team_mates
from gateway.roles import Grants
from gateway.routing import SELF
from services.kernel import clock
from services.kernel.clock import to_micros
from services.kernel.errors import Unavailable
from services.kernel.rights import Rights
from services.kernel.runtime import Runtime
from services.kernel.store.claims import ANY_VERSION, Append, StreamEvents

HELD = 2000
VISIBLE_WITHIN = 3.0
# other replicas' changes are noticed this often
LOOK_EVERY = 0.5
_MICROS = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """`principal` is the id of his key or session. Times are microseconds since 1970 UTC:
    from `until` on he is unknown, from `note_after` on his next request is noted."""

    principal: str
    actor: str
    grants: Grants
    team: frozenset[str]
    until: int | None
    note_after: int
    by_cookie: bool

    def may(self, permission: str) -> bool:
        return permission == SELF or self.grants.may(permission)

    def rights(self, permission: str) -> Rights:
        """Whose rows he may see, and which fields only in part, of what the permission is about."""
        if permission == SELF:
            return Rights(frozenset({self.actor}))
        return rights_of(self.grants, permission, self.actor, self.team)


def rights_of(grants: Grants, permission: str, user_id: str, team: frozenset[str]) -> Rights:
    scope = grants.scope(permission.partition(".")[0])
    users = {"all": None, "team": team, "own": frozenset({user_id})}[scope]
    return Rights(users, grants.masked)


class Access:
    """Knows callers by what they present: a key, or the cookie of a session.

    What is found is held for as long as the gateway's own store has not gone on, so a key that
    is revoked opens nothing from then on; changes by another replica are seen within a second.
    """

    def __init__(self, runtime: Callable[[], Runtime]) -> None:
        self._runtime_of = runtime
        self._held: OrderedDict[str, Caller] = OrderedDict()
        self._held_at = -1
        self._looked = 0.0
        self._lock = threading.Lock()

    def __call__(self, presented: str) -> Caller | None:
        runtime, now = self._runtime_of(), to_micros(clock.now())
        position = self._position(runtime)
        digest = hashlib.sha256(presented.encode()).hexdigest()
        caller = self._recall(digest, position)
        if caller is None:
            caller = self._find(runtime, presented, position)
        if caller is None or (caller.until is not None and now >= caller.until):
            return None
        if now >= caller.note_after:
            caller = self._note(runtime, caller, now)
        self._hold(digest, caller, position)
        return caller

    def _position(self, runtime: Runtime) -> int:
        """How far the store has come; SQLite has one process, which knows by itself."""
        store = runtime.store
        if not store.database.is_sqlite and time.monotonic() - self._looked > LOOK_EVERY:
            self._looked = time.monotonic()
            store.appended.notify(store.head().position)
        return store.appended.value

    def _recall(self, digest: str, position: int) -> Caller | None:
        with self._lock:
            if self._held_at != position:
                self._held.clear()
                self._held_at = position
            caller = self._held.get(digest)
            if caller is not None:
                self._held.move_to_end(digest)
            return caller

    def _hold(self, digest: str, caller: Caller, position: int) -> None:
        with self._lock:
            if self._held_at == position:
                self._held[digest] = caller
                while len(self._held) > HELD:
                    self._held.popitem(last=False)

    def _find(self, runtime: Runtime, presented: str, position: int) -> Caller | None:
        """By the read models, once they show everything up to the position."""
        if not runtime.projections.wait(runtime.service.name, position, VISIBLE_WITHIN):
            raise Unavailable(service=runtime.service.name)
        with runtime.views.connect() as connection:
            if parts := read(api_key.PREFIX, presented):
                return _key_holder(connection, *parts)
            if parts := read(session.PREFIX, presented):
                return _in_session(connection, *parts)
        return None

    def _note(self, runtime: Runtime, caller: Caller, now: int) -> Caller:
        """Records once in a while that the key or session is in use, apart from its own history."""
        kind, used, every = (
            ("session_use", SessionUsed, session.USED_EVERY)
            if caller.by_cookie
            else ("api_key_use", ApiKeyUsed, api_key.USED_EVERY)
        )
        noted = [StreamEvents(f"{kind}:{caller.principal}", ANY_VERSION, [used(caller.principal)])]
        runtime.store.append(Append(replace(own_context(5), actor=caller.actor), noted))
        return replace(caller, note_after=now + every // _MICROS)


def _key_holder(connection: sa.Connection, key_id: str, secret: str) -> Caller | None:
    k, u = t.api_keys.c, t.users.c
    query = sa.select(t.api_keys, u.role).join_from(t.api_keys, t.users, k.user_id == u.id)
    row = connection.execute(query.where(k.id == key_id, k.active, u.active)).first()
    if row is None:
        return None
    until = row.expires_at
    if not matches(secret, row.secret_hash):
        if row.former_hash is None or not matches(secret, row.former_hash):
            return None
        until = min(filter(None, (row.expires_at, row.former_until)))
    note_after = 0 if row.last_used_at is None else row.last_used_at + api_key.USED_EVERY // _MICROS
    grants = grants_of(connection, row.role).narrowed(msgspec.json.decode(row.scopes) if row.scopes else None)
    mates = team_mates(connection, row.user_id)
    return Caller(key_id, row.user_id, grants, mates, until, note_after, by_cookie=False)


def _in_session(connection: sa.Connection, session_id: str, secret: str) -> Caller | None:
    """A session outlives no change of the password."""
    s, u = t.sessions.c, t.users.c
    query = sa.select(t.sessions, u.role).join_from(t.sessions, t.users, s.user_id == u.id)
    current = s.position > u.password_position
    row = connection.execute(query.where(s.id == session_id, s.active, u.active, current)).first()
    if row is None or not matches(secret, row.secret_hash):
        return None
    until = min(row.expires_at, row.last_used_at + session.IDLE // _MICROS)
    note_after = row.last_used_at + session.USED_EVERY // _MICROS
    grants, mates = grants_of(connection, row.role), team_mates(connection, row.user_id)
    return Caller(session_id, row.user_id, grants, mates, until, note_after, by_cookie=True)
