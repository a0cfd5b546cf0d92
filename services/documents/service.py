"""The documents service as nameko sees it."""

from typing import Any

from nameko.rpc import rpc

from services.documents.wiring import SERVICE
from services.kernel.providers import Kernel, KernelRpc


class DocumentsService(KernelRpc):
    name = "documents"
    kernel = Kernel(SERVICE)

    @rpc
    def create_organisation(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("create_organisation", call)

    @rpc
    def change_organisation(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("change_organisation", call)

    @rpc
    def get_organisation(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_organisation", call)

    @rpc
    def list_organisations(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_organisations", call)

    @rpc
    def create_document(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("create_document", call)

    @rpc
    def issue_document(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("issue_document", call)

    @rpc
    def get_document(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_document", call)

    @rpc
    def list_documents(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_documents", call)

    @rpc
    def register_payment(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("register_payment", call)

    @rpc
    def get_payment(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_payment", call)

    @rpc
    def list_payments(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("list_payments", call)

    @rpc
    def prepare_reconciliation(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("prepare_reconciliation", call)

    @rpc
    def get_reconciliation(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answer("get_reconciliation", call)
