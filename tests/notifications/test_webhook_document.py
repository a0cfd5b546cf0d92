"""The receiver that the documents show, word for word."""

import json
import re
from pathlib import Path
from typing import Any

from services.kernel.clock import now
from services.kernel.config import VARIABLES
from services.notifications.domain.webhook import PAUSES
from services.notifications.domain.webhook_secret import new_secret, signed_headers

DOCUMENT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_the_receiver_in_the_document_takes_what_is_sent_and_nothing_else():
    [code] = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    secret = new_secret()
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(code.replace("whsec_…", secret), names)  # noqa: S102  # our own document
    names["app"].config["PROPAGATE_EXCEPTIONS"] = False
    client = names["app"].test_client()

    def send(event, *, signed_by=secret):
        body = json.dumps(event).encode()
        return client.post("/reestr", data=body, headers=signed_headers([signed_by], event["id"], now(), body))

    challenge = {"id": "m-1", "type": "WebhookChallenged", "data": {"challenge": "abc"}}
    assert send(challenge).data == b"abc"
    event = {"id": "m-2", "type": "DealWon", "subject": "d-1", "data": {}}
    assert [send(event).status_code, send(event).status_code] == [204, 204]
    assert names["seen"] == {"m-2"}
    assert send({**event, "id": "m-3"}, signed_by=new_secret()).status_code == 500
    assert names["seen"] == {"m-2"}


def test_the_document_names_every_pause_and_the_switch():
    words = {1: "s", 60: "min", 3600: "h"}
    for pause in PAUSES:
        seconds = int(pause.total_seconds())
        unit = max(size for size in words if seconds % size == 0)
        assert f"{seconds // unit} {words[unit]}" in DOCUMENT
    assert VARIABLES["webhooks_to_loopback"].name in DOCUMENT
