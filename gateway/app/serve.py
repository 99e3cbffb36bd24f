"""One process that serves, from its first breath to its last: `gateway serve`."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any
from uuid import uuid4

import msgspec
import structlog

from gateway.app.core import Core, open_core
from gateway.app.worker import start_worker
from gateway.config import ProcessRole, Settings, SettingsError
from gateway.feed.metrics import FeedMetrics
from gateway.feed.tail import EventTail
from gateway.feed.wakeups import LocalWakeups, notify
from gateway.host.arrivals import Arrivals
from gateway.host.balances import Balances
from gateway.host.inbound import Intake
from gateway.host.plugin_gauges import PluginGauges
from gateway.host.plugin_web import PluginWeb
from gateway.host.quarantine import Quarantine
from gateway.host.raw_payloads import RawPayloads
from gateway.host.spool import Spool
from gateway.host.thread_extras import ThreadExtras
from gateway.host.watchdog import Watchdog
from gateway.host.webhooks import Webhooks
from gateway.storage.database import Conflict, StorageUnavailable
from gateway.storage.leases import renew
from gateway.storage.migrate import head, revision_of
from gateway.storage.node_numbers import LEASE_MS
from gateway.web import welcome
from gateway.web.assembly import Parts, build_state
from gateway.web.auth.passwords import Cost
from gateway.web.auth.secret import new_secret
from gateway.web.front import Front
from gateway.web.live_presence import Presence
from gateway.web.metrics import Metrics
from gateway.web.ops import Operations
from gateway.web.pages.routes import page_routes, show_problem
from gateway.web.pages.templates import Templates
from gateway.web.push_door import PushDoor
from gateway.web.server import build
from gateway.web.state import AppState, Limits, Site

BACKLOG = 1024
# A batch makes tens of thousands of records and lets go of them at once; the usual look after every 700 finds nothing.
# What it saves has not been told apart from noise.
YOUNG_OBJECTS = (20_000, 20, 50)
# The writer's thread lets go of the interpreter at every statement, and gets it back only when the loop has had this
# long. With the usual 5 ms a batch of 64 took half as long again on two cores; on one it makes no difference.
SWITCH_S = 0.0005
RENEW_S = 600.0

log = structlog.get_logger("gateway")


async def serve(settings: Settings, say: Callable[[str], None], stop: asyncio.Event | None = None) -> None:
    """Serves until SIGTERM or SIGINT (or `stop`), then finishes what is under way."""
    ended = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with running(settings, say):
        await ended.wait()
        log.info("stopping")


@asynccontextmanager
async def running(settings: Settings, say: Callable[[str], None], cost: Cost | None = None) -> AsyncIterator[AppState]:
    """A process that serves as long as the block runs. `say` gets the lines a person should read.

    `cost` is what a password's hash costs, if not the usual.
    """
    async with AsyncExitStack() as stack:
        listening = _listen(settings)
        stack.callback(listening.close)
        site, limits = _site(settings, listening), _limits(settings)
        core = await stack.enter_async_context(open_core(settings, site.public_url))
        workspace = await core.workspace()
        wakeups = LocalWakeups()
        tail = EventTail()
        core.writer.on_commit += [tail.take, partial(notify, wakeups)]
        spool = Spool(settings.folder / "spool")
        await spool.open()
        stack.push_async_callback(spool.close)
        intake = Intake(core.writer.execute, spool, Arrivals(core.blobs), core.host_metrics, core.pace)
        feed = FeedMetrics(core.metrics)
        state = build_state(_parts(core, intake, wakeups, tail), site, limits, feed, cost or Cost())
        stack.push_async_callback(state.balances.close)
        await _loop(stack, intake.run(), "spool")
        await _loop(stack, _keep_number(core), "node number")
        token = new_secret(os.urandom)
        await welcome.add_simulator(workspace.id, core.directory, core.writer, core.registry, core.secrets, token)
        if settings.role is not ProcessRole.WEB:
            worker = await start_worker(core, intake, feed, wakeups, tail, uuid4().hex[:8])
            stack.push_async_callback(worker.stop)
        front = _front(core, state, intake, wakeups)
        stack.push_async_callback(front.stop)
        _watch(stack, core)
        await front.start(listening, BACKLOG)
        await core.dispatcher.started(workspace.id)
        stack.push_async_callback(core.dispatcher.stopping, workspace.id)
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not look at it again
        gc.set_threshold(*YOUNG_OBJECTS)
        sys.setswitchinterval(SWITCH_S)
        await _greet(core, state, workspace.id, listening, say)
        yield state


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(f"Can't listen on {settings.host}:{settings.port}: {error.strerror}.") from error


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _site(settings: Settings, listening: socket.socket) -> Site:
    fixed = settings.public_url is not None
    here = _address(listening).replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    public = settings.public_url or here
    return Site(public, settings.host, fixed, tuple(settings.trusted_proxies))


def _limits(settings: Settings) -> Limits:
    return msgspec.structs.replace(settings.limits, api_rate=settings.api_rate or settings.limits.api_rate)


def _parts(core: Core, intake: Intake, wakeups: LocalWakeups, tail: EventTail) -> Parts:
    return Parts(
        database=core.database,
        directory=core.directory,
        writer=core.writer,
        around=core.around,
        plugins=core.plugins,
        registry=core.registry,
        faults=core.faults,
        left_out=Quarantine(core.settings.folder, core.pace.clock).plugins,
        plugin_web=PluginWeb(
            core.registry, core.contexts.for_plugin, core.faults, core.host_metrics, core.pace.monotonic
        ),
        thread_extras=ThreadExtras(core.plugins, core.decider.questions),
        secrets=core.secrets,
        channels=core.channels,
        raw_payloads=RawPayloads(core.channels, intake),
        asked=core.asked,
        balances=Balances(core.channels, core.pace.monotonic),
        traces=core.traces,
        blobs=core.blobs,
        http=core.contexts.http(),
        wakeups=wakeups,
        tail=tail,
        key=core.key,
        notifiers=core.notifiers,
        push=PushDoor(core.vapid.public_key, core.contexts.sessions.reachable),
        version=version("onethread"),
        clock=core.pace.clock,
        monotonic=core.pace.monotonic,
    )


def _front(core: Core, state: AppState, intake: Intake, wakeups: LocalWakeups) -> Front:
    metrics = Metrics(core.metrics)
    gauges = PluginGauges(core.registry, core.decider.questions, core.metrics)
    operations = Operations(metrics, gauges.read, partial(_is_migrated, core.settings.database_url))
    webhooks = Webhooks(core.directory, core.channels, intake, core.faults, core.host_metrics)
    catalogs = [one.catalogs for one in core.plugins if one.catalogs is not None]
    templates, presence = Templates(catalogs=catalogs), Presence(core.pace.monotonic)
    app = build(state, metrics, operations, webhooks.handle, page_routes(templates, presence), show_problem(templates))
    return Front(app, webhooks.handle, state.site, state.limits, (state.events, state.live), wakeups)


async def _is_migrated(url: str) -> bool:
    return await revision_of(url) == head()


def _watch(stack: AsyncExitStack, core: Core) -> None:
    """A plugin that blocks the event loop is named, and in the end left out of a new start."""
    quarantine = Quarantine(core.settings.folder, core.pace.clock)
    packages = {plugin.package: plugin.name for plugin in core.plugins}
    watchdog = Watchdog(packages, core.host_metrics, quarantine.restart_without)
    watchdog.start()
    stack.callback(watchdog.stop)


async def _loop(stack: AsyncExitStack, running_forever: Coroutine[Any, Any, None], name: str) -> None:
    task = asyncio.create_task(running_forever, name=name)

    async def end() -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)


async def _keep_number(core: Core) -> None:
    lease = core.number
    while True:
        await core.pace.sleep(RENEW_S)
        try:
            renewed = await core.database.write(partial(renew, lease=lease, ttl_ms=LEASE_MS))
        except (StorageUnavailable, Conflict) as error:
            log.warning("node number not renewed", error=type(error).__name__)
            continue
        lease = renewed or lease


async def _greet(
    core: Core, state: AppState, workspace_id: int, listening: socket.socket, say: Callable[[str], None]
) -> None:
    if core.settings.role is not ProcessRole.WORKER:
        link = await welcome.administrator_link(workspace_id, core.directory, state.auth.invitations)
        if link is not None:
            say(f"Become the administrator (this link works once, for seven days): {link}")
    say(f"Messenger ready at {_address(listening)}")
