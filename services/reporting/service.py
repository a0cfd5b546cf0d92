"""The reporting service as nameko runs it."""

from services.kernel.providers import nameko_service
from services.reporting.wiring import SERVICE

ReportingService = nameko_service(SERVICE)
