"""Named points at which tests kill the process, as a power cut would."""

import os
import signal
from collections import Counter

_POINT, _, _PASS = os.environ.get("REESTR_CRASH_AT", "").partition(":")
_passes: Counter[str] = Counter()


def crash_here(point: str) -> None:
    """Kills this process where REESTR_CRASH_AT is `point`, or `point:n` at the n-th passing."""
    if point == _POINT:
        _passes[point] += 1
        if _passes[point] == int(_PASS or 1):
            os.kill(os.getpid(), signal.SIGKILL)
