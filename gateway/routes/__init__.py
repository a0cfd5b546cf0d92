"""The whole public API, a file for each service behind it."""

from gateway.routes import (
    access,
    attachments,
    bulk,
    calendar,
    clients,
    deals,
    documents,
    exports,
    files,
    history,
    leads,
    notifications,
    overview,
    reporting,
    upkeep,
    vcards,
    webhooks,
)
from gateway.routing import OPEN, SELF, Route

ROUTES: tuple[Route, ...] = (
    *clients.ROUTES,
    *leads.ROUTES,
    *upkeep.ROUTES,
    *attachments.ROUTES,
    *vcards.ROUTES,
    *overview.ROUTES,
    *calendar.ROUTES,
    *deals.ROUTES,
    *documents.ROUTES,
    *notifications.ROUTES,
    *webhooks.ROUTES,
    *reporting.ROUTES,
    *access.ROUTES,
    *files.ROUTES,
    *history.ROUTES,
    *exports.ROUTES,
    *bulk.ROUTES,
)

# those behind the gateway
SERVICES: tuple[str, ...] = tuple(sorted({route.service for route in ROUTES} - {"gateway"}))

# everything that a role can be allowed
PERMISSIONS: tuple[str, ...] = tuple(sorted({route.permission for route in ROUTES} - {OPEN, SELF}))
