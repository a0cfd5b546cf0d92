"""The notifications service's table of contents."""

from services.kernel.wiring import QuerySpec, Service
from services.notifications import queries, schemas
from services.notifications.projections import DOCUMENTS, MESSAGES, RECIPIENTS
from services.notifications.published import CONTRACT, PUBLISHED
from services.notifications.reactions import EFFECTS, REACTIONS

SERVICE = Service(
    name="notifications",
    events=tuple(CONTRACT),
    published=PUBLISHED,
    contract=CONTRACT,
    queries={
        "get_message": QuerySpec(schemas.GetMessageSchema, queries.get_message, schemas.MessageView),
        "list_messages": QuerySpec(schemas.ListMessagesSchema, queries.list_messages, schemas.MessageView, many=True),
    },
    projections=(MESSAGES, RECIPIENTS, DOCUMENTS),
    reactions=REACTIONS,
    effects=EFFECTS,
    hears=("clients", "documents"),
)
