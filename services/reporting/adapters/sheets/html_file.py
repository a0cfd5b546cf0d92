"""A table as a page that needs nothing but itself, row by row."""

import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.domain.cells import Cell, cell, shown
from services.reporting.domain.headings import STAMP

STYLE = (
    "body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.3em .6em;"
    "text-align:left;vertical-align:top;white-space:pre-line}th{background:#eee;position:sticky;top:0}"
    ".number{text-align:right;white-space:nowrap}dt{float:left;clear:left;min-width:14em;color:#555}"
)
# nothing in the file is carried out or fetched, wherever it is opened
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_html(sheet: Sheet, rows: Iterable[Mapping[str, Any]], file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="\n", write_through=True)
    title = escape(sheet.title)
    text.write(
        f'<!DOCTYPE html>\n<html lang="{sheet.language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>\n<dl>"
    )
    text.writelines(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>\n" for name, value in sheet.about)
    headings = (*(column.heading for column in sheet.columns), STAMP[sheet.language])
    heads = "".join(f"<th>{escape(one)}</th>" for one in headings)
    text.write(f"</dl>\n<table><thead><tr>{heads}</tr></thead><tbody>\n")
    zone, stamp = ZoneInfo(sheet.zone), f"<td>{escape(sheet.stamp)}</td>"
    for row in rows:
        cells = (cell(row.get(column.name), column.kind, zone) for column in sheet.columns)
        text.write(f"<tr>{''.join(_td(one, sheet) for one in cells)}{stamp}</tr>\n")
    text.write("</tbody></table></body></html>\n")
    text.detach()


def _td(value: Cell, sheet: Sheet) -> str:
    number = isinstance(value, Decimal | int | date) and not isinstance(value, bool)
    begun = '<td class="number">' if number else "<td>"
    return f"{begun}{escape(shown(value, sheet.language))}</td>"
