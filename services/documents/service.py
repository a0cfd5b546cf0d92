"""The documents service as nameko runs it."""

from services.documents.wiring import SERVICE
from services.kernel.providers import nameko_service

DocumentsService = nameko_service(SERVICE)
