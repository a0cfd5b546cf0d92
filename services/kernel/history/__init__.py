"""The past of one resource, folded again from its own stream, and the causes of its events."""

from services.kernel.history.past import History
from services.kernel.history.schemas import ChangeView, SinceView, dated, history_schema

__all__ = ["ChangeView", "History", "SinceView", "dated", "history_schema"]
