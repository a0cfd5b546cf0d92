"""The store among greenlets, in processes of their own: this one is not patched."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def passes(url, name):
    command = [sys.executable, "-W", "ignore", "-m", "tests.kernel.store.green", url, name]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
    assert ran.stdout == "passed\n", ran.stderr[-5000:]


@pytest.mark.parametrize(
    "name",
    [
        "killed_at_any_moment",
        "killed_while_waiting",
        "a_killed_holder_lets_go",
        "killed_readers_give_their_connections_back",
    ],
)
def test_greenlets_may_be_killed_at_any_moment(any_database, name):
    passes(any_database, name)


@pytest.mark.parametrize("name", ["killed_while_the_server_writes", "readers_cut_off_give_their_connections_back"])
def test_a_server_does_not_lose_greenlets(database, name):
    passes(database, name)
