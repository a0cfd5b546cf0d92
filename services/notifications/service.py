"""The notifications service as nameko sees it."""

from typing import Any

from nameko.rpc import rpc

from services.notifications.wiring import SERVICE
from services.kernel.providers import Kernel, KernelRpc


class NotificationsService(KernelRpc):
    name = "notifications"
    kernel = Kernel(SERVICE)

    @rpc
    def get_message(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_message", call)

    @rpc
    def list_messages(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_messages", call)
