import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.kernel.clock import now
from services.notifications.domain.webhook_secret import new_secret, signed_headers


def test_a_secret_is_written_as_the_standard_has_it_and_new_each_time():
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32


def test_the_signature_is_that_of_the_standards_own_library():
    secret, at = new_secret(), datetime(2026, 11, 23, 10, 0, 7, 999, tzinfo=UTC)
    headers = signed_headers([secret], "m-1", at, b'{"a":1}')
    assert headers["webhook-timestamp"] == "1795428007"
    assert headers["webhook-signature"] == Webhook(secret).sign("m-1", at, '{"a":1}')


def test_each_of_two_secrets_is_enough_and_another_is_not():
    old, new = new_secret(), new_secret()
    headers = signed_headers([new, old], "m-1", now(), b'{"a":1}')
    for secret in (old, new):
        assert Webhook(secret).verify(b'{"a":1}', headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(b'{"a":1}', headers)
