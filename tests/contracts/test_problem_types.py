"""docs/api.md names every problem type that any part of the system may answer with."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import gateway
import services
from gateway.problems import HTTP_PROBLEMS
from services.kernel.errors import Refusal, _slug
from services.kernel.rpc import Refused

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"


def refusals(cls: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from refusals(sub)


def known() -> dict[str, set[int]]:
    """Types and the statuses they come with."""
    for package in (gateway, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name:
                import_module(module.name)
    found: dict[str, set[int]] = {"internal": {500}}
    for cls in refusals():
        if cls.__module__.startswith(("services.", "gateway.")) and cls is not Refused:
            found.setdefault(_slug(cls.__name__), set()).add(cls.status)
    for status, (kind, _) in HTTP_PROBLEMS.items():
        found.setdefault(kind, set()).add(status)
    return found


def test_every_problem_type_is_documented_with_its_status():
    rows = re.findall(r"^\| `([a-z-]+)` \| ([0-9, ]+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {kind: {int(status) for status in statuses.split(",")} for kind, statuses in rows}
    assert documented == known()


def test_every_refusal_speaks_russian_and_english():
    for cls in refusals():
        if cls.__module__.startswith(("services.", "gateway.")):
            assert re.search("[а-яё]", cls.ru.lower()), cls
            assert not re.search("[а-яё]", cls.en.lower()), cls
