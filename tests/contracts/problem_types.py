"""Every problem type that any part of the system may answer with.

`python -m tests.contracts.problem_types` writes their table in docs/api.md anew.
"""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import gateway
import services
from gateway.problems import HTTP_PROBLEMS
from services.kernel.errors import Refusal, _slug
from services.kernel.rpc import Refused

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
HEAD = "| type (after `/problems/`) | status | meaning |\n| --- | --- | --- |\n"


class Known(NamedTuple):
    statuses: set[int]
    meanings: set[str]


def refusals() -> list[type[Refusal]]:
    """Those of the system, not of its tests."""
    for package in (gateway, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name:
                import_module(module.name)
    ours = (cls for cls in _below(Refusal) if cls.__module__.startswith(("services.", "gateway.")))
    return [cls for cls in ours if cls is not Refused]


def _below(cls: type[Refusal]) -> Iterator[type[Refusal]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _below(sub)


def known() -> dict[str, Known]:
    found = {"internal": Known({500}, {"Internal error"})}
    for status, (kind, _ru) in HTTP_PROBLEMS.items():
        found[kind] = Known({status}, set())
    for cls in refusals():
        told = found.setdefault(_slug(cls.__name__), Known(set(), set()))
        told.statuses.add(cls.status)
        told.meanings.add(cls.en)
    return found


def table() -> str:
    rows = []
    for kind, told in sorted(known().items()):
        meaning = "; ".join(sorted(told.meanings)) or kind.replace("-", " ").capitalize()
        meaning = re.sub(r"{(\w+)}", r"<\1>", meaning).replace("|", "\\|")
        rows.append(f"| `{kind}` | {', '.join(map(str, sorted(told.statuses)))} | {meaning} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    before, _, _ = DOCUMENT.read_text(encoding="utf-8").partition(HEAD)
    DOCUMENT.write_text(before + table(), encoding="utf-8")
