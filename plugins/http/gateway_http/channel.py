"""One HTTP API: a request for each message, webhooks for what comes back. What is said where, its settings say."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from gateway import sdk
from gateway.sdk.answers import failure_of, file_of, reach
from gateway.sdk.documents import FORM, fill, look, look_media, look_text, need_text, parse_template, read_document
from gateway.sdk.ids import format_message_id
from gateway.sdk.proof import Proof
from gateway.sdk.text import Capabilities, SenderKind
from gateway_http.settings import STATES, WORDS
from gateway_http.settings import Settings as HttpSettings


class HttpChannel(sdk.Channel):
    """Actions of its webhooks: `inbound` and `fallback` for messages, `status` for receipts."""

    type: ClassVar[str] = "http"
    label: ClassVar[str] = "HTTP API"
    Settings = HttpSettings
    settings: HttpSettings
    counts_parts: ClassVar[bool] = False

    def capabilities(self, sender: sdk.SenderView) -> Capabilities:
        """What its kind of sender can: the API's own limits are its answers."""
        mail, app = sender.kind is SenderKind.EMAIL, sender.kind is SenderKind.WHATSAPP
        named, phone = sender.kind is SenderKind.ALPHANUMERIC, not mail and not app
        return Capabilities(inbound=not named, sms=phone, mms=phone and not named, whatsapp=app, email=mail)

    async def send(self, outbound: sdk.Outbound) -> sdk.SendResult:
        """One request. Without an `answer_id` any 2xx is a yes, and the id we gave is the one receipts name."""
        given, identity = self.settings, format_message_id(outbound.message_id)
        said = {name: getattr(outbound, name) or "" for name in ("to", "body", "subject", "channel", "attempt")}
        media = [file.url for file in outbound.media if file.url]
        words = {**said, "from": outbound.sender.value, "id": identity, "media": media}
        document = fill(parse_template(given.send_template, WORDS), words)
        body = json.dumps(document, ensure_ascii=False) if given.send_as == "json" else urlencode(document, doseq=True)
        query = f"{'&' if '?' in given.send_url else '?'}{body}" if given.send_as == "query" else ""
        url, sent = f"{given.send_url}{query}", None if query else body.encode()
        headers = self._headers(identity, sent)
        answer = await self.context.http.request(given.send_method, url, headers=headers, body=sent)
        if error := failure_of(answer, refused=given.refused, later=given.later):
            raise error
        try:
            found = need_text(json.loads(answer.body), given.answer_id) if given.answer_id else identity
        except (ValueError, RecursionError, sdk.WebhookError) as error:
            told = f"The API took it, but its answer holds no {given.answer_id}."
            raise sdk.SendError(sdk.SendErrorKind.UNCERTAIN, told) from error
        return sdk.SendResult((sdk.PartResult(1, found),))

    def verify(self, request: sdk.WebhookRequest) -> bool:
        """The proof the settings name; without a secret the URL is the proof."""
        given = self.settings
        proof = Proof(given.signing, given.webhook_secret or given.secret, given.signature_header)
        return proof.holds(request.headers, self.context.clock(), request.body)

    def parse(self, request: sdk.WebhookRequest) -> Sequence[sdk.Inbound | sdk.Receipt]:
        """Messages or receipts, by the action."""
        if request.action not in ("inbound", "fallback", "status"):
            raise sdk.WebhookError(f"There is no action {request.action[:40]}.")
        found = look(read_document(request), self.settings.items)
        items = found if isinstance(found, list) else [found]
        read = self._receipt if request.action == "status" else self._message
        return [read(item, request.body) for item in items]

    async def fetch_media(self, reference: sdk.MediaReference) -> sdk.MediaReference:
        """From wherever its URL says, without any proof of ours."""
        return file_of(reference, await self.context.http.request("GET", reference.url or "", redirects=3))

    async def check(self) -> sdk.Health:
        """Whether the API answers at all, and takes our proof: asks what it would take, and sends nothing."""
        return await reach(self.context.http, self.settings.send_url, self._headers("check", None))

    def _headers(self, identity: str, body: bytes | None) -> dict[str, str]:
        given = self.settings
        content = {"Content-Type": FORM if given.send_as == "form" else "application/json"} if body else {}
        once = {given.idempotency_header: identity} if given.idempotency_header else {}
        proof = Proof(given.signing, given.secret, given.signature_header)
        ours = {name: value.replace("{{secret}}", given.secret) for name, value in (given.headers or {}).items()}
        return {**content, **once, **proof.headers(identity, self.context.clock(), body or b""), **ours}

    def _message(self, item: Any, raw: bytes) -> sdk.Inbound:
        given = self.settings
        media = look_media(item, given.inbound_media) if given.inbound_media else ()
        body = look_text(item, given.inbound_body)
        if body is None and not media:
            raise sdk.WebhookError(f"{given.inbound_body} is missing, or no text.")
        sender, to = need_text(item, given.inbound_from), need_text(item, given.inbound_to)
        channel, identity = "email" if "@" in to else "mms" if media else "sms", look_text(item, given.inbound_id)
        return sdk.Inbound(sender, to, body or "", identity, channel, media=media, raw=raw)

    def _receipt(self, item: Any, raw: bytes) -> sdk.Receipt:
        given = self.settings
        identity, word = need_text(item, given.receipt_id), need_text(item, given.receipt_state)
        state = STATES.get((given.receipt_states or {}).get(word, word).strip().lower())
        attempt, code = look_text(item, given.receipt_attempt), look_text(item, given.receipt_code)
        return sdk.Receipt((identity,), state, attempt, code or word, raw=raw)
