"""What clients are known by, so that those who may be one are found."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.clients import tables as t
from services.clients.domain.identity import IdentityKey, identity_keys
from services.kernel.projections import Rows


def keys_of(card: Mapping[str, Any]) -> set[IdentityKey]:
    """The keys of a card as columns hold it; of one that was merged into another or withdrawn there
    are none."""
    if card.get("merged_into") is not None or card.get("withdrawn"):
        return set()
    phones, emails = msgspec.json.decode(card["phones"]), msgspec.json.decode(card["emails"])
    return set(
        identity_keys(
            inn=card["inn"] or "",
            kpp=card["kpp"] or "",
            name=card["name"] or "",
            phones=[phone["number"] for phone in phones if phone["number"]],
            emails=[email["address"] for email in emails if email["valid"]],
        )
    )


def put_keys(rows: Rows, client_id: str, before: set[IdentityKey], after: set[IdentityKey]) -> None:
    for by, key in before - after:
        rows.delete(t.client_keys, (client_id, by, key))
    for by, key in after - before:
        rows.put(t.client_keys, {"client_id": client_id, "by": by, "key": key})
