"""The same under eventlet, as services run."""

import os
import subprocess
import sys
from pathlib import Path

CHOSEN = "sqlite and (bound or longer or lost_inside or waits_for_its_time or until_it_shows)"


def test_reactions_run_as_greenlets():
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-o",
        "filterwarnings=default",
        "-k",
        CHOSEN,
        str(Path(__file__).parent),
    ]
    env = os.environ | {"REESTR_TEST_PATCHED": "1"}
    done = subprocess.run(command, env=env, timeout=100, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "5 passed" in done.stdout
