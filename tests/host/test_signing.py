"""Signatures of outgoing webhooks, believed and disbelieved by the official library of Standard Webhooks."""

import os
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from gateway.sdk.proof import signed_headers, written_secret

BODY = '{"type":"message_received","data":{"body":"Grüße 🙂"}}'.encode()


def test_the_library_believes_what_was_signed_with_any_of_the_secrets() -> None:
    new, old, other = (written_secret(os.urandom(32)) for _ in range(3))
    headers = signed_headers([new, old], "dlv_1", int(time.time()), BODY)
    for secret in (new, old):
        assert Webhook(secret).verify(BODY, headers)["type"] == "message_received"
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, headers)


@pytest.mark.parametrize("what", ["body", "webhook-id", "webhook-timestamp"])
def test_nothing_of_it_can_be_changed(what: str) -> None:
    secret = written_secret(os.urandom(32))
    now = int(time.time())
    headers, body = signed_headers([secret], "dlv_1", now, BODY), BODY
    if what == "body":
        body = BODY.replace(b"message", b"massage")
    else:
        headers[what] = {"webhook-id": "dlv_2", "webhook-timestamp": str(now + 1)}[what]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


def test_what_is_old_is_not_believed() -> None:
    secret = written_secret(os.urandom(32))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, signed_headers([secret], "dlv_1", int(time.time()) - 3_600, BODY))
