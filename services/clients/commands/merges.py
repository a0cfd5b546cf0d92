"""What can be asked about clients that are one client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# whose value stays, or, of what can be had twice, both
Choice = Literal["kept", "merged", "both"]


@dataclass(frozen=True, slots=True)
class MergeClients:
    """`client_id` stays and the other becomes another name for it. A field of the card that nothing
    is chosen for keeps its value where it has one, and of lists both clients' entries."""

    client_id: str
    merged_id: str
    choices: Mapping[str, Choice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnmergeClients:
    """They are two clients after all."""

    client_id: str
    merged_id: str
