"""Makes `clients.xlsx`, the furniture shop's client list, and `expected.json`: what an import of it
must answer, known because the dirt in the list was laid on purpose.

    python -m examples.furniture.make_data
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from examples.furniture.client_list import ClientList, Line

FOLDER = Path(__file__).parent
HEADINGS = (
    "Наименование", "ИНН", "КПП", "ОГРН", "Контактное лицо", "Должность", "Телефон", "Мобильный", "E-mail",
    "Регион", "Город", "Адрес", "Отрасль", "Источник", "Менеджер", "Примечание",
)  # fmt: skip
WIDTHS = (38, 14, 11, 16, 30, 18, 22, 20, 32, 22, 18, 40, 24, 20, 24, 40)
SEED = 1911
FIRST_ROW = 2
EMPTY_ROWS = (57, 203)


def numbered(lines: Sequence[Line]) -> dict[int, Line]:
    """The lines by the row they stand in, a few rows left empty."""
    free = (row for row in range(FIRST_ROW, len(lines) + len(EMPTY_ROWS) + FIRST_ROW) if row not in EMPTY_ROWS)
    return dict(zip(free, lines, strict=True))


def write_workbook(path: Path, rows: Mapping[int, Line]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Клиенты", "created": datetime(2026, 1, 12, tzinfo=UTC)})
        sheet = book.add_worksheet("Клиенты")
        sheet.write_row(0, 0, HEADINGS, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 1)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        for row, line in rows.items():
            sheet.write_row(row - 1, 0, [line.cells.get(heading, "") for heading in HEADINGS])


def expected(rows: Mapping[int, Line]) -> dict[str, Any]:
    row_of = {line: row for row, line in rows.items()}
    by_outcome = Counter(line.outcome for line in rows.values())
    warned = {row: line for row, line in rows.items() if line.outcome == "created" and line.problem}
    return {
        "total": len(rows),
        "counts": dict(sorted(by_outcome.items())),
        "warnings": dict(sorted(Counter(line.problem for line in warned.values()).items())),
        "warned": [{"row": row, "column": line.column, "code": line.problem} for row, line in warned.items()],
        "refused": [
            {"row": row, "column": line.column, "code": line.problem}
            for row, line in rows.items()
            if line.outcome == "refused"
        ],
        "duplicates": [
            {"row": row, "by": line.problem, "of": row_of[line.repeats]}
            for row, line in rows.items()
            if line.repeats is not None
        ],
    }


def make_data(folder: Path) -> None:
    rows = numbered(ClientList(SEED).lines)
    write_workbook(folder / "clients.xlsx", rows)
    text = json.dumps(expected(rows), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    make_data(FOLDER)
