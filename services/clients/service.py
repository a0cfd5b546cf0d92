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
        return self.kernel.answer("create_client", call)

    @rpc
    def change_client(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("change_client", call)

    @rpc
    def assign_client(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("assign_client", call)

    @rpc
    def get_client(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_client", call)

    @rpc
    def list_clients(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_clients", call)

    @rpc
    def assign_task(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("assign_task", call)

    @rpc
    def complete_task(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("complete_task", call)

    @rpc
    def get_task(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_task", call)

    @rpc
    def list_tasks(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_tasks", call)

    @rpc
    def start_import(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("start_import", call)

    @rpc
    def stop_import(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("stop_import", call)

    @rpc
    def get_operation(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_operation", call)

    @rpc
    def list_operation_rows(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_operation_rows", call)
