"""The notifications service as nameko runs it."""

from services.kernel.providers import nameko_service
from services.notifications.wiring import SERVICE

NotificationsService = nameko_service(SERVICE)
