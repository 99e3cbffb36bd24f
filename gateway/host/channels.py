"""The live channels: one object for each configured gateway, rebuilt when its settings change, closed when unused."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from gateway.core.errors import Refused
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.settings import Gateway
from gateway.host.contexts import ContextFactory
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.registry import Registry
from gateway.host.secrets import SecretBox, SecretsUnreadable
from gateway.host.settings import open_settings, secret_values
from gateway.sdk.channel import Channel, Health, HealthState

CHECK_DEADLINE_S = 20.0
CLOSE_DEADLINE_S = 5.0

_log = structlog.get_logger(__name__)

ViewOf = Callable[[int], Awaitable[WorkspaceView]]
"""`Directory.get`."""


class ChannelUnavailable(Exception):
    """There is no channel for this gateway now. `sentence` says why; `lasting` that only an administrator can help."""

    def __init__(self, sentence: str, *, lasting: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.lasting = lasting


@dataclass(slots=True)
class _Live:
    gateway: Gateway
    channel: Channel
    borrowers: int = 0
    retired: bool = False


@dataclass(slots=True)
class Channels:
    """Channels are borrowed, so that one whose settings changed is closed only when its last send is done."""

    view_of: ViewOf
    registry: Registry
    box: SecretBox
    contexts: ContextFactory
    _live: dict[int, _Live] = field(default_factory=dict)
    _broken: dict[int, tuple[Gateway, str]] = field(default_factory=dict)
    _closing: set["asyncio.Task[None]"] = field(default_factory=set)
    _abandoned: Abandoned = field(default_factory=Abandoned)

    def borrow(self, workspace_id: int, gateway_id: int, *, paused_too: bool = False) -> "_Loan":
        """`async with`: the channel of a gateway as it is configured now. Raises ChannelUnavailable.

        `paused_too` is for what comes in: a paused gateway sends nothing, but loses nothing either.
        """
        return _Loan(self, workspace_id, gateway_id, paused_too)

    async def lend(self, workspace_id: int, gateway_id: int, *, paused_too: bool) -> _Live:
        """For `borrow`."""
        live = await self._current(workspace_id, gateway_id, paused_too=paused_too)
        live.borrowers += 1
        return live

    def take_back(self, live: _Live) -> None:
        """For `borrow`."""
        live.borrowers -= 1
        if live.retired and live.borrowers == 0:
            self._close(live)

    async def check(self, workspace_id: int, gateway_id: int) -> Health:
        """The Test button: whether the provider takes the settings. Never raises."""
        try:
            async with self.borrow(workspace_id, gateway_id, paused_too=True) as channel:
                if getattr(channel.check, "__func__", None) is Channel.check:
                    return Health(HealthState.OK, "Its settings are complete. It has no test of its own.")
                return await run_guarded(channel.type, channel.check, CHECK_DEADLINE_S, self._abandoned)
        except ChannelUnavailable as error:
            return Health(HealthState.DOWN, error.sentence)
        except Overdue:
            return Health(HealthState.DOWN, f"The test took longer than {CHECK_DEADLINE_S:g} seconds.")
        except Raised as error:
            return Health(HealthState.DOWN, str(error.__cause__ or error))

    def can_be_asked(self, gateway: Gateway) -> bool:
        """Whether the gateway's channel has a test of its own."""
        channel_class = self.registry.channel(gateway.plugin)
        return channel_class is not None and channel_class.check is not Channel.check

    def is_long_lived(self, gateway: Gateway) -> bool:
        """Whether the gateway's channel runs for as long as the gateway is on."""
        channel_class = self.registry.channel(gateway.plugin)
        return channel_class is not None and channel_class.is_long_lived()

    def sends_where_it_runs(self, gateway: Gateway) -> bool:
        """Whether only the node that runs the gateway's channel can send through it: messages go over its bind."""
        channel_class = self.registry.channel(gateway.plugin)
        return channel_class is not None and channel_class.is_long_lived() and not channel_class.sends_anywhere

    async def close(self) -> None:
        """Closes all of them."""
        for live in self._live.values():
            self._close(live)
        self._live.clear()
        while self._closing:
            await asyncio.gather(*self._closing, return_exceptions=True)

    def make(self, gateway: Gateway) -> Channel:
        """A new channel for a gateway's settings. Raises ChannelUnavailable, with a sentence for people."""
        channel_class = self.registry.channel(gateway.plugin)
        if channel_class is None:
            raise ChannelUnavailable(self.registry.unknown_channel(gateway.plugin), lasting=True)
        try:
            settings: Any = open_settings(channel_class.Settings, gateway.settings, self.box)
        except Refused as error:
            fields = "; ".join(f"{one.field}: {one.message}" for one in error.errors)
            raise ChannelUnavailable(f"{error.detail} {fields}", lasting=True) from error
        except SecretsUnreadable as error:
            raise ChannelUnavailable(str(error), lasting=True) from error
        try:
            return channel_class(self.contexts.for_gateway(gateway, secret_values(settings)), settings)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | asyncio.CancelledError):
                raise
            _log.exception("channel not made", plugin=gateway.plugin, gateway=gateway.id)
            raise ChannelUnavailable(
                f"The plugin {gateway.plugin} can't work with these settings.", lasting=True
            ) from error

    async def _current(self, workspace_id: int, gateway_id: int, *, paused_too: bool) -> _Live:
        gateway = (await self.view_of(workspace_id)).gateways.get(gateway_id)
        if gateway is None or gateway.removed_at is not None:
            self._retire(gateway_id)
            raise ChannelUnavailable("The gateway was removed.", lasting=True)
        if not gateway.enabled:
            self._retire(gateway_id)
            raise ChannelUnavailable(f"The gateway {gateway.name} is switched off.", lasting=True)
        if gateway.paused and not paused_too:
            raise ChannelUnavailable(f"The gateway {gateway.name} is paused.", lasting=False)
        live = self._live.get(gateway_id)
        if live is not None and same_channel(live.gateway, gateway):
            return live
        self._retire(gateway_id)
        return await self._build(gateway)

    async def _build(self, gateway: Gateway) -> _Live:
        broken = self._broken.get(gateway.id)
        if broken is not None and same_channel(broken[0], gateway):
            raise ChannelUnavailable(broken[1], lasting=True)
        try:
            channel = self.make(gateway)
        except ChannelUnavailable as error:
            self._broken[gateway.id] = (gateway, error.sentence)
            await self.contexts.health.report(gateway.workspace_id, gateway.id, HealthState.DOWN, error.sentence)
            raise
        self._broken.pop(gateway.id, None)
        live = self._live[gateway.id] = _Live(gateway, channel)
        return live

    def _retire(self, gateway_id: int) -> None:
        live = self._live.pop(gateway_id, None)
        if live is not None:
            live.retired = True
            if live.borrowers == 0:
                self._close(live)

    def _close(self, live: _Live) -> None:
        task = asyncio.create_task(self._close_quietly(live), name=f"close gateway {live.gateway.id}")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close_quietly(self, live: _Live) -> None:
        try:
            await run_guarded(live.channel.type, live.channel.close, CLOSE_DEADLINE_S, self._abandoned)
        except (Overdue, Raised) as error:
            _log.warning("channel not closed cleanly", gateway=live.gateway.id, error=repr(error))


class _Loan:
    """A channel for the length of an `async with`. Each webhook takes one out, so it is no generator."""

    __slots__ = ("_asked", "_channels", "_live")

    def __init__(self, channels: Channels, workspace_id: int, gateway_id: int, paused_too: bool) -> None:
        self._channels = channels
        self._asked = workspace_id, gateway_id, paused_too
        self._live: _Live | None = None

    async def __aenter__(self) -> Channel:
        workspace_id, gateway_id, paused_too = self._asked
        self._live = await self._channels.lend(workspace_id, gateway_id, paused_too=paused_too)
        return self._live.channel

    async def __aexit__(self, *failure: object) -> None:
        assert self._live is not None, "entered before it is left"
        self._channels.take_back(self._live)


def same_channel(one: Gateway, other: Gateway) -> bool:
    """Whether a channel made for one serves for the other: its name, rate and switches are no settings of its."""
    return one is other or (one.plugin == other.plugin and one.settings == other.settings)
