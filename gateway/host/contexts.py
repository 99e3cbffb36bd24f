"""What a running gateway, or a plugin's hook, is handed."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from gateway.domain.record import record
from gateway.domain.settings import Gateway
from gateway.host.dialling import Dialler
from gateway.host.health import HealthReports
from gateway.host.http import GatewayHttp
from gateway.host.http_sessions import HttpSessions
from gateway.host.store import Documents
from gateway.host.trace import Traces
from gateway.sdk.context import GatewayContext
from gateway.sdk.events import PluginContext
from gateway.sdk.values import SenderView

ExecuteFor = Callable[[str, int, str | None], Callable[..., Awaitable[str | None]]]
"""(plugin, workspace id, cause) to the `execute` of that plugin's context."""

SendersOf = Callable[[Gateway], Awaitable[Sequence[SenderView]]]
"""The senders a gateway serves now."""


async def nobody(gateway: Gateway) -> Sequence[SenderView]:
    """Where there is no workspace to ask."""
    return ()


@record(gc=True)
class ContextFactory:
    """Everything contexts are made of. `clock` is wall milliseconds, `monotonic` seconds, `random` in [0, 1).

    `public_url` is where providers reach us, without a slash at the end.
    """

    clock: Callable[[], int]
    monotonic: Callable[[], float]
    random: Callable[[], float]
    documents: Documents
    sessions: HttpSessions
    traces: Traces
    health: HealthReports
    execute_for: ExecuteFor
    public_url: str
    senders_of: SendersOf = nobody

    def for_gateway(self, gateway: Gateway, secrets: tuple[str, ...]) -> GatewayContext:
        """The context of one configured gateway; `secrets` never show in its trace."""
        trace = self.traces.of(gateway.id)
        trace.hide(secrets)
        return GatewayContext(
            workspace_id=gateway.workspace_id,
            gateway_id=gateway.id,
            name=gateway.name,
            clock=self.clock,
            monotonic=self.monotonic,
            random=self.random,
            store=self.documents.store(gateway.workspace_id, gateway.plugin, gateway.id),
            http=GatewayHttp(self.sessions, trace, self.monotonic),
            trace=trace,
            report_health=partial(self.health.report, gateway.workspace_id, gateway.id),
            callback_url=f"{self.public_url}/c/{gateway.token}/{{}}".format,
            dial=Dialler(self.sessions.reachable),
            dial_line=Dialler(self.sessions.reachable.with_lines()),
            senders=partial(self.senders_of, gateway),
        )

    def http(self) -> GatewayHttp:
        """The shared client for requests that are in no gateway's log."""
        return GatewayHttp(self.sessions, lambda direction, summary, detail=None: None, self.monotonic)

    def for_plugin(self, plugin: str, workspace_id: int, cause: str | None) -> PluginContext:
        """The context of a plugin's event hooks; its requests are in no gateway's log."""
        return PluginContext(
            plugin=plugin,
            clock=self.clock,
            store=self.documents.store(workspace_id, plugin),
            http=self.http(),
            execute=self.execute_for(plugin, workspace_id, cause),
            may_reach=self.sessions.reachable.permits,
        )
