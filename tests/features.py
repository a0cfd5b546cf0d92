"""Which capabilities the tests show: `python -m tests.features`; as a plugin, checks the ids used."""

import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([A-Z]{2}-\d{2}) \| (.+?) \|$", re.MULTILINE)


def rows() -> dict[str, str]:
    """Capability by id, in the order of the document."""
    return dict(ROW.findall((PROJECT / "docs" / "capabilities.md").read_text()))


def shown_by(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """The tests that carry each id; a test with parameters counts once."""
    tests: dict[str, dict[str, None]] = defaultdict(dict)
    for item in items:
        for mark in item.iter_markers("capability"):
            for row in mark.args:
                tests[row][item.nodeid.partition("[")[0]] = None
    return {row: list(names) for row, names in tests.items()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    unknown = shown_by(items).keys() - rows().keys()
    if unknown:
        raise pytest.UsageError(f"No such rows in docs/capabilities.md: {', '.join(sorted(unknown))}")


class Collector:
    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.tests = shown_by(session.items)


def report(capabilities: Mapping[str, str], tests: Mapping[str, list[str]]) -> str:
    lines = []
    for row, capability in capabilities.items():
        lines.append(f"{row}  {capability}")
        lines += [f"         {test}" for test in tests[row]] or ["         - no test shows it"]
    holes = [row for row in capabilities if not tests[row]]
    lines += ["", f"{len(capabilities) - len(holes)} of {len(capabilities)} rows are shown by a test."]
    lines += [f"Not shown: {' '.join(holes)}"] if holes else []
    return "\n".join(lines)


def main() -> int:
    collector, output = Collector(), io.StringIO()
    with redirect_stdout(output):
        code = pytest.main(["--collect-only", "-qq", str(PROJECT / "tests")], plugins=[collector])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(output.getvalue())
        return 1
    tests = {row: collector.tests.get(row, []) for row in rows()}
    target = PROJECT / "var" / "features.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(tests, indent=1) + "\n")
    print(report(rows(), tests))
    return 0


if __name__ == "__main__":
    sys.exit(main())
