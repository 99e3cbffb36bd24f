"""What an administrator enters for one HTTP API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal
from urllib.parse import urlsplit

from gateway import sdk
from gateway.sdk import secret, setting
from gateway.sdk.documents import parse_path, parse_template
from gateway.sdk.text import Status

WORDS = ("from", "to", "body", "subject", "channel", "id", "attempt", "media")
TEMPLATE = '{"from": "{{from}}", "to": "{{to}}", "body": "{{body}}", "media": "{{media}}", "id": "{{id}}"}'

STATES = {word: Status(word) for word in ("sent", "delivered", "read", "undelivered", "failed", "expired")}
STATES |= {"accepted": Status.SENT, "seen": Status.READ, "rejected": Status.FAILED}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to send what, and where to look for what in an answer and in a webhook."""

    send_url: str = setting(label="Send to", hint="The URL that takes a message.")
    send_method: Literal["POST", "PUT", "GET"] = setting("POST", label="Method")
    send_as: Literal["json", "form", "query"] = setting("json", label="Sent as")
    send_template: str | Mapping[str, Any] = setting(
        TEMPLATE,
        label="Template",
        hint="JSON with {{from}}, {{to}}, {{body}}, {{subject}}, {{media}}, {{id}}, {{attempt}}.",
    )
    headers: Mapping[str, str] | None = setting(None, label="Headers", hint="{{secret}} stands for the secret.")
    secret: str = secret("", label="Secret", hint="The key of both sides; whsec_... is read as Standard Webhooks do.")
    webhook_secret: str = sdk.secret("", label="Webhook secret", hint="What proves webhooks, where it is another one.")
    signing: Literal["standard", "hmac", "bearer", "word"] = setting(
        "standard",
        label="Signed",
        hint="Standard Webhooks, an HMAC-SHA256 of the body in a header, a bearer token, or the secret in a header.",
    )
    signature_header: str = setting("X-Signature", label="Signature header", hint="For an HMAC, or a word.")
    idempotency_header: str = setting("Idempotency-Key", label="Idempotency header", hint="Empty sends none.")
    answer_id: str = setting("", label="Id in the answer", hint="Path; empty where the API answers no id of its own.")
    refused: Sequence[int] = setting((), label="Refused for good", hint="Statuses, besides 4xx.")
    later: Sequence[int] = setting((), label="Try later", hint="Statuses after which nothing was sent, besides 429.")
    items: str = setting("", label="List in a webhook", hint="Path, where one webhook holds several messages.")
    inbound_from: str = setting("from", label="From", hint="Path in a message that came in.")
    inbound_to: str = setting("to", label="To")
    inbound_body: str = setting("body", label="Text")
    inbound_id: str = setting("id", label="Id")
    inbound_media: str = setting("media", label="Media", hint="Path to a URL, or a list of URLs.")
    receipt_id: str = setting("id", label="Receipt: id", hint="Path to the API's id, or to the one we sent.")
    receipt_attempt: str = setting("", label="Receipt: attempt", hint="Path, where it echoes our {{attempt}}.")
    receipt_state: str = setting("status", label="Receipt: state")
    receipt_code: str = setting("code", label="Receipt: code")
    receipt_states: Mapping[str, str] | None = setting(
        None, label="Receipt: words", hint="The API's words for sent, delivered, read, undelivered, failed, expired."
    )

    def __post_init__(self) -> None:
        """Refuse what could never work, while somebody looks at it."""
        if urlsplit(self.send_url).scheme not in ("http", "https"):
            raise ValueError("send_url must begin with https:// or http://")
        document = parse_template(self.send_template, WORDS)
        if self.send_as != "json" and not isinstance(document, Mapping):
            raise ValueError("send_template must be a JSON object to be sent as form or query")
        for name in (field.name for field in fields(self)):
            if name in ("answer_id", "items") or (
                name.startswith(("inbound_", "receipt_")) and name != "receipt_states"
            ):
                parse_path(getattr(self, name))
