"""The reporting service's table of contents."""

from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, Service, history, many, one
from services.reporting import events, handlers, queries, schemas
from services.reporting.projections import CLIENTS, FUNNEL, RECEIVABLES, TIMELINE
from services.reporting.projections.exports import EXPORTS
from services.reporting.projections.leads import LEADS
from services.reporting.published import CONTRACT, PUBLISHED
from services.reporting.queries.sources import report_sources
from services.reporting.reactions import EFFECTS, REACTIONS, TIMERS
from services.reporting.schemas.sources import SourcesRow, SourcesSchema

SERVICE = Service(
    name="reporting",
    events=(*CONTRACT, events.ExportPageRead, events.ExportStopped, events.ExportResumed),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "request_export": CommandSpec(
            schemas.RequestExportSchema, handlers.request_export, "get_export", changes=False
        ),
        "stop_export": CommandSpec(schemas.StopExportSchema, handlers.stop_export, "get_export"),
        "resume_export": CommandSpec(schemas.ResumeExportSchema, handlers.resume_export, "get_export"),
        "download_export": CommandSpec(
            schemas.DownloadExportSchema, handlers.download_export, "get_export", changes=False
        ),
        "expire_export": CommandSpec(schemas.ExpireExportSchema, handlers.expire_export, changes=False),
    },
    queries={
        "get_export": one(schemas.GetExportSchema, queries.EXPORTS, schemas.ExportView),
        "list_export_history": history(schemas.GetExportSchema, queries.EXPORTS),
        "list_exports": many(schemas.ListExportsSchema, queries.EXPORTS, schemas.ExportView),
        "report_funnel": QuerySpec(schemas.FunnelSchema, queries.report_funnel, schemas.FunnelRow, many=True),
        "report_receivables": QuerySpec(
            schemas.ReceivablesSchema, queries.report_receivables, schemas.ReceivablesRow, many=True
        ),
        "report_sources": QuerySpec(SourcesSchema, report_sources, SourcesRow, many=True),
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
    projections=(CLIENTS, FUNNEL, RECEIVABLES, TIMELINE, EXPORTS, LEADS),
    reactions=REACTIONS,
    effects=EFFECTS,
    timers=TIMERS,
    hears=schemas.SOURCES,
)
