import os
import signal
import subprocess
from pathlib import Path

import pytest

from services.clients.adapters import reading
from services.clients.adapters.file_errors import BrokenFile, EmptyFile, ProtectedFile, TooManyColumns
from services.clients.adapters.reader import PIECE
from services.clients.domain.import_rows import SheetRow
from tests.clients.adapters.tables import named, read_table

LIST = (Path(__file__).parents[3] / "examples" / "furniture" / "clients.xlsx").read_bytes()


def test_a_table_read_apart_is_the_same_table():
    [*some, last] = reading.read_table(LIST)
    table = read_table(LIST)
    rows = [SheetRow(number, named(table.headings, cells)) for piece in some for number, cells in piece.rows]
    assert (last.headings, tuple(rows)) == table
    assert max(len(piece.rows) for piece in some) <= PIECE


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", EmptyFile),
        (b"PK\x03\x04 nothing", BrokenFile),
        (b"\xd0\xcf\x11\xe0", ProtectedFile),
        (b"a" + b";b" * 300 + b"\n1" + b";2" * 300, TooManyColumns),
    ],
)
def test_a_file_refused_apart_is_refused_in_the_same_words(content, refusal):
    with pytest.raises(refusal) as apart:
        list(reading.read_table(content))
    with pytest.raises(refusal) as here:
        read_table(content)
    assert apart.value.problem() == here.value.problem()


def test_a_reader_that_is_killed_or_takes_too_long_costs_the_file_and_nothing_else(monkeypatch):
    popen = subprocess.Popen

    def killed(*arguments, **options):
        process = popen(*arguments, **options)
        os.kill(process.pid, signal.SIGKILL)
        return process

    monkeypatch.setattr("services.clients.adapters.reading.subprocess.Popen", killed)
    with pytest.raises(BrokenFile):
        list(reading.read_table(LIST))
    monkeypatch.setattr("services.clients.adapters.reading.subprocess.Popen", popen)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with pytest.raises(BrokenFile):
        list(reading.read_table(LIST))
    monkeypatch.setattr(reading, "PATIENCE", 60)
    assert len(list(reading.read_table(LIST))) > 1
