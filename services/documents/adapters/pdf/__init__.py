"""PDF from templates, made in jailed worker processes."""

from services.documents.adapters.pdf.renderer import PdfRenderer, RenderFailed, RenderTimedOut, WorkerCrashed

__all__ = ["PdfRenderer", "RenderFailed", "RenderTimedOut", "WorkerCrashed", "render"]

render = PdfRenderer().render
