"""The reporting service's table of contents."""

from services.kernel.wiring import QuerySpec, Service
from services.reporting import queries, schemas
from services.reporting.projections import CLIENTS, FUNNEL, RECEIVABLES, TIMELINE

SERVICE = Service(
    name="reporting",
    events=(),
    queries={
        "report_funnel": QuerySpec(schemas.FunnelSchema, queries.report_funnel, schemas.FunnelRow, many=True),
        "report_receivables": QuerySpec(
            schemas.ReceivablesSchema, queries.report_receivables, schemas.ReceivablesRow, many=True
        ),
        "list_events": QuerySpec(
            schemas.FeedSchema, queries.list_events, schemas.CloudEventView, many=True, of_log=True
        ),
        "stream_events": QuerySpec(
            schemas.StreamSchema, queries.list_events, schemas.CloudEventView, many=True, of_log=True
        ),
        "await_events": QuerySpec(schemas.AwaitSchema, queries.await_events, schemas.HeadView, of_log=True),
        "list_client_timeline": QuerySpec(
            schemas.TimelineSchema,
            queries.list_client_timeline,
            schemas.TimelineRow,
            many=True,
            resource=queries.TIMELINE,
        ),
    },
    projections=(CLIENTS, FUNNEL, RECEIVABLES, TIMELINE),
    hears=schemas.SOURCES,
)
