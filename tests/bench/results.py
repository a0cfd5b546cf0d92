"""Ratios: medians of paired rounds, with their spread."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Side = Callable[[], float]


@dataclass(frozen=True)
class Ratio:
    """One comparison. `values` are the ratios of the rounds, more being better, save where
    `at_most` says that the aim is not to be passed."""

    name: str
    values: Sequence[float]
    ours: float
    other: float
    unit: str
    aim: float
    at_most: bool = False

    @property
    def value(self) -> float:
        return median(self.values)

    @property
    def reached(self) -> bool:
        return self.value <= self.aim if self.at_most else self.value >= self.aim

    def line(self) -> str:
        spread = f"{min(self.values):.2f}–{max(self.values):.2f}"
        aim = f"{'≤' if self.at_most else '≥'} {self.aim:g}"
        figures = f"{_figure(self.ours):>10} {_figure(self.other):>10} {self.unit}"
        return f"{self.name:<24}{self.value:>8.2f}  {spread:<14}{aim:<8}{'' if self.reached else 'missed':<8}{figures}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def rounds(count: int, sides: Mapping[str, Side]) -> dict[str, list[float]]:
    """Measures all sides once to warm up, then in turns, round by round."""
    for side in sides.values():
        side()
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(count):
        for name, side in sides.items():
            figures[name].append(side())
    return figures


def faster(name: str, ours: Sequence[float], other: Sequence[float], aim: float, unit: str = "events/s") -> Ratio:
    """Of two rates: ours ÷ the other's."""
    values = [a / b for a, b in zip(ours, other, strict=True)]
    return Ratio(name, values, median(ours), median(other), unit, aim)


def sooner(name: str, ours: Sequence[float], other: Sequence[float], aim: float) -> Ratio:
    """Of two times in milliseconds: the other's ÷ ours."""
    values = [b / a for a, b in zip(ours, other, strict=True)]
    return Ratio(name, values, median(ours), median(other), "ms", aim)


def flat(name: str, many: Sequence[float], few: Sequence[float], aim: float) -> Ratio:
    """Of two rates, with many events and with few: the cost of one with many ÷ with few."""
    values = [b / a for a, b in zip(many, few, strict=True)]
    return Ratio(name, values, median(many), median(few), "events/s", aim, at_most=True)


HEADER = f"{'':<24}{'ratio':>8}  {'spread':<14}{'aim':<16}{'ours':>10} {'other':>10}"


def write(path: Path, ratios: Sequence[Ratio]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({ratio.name: round(ratio.value, 3) for ratio in ratios}, indent=2) + "\n")
