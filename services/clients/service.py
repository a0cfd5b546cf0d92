"""The clients service as nameko sees it."""

from typing import Any

from nameko.rpc import rpc

from services.clients.wiring import SERVICE
from services.kernel.providers import Kernel, KernelRpc


class ClientsService(KernelRpc):
    name = "clients"
    kernel = Kernel(SERVICE)

    @rpc
    def create_client(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.command("create_client", call)

    @rpc
    def change_client(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.command("change_client", call)

    @rpc
    def assign_client(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.command("assign_client", call)

    @rpc
    def get_client(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.query("get_client", call)

    @rpc
    def list_clients(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.query("list_clients", call)
