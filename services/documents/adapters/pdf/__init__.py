"""PDF from templates, made in jailed worker processes."""

import atexit

from services.documents.adapters.pdf.renderer import PdfRenderer, RenderFailed, RenderTimedOut, WorkerCrashed

__all__ = ["PdfRenderer", "RenderFailed", "RenderTimedOut", "WorkerCrashed", "render"]

_renderer = PdfRenderer()
render = _renderer.render
atexit.register(_renderer.close)
