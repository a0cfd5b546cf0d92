"""Load, decide, append: one function per command."""

from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import Aggregate, Loaded
from services.reporting.commands import DownloadExport, ExpireExport, RequestExport, ResumeExport, StopExport
from services.reporting.domain import export as exports
from services.reporting.queries import count_running_exports

EXPORT: Aggregate[exports.Export] = Aggregate("export", exports.Export, exports.evolve)


MOST_RUNNING = 20


class TooManyExports(Refusal):
    status = 429
    ru = "Сразу выполняется не больше {most} выгрузок"
    en = "No more than {most} exports run at a time"


def request_export(tools: Tools, command: RequestExport, context: Context) -> Written:
    _require_place(tools)
    requested = exports.request_export(command, context.actor, context.principal)
    return tools.append(context, tools.begin(EXPORT, command.export_id), requested)


def stop_export(tools: Tools, command: StopExport, context: Context) -> Written:
    loaded = tools.load(EXPORT, command.export_id, context)
    return tools.append(context, loaded, exports.stop_export(loaded.state))


def resume_export(tools: Tools, command: ResumeExport, context: Context) -> Written:
    """Goes on by the rights of who asked for it, so nobody else may let it go on."""
    loaded = _own(tools, command.export_id, context)
    _require_place(tools)
    return tools.append(context, loaded, exports.resume_export(loaded.state))


def download_export(tools: Tools, command: DownloadExport, context: Context) -> Written:
    """The caller's rights are those on the rows of the exported resource."""
    loaded = _own(tools, command.export_id, context)
    downloaded = exports.download_export(loaded.state, context.actor, context.rights, context.now)
    return tools.append(context, loaded, downloaded)


def expire_export(tools: Tools, command: ExpireExport, context: Context) -> Written:
    loaded = tools.load(EXPORT, command.export_id, context)
    return tools.append(context, loaded, exports.expire_export(loaded.state))


def _require_place(tools: Tools) -> None:
    with tools.read() as connection:
        if count_running_exports(connection) >= MOST_RUNNING:
            raise TooManyExports(most=MOST_RUNNING, retry_after=10)


def _own(tools: Tools, export_id: str, context: Context) -> Loaded[exports.Export]:
    """An export of the caller's own; of others' it is not told whether they exist."""
    loaded = tools.load(EXPORT, export_id, context)
    if loaded.state.requested_by != context.actor:
        raise NotFound(what="export", id=export_id)
    return loaded
