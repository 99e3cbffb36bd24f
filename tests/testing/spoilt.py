"""The sample channel, spoilt in every way the contract says it notices."""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import aiohttp
import structlog

from gateway.sdk import (
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
    WebhookRequest,
    WebhookResponse,
    setting,
)
from gateway.sdk.text import Capabilities
from tests.testing.sample import SampleChannel, sign


class BelievesAnybody(SampleChannel):
    def verify(self, request: WebhookRequest) -> bool:
        return True


class BelievesAnySignature(SampleChannel):
    def verify(self, request: WebhookRequest) -> bool:
        return "x-signature" in request.headers


class ComparesWithEquals(SampleChannel):
    def verify(self, request: WebhookRequest) -> bool:
        return request.headers.get("x-signature", "") == sign(request.body, self.settings.key)


class NamesMessagesByChance(SampleChannel):
    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        return [
            replace(item, provider_id=os.urandom(4).hex()) if isinstance(item, Inbound) else item
            for item in super().parse(request)
        ]


class NamesNothing(SampleChannel):
    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        return [
            replace(item, provider_id=None) if isinstance(item, Inbound) else item for item in super().parse(request)
        ]


class KeepsNothingRaw(SampleChannel):
    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        return [replace(item, raw=b"") for item in super().parse(request)]


class StumblesOverRubbish(SampleChannel):
    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        json.loads(request.body)["id"]
        return super().parse(request)


class RefusesNewFields(SampleChannel):
    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        known = {"id", "from", "to", "text", "state"}
        said = json.loads(request.body)
        return super().parse(request) if not isinstance(said, dict) or set(said) <= known else ()


class TakesTextsForReceipts(SampleChannel):
    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        items = super().parse(request)
        return [
            Receipt(("x",), None, raw=item.raw) if isinstance(item, Inbound) and "stat:" in item.body else item
            for item in items
        ]


class SaysYesTooSoon(SampleChannel):
    async def serve(self, request: WebhookRequest) -> WebhookResponse:
        return WebhookResponse(200)


class CallsAllTextsTheSame(SampleChannel):
    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        return [
            replace(item, provider_id="the-same") if isinstance(item, Inbound) else item
            for item in super().parse(request)
        ]


class DialsForItself(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        async with aiohttp.ClientSession() as session, session.post(self.settings.url, data=outbound.body):
            return SendResult((PartResult(1, outbound.attempt),))


class FetchesForItself(SampleChannel):
    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        assert reference.url is not None
        async with aiohttp.ClientSession() as session, session.get(reference.url) as answer:
            return replace(reference, content=await answer.read())


class CallsEverythingUnavailable(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        try:
            return await super().send(outbound)
        except SendError as error:
            raise SendError(SendErrorKind.UNAVAILABLE, error.sentence) from error


class CallsEverythingSent(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        try:
            return await super().send(outbound)
        except SendError:
            return SendResult((PartResult(1, outbound.attempt),))


class CutsLongTexts(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        return await super().send(replace(outbound, body=outbound.body[:160]))


class CountsFromNought(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        return SendResult((PartResult(0, (await super().send(outbound)).parts[0].provider_id),))


class CallsAllMessagesTheSame(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        await super().send(outbound)
        return SendResult((PartResult(1, "the-same"),))


class WillNotBeCancelled(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        try:
            return await super().send(outbound)
        except asyncio.CancelledError:
            return SendResult((PartResult(1, outbound.attempt),))


class GoesOnInSecret(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        return await asyncio.shield(asyncio.create_task(self._until_it_works(outbound)))

    async def _until_it_works(self, outbound: Outbound) -> SendResult:
        while True:
            try:
                return await super().send(outbound)
            except SendError:
                await asyncio.sleep(0)


class LeavesTasksBehind(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        self.left = asyncio.create_task(self._forever())
        return await super().send(outbound)

    async def _forever(self) -> None:
        await asyncio.Event().wait()


class WaitsForItsOwnAnswerFirst(SampleChannel):
    """Knows a receipt only when the send has returned."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._known: set[str | None] = set()

    async def send(self, outbound: Outbound) -> SendResult:
        result = await super().send(outbound)
        self._known.add(result.parts[0].provider_id)
        return result

    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        items = super().parse(request)
        return [item for item in items if isinstance(item, Inbound) or self._known & set(item.provider_ids)]


class LogsItsKey(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        structlog.get_logger().info("sending", key=self.settings.key)
        return await super().send(outbound)


class QuotesTheText(SampleChannel):
    async def send(self, outbound: Outbound) -> SendResult:
        try:
            return await super().send(outbound)
        except SendError as error:
            raise SendError(error.kind, f"{outbound.body} was not sent.") from error


@dataclass(frozen=True, slots=True)
class OpenSettings:
    url: str = setting()
    key: str = setting()
    password: str = setting("hunter2-hunter2")


class ShowsItsPassword(SampleChannel):
    Settings = OpenSettings  # type: ignore[assignment]


class GivesItsKeyAway(SampleChannel):
    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        assert reference.url is not None
        headers = {"Authorization": f"Bearer {self.settings.key}"}
        answer = await self.context.http.request("GET", reference.url, headers=headers)
        return replace(reference, content=answer.body)


class TakesAnyPage(SampleChannel):
    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        assert reference.url is not None
        return replace(reference, content=(await self.context.http.request("GET", reference.url)).body)


class ChangesItsMind(SampleChannel):
    asked = count()

    def capabilities(self, sender: SenderView) -> Capabilities:
        return Capabilities(sms=next(self.asked) % 2 == 0)


class AlwaysFeelsWell(SampleChannel):
    async def check(self) -> Health:
        return Health(HealthState.OK)
