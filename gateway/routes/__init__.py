"""The whole public API, a file for each service behind it."""

from gateway.routes import access, clients
from gateway.routing import Route

ROUTES: tuple[Route, ...] = (*clients.ROUTES, *access.ROUTES)
