"""One client or contact person for the address book of a phone or a mail program."""

from gateway.routing import Route
from services.kernel.vcards import MEDIA_TYPE


def _vcard(resource: str, key: str, call: str, whose: str) -> Route:
    return Route(
        "GET",
        f"/v1/{resource}/{{{key}}}/vcard",
        "get",
        "clients",
        call,
        f"{resource}.read",
        resource,
        f"The vCard of {whose}; what the caller sees masked is left out",
        view=f"{call}_vcard",
        gives={MEDIA_TYPE: {"schema": {"type": "string"}}},
    )


ROUTES = (
    _vcard("clients", "client_id", "get_client", "a client"),
    _vcard("contacts", "contact_id", "get_contact", "a contact person"),
)
