"""One channel at run time, with the context it gets from the host and without the core behind it."""

import asyncio
import inspect
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from prometheus_client import CollectorRegistry

from gateway.domain.settings import Gateway
from gateway.host.contexts import ContextFactory
from gateway.host.deadline import Abandoned
from gateway.host.faults import Faults
from gateway.host.health import HealthReports
from gateway.host.http_sessions import TOTAL_TIMEOUT_S, HttpSessions
from gateway.host.metrics import HostMetrics
from gateway.host.reachable import Reachable
from gateway.host.settings import parse_settings, secret_values
from gateway.host.trace import TraceLine, Traces
from gateway.host.webhooks import Webhooks
from gateway.sdk import (
    Channel,
    Health,
    HealthState,
    Inbound,
    Outbound,
    Receipt,
    SenderView,
    SendResult,
    Sink,
    Unparsed,
    WebhookRequest,
    WebhookResponse,
)
from gateway.sdk.context import Unavailable
from gateway.testing.clock import FrozenClock
from gateway.testing.documents import StageDocuments
from gateway.testing.log import Log
from gateway.workers.attempt import Failure, call

__all__ = ["Failure", "Stage"]

Item = Inbound | Receipt | Unparsed
C = TypeVar("C", bound=Channel)

LET_GO_S = 5.0  # what ends at all has ended by then
_LOOPBACK = ("127.0.0.0/8", "::1", "localhost")
_GATEWAY = {"workspace_id": 1, "id": 7, "name": "stage", "token": "gateway-token", "created_at": 0}


class Stage(Generic[C]):
    """A channel, what it was given, and what came out of it.

    The settings are checked as a form's are, the HTTP client is the shared one with its guard (which lets loopback
    through here), its trace redacts, the store is the real one in a database in `folder`, webhooks go the way they go
    in the product. Requests of the HTTP client are given up after `http_timeout_s`, as there. Without `loopback`
    nothing on this machine is reached either, as in an installation whose operator lets nothing private through.
    """

    def __init__(  # noqa: PLR0913  each is something a test may want otherwise
        self,
        channel: type[C],
        settings: Mapping[str, Any],
        folder: Path,
        *,
        clock: FrozenClock | None = None,
        chance: Callable[[], float] | None = None,
        http_timeout_s: float = TOTAL_TIMEOUT_S,
        make: Callable[..., C] | None = None,
        senders: Sequence[SenderView] = (),
        loopback: bool = True,
    ) -> None:
        self.clock = clock or FrozenClock()
        self.received: Log[Item] = Log()
        self.health: Log[Health] = Log()
        self.refusals = 0
        """How many items the sink refuses from now on, as it does when neither database nor spool take them."""
        self.senders = senders
        """The senders the gateway serves, as `context.senders` says."""
        self.settings: Any = parse_settings(channel.Settings, settings)
        self.secrets = secret_values(self.settings)
        self._gateway = Gateway(plugin=channel.type, settings=dict(settings), **_GATEWAY)  # type: ignore[arg-type]
        self._traces = Traces(self.clock.now)
        self._documents = StageDocuments(folder)
        self._sessions = HttpSessions(Reachable(_LOOPBACK if loopback else ()), timeout_s=http_timeout_s)
        contexts = ContextFactory(
            clock=self.clock.now,
            monotonic=self.clock.monotonic,
            random=chance or random.Random(1).random,  # noqa: S311  the same course in every run
            documents=self._documents,
            sessions=self._sessions,
            traces=self._traces,
            health=HealthReports(self._note_health),
            execute_for=_no_commands,
            public_url="https://desk.example",
            senders_of=self._served,
        )
        context = contexts.for_gateway(self._gateway, self.secrets)
        self.channel: C = (make or channel)(context, self.settings)
        self.abandoned = Abandoned()
        """Sends that did not end when they were told to: `abandoned.count(channel.type)`."""
        metrics = HostMetrics(CollectorRegistry())
        house: Any = _House(self._gateway, self.channel, self.sink)
        self._webhooks = Webhooks(house, house, house, _LoudFaults(self.clock.monotonic, metrics), metrics)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def trace(self) -> list[TraceLine]:
        """The gateway's log as people see it, oldest first."""
        return self._traces.of(self._gateway.id).lines

    @property
    def inbounds(self) -> list[Inbound]:
        """The messages that came in."""
        return [item for item in self.received if isinstance(item, Inbound)]

    @property
    def receipts(self) -> list[Receipt]:
        """The receipts that came in."""
        return [item for item in self.received if isinstance(item, Receipt)]

    async def send(self, outbound: Outbound, *, deadline_s: float | None = None) -> SendResult | Failure:
        """Sends as a worker does: under the channel's deadline, every way it can end made data."""
        return await call(self.channel, outbound, self.abandoned, deadline_s or self.channel.send_deadline())

    async def receive(self, request: WebhookRequest) -> WebhookResponse:
        """What a provider is answered: verify, then serve or parse, then store, then ack. A channel's fault raises."""
        return await self._webhooks.handle(self._gateway.token, request)

    async def sink(self, *items: Item) -> None:
        """Where a long-lived channel puts what it received."""
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("nothing can be stored now")
        await asyncio.sleep(0)
        for item in items:
            self.received.add(item)

    def start(self) -> None:
        """Runs a long-lived channel, until the stage is closed."""
        self._running = asyncio.create_task(self.channel.run(self.sink), name=f"run {self.channel.type}")

    async def healthy(self) -> None:
        """Until the channel has said that all is well."""
        await self.health.wait(wanted=lambda health: health.state is HealthState.OK)

    async def stop(self) -> None:
        """Ends what `start` began; raises what the channel raised, since it should report health instead."""
        if self._running is None:
            return
        running, self._running = self._running, None
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    def tasks(self) -> "set[asyncio.Task[Any]]":
        """The tasks in which code of the channel's package runs now, besides the one that asks."""
        package = Path(inspect.getfile(type(self.channel))).parent
        current = asyncio.current_task()
        return {one for one in asyncio.all_tasks() if one is not current and _runs_in(package, one)}

    async def let_go(self, *, but: "set[asyncio.Task[Any]] | None" = None, seconds: float = LET_GO_S) -> None:
        """Until nothing of the channel's own code runs any more, `but` what did before. Raises AssertionError."""
        running = self.tasks() - (but or set())
        if running:
            _, still = await asyncio.wait(running, timeout=seconds)
            assert not still, f"still running: {still}"

    async def close(self) -> None:
        """Closes the channel and gives everything back."""
        try:
            await self.stop()
            await self.channel.close()
        finally:
            await self._sessions.close()
            await self._documents.close()

    async def _served(self, gateway: Gateway) -> Sequence[SenderView]:
        return self.senders

    async def _note_health(self, workspace_id: int, command: Any) -> None:
        self.health.add(Health(HealthState(command.state), command.reason))


class _House:
    """What Webhooks asks of a directory, of the channels and of the intake, where there is one gateway."""

    def __init__(self, gateway: Gateway, channel: Channel, sink: Sink) -> None:
        self._gateway = gateway
        self._channel = channel
        self._sink = sink

    async def gateway_by_token(self, token: str) -> Gateway | None:
        return self._gateway if token == self._gateway.token else None

    @asynccontextmanager
    async def borrow(self, workspace_id: int, gateway_id: int, *, paused_too: bool) -> AsyncIterator[Channel]:
        yield self._channel

    async def take(self, gateway: Gateway, account: str, items: Sequence[Item]) -> None:
        await self._sink(*items)


class _LoudFaults(Faults):
    """In the product a fault is logged and counted; in a test it is one."""

    def failed(self, plugin: str, hook: str, sentence: str, error: BaseException | None = None) -> None:
        raise AssertionError(f"{plugin}: {hook}: {sentence}") from error


def _runs_in(package: Path, task: "asyncio.Task[Any]") -> bool:
    """Whether a task was made for, or stands in, code of a package."""
    frames = task.get_stack()
    return any(Path(frame.f_code.co_filename).is_relative_to(package) for frame in frames)


def _no_commands(plugin: str, workspace_id: int, cause: str | None) -> Any:
    raise AssertionError("a channel issues no commands")
