import subprocess
import sys
from pathlib import Path


def test_in_a_patched_process_the_hub_goes_on_while_a_document_is_made():
    script = Path(__file__).with_name("patched.py")
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
        env={"PYTHONPATH": str(script.parents[4]), "PATH": "/usr/bin:/bin"},
    )
    assert (ended.returncode, ended.stdout[:2]) == (0, "ok"), ended.stderr
