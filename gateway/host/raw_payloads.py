"""Payloads that nobody could read, read again: once a plugin was mended, or what they lacked is there."""

import binascii
from base64 import b64decode
from collections.abc import Sequence

import msgspec
import structlog

from gateway.domain.settings import Gateway
from gateway.host.channels import Channels
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.inbound import Intake, Item
from gateway.sdk.channel import Channel
from gateway.sdk.errors import WebhookError
from gateway.sdk.values import Unparsed
from gateway.sdk.webhook import WebhookRequest
from gateway.storage.facts import RawPayload

READ_DEADLINE_S = 20.0

_log = structlog.get_logger(__name__)


class StillUnreadable(Exception):
    """Nothing was stored. The text is a sentence for people."""


class RawPayloads:
    """Reads a payload by its gateway's channel as it is now, and stores what it says as if it came in just now.

    It was verified when it came, so that isn't done again. What was stored all the same is known by its provider id,
    or by its words and the minute it first came: read twice it is stored once, and two that say the same are two.
    """

    def __init__(self, channels: Channels, intake: Intake) -> None:
        self._channels = channels
        self._intake = intake
        self._abandoned = Abandoned()

    async def replay(self, gateway: Gateway, payload: RawPayload) -> int:
        """How many messages and receipts it was.

        Raises StillUnreadable, ChannelUnavailable, and Unavailable where nothing can be stored at the moment.
        """
        try:
            content = b64decode(payload.content, validate=True)
        except binascii.Error as error:
            raise StillUnreadable("What was kept is damaged.") from error
        async with self._channels.borrow(gateway.workspace_id, gateway.id, paused_too=True) as channel:
            items = await self._items(channel, content)
            await self._intake.take(gateway, channel.account(), items, payload.at)
        return len(items)

    async def _items(self, channel: Channel, content: bytes) -> Sequence[Item]:
        try:
            items = await run_guarded(channel.type, lambda: _read(channel, content), READ_DEADLINE_S, self._abandoned)
        except Overdue:
            raise StillUnreadable(f"Reading it took longer than {READ_DEADLINE_S:g} seconds.") from None
        except Raised as error:
            cause = error.__cause__
            if isinstance(cause, WebhookError):
                raise StillUnreadable(str(cause)) from error
            _log.exception("payload not read again", plugin=channel.type)
            raise StillUnreadable(f"The plugin could not read it: {type(cause).__name__}.") from error
        unread = next((one for one in items if isinstance(one, Unparsed)), None)
        if unread is not None:
            raise StillUnreadable(unread.reason)
        return items


async def _read(channel: Channel, content: bytes) -> Sequence[Item]:
    request = request_of(content)
    return await channel.reread(content) if request is None else tuple(channel.parse(request))


def request_of(content: bytes) -> WebhookRequest | None:
    """The provider's request, where one was kept whole; None for what came another way."""
    try:
        return msgspec.json.decode(content, type=WebhookRequest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
