"""The same under eventlet, as services run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PATIENCE = 380


@pytest.mark.timeout(PATIENCE + 20)
@pytest.mark.parametrize(
    ("tests", "chosen", "passed"),
    [
        ("adapters/test_webhooks.py", "", "57 passed"),
        ("test_webhooks.py", "several_at_once or own_library or dies_and or hangs_holds or lost_a_day", "5 passed"),
    ],
)
def test_webhooks_go_out_of_greenlets(tests, chosen, passed):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:xdist",
        "-o",
        "filterwarnings=default",
        str(HERE / tests),
        "-k",
        chosen,
    ]
    env = os.environ | {"REESTR_TEST_PATCHED": "1"}
    done = subprocess.run(command, env=env, timeout=PATIENCE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert done.stdout.splitlines()[-1].startswith(passed), done.stdout[-3000:]
