"""The parts of a process, built in order, once: database, plugins, writer. The command line needs no more."""

import hmac
import os
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry

from gateway.config import Settings, SettingsError
from gateway.core.batch import Surroundings
from gateway.core.caller import Caller, system
from gateway.core.commands.base import Command
from gateway.core.directory import Directory
from gateway.core.idempotency import Idempotency
from gateway.core.installation import ensure_workspace
from gateway.core.metrics import WriterMetrics
from gateway.core.workspace_view import WorkspaceView
from gateway.core.writer import Writer
from gateway.domain.ids import IdSource
from gateway.domain.record import record
from gateway.domain.settings import Snippet, Workspace
from gateway.host.abilities import Abilities
from gateway.host.actions import Actions
from gateway.host.asked import Asked
from gateway.host.channels import Channels
from gateway.host.contexts import ContextFactory
from gateway.host.decide import Decider
from gateway.host.dispatch import Dispatcher
from gateway.host.faults import Faults
from gateway.host.health import HealthReports
from gateway.host.http_sessions import HttpSessions
from gateway.host.manager import Plugins, find_plugins
from gateway.host.media_links import MediaLinks
from gateway.host.metrics import HostMetrics
from gateway.host.node import Node, take_node
from gateway.host.notifiers import Notifiers
from gateway.host.pace import Pace
from gateway.host.plugin_commands import PluginCommands
from gateway.host.quarantine import Quarantine
from gateway.host.reachable import Reachable
from gateway.host.registry import Registry, build_registry
from gateway.host.secrets import SecretBox, load_secret_box
from gateway.host.store import Documents
from gateway.host.telling import Telling
from gateway.host.trace import Traces
from gateway.host.verdicts import Verdicts
from gateway.host.web_push import Vapid, fresh_key, load_key
from gateway.storage.automation_reads import team_templates
from gateway.storage.blobs import FileBlobs
from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.installation_key import VAPID, shared_key
from gateway.storage.leases import Lease, release
from gateway.storage.migrate import migrate
from gateway.storage.node_numbers import take_number

MEDIA = "media"  # in the data folder


def wall_clock() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


@record(gc=True)
class Core:
    """A process without its loops and its front. `key` is the installation's own secret, the same on every node.

    `links` are the addresses under which providers fetch our files.
    """

    settings: Settings
    pace: Pace
    node: Node
    number: Lease
    database: Database
    directory: Directory
    writer: Writer
    around: Surroundings
    plugins: Plugins
    registry: Registry
    secrets: SecretBox
    key: bytes
    vapid: Vapid
    metrics: CollectorRegistry
    host_metrics: HostMetrics
    faults: Faults
    traces: Traces
    health: HealthReports
    contexts: ContextFactory
    channels: Channels
    dispatcher: Dispatcher
    notifiers: Notifiers
    decider: Decider
    actions: Actions
    asked: Asked
    blobs: FileBlobs
    links: MediaLinks

    async def views(self) -> list[WorkspaceView]:
        """The settings of every workspace."""
        return [await self.directory.get(one) for one in await self.directory.workspace_ids()]

    async def workspace(self, name: str | None = None) -> Workspace:
        """The workspace of that name, else the configured one; made if it is not there yet."""
        wanted = name or self.settings.workspace
        made, _ = await ensure_workspace(self.database, self.around.ids, self.pace.clock, wanted, self.settings.preset)
        return made


@asynccontextmanager
async def open_core(settings: Settings, public_url: str | None = None) -> AsyncIterator[Core]:
    """Builds it, with the database migrated and the writer taking commands; closes it in the opposite order.

    `public_url` is where providers reach us, if that is not to be read from the settings alone.
    """
    async with AsyncExitStack() as stack:
        pace = Pace(wall_clock, time.monotonic, random.random)
        (settings.folder / MEDIA).mkdir(parents=True, exist_ok=True)  # there to be copied by a backup, and mounted
        plugins, registry = load_plugins(settings, pace.clock)
        box = _secret_box(settings)
        node = take_node(settings.folder)
        stack.callback(node.close)
        await migrate(settings.database_url)
        database = open_database(settings.database_url)
        await database.open()
        stack.push_async_callback(database.close)
        number, lease = await database.write(partial(take_number, owner=node.name))
        stack.push_async_callback(database.write, partial(release, lease=lease))
        key = await database.write(
            partial(shared_key, fresh=os.urandom(32), seal=box.seal, unseal=box.open, owner=node.name)
        )
        kept = await database.write(
            partial(shared_key, fresh=fresh_key(), seal=box.seal, unseal=box.open, owner=node.name, name=VAPID)
        )
        where = public_url or settings.public_url or f"http://{settings.host}:{settings.port}"
        ids = IdSource(number, pace.clock)
        base = _Base(settings, where, pace, node, lease, database, plugins, registry, box, key, ids, kept)
        core = _assemble(base)
        stack.push_async_callback(core.contexts.sessions.close)
        stack.push_async_callback(core.channels.close)
        stack.callback(core.asked.close)
        core.writer.start()
        stack.push_async_callback(core.writer.stop)
        yield core


def load_plugins(settings: Settings, clock: Callable[[], int]) -> tuple[Plugins, Registry]:
    """Raises PluginError, with the plugin's name, for one that can't be used."""
    resting = {one.plugin for one in Quarantine(settings.folder, clock).plugins()}
    plugins = Plugins(find_plugins(disabled={*settings.disabled_plugins, *resting}))
    return plugins, build_registry(plugins)


def _secret_box(settings: Settings) -> SecretBox:
    try:
        return load_secret_box(settings.folder, settings.secret_key)
    except ValueError as error:
        raise SettingsError(str(error)) from error


class _Later:
    """The writer, for those who must be built before it."""

    def __init__(self) -> None:
        self.writer: Writer | None = None

    async def execute(self, command: Command[Any], caller: Caller, *, idempotency: Idempotency | None = None) -> Any:
        """Issues a command."""
        assert self.writer is not None, "nothing issues commands before the writer is there"
        return await self.writer.execute(command, caller, idempotency=idempotency)

    async def execute_as_system(self, workspace_id: int, command: Command[Any]) -> Any:
        """Issues a command on nobody's behalf."""
        return await self.execute(command, system(workspace_id))


@record(gc=True)
class _Base:
    """What had to be opened before anything could be put together."""

    settings: Settings
    public_url: str
    pace: Pace
    node: Node
    number: Lease
    database: Database
    plugins: Plugins
    registry: Registry
    secrets: SecretBox
    key: bytes
    ids: IdSource
    vapid: bytes


def _assemble(base: _Base) -> Core:
    settings, pace, database, registry = base.settings, base.pace, base.database, base.registry
    later, metrics = _Later(), CollectorRegistry(auto_describe=True)
    host_metrics = HostMetrics(metrics)
    directory = Directory(database, pace.monotonic)
    faults = Faults(pace.monotonic, host_metrics)
    traces = Traces(pace.clock)
    health = HealthReports(later.execute_as_system)
    telling = Telling(database, directory.get, pace.clock)
    commands = PluginCommands(later.execute, registry.event_types, telling.messages)
    contexts = ContextFactory(
        clock=pace.clock,
        monotonic=pace.monotonic,
        random=pace.random,
        documents=Documents(database),
        sessions=HttpSessions(Reachable(settings.allow_hosts)),
        traces=traces,
        health=health,
        execute_for=commands.execute_for,
        public_url=base.public_url,
        senders_of=directory.senders_of,
    )
    channels = Channels(directory.get, registry, base.secrets, contexts)
    around = Surroundings(directory.peek, base.ids, Abilities(channels.make), partial(_keyed_hash, base.key))
    decider = Decider(base.plugins, faults, host_metrics, pace.monotonic)

    async def templates_of(workspace_id: int) -> Sequence[Snippet]:
        return await database.read(partial(team_templates, workspace_id=workspace_id))

    asker = Verdicts(decider.hooks(), directory, database).asker()
    later.writer = Writer(database, directory, around, pace.clock, asker, WriterMetrics(metrics))
    return Core(
        settings=settings,
        pace=pace,
        node=base.node,
        number=base.number,
        database=database,
        directory=directory,
        writer=later.writer,
        around=around,
        plugins=base.plugins,
        registry=registry,
        secrets=base.secrets,
        key=base.key,
        vapid=Vapid(load_key(base.vapid), _contact(base.public_url)),
        metrics=metrics,
        host_metrics=host_metrics,
        faults=faults,
        traces=traces,
        health=health,
        contexts=contexts,
        channels=channels,
        notifiers=Notifiers(registry.notifiers, contexts.for_plugin),
        dispatcher=Dispatcher(base.plugins, contexts.for_plugin, faults, host_metrics, pace.monotonic),
        decider=decider,
        actions=Actions(registry, base.secrets, contexts, commands, templates_of, faults, host_metrics),
        asked=Asked(registry, faults),
        blobs=FileBlobs(settings.folder / MEDIA, os.urandom),
        links=MediaLinks(base.key, base.public_url, pace.clock),
    )


def _contact(public_url: str) -> str:
    """Whom a push service writes to when something is wrong: it takes https: and mailto: addresses alone."""
    if public_url.startswith("https://"):
        return public_url
    return f"mailto:postmaster@{urlsplit(public_url).hostname or 'localhost'}"


def _keyed_hash(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()
