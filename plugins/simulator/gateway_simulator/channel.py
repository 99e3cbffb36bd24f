"""The simulator: phones that text the product and show what comes out of it; nothing leaves this machine."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count, takewhile
from typing import ClassVar

from gateway.sdk import (
    Balance,
    Channel,
    GatewayContext,
    HealthState,
    Inbound,
    Inquiry,
    MediaReference,
    Outbound,
    PartResult,
    Receipt,
    SendError,
    SendErrorKind,
    SenderView,
    SendResult,
    Sink,
    Unparsed,
    WebhookError,
    WebhookRequest,
    WebhookResponse,
)
from gateway.sdk.context import Unavailable
from gateway.sdk.faults import Fault, draw_fate, draw_fault
from gateway.sdk.text import Capabilities, SenderKind, Status
from gateway_simulator import outbox
from gateway_simulator.receipts import receipts_for
from gateway_simulator.settings import Settings as SimulatorSettings
from gateway_simulator.texts import through_network
from gateway_simulator.wire import parse_inbound

LOOK_S = 0.5  # how soon a message that another node sent is noticed
LATER_S = 1.0
PATIENCE_S = 2.0  # what a busy network asks for
_DONE = "receipts-up-to"
_MESSAGES = frozenset({SenderKind.LONG_CODE, SenderKind.SHORT_CODE, SenderKind.TOLL_FREE, SenderKind.ALPHANUMERIC})


class SimulatorChannel(Channel):
    """A network of our own. `POST .../inbound` is a phone that texts, `GET .../outbox` what phones have got."""

    type: ClassVar[str] = "simulator"
    label: ClassVar[str] = "Simulator"
    Settings = SimulatorSettings

    def __init__(
        self,
        context: GatewayContext,
        settings: SimulatorSettings,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(context, settings)
        self._sleep = sleep
        self._sent = asyncio.Event()
        self._heard = count(1)
        self._texted = settings.texted
        self._spent = outbox.Spent()

    def capabilities(self, sender: SenderView) -> Capabilities:
        """Everything its kind of sender can; pictures too, but none from a name."""
        named = sender.kind is SenderKind.ALPHANUMERIC
        return Capabilities(
            inbound=not named,
            sms=sender.kind in _MESSAGES,
            mms=sender.kind in _MESSAGES and not named,
            whatsapp=sender.kind is SenderKind.WHATSAPP,
            email=sender.kind is SenderKind.EMAIL,
            simulated=True,
        )

    async def send(self, outbound: Outbound) -> SendResult:
        """Puts the message into the phones' outbox, where it is durable."""
        dice, settings = self.context.random, self.settings
        fault = draw_fault(settings.asked, dice)
        if fault is Fault.THROTTLE:
            raise SendError(SendErrorKind.THROTTLED, "The simulated network is busy.", retry_after=PATIENCE_S)
        fails = settings.fail_rate > 0 and dice() < settings.fail_rate
        fate = draw_fate(settings.told, dice)
        try:
            ids = await outbox.put(self.context.store, outbound, self.context.clock(), fate, fails=fails)
        except Exception as error:
            raise SendError(SendErrorKind.UNAVAILABLE, "The simulator could not store the message.") from error
        self._sent.set()
        self.context.trace("out", f"to {outbound.to}", {"body": outbound.body, "message_id": outbound.attempt})
        if fault is Fault.HANG:
            await asyncio.Event().wait()  # until the worker gives up: the message went, and nobody was told
        return SendResult(tuple(PartResult(index, id_) for index, id_ in enumerate(ids, 1)))

    async def balance(self) -> Balance | None:
        """What is left of the credits it began with."""
        if not self.settings.credits:
            return None
        self._spent = await outbox.spend(self.context.store, self._spent)
        return Balance(Decimal(self.settings.credits - self._spent.parts), "credits")

    async def ask(self, inquiry: Inquiry) -> Sequence[Receipt]:
        """The outbox knows what reached the phones."""
        found = await outbox.find(self.context.store, inquiry.message_id)
        return [Receipt((id_,), Status.SENT, one.attempt) for one in found[:1] for id_ in one.ids]

    def verify(self, request: WebhookRequest) -> bool:
        """The URL itself is the secret."""
        return True

    def serves(self, request: WebhookRequest) -> bool:
        """What phones post is for `parse`."""
        return request.method != "POST"

    async def serve(self, request: WebhookRequest) -> WebhookResponse | None:
        """`GET .../outbox?after=` lists what was sent; everything else that isn't posted is unknown."""
        if request.method == "POST":
            return None
        if request.method not in ("GET", "HEAD") or request.action != "outbox":
            return _json({"title": "There is nothing here."}, 404)
        after = request.query.get("after", "") or "0"
        if not after.isdecimal() or len(after) > 15:
            return _json({"title": "after is no position of this outbox."}, 400)
        found = await outbox.read(self.context.store, int(after))
        last = str(found[-1].position) if found else after
        return _json({"items": [outbox.shown(one) for one in found], "next": last})

    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        """A phone's message, as it arrives."""
        if request.action != "inbound":
            raise WebhookError(f"The simulator knows no {request.action}.")
        inbound = parse_inbound(request)
        named = inbound if inbound.provider_id else replace(inbound, provider_id=self._new_id())
        return through_network(named, self._texted)

    def _new_id(self) -> str:
        """Who texts the same words twice without an id says them twice."""
        return f"phone-{self.context.clock()}-{int(self.context.random() * 2**53):x}-{next(self._heard)}"

    def ack(self, request: WebhookRequest, items: Sequence[Inbound | Receipt | Unparsed]) -> WebhookResponse:
        """Says how many messages were understood; a text in parts is one."""
        texts = {
            item.concat.reference if item.concat else item.provider_id for item in items if isinstance(item, Inbound)
        }
        return WebhookResponse(200, b'{"accepted": %d}' % len(texts))

    async def run(self, sink: Sink) -> None:
        """Sends receipts for what is in the outbox, each `delay` seconds after it was sent, wherever a restart fell."""
        await self.context.report_health(HealthState.OK, None)
        store = self.context.store
        done = int(await store.get(_DONE) or 0)
        while True:
            self._sent.clear()
            due, wait = self._due(await outbox.read(store, done))
            if not due:
                await self._pause(wait)
                continue
            try:
                await sink(*receipts_for(due))
            except Unavailable:
                await self._sleep(LATER_S)
                continue
            done = due[-1].position
            await store.put(_DONE, done)

    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        """A picture a phone sent, from wherever its URL says."""
        if reference.url is None:
            return reference
        answer = await self.context.http.request("GET", reference.url, redirects=3)
        if answer.status != 200:
            raise SendError(SendErrorKind.UNAVAILABLE, f"The file could not be fetched: status {answer.status}.")
        kind = answer.headers.get("content-type", reference.content_type).partition(";")[0].strip()
        return replace(reference, content=answer.body, content_type=kind, size=len(answer.body))

    def _due(self, sent: Sequence[outbox.Sent]) -> tuple[list[outbox.Sent], float]:
        """Those whose receipts are due, oldest first, and how long until the next is."""
        now = self.context.clock()
        delay = round(self.settings.delay * 1000)
        due = list(takewhile(lambda one: one.at + delay <= now, sent))
        waiting = sent[len(due) :]
        return due, min(LOOK_S, max(0.0, (waiting[0].at + delay - now) / 1000)) if waiting else LOOK_S

    async def _pause(self, seconds: float) -> None:
        """Until something is sent here, or the time is over."""
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        sent = asyncio.create_task(self._sent.wait())
        try:
            await asyncio.wait({sleeping, sent}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            sent.cancel()


def _json(document: object, status: int = 200) -> WebhookResponse:
    return WebhookResponse(status, json.dumps(document, ensure_ascii=False).encode())
