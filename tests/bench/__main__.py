"""Runs the comparisons, prints them and writes them to var/bench.json."""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import base, machine, results, stores, system, webhooks
from tests.bench.pace import FULL, QUICK, Pace
from tests.bench.results import Ratio
from tests.servers import postgres
from tests.servers.folders import server_folder

RESULT = Path(__file__).parents[2] / "var" / "bench.json"
PARTS = {
    "append": stores.appends,
    "rebuild": stores.reads_and_rebuilds,
    "growth": stores.growth,
    "clients": base.clients,
    "system": system.visible_and_gateway,
    "streams": system.streams,
    "webhooks": webhooks.deliveries,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds on less data: about three minutes")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part; var/bench.json is then left as it is")
    given = parser.parse_args()
    begun = time.monotonic()
    ratios = list(_measured(given.only or list(PARTS), QUICK if given.quick else FULL))
    if not given.only:
        results.write(RESULT, ratios)
    print(f"\nMeasured in {(time.monotonic() - begun) / 60:.1f} minutes.")
    return 0


def _measured(parts: list[str], pace: Pace) -> Iterator[Ratio]:
    with server_folder() as folder, postgres.local_server(folder) as server:
        print(machine.describe(server), pace.describe(), results.HEADER, sep="\n\n", flush=True)
        for part in parts:
            for ratio in PARTS[part](server, pace):
                print(ratio.line(), flush=True)
                yield ratio


if __name__ == "__main__":
    sys.exit(main())
