"""Starts a service of the crash tests just as those of the product are started."""

import sys

from deploy.reestr import start

if __name__ == "__main__":
    sys.exit(start.serve(sys.argv[1], f"tests.crash.{sys.argv[1]}"))
