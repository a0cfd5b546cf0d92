"""The deals service as nameko sees it."""

from typing import Any

from nameko.rpc import rpc

from services.deals.wiring import SERVICE
from services.kernel.providers import Kernel, KernelRpc


class DealsService(KernelRpc):
    name = "deals"
    kernel = Kernel(SERVICE)

    @rpc
    def open_deal(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("open_deal", call)

    @rpc
    def change_deal(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("change_deal", call)

    @rpc
    def change_deal_stage(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("change_deal_stage", call)

    @rpc
    def get_deal(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_deal", call)

    @rpc
    def list_deals(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_deals", call)

    @rpc
    def list_pipelines(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_pipelines", call)
