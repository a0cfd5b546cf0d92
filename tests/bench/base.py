"""A small client base against a large one, and search in the large one against SQL by hand."""

import base64
import os
from collections.abc import Iterator
from functools import partial

from tests.bench.child import GREEN, Child
from tests.bench.pace import Pace
from tests.bench.results import Ratio, faster, flat, rounds
from tests.servers.folders import server_folder
from tests.servers.postgres import PostgresServer

SEARCH_AIM, FLAT = 0.5, 1.5
CARD_OF_TEN, IN_A_ROUND = 10, 40


def clients(server: PostgresServer, pace: Pace) -> Iterator[Ratio]:
    with (
        server_folder() as folder,
        server.new_database() as small,
        server.new_database() as keys,
        server.new_database() as large,
    ):
        master = folder / "master.key"
        master.write_text(base64.b64encode(os.urandom(32)).decode())
        common = {"keyring": keys, "master": str(master)}
        places = {"small": {"url": small, **common}, "large": {"url": large, **common}}
        times = {"small": 1, "large": pace.times}
        ids = {}
        for name, where in places.items():
            with Child(GREEN) as filling:
                how = {"few": pace.clients, "interactions": CARD_OF_TEN, "times": times[name]}
                ids[name] = filling.call("clients.fill", **where, **how)
        with Child(GREEN) as green:
            for what, arguments in {
                "create": {},
                "open_card": {"ids": ids},
                "list_by_filter": {},
                "list_interactions": {"ids": ids},
                "merge": {},
            }.items():
                sides = {
                    name: partial(
                        green.call,
                        f"clients.{what}",
                        count=IN_A_ROUND,
                        **where,
                        **{key: value[name] for key, value in arguments.items()},
                    )
                    for name, where in places.items()
                }
                found = rounds(pace.rounds, sides)
                yield flat(f"clients.{what}", found["large"], found["small"], FLAT)
            found = rounds(
                pace.rounds,
                {
                    "ours": partial(green.call, "clients.search", count=IN_A_ROUND, **places["large"]),
                    "hand": partial(green.call, "clients.search_by_hand", count=IN_A_ROUND, url=large),
                    "nearly": partial(green.call, "clients.search_nearly", count=IN_A_ROUND, **places["large"]),
                },
            )
            yield faster("clients.search", found["ours"], found["hand"], SEARCH_AIM, "pages/s")
            yield faster("clients.search_nearly", found["nearly"], found["hand"], 0.1, "pages/s")
