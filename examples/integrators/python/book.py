"""What an integrator keeps: every event once, and the place to go on from, in one transaction."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Event = Mapping[str, Any]


class Book:
    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, event TEXT NOT NULL)")
        self._database.execute("CREATE TABLE IF NOT EXISTS places (name TEXT PRIMARY KEY, cursor TEXT NOT NULL)")

    def cursor(self) -> str:
        found = self._database.execute("SELECT cursor FROM places WHERE name = 'feed'").fetchone()
        return str(found[0]) if found else ""

    def take(self, events: Iterable[Event], cursor: str | None = None) -> None:
        """An event that is known already is passed over: its id tells. Your own work belongs into
        the same transaction."""
        rows = [(event["id"], json.dumps(event, ensure_ascii=False)) for event in events]
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO events VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
        if cursor is not None:
            self._database.execute("INSERT OR REPLACE INTO places VALUES ('feed', ?)", (cursor,))
        self._database.execute("COMMIT")
