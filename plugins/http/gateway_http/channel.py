"""One HTTP API: a request for each message, webhooks for what comes back."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from gateway.sdk import (
    Channel,
    Health,
    HealthState,
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
)
from gateway.sdk.context import HttpResponse
from gateway.sdk.ids import format_message_id
from gateway.sdk.text import Capabilities, SenderKind
from gateway_http.failures import failure_of
from gateway_http.paths import look_text
from gateway_http.proof import prove, proves
from gateway_http.settings import Settings as HttpSettings
from gateway_http.template import fill, parse_template
from gateway_http.wire import parse_messages, parse_receipts

_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class HttpChannel(Channel):
    """Actions of its webhooks: `inbound` and `fallback` for messages, `status` for receipts."""

    type: ClassVar[str] = "http"
    label: ClassVar[str] = "HTTP API"
    Settings = HttpSettings
    counts_parts: ClassVar[bool] = False

    def capabilities(self, sender: SenderView) -> Capabilities:
        """What its kind of sender can: the API's own limits are its answers."""
        named = sender.kind is SenderKind.ALPHANUMERIC
        return Capabilities(
            inbound=not named,
            sms=sender.kind not in (SenderKind.EMAIL, SenderKind.WHATSAPP),
            mms=not named and sender.kind not in (SenderKind.EMAIL, SenderKind.WHATSAPP),
            whatsapp=sender.kind is SenderKind.WHATSAPP,
            email=sender.kind is SenderKind.EMAIL,
        )

    async def send(self, outbound: Outbound) -> SendResult:
        """One request. Without an `answer_id` any 2xx is a yes, and the id we gave is the one receipts name."""
        identity = format_message_id(outbound.message_id)
        url, body = self._content(outbound, identity)
        answer = await self.context.http.request(
            self.settings.send_method, url, headers=self._headers(identity, body), body=body
        )
        if not 200 <= answer.status < 300:
            raise failure_of(answer.status, answer.headers.get("retry-after"))
        return SendResult((PartResult(1, self._identity_in(answer) if self.settings.answer_id else identity),))

    def verify(self, request: WebhookRequest) -> bool:
        """The proof the settings name; without a secret the URL is the proof."""
        return proves(self.settings, request.headers, self.context.clock(), request.body)

    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        """Messages or receipts, by the action."""
        match request.action:
            case "inbound" | "fallback":
                return parse_messages(request, self.settings)
            case "status":
                return parse_receipts(request, self.settings)
            case other:
                raise WebhookError(f"There is no action {other[:40]}.")

    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        """From wherever its URL says, without any proof of ours."""
        if reference.url is None:
            return reference
        answer = await self.context.http.request("GET", reference.url, redirects=3)
        if answer.status != 200:
            raise SendError(SendErrorKind.UNAVAILABLE, f"The file could not be fetched: status {answer.status}.")
        kind = answer.headers.get("content-type", reference.content_type).partition(";")[0].strip()
        return replace(reference, content=answer.body, content_type=kind, size=len(answer.body))

    async def check(self) -> Health:
        """Whether the API answers at all, and takes our proof: asks what it would take, and sends nothing."""
        try:
            answer = await self.context.http.request(
                "OPTIONS", self.settings.send_url, headers=self._headers("check", b"")
            )
        except SendError as error:
            return Health(HealthState.DOWN, error.sentence)
        if answer.status in (401, 403):
            return Health(HealthState.DOWN, failure_of(answer.status, None).sentence)
        return Health(HealthState.OK)

    def _content(self, outbound: Outbound, identity: str) -> tuple[str, bytes | None]:
        words = {
            "from": outbound.sender.value,
            "to": outbound.to,
            "body": outbound.body,
            "subject": outbound.subject or "",
            "channel": outbound.channel,
            "id": identity,
            "attempt": outbound.attempt,
            "media": [media.url for media in outbound.media if media.url],
        }
        document = fill(parse_template(self.settings.send_template), words)
        url: str = self.settings.send_url
        match self.settings.send_as:
            case "json":
                return url, json.dumps(document, ensure_ascii=False).encode()
            case "form":
                return url, urlencode(document, doseq=True).encode()
            case _:
                return f"{url}{'&' if '?' in url else '?'}{urlencode(document, doseq=True)}", None

    def _headers(self, identity: str, body: bytes | None) -> dict[str, str]:
        settings: HttpSettings = self.settings
        given = {name: value.replace("{{secret}}", settings.secret) for name, value in (settings.headers or {}).items()}
        content = {"Content-Type": _TYPES[settings.send_as]} if body else {}
        once = {settings.idempotency_header: identity} if settings.idempotency_header else {}
        return {**content, **once, **prove(settings, identity, self.context.clock(), body or b""), **given}

    def _identity_in(self, answer: HttpResponse) -> str:
        try:
            document: Any = json.loads(answer.body)
        except (ValueError, RecursionError):
            document = None
        found = look_text(document, self.settings.answer_id)
        if not found:
            raise SendError(
                SendErrorKind.UNCERTAIN, f"The API took it, but its answer holds no {self.settings.answer_id}."
            )
        return found
