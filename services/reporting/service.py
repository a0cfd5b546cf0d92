"""The reporting service as nameko sees it."""

from typing import Any

from nameko.rpc import rpc

from services.reporting.wiring import SERVICE
from services.kernel.providers import Kernel, KernelRpc


class ReportingService(KernelRpc):
    name = "reporting"
    kernel = Kernel(SERVICE)

    @rpc
    def report_funnel(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("report_funnel", call)

    @rpc
    def report_receivables(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("report_receivables", call)

    @rpc
    def list_client_timeline(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_client_timeline", call)

    @rpc
    def list_events(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_events", call)
