"""Copies of the one-machine installation's data, and putting one in the place of what is there.

A backup is a folder: `stores/<time>/<service>.db` is what each service's store held, `blobs` the
files it kept, shared by all copies, and `keys` the newest keyring and the secrets, never older
ones: an older key would bring back who was forgotten. Read models and the broker's queues are
in no backup.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from deploy.reestr.files import private_directory
from deploy.reestr.rejoin import rejoin
from deploy.reestr.settings import SERVICES, Places

STORE, VIEWS, KEYRING = "events.db", "views", "keyring.db"
MASTER_KEY, API_KEY = "master.key", "api-key"


class BackupWrong(Exception):
    """What was named is no whole backup, or must not be put here."""


def back_up(where: Places, to: Path, now: datetime) -> Path:
    """Copies every store as it is at one moment, while all goes on; the new folder of stores.

    The keyring comes last, so that it has the key of whoever is in a copied store.
    """
    if not (where.data("clients") / STORE).exists():
        raise BackupWrong(f"There is nothing to back up in {where.var}")
    stores = private_directory(to) / "stores" / now.strftime("%Y%m%dT%H%M%SZ")
    part = private_directory(stores.with_name(f"{stores.name}.part"))
    for service in SERVICES:
        _copy_database(where.data(service) / STORE, part / f"{service}.db")
        _copy_blobs(where.data(service) / "blobs", to / "blobs" / service)
    keys = private_directory(to / "keys")
    _copy_database(where.data("keyring") / KEYRING, keys / KEYRING)
    for secret in (where.var / "secrets" / MASTER_KEY, where.var / API_KEY):
        if secret.exists():
            _copy_file(secret, keys / secret.name)
    part.rename(stores)
    _sync(stores.parent)
    return stores


def restore(where: Places, stores: Path, keys: Path | None) -> list[str]:
    """Puts the stores of a backup in place of what is there; what was done, in words.

    Begun and not ended, it must be begun again: nothing starts before. The living keyring
    stays; `keys` are for a machine that has none.
    """
    blobs = stores.resolve().parents[1] / "blobs"
    _check(where, stores, keys)
    where.restoring.touch()
    if keys is not None:
        _copy_database(keys / KEYRING, where.data("keyring") / KEYRING)
        _copy_file(keys / MASTER_KEY, private_directory(where.var / "secrets") / MASTER_KEY)
        if (keys / API_KEY).exists():
            _copy_file(keys / API_KEY, where.var / API_KEY)
    for service in SERVICES:
        data = where.data(service)
        for old in (*data.glob(f"{STORE}*"), *data.glob(f"{VIEWS}.*")):
            old.unlink()
        _copy_database(stores / f"{service}.db", data / STORE)
        _copy_blobs(blobs / service, data / "blobs")
    shutil.rmtree(where.rabbitmq / "mnesia", ignore_errors=True)
    cuts = rejoin({service: f"sqlite:///{where.data(service)}/{STORE}" for service in SERVICES})
    where.restoring.unlink()
    return [f"{reader}: gave up {cut.given_up} of {cut.source} after {cut.position}" for reader, cut in cuts]


def _check(where: Places, stores: Path, keys: Path | None) -> None:
    missing = [service for service in SERVICES if not (stores / f"{service}.db").is_file()]
    if missing:
        raise BackupWrong(f"{stores} has no store of {', '.join(missing)}")
    has_keyring = (where.data("keyring") / KEYRING).exists() and not where.restoring.exists()
    if keys is not None and has_keyring:
        raise BackupWrong(
            f"{where.var} has a keyring of its own, in which whoever was forgotten stays forgotten. "
            "Restore without the keys, or into an installation that has none."
        )
    if keys is None and not (where.data("keyring") / KEYRING).exists():
        raise BackupWrong(f"{where.var} has no keyring: name the backup's keys too, --keys FOLDER/keys")
    if keys is not None and not all((keys / name).is_file() for name in (KEYRING, MASTER_KEY)):
        raise BackupWrong(f"{keys} has no keyring and master key")


def _copy_database(source: Path, target: Path) -> None:
    """One moment's state, whole or not at all, while others write."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as reading,
        closing(sqlite3.connect(part)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")
    part.chmod(0o600)
    _put_in_place(part, target)


def _copy_blobs(source: Path, target: Path) -> None:
    """Adds what is missing: a blob never changes under its name."""
    for file in source.rglob("*") if source.exists() else ():
        copy = target / file.relative_to(source)
        if file.is_file() and not copy.exists():
            private_directory(copy.parent)
            _copy_file(file, copy)


def _copy_file(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    part.chmod(0o600)
    _put_in_place(part, target)


def _put_in_place(part: Path, target: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
