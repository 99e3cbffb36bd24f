"""Plugins made on the spot, a pace that never waits, and a host around a running core."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from prometheus_client import CollectorRegistry

from gateway.core.caller import system
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.settings import Gateway
from gateway.host.arrivals import Arrivals
from gateway.host.channels import Channels
from gateway.host.contexts import ContextFactory
from gateway.host.faults import Faults
from gateway.host.health import HealthReports
from gateway.host.http_sessions import HttpSessions
from gateway.host.inbound import Intake
from gateway.host.manager import Plugins
from gateway.host.metrics import HostMetrics
from gateway.host.pace import Pace
from gateway.host.plugin_commands import PluginCommands
from gateway.host.plugins import Plugin
from gateway.host.reachable import Reachable
from gateway.host.registry import Registry, build_registry
from gateway.host.secrets import SecretBox
from gateway.host.spool import Spool
from gateway.host.store import Documents
from gateway.host.trace import Traces
from gateway.host.webhooks import Webhooks
from gateway.sdk import Channel, hookimpl
from gateway.storage.blobs import FileBlobs
from gateway.storage.records import GATEWAYS, WORKSPACES
from tests.core.running import Clock, Core, running_core

KEY = "0" * 43 + "="


@dataclass
class Moment:
    """Monotonic seconds that move when told to, or when something sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Lets others run, and the time pass, but nobody wait."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def pace(self, clock: Callable[[], int] | None = None) -> Pace:
        return Pace(clock or (lambda: round(self.now * 1000)), self, lambda: 0.5, self.sleep)


def make_plugin(name: str, *hooks: Callable[..., Any]) -> Plugin:
    """A plugin whose module holds these functions, each marked as a hook."""
    module = ModuleType(f"{name}_module")
    for hook in hooks:
        setattr(module, hook.__name__, hookimpl(hook))
    return Plugin(name, module)


def make_plugins(*plugins: Plugin) -> Plugins:
    return Plugins(list(plugins))


def with_channels(name: str, *channels: type[Channel]) -> Plugin:
    def register_channels() -> Sequence[type[Channel]]:
        return channels

    return make_plugin(name, register_channels)


@dataclass
class Host:
    """The host's parts around a core on a real database; channels are whatever the test brings."""

    core: Core
    registry: Registry
    channels: Channels
    intake: Intake
    webhooks: Webhooks
    spool: Spool
    health: HealthReports
    traces: Traces
    faults: Faults
    metrics: HostMetrics
    prometheus: CollectorRegistry
    moment: Moment

    @property
    def pace(self) -> Pace:
        return self.moment.pace(self.core.clock)

    async def views(self) -> list[WorkspaceView]:
        return [await self.core.directory.get(self.core.workspace_id)]

    async def gateway(self) -> Gateway:
        return (await self.core.directory.get(self.core.workspace_id)).gateways[self.core.gateway_id]

    async def configure(self, **changes: Any) -> Gateway:
        """Changes the gateway, as an administrator would."""
        workspace = (await self.core.directory.get(self.core.workspace_id)).workspace
        before = await self.gateway()
        after = replace(before, **changes)

        def write(session: Any) -> None:
            GATEWAYS.update(session, [(before, after)])
            WORKSPACES.update(session, [(workspace, replace(workspace, version=workspace.version + 1))])

        await self.core.database.write(write)
        self.core.directory.forget(self.core.workspace_id)
        return await self.gateway()

    def measured(self, name: str, **labels: str) -> float:
        return self.prometheus.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def running_host(
    url: str, folder: Path, *channels: type[Channel], allowed: Sequence[str] = (), spool_bytes: int = 1 << 20
) -> AsyncIterator[Host]:
    """A host whose one gateway is of the first channel's type."""
    prometheus = CollectorRegistry()
    metrics = HostMetrics(prometheus)
    moment = Moment()
    async with running_core(url) as core:
        registry = build_registry(make_plugins(with_channels("testing", *channels)))
        traces = Traces(core.clock)
        sessions = HttpSessions(Reachable(allowed))
        health = HealthReports(lambda workspace_id, command: core.writer.execute(command, system(workspace_id)))
        contexts = ContextFactory(
            clock=core.clock,
            monotonic=moment,
            random=lambda: 0.5,
            documents=Documents(core.database),
            sessions=sessions,
            traces=traces,
            health=health,
            execute_for=PluginCommands(core.writer.execute).execute_for,
            public_url="https://desk.example",
        )
        live = Channels(core.directory.get, registry, SecretBox([KEY]), contexts)
        spool = Spool(folder / "spool", most_bytes=spool_bytes)
        await spool.open()
        intake = Intake(
            core.writer.execute,
            spool,
            Arrivals(FileBlobs(folder / "media", os.urandom)),
            metrics,
            moment.pace(core.clock),
        )
        faults = Faults(moment, metrics)
        host = Host(
            core, registry, live, intake, Webhooks(core.directory, live, intake, faults, metrics), spool, health,
            traces, faults, metrics, prometheus, moment,
        )  # fmt: skip
        await host.configure(plugin=channels[0].type)
        try:
            yield host
        finally:
            await live.close()
            await sessions.close()
            await spool.close()


async def until(condition: Callable[[], Any], most: int = 30_000) -> None:
    """Lets the loop turn until something is so."""
    for _ in range(most):
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came about")


__all__ = ["KEY", "Clock", "Host", "Moment", "make_plugin", "make_plugins", "partial", "running_host", "until"]
