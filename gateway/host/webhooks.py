"""What providers post to `/c/{gateway token}/{action}`, as a function of plain values, for any front that serves it."""

from dataclasses import replace
from functools import cache

import msgspec
import structlog

from gateway.core.directory import Directory
from gateway.domain.settings import Gateway
from gateway.host.channels import Channels, ChannelUnavailable
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.faults import Faults
from gateway.host.inbound import Intake, Item
from gateway.host.metrics import HostMetrics
from gateway.sdk.channel import Channel
from gateway.sdk.context import Unavailable
from gateway.sdk.errors import WebhookError
from gateway.sdk.values import Unparsed
from gateway.sdk.webhook import WebhookRequest, WebhookResponse
from gateway.storage.database import StorageUnavailable

SERVE_DEADLINE_S = 10.0
RETRY_AFTER_S = 5

_log = structlog.get_logger(__name__)

_PROOFS = frozenset({"authorization", "cookie", "proxy-authorization"})
_NOT_FOUND = WebhookResponse(404)
_FORBIDDEN = WebhookResponse(403)
_LATER = WebhookResponse(503, headers={"Retry-After": str(RETRY_AFTER_S)})


class Webhooks:
    """verify, then parse, then store, then ack. The front limits the body's size and closes the door on the rest."""

    def __init__(
        self, directory: Directory, channels: Channels, intake: Intake, faults: Faults, metrics: HostMetrics
    ) -> None:
        self._directory = directory
        self._channels = channels
        self._intake = intake
        self._faults = faults
        self._count = cache(metrics.webhooks.labels)  # by plugin and outcome: a handful
        self._abandoned = Abandoned()

    async def handle(self, token: str, request: WebhookRequest) -> WebhookResponse:
        """The answer for the provider; a message is durable before its answer is made. Never raises."""
        try:
            gateway = await self._directory.gateway_by_token(token)
        except StorageUnavailable:
            return self._answer("unknown", "later", _LATER)
        if gateway is None:
            return self._answer("unknown", "no_gateway", _NOT_FOUND)
        try:
            async with self._channels.borrow(gateway.workspace_id, gateway.id, paused_too=True) as channel:
                outcome, response = await self._converse(gateway, channel, request)
        except ChannelUnavailable as error:
            # Switched off is final; a plugin that is missing or misconfigured may be back: the provider should keep it.
            off = not gateway.enabled
            _log.warning("webhook for a gateway without channel", gateway=gateway.id, reason=error.sentence)
            return self._answer(gateway.plugin, "no_channel", _NOT_FOUND if off else _LATER)
        except StorageUnavailable:
            return self._answer(gateway.plugin, "later", _LATER)
        return self._answer(gateway.plugin, outcome, response)

    async def _converse(
        self, gateway: Gateway, channel: Channel, request: WebhookRequest
    ) -> tuple[str, WebhookResponse]:
        if not self._verify(gateway, channel, request):
            channel.context.trace("in", f"{request.method} {request.action}: signature refused")
            return "forged", _FORBIDDEN
        if type(channel).serve is not Channel.serve and channel.serves(request):
            served = await self._serve(gateway, channel, request)
            if served is not None:
                return "served", served
        items = self._parse(gateway, channel, request)
        try:
            await self._intake.take(gateway, channel.account(), items)
        except Unavailable:
            return "later", _LATER
        unparsed = any(isinstance(item, Unparsed) for item in items)
        channel.context.trace("in", f"{request.method} {request.action}: {_summary(items)}")
        return "unparsed" if unparsed else "stored", self._ack(gateway, channel, request, items)

    def _verify(self, gateway: Gateway, channel: Channel, request: WebhookRequest) -> bool:
        try:
            return channel.verify(request) is True
        except Exception as error:  # noqa: BLE001  what can't be verified is not the provider's
            self._faults.failed(gateway.plugin, "verify", "it raised", error)
            return False

    async def _serve(self, gateway: Gateway, channel: Channel, request: WebhookRequest) -> WebhookResponse | None:
        try:
            return await run_guarded(gateway.plugin, lambda: channel.serve(request), SERVE_DEADLINE_S, self._abandoned)
        except Overdue:
            self._faults.failed(gateway.plugin, "serve", "it took too long")
            return _LATER
        except Raised as error:
            if isinstance(error.__cause__, StorageUnavailable):
                return _LATER
            self._faults.failed(gateway.plugin, "serve", "it raised", error.__cause__)
            return WebhookResponse(500)

    def _parse(self, gateway: Gateway, channel: Channel, request: WebhookRequest) -> tuple[Item, ...]:
        try:
            return tuple(channel.parse(request))
        except WebhookError as error:
            return (Unparsed(str(error), _whole(request)),)
        except Exception as error:  # noqa: BLE001  a parser that breaks must not lose a message
            self._faults.failed(gateway.plugin, "parse", "it raised", error)
            return (
                Unparsed(f"The plugin {gateway.plugin} could not read it: {type(error).__name__}.", _whole(request)),
            )

    def _ack(
        self, gateway: Gateway, channel: Channel, request: WebhookRequest, items: tuple[Item, ...]
    ) -> WebhookResponse:
        try:
            return channel.ack(request, items)
        except Exception as error:  # noqa: BLE001  it is durable: the provider is told so
            self._faults.failed(gateway.plugin, "ack", "it raised", error)
            return WebhookResponse()

    def _answer(self, plugin: str, outcome: str, response: WebhookResponse) -> WebhookResponse:
        self._count(plugin, outcome).inc()
        return response


def _summary(items: tuple[Item, ...]) -> str:
    if len(items) == 1:
        return f"1 {type(items[0]).__name__.lower()}"
    names = [type(item).__name__.lower() for item in items]
    return ", ".join(f"{names.count(name)} {name}" for name in dict.fromkeys(names)) or "nothing to store"


def _whole(request: WebhookRequest) -> bytes:
    """The request as it came, but for what proves who sent it, so that a mended plugin can read it again."""
    headers = {name: value for name, value in request.headers.items() if name not in _PROOFS}
    return msgspec.json.encode(replace(request, headers=headers))
