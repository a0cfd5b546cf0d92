"""Events to rows."""

from dataclasses import asdict
from typing import Any

import msgspec

from services.deals import tables as t
from services.deals.events import DealChanged, DealOpened, DealPaymentChanged, DealsHandedOver, DealStageChanged
from services.kernel.events import Recorded
from services.kernel.lists import put_aliases, take_apart
from services.kernel.message import Message
from services.kernel.projections import Projection, Rows


def on_deal_opened(rows: Rows, recorded: Recorded) -> None:
    event: DealOpened = recorded.event
    rows.put(
        t.deals,
        {
            "id": event.deal_id,
            "version": recorded.version,
            "number": f"{recorded.position:09}",
            "client_id": event.client_id,
            "title": event.title,
            "pipeline": event.pipeline,
            "stage": event.stage,
            "reason": None,
            "lines": _text(event.lines),
            "amount": str(event.amount),
            "paid": "0.00",
            "currency": event.currency,
            "organisation_id": event.organisation_id,
            "manager_id": event.manager_id,
            "source": event.source,
            "opened_at": recorded.recorded,
            "stage_since": recorded.recorded,
        },
    )


def on_deal_changed(rows: Rows, recorded: Recorded) -> None:
    event: DealChanged = recorded.event
    values: dict[str, Any] = {**event.after, "amount": str(event.amount)}
    if "lines" in values:
        values["lines"] = _text(values["lines"])
    if "title" in event.fields:
        values["title"] = event.title_after
    _change(rows, recorded, **values)


def on_deal_stage_changed(rows: Rows, recorded: Recorded) -> None:
    event: DealStageChanged = recorded.event
    _change(rows, recorded, stage=event.stage_after, reason=event.reason, stage_since=recorded.recorded)


def on_deal_won(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded)


def on_deal_lost(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded)


def on_deal_payment_changed(rows: Rows, recorded: Recorded) -> None:
    event: DealPaymentChanged = recorded.event
    _change(rows, recorded, paid=str(event.paid))


def on_deal_paid(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded)


def on_deal_hand_over_started(rows: Rows, recorded: Recorded) -> None:
    rows.put(t.hand_overs, {"id": recorded.subject, "started_by": recorded.event.started_by})


def on_deals_handed_over(rows: Rows, recorded: Recorded) -> None:
    event: DealsHandedOver = recorded.event
    for result in event.results:
        rows.put(t.handed_deals, {"operation_id": event.operation_id, **asdict(result)})


def on_client_created(rows: Rows, message: Message) -> None:
    rows.put(t.known_clients, {"id": message.subject, "manager_id": message.data["manager_id"]})


def on_client_assigned(rows: Rows, message: Message) -> None:
    rows.change(t.known_clients, message.subject, manager_id=message.data["manager_after"])


def on_clients_merged(rows: Rows, message: Message) -> None:
    put_aliases(rows, t.client_aliases, message.data["moved"], message.data["client_id"])


def on_clients_unmerged(rows: Rows, message: Message) -> None:
    take_apart(rows, t.client_aliases, message.data["moved"], message.data["merged_id"])


def on_organisation_created(rows: Rows, message: Message) -> None:
    rows.put(t.known_organisations, {"id": message.subject})


def on_user_created(rows: Rows, message: Message) -> None:
    rows.put(t.active_users, {"id": message.subject})


def on_user_deactivated(rows: Rows, message: Message) -> None:
    rows.delete(t.active_users, message.subject)


def on_personal_data_erased(rows: Rows, message: Message) -> None:
    for row in rows.find(t.deals, "client_id", message.data["person"]):
        rows.change(t.deals, row["id"], title=None, reason=None)


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.deals, recorded.subject, version=recorded.version, **values)


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


DEALS = Projection(
    name="deals",
    tables=(t.deals,),
    on={
        "deals": {
            "DealOpened": on_deal_opened,
            "DealChanged": on_deal_changed,
            "DealStageChanged": on_deal_stage_changed,
            "DealWon": on_deal_won,
            "DealLost": on_deal_lost,
            "DealPaymentChanged": on_deal_payment_changed,
            "DealPaid": on_deal_paid,
        },
        "clients": {"PersonalDataErased": on_personal_data_erased},
    },
)

HAND_OVERS = Projection(
    name="hand_overs",
    tables=(t.hand_overs, t.handed_deals),
    on={"deals": {"DealHandOverStarted": on_deal_hand_over_started, "DealsHandedOver": on_deals_handed_over}},
)

KNOWN_CLIENTS = Projection(
    name="known_clients",
    tables=(t.known_clients, t.client_aliases),
    on={
        "clients": {
            "ClientCreated": on_client_created,
            "ClientAssigned": on_client_assigned,
            "ClientsMerged": on_clients_merged,
            "ClientsUnmerged": on_clients_unmerged,
        }
    },
)

KNOWN_ORGANISATIONS = Projection(
    name="known_organisations",
    tables=(t.known_organisations,),
    on={"documents": {"OrganisationCreated": on_organisation_created}},
)

ACTIVE_USERS = Projection(
    name="active_users",
    tables=(t.active_users,),
    on={"gateway": {"UserCreated": on_user_created, "UserDeactivated": on_user_deactivated}},
)
