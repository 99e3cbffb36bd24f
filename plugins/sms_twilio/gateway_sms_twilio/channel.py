"""One Twilio account: what it is asked, what it tells, and what becomes of a message."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from gateway.sdk import (
    Balance,
    Channel,
    GatewayContext,
    Health,
    HealthState,
    Inbound,
    Inquiry,
    MediaReference,
    Outbound,
    Receipt,
    SendError,
    SenderView,
    SendResult,
    Sink,
    Unparsed,
    WebhookRequest,
    WebhookResponse,
)
from gateway.sdk.text import Capabilities, SenderKind
from gateway_sms_twilio import inquiry as inquiries
from gateway_sms_twilio.api import TwilioApi
from gateway_sms_twilio.backfill import Backfill
from gateway_sms_twilio.forms import Fields, fields_of
from gateway_sms_twilio.inbound import inbound_of
from gateway_sms_twilio.media import MediaDownload
from gateway_sms_twilio.outgoing import form_of, result_of
from gateway_sms_twilio.receipts import ATTEMPT, receipt_of
from gateway_sms_twilio.settings import Settings as TwilioSettings
from gateway_sms_twilio.signature import Verifier

NOTHING_TO_SAY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML: no reply of Twilio's making."""
PATIENCE_S = 25.0  # the HTTP client gives up after 20
_TEXTS = frozenset({SenderKind.LONG_CODE, SenderKind.SHORT_CODE, SenderKind.TOLL_FREE})


class TwilioChannel(Channel):
    """SMS, MMS and WhatsApp. Twilio has no way to recognise a send it has seen: a lost answer is never asked again."""

    type: ClassVar[str] = "sms_twilio"
    label: ClassVar[str] = "Twilio"
    Settings = TwilioSettings
    sends_anywhere: ClassVar[bool] = True

    def __init__(
        self,
        context: GatewayContext,
        settings: TwilioSettings,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(context, settings)
        self._api = TwilioApi(context.http, settings)
        self._verifier = Verifier(settings.tokens)
        self._media = MediaDownload(context.http, self._api, settings)
        self._backfill = Backfill(self._api, context, settings.backfill_minutes, sleep)

    def account(self) -> str:
        """Message ids are unique within a Twilio account, whichever gateways it has here."""
        return f"twilio:{self.settings.account_sid}"

    def capabilities(self, sender: SenderView) -> Capabilities:
        """Numbers take texts and pictures, names send texts and hear nothing, WhatsApp is a channel of its own."""
        named = sender.kind is SenderKind.ALPHANUMERIC
        return Capabilities(
            inbound=not named,
            sms=named or sender.kind in _TEXTS,
            mms=sender.kind in _TEXTS,
            whatsapp=sender.kind is SenderKind.WHATSAPP,
        )

    def send_deadline(self) -> float:
        """Longer than the HTTP client's own patience."""
        return PATIENCE_S

    async def send(self, outbound: Outbound) -> SendResult:
        """Sends once. The address of its status callback carries the attempt, so that a lost answer comes in there."""
        form = form_of(
            outbound,
            service=self.settings.messaging_service_sid,
            callback=self.context.callback_url("status"),
            now=self.context.clock(),
        )
        return result_of(await self._api.create(form), outbound)

    def verify(self, request: WebhookRequest) -> bool:
        """Signed over the public URL and the form, by the token in use or by the next one."""
        return self._verifier.is_genuine(request)

    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        """Fields decide what it is, not the address: a number's fallback may lead to the same action."""
        raw = request.body or request.url.encode()
        attempt = request.query.get(ATTEMPT)
        return tuple(_item(fields, attempt, raw) for fields in fields_of(request))

    def ack(self, request: WebhookRequest, items: Sequence[Inbound | Receipt | Unparsed]) -> WebhookResponse:
        """An empty TwiML document."""
        return WebhookResponse(200, NOTHING_TO_SAY, "text/xml")

    async def run(self, sink: Sink) -> None:
        """Looks for messages that came while we, or the way to us, were down."""
        await self._backfill.run(sink)

    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        """A file of an inbound message."""
        return await self._media.fetch(reference)

    async def ask(self, inquiry: Inquiry) -> Sequence[Receipt]:
        """Looks a send up whose answer was lost."""
        return await inquiries.ask(self._api, inquiry, self.context.clock())

    async def balance(self) -> Balance | None:
        """What is left of the account."""
        return await self._api.balance()

    async def check(self) -> Health:
        """Whether the account is active and takes the token."""
        try:
            standing = await self._api.standing()
        except SendError as error:
            return Health(HealthState.DOWN, error.sentence)
        if standing != "active":
            return Health(HealthState.DOWN, f"Twilio says that this account is {standing or 'of no known status'}.")
        return Health(HealthState.OK)


def _item(fields: Fields, attempt: str | None, raw: bytes) -> Inbound | Receipt:
    """Status callbacks alone have a MessageStatus; what it tells of an inbound message is `received`."""
    status = fields.get("MessageStatus", "")
    return receipt_of(fields, attempt, raw) if status and status != "received" else inbound_of(fields, raw)
