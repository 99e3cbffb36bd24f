"""Messages that came while nobody could be reached: Twilio tells of each once, so its list is looked through.

It is looked through at the start, after every outage, and every few minutes, because nobody tells us that our address
could not be reached from outside. What is known already is recognised by its id and changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from gateway.sdk import GatewayContext, HealthState, Inbound, MediaReference, SendError, SendErrorKind, Sink
from gateway.sdk.context import Unavailable
from gateway_sms_twilio.addresses import channel_of
from gateway_sms_twilio.api import TwilioApi
from gateway_sms_twilio.resource import Resource

LOOK_S = 300.0
FIRST_RETRY_S = 2.0
OVERLAP_MS = 10 * 60_000
"""How long a message may take to show in the list."""
WINDOW_MS = 15 * 60_000
"""How much of the list is in memory at once."""
LONGEST_MS = 31 * 24 * 60 * 60_000
"""Beyond 32 days a repeat is not recognised any more."""

_UNTIL = "backfilled-until"


class Backfill:
    """`minutes` is how far the first look of all goes back; 0 never looks."""

    def __init__(
        self,
        api: TwilioApi,
        context: GatewayContext,
        minutes: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api = api
        self._context = context
        self._back_ms = round(minutes * 60_000)
        self._sleep = sleep
        self._recent: set[str] = set()

    async def run(self, sink: Sink) -> None:
        """Until cancelled. Reports whether Twilio can be reached and takes the credentials."""
        if not self._back_ms:
            await self._context.report_health(HealthState.OK, None)
            await asyncio.Event().wait()
        retry_s, failures = FIRST_RETRY_S, 0
        while True:
            try:
                await self._look(sink)
            except SendError as error:
                failures += 1
                if _is_outage(error, failures):
                    await self._context.report_health(HealthState.DOWN, error.sentence)
                retry_s = max(retry_s, error.retry_after or 0.0)
            except Unavailable:
                self._context.trace("info", "missed messages could not be stored, and are looked for again")
            else:
                await self._context.report_health(HealthState.OK, None)
                retry_s, failures = FIRST_RETRY_S, 0
                await self._sleep(LOOK_S)
                continue
            await self._sleep(retry_s)
            retry_s = min(retry_s * 2, LOOK_S)

    async def _look(self, sink: Sink) -> None:
        """From where the last look ended, window by window, the oldest first."""
        now = self._context.clock()
        known = await self._context.store.get(_UNTIL)
        start = now - self._back_ms if known is None else min(int(known), now) - min(OVERLAP_MS, self._back_ms)
        start = max(start, now - LONGEST_MS)
        before, self._recent = self._recent, set()
        while start < now:
            end = min(start + WINDOW_MS, now)
            await self._take(sink, start, end, before)
            await self._context.store.put(_UNTIL, end)
            start = end

    async def _take(self, sink: Sink, start: int, end: int, before: set[str]) -> None:
        """What the next look sees again, because looks overlap, is remembered: the core need not be asked about it."""
        asked = {"DateSent>": _moment(start), "DateSent<": _moment(end + 999)}
        found = [one async for one in self._api.messages(asked) if one.is_inbound]
        remembered_from = self._context.clock() - 2 * OVERLAP_MS
        for one in reversed(found):
            if one.sid not in before and one.sid not in self._recent:
                await sink(await self._inbound(one))
            if (one.sent_at or end) >= remembered_from:
                self._recent.add(one.sid)

    async def _inbound(self, message: Resource) -> Inbound:
        media = await self._api.media(message.sid) if message.media_count else []
        return Inbound(
            sender=message.sender,
            recipient=message.recipient,
            body=message.body,
            provider_id=message.sid,
            channel=channel_of(message.sender, message.sid, has_media=bool(media)),
            media=tuple(MediaReference(kind, url) for url, kind in media),
            at=message.sent_at or message.created_at,
            raw=message.raw,
        )


def _is_outage(error: SendError, failures: int) -> bool:
    """One answer that failed, or one that asks for patience, is none; a token that isn't taken is one at once."""
    if error.kind is SendErrorKind.MISCONFIGURED:
        return True
    return failures > 1 and error.kind is not SendErrorKind.THROTTLED


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
