"""The whole public API, a file for each service behind it."""

from gateway.routes import access, clients, deals, documents, files, notifications, reporting, webhooks
from gateway.routing import Route

ROUTES: tuple[Route, ...] = (
    *clients.ROUTES,
    *deals.ROUTES,
    *documents.ROUTES,
    *notifications.ROUTES,
    *webhooks.ROUTES,
    *reporting.ROUTES,
    *access.ROUTES,
    *files.ROUTES,
)
