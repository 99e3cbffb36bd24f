"""A message handed to its channel: its files enclosed, the call under its deadline."""

from gateway.core.commands.messages import Start
from gateway.host.deadline import Abandoned
from gateway.sdk.channel import Channel
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import SendResult
from gateway.workers.attempt import Failure, call
from gateway.workers.enclosures import Enclosures, FileMissing


class Handover:
    """`deadline_s` overrules the channels' own patience."""

    def __init__(self, enclosures: Enclosures, deadline_s: float | None = None) -> None:
        self._enclosures = enclosures
        self._deadline_s = deadline_s
        self._abandoned = Abandoned()

    async def __call__(self, channel: Channel, begun: Start) -> SendResult | Failure:
        """What the provider said, or what its silence means. Never raises."""
        try:
            outbound = await self._enclosures.enclose(channel, begun.outbound, begun.files)
        except FileMissing as error:
            return Failure(SendErrorKind.REJECTED, f"A file of this message is not there any more: {error}.")
        deadline_s = channel.send_deadline() if self._deadline_s is None else self._deadline_s
        return await call(channel, outbound, self._abandoned, deadline_s)
