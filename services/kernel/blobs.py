"""Files by the hash of their content: a folder beside SQLite stores, tables in PostgreSQL.

Content is kept in parts of 1 MiB, each sealed on its own where the content is personal, so
that a piece of a long file is read without the rest. The same content of two persons is
kept twice, each copy under its person's key, and is lost only with the last of them.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.kernel.database import Database
from services.kernel.errors import NotFound, Refusal
from services.kernel.events import PersonKey
from services.kernel.ids import new_id
from services.kernel.sealing import OVERHEAD, Damaged, Sealer

PART = 1024 * 1024
LONGEST_CHUNK = PART
ABANDONED_SECONDS = 3600
_HASH = re.compile(r"[0-9a-f]{64}")


class Erased(Refusal):
    status = 410
    ru = "Файл уничтожен вместе с персональными данными"
    en = "The file was destroyed together with personal data"


@dataclass(frozen=True, slots=True)
class Blob:
    """What an event carries instead of the bytes; `hash` is SHA-256 in hexadecimal."""

    hash: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a blob from an offset on; shorter than asked for only at the end."""

    content: bytes
    blob: Blob


@dataclass(frozen=True, slots=True)
class Copy:
    """One kept copy of a content: open where `who` is empty, else sealed for that person."""

    hash: str
    who: str
    size: int
    media_type: str


class _Parts(Protocol):
    def write(self, copy: Copy, parts: Iterator[bytes]) -> None:
        """Keeps all parts or none, durably; does nothing when the copy is there already."""

    def copies(self, hash: str) -> Sequence[Copy]: ...

    def read(self, copy: Copy, number: int) -> bytes: ...

    def remove(self, hash: str, who: str) -> None:
        """Takes a copy away for good; does nothing where there is none."""


class BlobStore:
    """Blobs of one service."""

    def __init__(self, parts: _Parts, sealer: Sealer) -> None:
        self._parts = parts
        self._sealer = sealer

    def put(self, content: bytes, media_type: str, who: PersonKey | None = None) -> Blob:
        """Keeps the content, sealed for a person where one is named; it is on disk on return."""
        blob = Blob(hashlib.sha256(content).hexdigest(), len(content), media_type)
        copy = Copy(blob.hash, str(who or ""), blob.size, media_type)
        self._parts.write(copy, (self._sealed(copy, number, content) for number in range(_count(copy))))
        return blob

    def get(self, hash: str) -> bytes:
        """The whole content, checked; raises `NotFound` or `Erased`."""
        copy = self._readable(hash)
        content = b"".join(self._opened(copy, number) for number in range(_count(copy)))
        if hashlib.sha256(content).hexdigest() != hash:
            raise Damaged(hash)
        return content

    def chunk(self, hash: str, offset: int, limit: int = LONGEST_CHUNK) -> Chunk:
        """Up to `limit` bytes, at most 1 MiB, from `offset` on."""
        if offset < 0 or not 0 < limit <= LONGEST_CHUNK:
            raise ValueError(f"offset {offset}, limit {limit}")
        copy = self._readable(hash)
        number, start = divmod(offset, PART)
        content = self._opened(copy, number)
        if start + limit > PART:
            content += self._opened(copy, number + 1)
        return Chunk(content[start : start + limit], Blob(hash, copy.size, copy.media_type))

    def remove(self, hash: str, who: PersonKey) -> None:
        """Takes away the copy that is sealed for a person."""
        if _HASH.fullmatch(hash):
            self._parts.remove(hash, str(who))

    def _sealed(self, copy: Copy, number: int, content: bytes) -> bytes:
        part = content[number * PART : (number + 1) * PART]
        return self._sealer.seal_bytes(_place(copy, number), PersonKey.parse(copy.who), part) if copy.who else part

    def _readable(self, hash: str) -> Copy:
        """The first copy that is open or whose person is not forgotten."""
        copies = self._parts.copies(hash) if _HASH.fullmatch(hash) else ()
        for copy in copies:
            if not copy.who or not self._sealer.forgotten(PersonKey.parse(copy.who)):
                return copy
        raise Erased if copies else NotFound(what="blob", id=hash)

    def _opened(self, copy: Copy, number: int) -> bytes:
        """One part, empty beyond the end."""
        if number >= _count(copy):
            return b""
        kept = self._parts.read(copy, number)
        part = self._sealer.open_bytes(_place(copy, number), PersonKey.parse(copy.who), kept) if copy.who else kept
        if part is None:
            raise Erased
        if len(part) != min(PART, copy.size - number * PART):
            raise Damaged(_place(copy, number))
        return part


def open_blobs(url: str, sealer: Sealer) -> BlobStore:
    """Opens the blob store at `file:///<folder>` or in a PostgreSQL database."""
    if url.startswith("file://"):
        return BlobStore(_Folder(Path(unquote(urlsplit(url).path))), sealer)
    return BlobStore(_Tables(Database(url, pool_size=2)), sealer)


def _count(copy: Copy) -> int:
    """How many parts a copy has; the empty content has one, for there is something to erase."""
    return max(1, -(-copy.size // PART))


def _place(copy: Copy, number: int) -> str:
    return f"{copy.hash}:{number}"


class _Folder:
    """A file for each copy: a line that describes it, then its parts, all of one length but the last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder / "unfinished"
        self._unfinished.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._unfinished.iterdir():
            if left.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                left.unlink(missing_ok=True)

    def write(self, copy: Copy, parts: Iterator[bytes]) -> None:
        path = self._path(copy.hash, copy.who)
        if not path.exists():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            self._write(copy, parts).rename(path)
        _sync(path.parent)
        _sync(self._folder)

    def _write(self, copy: Copy, parts: Iterator[bytes]) -> Path:
        path = self._unfinished / new_id()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(json.dumps(asdict(copy)).encode() + b"\n")
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        return path

    def copies(self, hash: str) -> Sequence[Copy]:
        return [_described(path) for path in sorted((self._folder / hash[:2]).glob(f"{hash}*"))]

    def read(self, copy: Copy, number: int) -> bytes:
        length = PART + (OVERHEAD if copy.who else 0)
        with self._path(copy.hash, copy.who).open("rb") as file:
            file.seek(len(file.readline()) + number * length)
            return file.read(length)

    def remove(self, hash: str, who: str) -> None:
        self._path(hash, who).unlink(missing_ok=True)

    def _path(self, hash: str, who: str) -> Path:
        mark = "." + hashlib.sha256(who.encode()).hexdigest()[:32] if who else ""
        return self._folder / hash[:2] / (hash + mark)


def _described(path: Path) -> Copy:
    with path.open("rb") as file:
        return Copy(**json.loads(file.readline()))


def _sync(folder: Path) -> None:
    """Makes the names in a folder as durable as the files they name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_metadata = sa.MetaData(schema="store")
_blobs = sa.Table(
    "blobs",
    _metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("who", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
)
_blob_parts = sa.Table(
    "blob_parts",
    _metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("who", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(["hash", "who"], [_blobs.c.hash, _blobs.c.who], ondelete="CASCADE"),
)


class _Tables:
    """A row for each copy and one for each of its parts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(_metadata)

    def write(self, copy: Copy, parts: Iterator[bytes]) -> None:
        with self._database.write() as connection:
            new = connection.execute(insert(_blobs).values(asdict(copy)).on_conflict_do_nothing()).rowcount
            for number, content in enumerate(parts if new else ()):
                row = {"hash": copy.hash, "who": copy.who, "number": number, "content": content}
                connection.execute(sa.insert(_blob_parts).values(row))

    def copies(self, hash: str) -> Sequence[Copy]:
        with self._database.read() as connection:
            query = sa.select(_blobs).where(_blobs.c.hash == hash).order_by(_blobs.c.who)
            return [Copy(*row) for row in connection.execute(query)]

    def read(self, copy: Copy, number: int) -> bytes:
        c = _blob_parts.c
        query = sa.select(c.content).where(c.hash == copy.hash, c.who == copy.who, c.number == number)
        with self._database.read() as connection:
            return bytes(connection.execute(query).scalar_one())

    def remove(self, hash: str, who: str) -> None:
        with self._database.write() as connection:
            connection.execute(sa.delete(_blobs).where(_blobs.c.hash == hash, _blobs.c.who == who))
