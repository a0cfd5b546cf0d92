"""Template and context to PDF. Runs inside the worker only."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import segno
import weasyprint
from markupsafe import Markup

from services.documents.adapters.pdf.fetcher import AssetFetcher

_HERE = Path(__file__).parent


class Engine:
    """The same input gives the same bytes, so that documents are known by their hash."""

    def __init__(self) -> None:
        self._fetcher = AssetFetcher(_HERE / "assets")
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals["qr_svg"] = _qr_svg

    def pdf(self, template: str, context: Mapping[str, Any]) -> bytes:
        html = self._templates.get_template(template).render(context)
        document = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=self._fetcher)
        identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
        pdf: bytes = document.write_pdf(pdf_identifier=identifier)
        return pdf


def _qr_svg(text: str) -> Markup:
    """Medium error correction and a quiet zone of four modules; the size is the stylesheet's."""
    code = segno.make(text, error="m", encoding="utf-8", micro=False, boost_error=False)
    return Markup(code.svg_inline(omitsize=True, border=4))  # noqa: S704 (made here from modules, holds no text)
