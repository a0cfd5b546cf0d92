"""Rows to reports, and the received log to the feed."""

from services.reporting.queries.exports import (
    EXPORTS,
    count_running_exports,
    exports_past_keeping,
    heard_of,
    unexpired_exports,
)
from services.reporting.queries.feed import await_events, list_events
from services.reporting.queries.reports import TIMELINE, list_client_timeline, report_funnel, report_receivables

__all__ = [
    "EXPORTS",
    "TIMELINE",
    "await_events",
    "count_running_exports",
    "exports_past_keeping",
    "heard_of",
    "list_client_timeline",
    "list_events",
    "report_funnel",
    "report_receivables",
    "unexpired_exports",
]
