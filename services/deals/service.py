"""The deals service as nameko runs it."""

from services.deals.wiring import SERVICE
from services.kernel.providers import nameko_service

DealsService = nameko_service(SERVICE)
