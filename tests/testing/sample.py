"""A small HTTP channel that keeps the contract, to be spoilt in many ways."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from gateway.sdk import (
    Channel,
    Inbound,
    MediaReference,
    Outbound,
    PartResult,
    Receipt,
    SendError,
    SendErrorKind,
    SenderView,
    SendResult,
    WebhookError,
    WebhookRequest,
    secret,
    setting,
)
from gateway.sdk.text import Capabilities, Status


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the provider is, and the word we share with it."""

    url: str = setting()
    key: str = secret()


class SampleChannel(Channel):
    """JSON both ways, signed with HMAC-SHA256."""

    type: ClassVar[str] = "sample"
    label: ClassVar[str] = "Sample"
    Settings = Settings

    def capabilities(self, sender: SenderView) -> Capabilities:
        return Capabilities(sms=True)

    async def send(self, outbound: Outbound) -> SendResult:
        document = {"to": outbound.to, "from": outbound.sender.value, "text": outbound.body, "ref": outbound.attempt}
        answer = await self.context.http.request(
            "POST",
            f"{self.settings.url}/messages",
            headers={"Authorization": f"Bearer {self.settings.key}", "Content-Type": "application/json"},
            body=json.dumps(document).encode(),
        )
        if answer.status == 429:
            raise SendError(SendErrorKind.THROTTLED, "The provider asks for patience.", retry_after=1.0)
        if 400 <= answer.status < 500:
            raise SendError(SendErrorKind.REJECTED, "The provider refused it.", provider_code=str(answer.status))
        try:
            (identity,) = (str(json.loads(answer.body)["id"]),)
        except (ValueError, KeyError, TypeError) as error:
            raise SendError(SendErrorKind.UNCERTAIN, "The provider's answer can't be read.") from error
        return SendResult((PartResult(1, identity),))

    def verify(self, request: WebhookRequest) -> bool:
        given = request.headers.get("x-signature", "")
        return hmac.compare_digest(given.encode(), sign(request.body, self.settings.key).encode())

    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        try:
            document = json.loads(request.body)
            if "state" in document:
                state = Status.DELIVERED if document["state"] == "ok" else None
                return (Receipt((str(document["id"]),), state, raw=request.body),)
            texts = [document[name] for name in ("from", "to", "text", "id")]
            if not all(isinstance(text, str) for text in texts):
                raise WebhookError("A field is no text.")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise WebhookError("This is no message.") from error
        return (Inbound(texts[0], texts[1], texts[2], provider_id=texts[3], raw=request.body),)

    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        assert reference.url is not None
        answer = await self.context.http.request("GET", reference.url)
        if answer.status != 200:
            raise SendError(SendErrorKind.UNAVAILABLE, "The picture is not there.")
        return replace(reference, content=answer.body)


def sign(body: bytes, key: str) -> str:
    return hmac.digest(key.encode(), body, "sha256").hex()
