"""The one class a channel plugin writes."""

import builtins
from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar

from gateway.domain.record import record
from gateway.domain.sender import Capabilities
from gateway.sdk.context import GatewayContext, Sink
from gateway.sdk.errors import WebhookError
from gateway.sdk.values import (
    Balance,
    Inbound,
    Inquiry,
    MediaReference,
    Outbound,
    Receipt,
    SenderView,
    SendResult,
    Unparsed,
)
from gateway.sdk.webhook import WebhookRequest, WebhookResponse

SEND_DEADLINE_S = 20.0


class HealthState(StrEnum):
    """How a gateway is."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    PAUSED = "paused"


@record
class Health:
    """State of a gateway with a reason people understand; `reason` is None when all is well."""

    state: HealthState
    reason: str | None = None


class Channel(ABC):
    """One gateway at run time: made from its context and settings, closed when it is switched off or changed.

    A paused gateway sends nothing and goes on receiving.

    `type` names the plugin in the API and database, `label` in forms; `Settings` is a frozen dataclass of its settings.
    `idempotent` says that the provider itself refuses a second send of the same attempt id, so that a send whose answer
    was lost may simply be tried again. `counts_parts` is False where the provider counts requests, not parts.
    `takes_files` is True where `send` wants the files of a message themselves; elsewhere it gets public, signed URLs
    which the provider may fetch them from. `sends_anywhere` says of a channel with a `run` of its own that it only
    listens there, so that every node may send, and not only the one that runs it. `refers_back` is True where a message
    names the one it answers: `Outbound.answers` is then set.
    """

    type: ClassVar[str]
    label: ClassVar[str]
    Settings: ClassVar[builtins.type[Any]]
    idempotent: ClassVar[bool] = False
    counts_parts: ClassVar[bool] = True
    takes_files: ClassVar[bool] = False
    sends_anywhere: ClassVar[bool] = False
    refers_back: ClassVar[bool] = False

    def __init__(self, context: GatewayContext, settings: Any) -> None:
        self.context = context
        self.settings = settings

    @abstractmethod
    def capabilities(self, sender: SenderView) -> Capabilities:
        """What this gateway can do with that sender. Pure."""

    @abstractmethod
    async def send(self, outbound: Outbound) -> SendResult:
        """Hand the message to the provider. Raises SendError; anything else it raises counts as uncertain."""

    def account(self) -> str:
        """Names the provider account: gateways of one account share message ids and receipts."""
        return f"gateway:{self.context.gateway_id}"

    def send_deadline(self) -> float:
        """Seconds after which a send that has not returned is given up as uncertain: longer than its own patience."""
        return SEND_DEADLINE_S

    def verify(self, request: WebhookRequest) -> bool:
        """Whether the request is the provider's own, compared in constant time, before anything is parsed. Pure."""
        return False

    def serves(self, request: WebhookRequest) -> bool:
        """Whether `serve` is to see this request; quick and pure, so that webhooks need not wait for it."""
        return True

    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        """What the request says. Pure. Raises WebhookError for what cannot be read."""
        return ()

    async def reread(self, raw: bytes) -> Sequence[Inbound | Receipt | Unparsed]:
        """What the `raw` of something Unparsed says, now that it may be readable.

        For what a `run` of its own received. A webhook's request is kept whole, and `parse` reads it again. Raises
        WebhookError where it can't be.
        """
        raise WebhookError("Gateways of this kind can't read it again.")

    def ack(self, request: WebhookRequest, items: Sequence[Inbound | Receipt | Unparsed]) -> WebhookResponse:
        """The answer once everything is durable. Pure."""
        return WebhookResponse()

    async def serve(self, request: WebhookRequest) -> WebhookResponse | None:
        """Answers a verified request that asks for something instead of telling something (a challenge, a list).

        None for all others: those are parsed, stored, and acknowledged.
        """
        return None

    async def run(self, sink: Sink) -> None:
        """A long-lived bind or mailbox: runs until cancelled, reports health instead of raising."""

    async def fetch_media(self, reference: MediaReference) -> MediaReference:
        """The same reference with its `content`. Called as work, retried."""
        return reference

    async def balance(self) -> Balance | None:
        """What is left of the account, where the provider tells. Asked once a minute at most, while pages are open."""
        return None

    async def ask(self, inquiry: Inquiry) -> Sequence[Receipt]:
        """What the provider knows of a send whose outcome is unknown; nothing where it can't be asked."""
        return ()

    async def check(self) -> Health:
        """A quick test of the settings against the provider, for the Test button. Sends no message."""
        return Health(HealthState.OK)

    async def close(self) -> None:
        """Give back connections. The channel is not used afterwards."""

    @classmethod
    def is_long_lived(cls) -> bool:
        """Whether the channel overrides `run`, so that the supervisor keeps it running under a lease."""
        return cls.run is not Channel.run
