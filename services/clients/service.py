"""The clients service as nameko runs it."""

from services.clients.wiring import SERVICE
from services.kernel.providers import nameko_service

ClientsService = nameko_service(SERVICE)
