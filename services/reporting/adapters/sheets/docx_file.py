"""A table as a document of a word processor, row by row in little memory.

Libraries that write such documents keep all of a table in memory, ten kilobytes a row. The parts are
those that ECMA-376 demands of the smallest document, and the properties.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO, Any, BinaryIO
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.domain.cells import UNPRINTABLE, cell, shown
from services.reporting.domain.headings import STAMP

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{_CORE}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>',
}
_LINE = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
# a sheet of A4 on its side; twentieths of a point
_PAGE = (
    '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="567" w:right="567" w:bottom="567" w:left="567" w:header="283" w:footer="283" w:gutter="0"/>'
    "</w:sectPr>"
)


def write_docx(sheet: Sheet, rows: Iterable[Mapping[str, Any]], file: BinaryIO) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in {**_PARTS, "docProps/core.xml": _properties(sheet)}.items():
            parts.writestr(name, _HEAD + content)
        with parts.open("word/document.xml", "w", force_zip64=True) as document:
            _write_document(sheet, rows, document)


def _properties(sheet: Sheet) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_OFFICE}/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(sheet.title)}</dc:title><dc:creator>{escape(sheet.stamp)}</dc:creator></cp:coreProperties>"
    )


def _write_document(sheet: Sheet, rows: Iterable[Mapping[str, Any]], document: IO[bytes]) -> None:
    text = io.TextIOWrapper(document, encoding="utf-8", newline="\n")
    text.write(f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{_paragraph(sheet.title, size=32, bold=True)}')
    text.writelines(_paragraph(f"{name}: {value}", size=18) for name, value in sheet.about)
    headings = [*(column.heading for column in sheet.columns), STAMP[sheet.language]]
    grid = "<w:gridCol/>" * len(headings)
    text.write(f"<w:tbl><w:tblPr><w:tblBorders>{_LINE}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>")
    text.write(_row(headings, heading=True))
    zone = ZoneInfo(sheet.zone)
    for row in rows:
        cells = (cell(row.get(column.name), column.kind, zone) for column in sheet.columns)
        text.write(_row([*(shown(one, sheet.language) for one in cells), sheet.stamp]))
    text.write(f"</w:tbl>{_paragraph('', size=18)}{_PAGE}</w:body></w:document>")
    text.flush()
    text.detach()


def _row(cells: Iterable[str], *, heading: bool = False) -> str:
    """The first row comes again at the top of every page."""
    told = "<w:trPr><w:tblHeader/></w:trPr>" if heading else ""
    return f"<w:tr>{told}{''.join(f'<w:tc>{_paragraph(one, size=14, bold=heading)}</w:tc>' for one in cells)}</w:tr>"


def _paragraph(text: str, *, size: int, bold: bool = False) -> str:
    """`size` is in half points."""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in UNPRINTABLE.sub("", text).splitlines() or [""]
    )
    return f'<w:p><w:r><w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/></w:rPr>{lines}</w:r></w:p>'
