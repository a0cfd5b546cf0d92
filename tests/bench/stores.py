"""The comparisons that need a PostgreSQL only."""

from collections.abc import Iterator
from functools import partial

from tests.bench.child import GREEN, PLAIN, Child
from tests.bench.pace import Pace
from tests.bench.results import Ratio, faster, flat, rounds
from tests.servers.postgres import PostgresServer

RAW_AIMS = {1: 0.6, 8: 0.8, 32: 1.0}
LIBRARY_AIM, READ_AIM, REBUILD_LIBRARY_AIM, REBUILD_BULK_AIM, FLAT = 3.0, 0.6, 10.0, 0.5, 1.2


def appends(server: PostgresServer, pace: Pace) -> Iterator[Ratio]:
    with (
        server.new_database() as ours,
        server.new_database() as raw,
        server.new_database() as theirs,
        Child(GREEN) as green,
        Child(PLAIN) as plain,
    ):
        for callers, aim in RAW_AIMS.items():
            how = {"callers": callers, "seconds": pace.seconds}
            sides = {
                "ours": partial(green.call, "appends.ours", url=ours, **how),
                "raw": partial(green.call, "appends.raw", url=raw, **how),
            }
            if callers <= 8:
                sides["library"] = partial(plain.call, "library.append", url=theirs, **how)
            found = rounds(pace.rounds, sides)
            yield faster(f"append.raw.{callers}", found["ours"], found["raw"], aim)
            if "library" in found:
                yield faster(f"append.eventsourcing.{callers}", found["ours"], found["library"], LIBRARY_AIM)


def reads_and_rebuilds(server: PostgresServer, pace: Pace) -> Iterator[Ratio]:
    with (
        server.new_database() as url,
        server.new_database() as theirs,
        Child(GREEN) as green,
        Child(PLAIN) as plain,
    ):
        green.call("sample.fill", url=url, streams=pace.events // 40, events=pace.events)
        plain.call("library.fill", url=theirs, streams=pace.library_events // 40, events=pace.library_events)
        found = rounds(
            pace.rounds,
            {"ours": partial(green.call, "reading.ours", url=url), "raw": partial(green.call, "reading.raw", url=url)},
        )
        yield faster("read.raw", found["ours"], found["raw"], READ_AIM)
        found = rounds(
            max(3, pace.rounds - 2),
            {
                "rebuild": partial(green.call, "rebuilding.rebuild", url=url),
                "bare": partial(green.call, "rebuilding.bare", url=url),
                "library": partial(plain.call, "library.rebuild", url=theirs),
                "follow": partial(green.call, "rebuilding.follow", url=url),
            },
        )
        for way in ("rebuild", "follow"):
            yield faster(f"{way}.eventsourcing", found[way], found["library"], REBUILD_LIBRARY_AIM)
            yield faster(f"{way}.bulk", found[way], found["bare"], REBUILD_BULK_AIM)


def growth(server: PostgresServer, pace: Pace) -> Iterator[Ratio]:
    """The cost of an event in a large store against that in a small one."""
    with server.new_database() as small, server.new_database() as large, Child(GREEN) as green:
        green.call("growth.fill", url=small, events=pace.few, times=1)
        green.call("growth.fill", url=large, events=pace.few, times=pace.times)
        head = pace.few * pace.times
        append = partial(green.call, "appends.ours", callers=8, seconds=0.5)
        read = partial(green.call, "reading.ours", events=pace.few)
        found = rounds(
            pace.rounds,
            {
                "append large": partial(append, url=large),
                "append small": partial(append, url=small),
                "read large": partial(read, url=large, after=head // 2),
                "read small": partial(read, url=small),
            },
        )
        yield flat("growth", found["append large"], found["append small"], FLAT)
        yield flat("growth.read", found["read large"], found["read small"], FLAT)
        rebuild = partial(green.call, "rebuilding.rebuild")
        found = rounds(
            max(2, pace.rounds // 2), {"large": partial(rebuild, url=large), "small": partial(rebuild, url=small)}
        )
        yield flat("growth.rebuild", found["large"], found["small"], FLAT)
