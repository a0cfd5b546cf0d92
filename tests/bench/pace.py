"""How much is measured, in full and in a hurry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Rounds and their seconds; how many events are read and rebuilt, and by the library; how many
    a small store has, and how many times as many a large one; how many clients are created and
    messages sent in a round; how many clients a small base has."""

    rounds: int
    seconds: float
    events: int
    library_events: int
    few: int
    times: int
    trips: int
    clients: int

    def describe(self) -> str:
        return (
            f"{self.rounds} rounds of {self.seconds:g} s; {self.events:,} events read and rebuilt, "
            f"{self.library_events:,} by the library; growth from {self.few:,} to {self.few * self.times:,}"
        )


FULL = Pace(rounds=7, seconds=2.0, events=200_000, library_events=5_000, few=10_000, times=100, trips=20, clients=2_000)
QUICK = Pace(rounds=3, seconds=1.0, events=50_000, library_events=1_000, few=10_000, times=20, trips=10, clients=1_000)
