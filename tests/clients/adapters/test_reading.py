import os
import signal
import subprocess
from pathlib import Path

import pytest

from services.clients.adapters import reading
from services.clients.adapters.file_errors import BrokenFile, EmptyFile, ProtectedFile, TooManyColumns
from services.clients.adapters.spreadsheet import read_table

LIST = (Path(__file__).parents[3] / "examples" / "furniture" / "clients.xlsx").read_bytes()


def test_a_table_read_apart_is_the_same_table():
    assert reading.read_table(LIST) == read_table(LIST)


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
        reading.read_table(content)
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
        reading.read_table(LIST)
    monkeypatch.setattr("services.clients.adapters.reading.subprocess.Popen", popen)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with pytest.raises(BrokenFile):
        reading.read_table(LIST)
    monkeypatch.setattr(reading, "PATIENCE", 60)
    assert reading.read_table(LIST).rows
