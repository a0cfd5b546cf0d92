"""The keyring: one key for each person and ground, which can be destroyed for good.

A small store of its own, shared by all services and backed up apart from theirs. Keys lie in
it wrapped by a master key that is kept in a file. A destroyed key leaves a tombstone in its
row, so that it can never be made again.
"""

import base64
import hmac
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from services.kernel import clock
from services.kernel.database import Database
from services.kernel.events import PersonKey

KEY_BYTES = 32
NONCE_BYTES = 12
# A destroyed key must be gone from every process within 5 seconds.
TRUSTED_SECONDS = 2.0
# Keys next to a missing one are fetched with it: ids sort by time, so a rebuild needs them next.
NEIGHBOURS = 100
CACHED = 50_000

metadata = sa.MetaData(schema="store")
_keys = sa.Table(
    "keys",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("ground", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("destroyed_at", sa.BigInteger),
)
# One row. `destroyed` counts destructions and tells the processes to drop what they hold.
_state = sa.Table(
    "keyring",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("index_key", sa.LargeBinary, nullable=False),
    sa.Column("destroyed", sa.BigInteger, nullable=False),
)
_READ = sa.select(_keys.c.person, _keys.c.ground, _keys.c.wrapped)
_DESTROYED = sa.select(_state.c.destroyed)


class Destroyed(Exception):
    """The person's key was destroyed: nothing can be sealed for it any more."""


class UnknownKey(Exception):
    """The keyring never held this key: it is another keyring, or an older copy of it.

    This is not the same as forgotten, and never reads as such. Where the key is lost for
    good, destroying it says so, and its fields read as erased from then on.
    """


class WrongMasterKey(Exception):
    """The master key is none, or not the one that this keyring was made with."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A key that must not live, wherever the keyring is restored to."""

    person: str
    ground: str
    destroyed_at: datetime


def read_master_key(path: Path) -> bytes:
    """The key in a file of base64."""
    try:
        key = base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise WrongMasterKey(f"{path} must hold {KEY_BYTES} bytes in base64: openssl rand -base64 {KEY_BYTES}")
    return key


class Keyring:
    """Keys by person, remembered for a short while so that sealing costs no query.

    What is remembered is trusted for two seconds; then one look at the number of
    destructions tells whether all of it still holds. A process that cannot look
    fails rather than go on with keys that may be destroyed.
    """

    def __init__(self, url: str, master_key: bytes) -> None:
        self._master = AESGCM(master_key)
        self._database = Database(url, pool_size=2)
        if self._database.is_sqlite:
            sa.event.listen(self._database.engine, "connect", _overwrite_deleted)
        self._insert: Any = sqlite_insert if self._database.is_sqlite else postgres_insert
        self._known: dict[PersonKey, bytes | None] = {}
        self._destroyed = -1
        self._trusted_until = 0.0
        self._database.create(metadata)
        self._index_key = self._open_index_key()

    def key(self, who: PersonKey) -> bytes:
        """The person's key, made if there is none; raises `Destroyed` when a tombstone stands."""
        try:
            key = self.find(who)
        except UnknownKey:
            key = self._create(who) or self.find(who)
        if key is None:
            raise Destroyed(str(who))
        return key

    def find(self, who: PersonKey) -> bytes | None:
        """The person's key, None when it was destroyed; raises `UnknownKey` if it never was."""
        known = self._trusted()
        try:
            return known[who]
        except KeyError:
            return self._fetch(who, known)

    def destroy(self, who: PersonKey) -> bool:
        """Puts a tombstone in the key's place; whether a living key was there."""
        tombstone = Tombstone(who.person, who.ground, clock.now())
        return self.apply_tombstones([tombstone]) == 1

    def tombstones(self) -> list[Tombstone]:
        """All tombstones, for the backup to keep beside the keyring."""
        query = sa.select(_keys.c.person, _keys.c.ground, _keys.c.destroyed_at).where(_keys.c.destroyed_at.is_not(None))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_keys.c.destroyed_at, _keys.c.person)).all()
        return [Tombstone(person, ground, clock.from_micros(at)) for person, ground, at in rows]

    def apply_tombstones(self, tombstones: Iterable[Tombstone]) -> int:
        """Destroys again what was destroyed before a restore; how many keys were still living."""
        with self._database.write() as connection:
            connection.execute(sa.update(_state).values(destroyed=_state.c.destroyed + 1))
            living = sum(self._bury(connection, tombstone) for tombstone in tombstones)
        self._known = {}
        self._trusted_until = 0.0
        self._scrub()
        return living

    def claim_key(self, scope: str, plain: str) -> str:
        """A stand-in for a personal value in a unique key: equal for equal values, and telling
        nothing without the keyring."""
        return hmac.digest(self._index_key, f"{scope}\0{plain}".encode(), "sha256").hex()

    def close(self) -> None:
        self._database.close()

    def _trusted(self) -> dict[PersonKey, bytes | None]:
        """What is remembered, once it is sure that no key in it was destroyed meanwhile.

        A reader that was overtaken by a destruction fills the dictionary that it began
        with, which by then is nobody's.
        """
        begun = time.monotonic()
        if begun < self._trusted_until:
            return self._known
        with self._database.read() as connection:
            destroyed = connection.execute(_DESTROYED).scalar_one()
        if destroyed != self._destroyed:
            self._known = {}
            self._destroyed = destroyed
        self._trusted_until = begun + TRUSTED_SECONDS
        return self._known

    def _fetch(self, who: PersonKey, known: dict[PersonKey, bytes | None]) -> bytes | None:
        c = _keys.c
        from_here = sa.tuple_(c.person, c.ground) >= sa.tuple_(sa.literal(who.person), sa.literal(who.ground))
        query = _READ.where(from_here).order_by(c.person, c.ground).limit(NEIGHBOURS)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        found = {PersonKey(person, ground): wrapped for person, ground, wrapped in rows}
        if who not in found:
            raise UnknownKey(str(who))
        keys = {key: wrapped and self._unwrap(wrapped, str(key)) for key, wrapped in found.items()}
        _remember(known, keys)
        return keys[who]

    def _create(self, who: PersonKey) -> bytes | None:
        """Makes the key; None where it, or its tombstone, is there already: the first one wins."""
        known, key = self._trusted(), os.urandom(KEY_BYTES)
        row = self._insert(_keys).values(person=who.person, ground=who.ground, wrapped=self._wrap(key, str(who)))
        with self._database.write() as connection:
            if connection.execute(row.on_conflict_do_nothing()).rowcount == 0:
                return None
        _remember(known, {who: key})
        return key

    def _bury(self, connection: sa.Connection, tombstone: Tombstone) -> int:
        """Whether the key was living. The insertion comes first, as it waits for who makes
        the key at this moment."""
        c = _keys.c
        at = clock.to_micros(tombstone.destroyed_at)
        row = self._insert(_keys).values(person=tombstone.person, ground=tombstone.ground, destroyed_at=at)
        connection.execute(row.on_conflict_do_nothing())
        here = sa.and_(c.person == tombstone.person, c.ground == tombstone.ground, c.wrapped.is_not(None))
        return connection.execute(sa.update(_keys).where(here).values(wrapped=None, destroyed_at=at)).rowcount

    def _scrub(self) -> None:
        """Removes what the database still holds of overwritten rows."""
        scrub = "PRAGMA wal_checkpoint(TRUNCATE)" if self._database.is_sqlite else "VACUUM (SKIP_LOCKED) store.keys"
        with self._database.read() as connection:
            connection.exec_driver_sql(scrub)

    def _open_index_key(self) -> bytes:
        fresh = self._wrap(os.urandom(KEY_BYTES), "index")
        row = self._insert(_state).values(id=1, index_key=fresh, destroyed=0)
        with self._database.write() as connection:
            connection.execute(row.on_conflict_do_nothing())
            wrapped: bytes = connection.execute(sa.select(_state.c.index_key)).scalar_one()
        return self._unwrap(wrapped, "index")

    def _wrap(self, key: bytes, name: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, key, name.encode())

    def _unwrap(self, wrapped: bytes, name: str) -> bytes:
        wrapped = bytes(wrapped)
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
        except InvalidTag:
            raise WrongMasterKey(f"the master key does not open {name!r} of this keyring") from None


def _remember(known: dict[PersonKey, bytes | None], keys: Mapping[PersonKey, bytes | None]) -> None:
    if len(known) > CACHED:
        known.clear()
    known.update(keys)


def _overwrite_deleted(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA secure_delete=ON")
