"""A notifications service of its own process, which a test kills: `python -m tests.notifications.deliver`.

The folder of its stores is the first argument; it ends by itself after as many seconds as the second.
"""

import sys
import time
from pathlib import Path

from tests.notifications.hooks import Hooks
from tests.system import System


def main() -> None:
    folder = Path(sys.argv[1])
    Hooks(System(folder, lambda name: f"sqlite:///{folder}/{name}/events.db", ["notifications"]))
    time.sleep(float(sys.argv[2]))


if __name__ == "__main__":
    main()
